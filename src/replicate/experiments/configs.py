"""Settings that experiments of several chapters share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any, ClassVar, Generic, Literal, NamedTuple, TypeVar

from replicate.errors import ConfigError
from replicate.models.configs import ATCNNConfig, CGCNNConfig, ElemNetConfig, PeriodicResNetConfig
from replicate.settings import later
from replicate.training.config import FitConfig

SPLIT_KINDS = ("random", "composition", "system")
COMPOSITION = "extra-trees-fractions"


class Spec:
    """Settings of an experiment; ``reads`` are the fields (with dots: fields of fields) that name its datasets."""

    reads: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, reads: tuple[str, ...] = ()) -> None:
        cls.reads = reads or cls.reads

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs, each once."""
        values = [attrgetter(name)(self) for name in self.reads]
        return tuple(dict.fromkeys(name for value in values for name in _datasets(value)))


def _datasets(value: Any) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(name for each in value for name in _datasets(each))
    if hasattr(value, "datasets"):
        return tuple(value.datasets)
    return (value,) if value else ()


@dataclass(frozen=True)
class Network:
    """One network and its schedule, on the kinds of split it is tried on."""

    name: str
    model: ATCNNConfig | ElemNetConfig | PeriodicResNetConfig
    fit: FitConfig
    splits: tuple[str, ...] = SPLIT_KINDS


@dataclass(frozen=True)
class CrystalNetwork:
    """One crystal graph network and its schedule."""

    name: str
    model: CGCNNConfig
    fit: FitConfig


_Network = TypeVar("_Network", Network, CrystalNetwork)


def varied(network: _Network, name: str = "", **changes: Any) -> _Network:
    """Return a network with other values of fields of its model or its schedule, under its own or another name."""
    of_model = {key: changes.pop(key) for key in [f.name for f in fields(network.model)] if key in changes}
    model, fit = replace(network.model, **of_model), replace(network.fit, **changes)
    return replace(network, name=name or network.name, model=model, fit=fit)


_Config = TypeVar("_Config")
# Number of values → which of them is that of full runs, of those on a processor, of quick and of smoke runs.
_PLACES = {2: (0, 0, 1, 1), 3: (0, 0, 1, 2), 4: (0, 1, 2, 3)}


class Profiles(NamedTuple, Generic[_Config]):
    """Settings of an experiment for each kind of run; ``on_cpu`` stands in for ``full`` where there is no GPU."""

    full: _Config
    on_cpu: _Config
    quick: _Config
    smoke: _Config

    def replace(self, **values: Any) -> Profiles[_Config]:
        """Return these settings with other values, given as to :func:`profiles`."""
        return Profiles(*(replace(config, **_at(i, values)) for i, config in enumerate(self)))  # type: ignore[type-var]


def profiles(kind: Callable[..., _Config], **values: Any) -> Profiles[_Config]:
    """Return settings for each kind of run.

    A list holds the values of a field for full and short runs, for full, quick and smoke runs, or for full runs, those
    on a processor, quick and smoke runs; Profiles hold settings within settings. All else is for every run.
    """
    return Profiles(*(kind(**_at(i, values)) for i in range(4)))


def _at(i: int, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values for one kind of run; ConfigError for a list of another length."""
    chosen = dict(values)
    for name, value in values.items():
        if isinstance(value, list) and len(value) not in _PLACES:
            raise ConfigError(f"{name} needs two, three or four values in a list, not {len(value)}")
        if isinstance(value, Profiles | list):
            chosen[name] = value[_PLACES[len(value)][i]]
    return chosen


@dataclass(frozen=True)
class SupervisedConfig(Spec, reads=("dataset", "extra_datasets")):
    """Settings of one supervised experiment; each seed draws its own split and its own initial weights."""

    dataset: str  # name in the registry
    column: str  # its target, in ``unit``
    unit: str
    task: Literal["regression", "classification"]
    networks: tuple[Network, ...]  # stacked ensembles, one member per seed
    baselines: tuple[str, ...]  # names known to replicate.models.baselines
    seeds: int
    splits: tuple[str, ...] = SPLIT_KINDS
    test: float = 0.2  # share of all rows
    validation: float = 0.05  # share of the remaining rows
    max_rows: int | None = None  # use only so many, drawn with a fixed seed (smoke runs)
    quick_baselines: bool = False  # small ones, for smoke runs
    release: tuple[str, str] | None = None  # network whose random-split ensemble ``replicate predict`` has, as what
    classes: tuple[str, str] = ("negative", "positive")  # what 0 and 1 stand for; names the per-class recalls
    extra_datasets: tuple[str, ...] = ()
    random_baselines: tuple[str, ...] = later(())  # further ones for random splits only
