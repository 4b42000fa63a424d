"""Settings that experiments of several chapters share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from replicate.models.configs import ATCNNConfig, CGCNNConfig, ElemNetConfig, PeriodicResNetConfig
from replicate.training.checkpoint import later
from replicate.training.config import FitConfig

SPLIT_KINDS = ("random", "composition", "system")


@dataclass(frozen=True)
class Network:
    """One network and its schedule, on the kinds of split it is tried on."""

    name: str
    model: ATCNNConfig | ElemNetConfig | PeriodicResNetConfig
    fit: FitConfig
    splits: tuple[str, ...] = SPLIT_KINDS


@dataclass(frozen=True)
class SupervisedConfig:
    """Settings of one supervised experiment.

    Args:
        dataset: name in the registry; ``column`` is its target, in ``unit``.
        task: regression, or classification of a 0/1 column.
        networks: trained as stacked ensembles, one member per seed.
        baselines: names known to :mod:`replicate.models.baselines`, on Magpie statistics.
        splits: kinds of split; each seed draws its own split and its own initial weights.
        test, validation: share of all rows, and of the remaining rows.
        max_rows: use only so many rows, drawn with a fixed seed (smoke runs).
        quick_baselines: small baselines for smoke runs.
        release: network whose random-split ensemble is kept for ``replicate predict``, and as what.
        classes: for a classification, what 0 and 1 stand for; names the per-class recalls.
        random_baselines: further ones for random splits only.
    """

    dataset: str
    column: str
    unit: str
    task: Literal["regression", "classification"]
    networks: tuple[Network, ...]
    baselines: tuple[str, ...]
    seeds: int
    splits: tuple[str, ...] = SPLIT_KINDS
    test: float = 0.2
    validation: float = 0.05
    max_rows: int | None = None
    quick_baselines: bool = False
    release: tuple[str, str] | None = None
    classes: tuple[str, str] = ("negative", "positive")
    extra_datasets: tuple[str, ...] = ()
    random_baselines: tuple[str, ...] = later(())

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (self.dataset, *self.extra_datasets)


COMPOSITION = "extra-trees-fractions"


@dataclass(frozen=True)
class CrystalNetwork:
    """One crystal graph network and its schedule."""

    name: str
    model: CGCNNConfig
    fit: FitConfig

    def changed(self, **settings: Any) -> CrystalNetwork:
        """Return the network with other settings of its model or its schedule, by name."""
        model = {name: value for name, value in settings.items() if hasattr(self.model, name)}
        fit = {name: value for name, value in settings.items() if name not in model}
        return replace(self, model=replace(self.model, **model), fit=replace(self.fit, **fit))
