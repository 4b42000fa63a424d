"""Atom features, number of convolutions, step size and neighbours, on validation crystals only: Fig. S3.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from replicate.experiments.base import Run
from replicate.experiments.crystal_training import CrystalNetwork, train_crystals
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.xie2018.names import ENERGIES, ENERGY, LIST, POOL
from replicate.features.atom_features import NINE, THREE, TWO, one_hot
from replicate.features.graph_building import NEAREST
from replicate.features.graph_store import archive_graphs, table_graphs
from replicate.features.neighbours import VORONOI, NeighbourRule
from replicate.models.graph_layers import intervals
from replicate.records import Metric

UNIT = "eV/atom"


@dataclass(frozen=True)
class HyperparametersConfig:
    """Settings of ``xie2018-hyperparameters``.

    Args:
        seeds: splits.
        networks: one per convolution; every variant changes one thing of them.
        features: name → atom features.
        convolutions: numbers of them.
        log_steps: natural logarithms of Adam's step size.
        voronoi: also with neighbours by the supplement's rule.
        train, validation: crystals.
        max_rows: use only so many of the bundled structures.
        bundled: use the bundled structures.
        budget: what the training falls short of the paper's by.
    """

    seeds: int
    networks: tuple[CrystalNetwork, ...]
    features: tuple[tuple[str, tuple[str, ...]], ...] = (("2", TWO), ("3", THREE), ("9", NINE))
    convolutions: tuple[int, ...] = (1, 2, 3, 4, 5)
    log_steps: tuple[int, ...] = (-8, -7, -6, -5, -4, -3)
    voronoi: bool = True
    train: int | None = None
    validation: float = 0.25
    max_rows: int | None = None
    bundled: bool = True
    budget: str = ""

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return ("faber2015",) if self.bundled else (LIST, ENERGIES)

    @property
    def archives(self) -> tuple[str, ...]:
        """Archives of structures the run needs."""
        return () if self.bundled else (POOL,)


def _load(run: Run, rule: NeighbourRule) -> Crystals:
    config: HyperparametersConfig = run.config
    if config.bundled:
        found = joined_by_id(run, table_graphs("faber2015", rule, most=config.max_rows), "faber2015", ENERGY)
    else:
        found = joined_by_formula(run, archive_graphs(POOL, rule), ENERGIES, ENERGY)
        ids = set(run.dataset(LIST).table["material_id"])
        found = found.take(np.array([one in ids for one in found.ids]), f"listed-{rule.kind}")
    return found


def _variants(config: HyperparametersConfig, network: CrystalNetwork) -> Iterator[tuple[str, CrystalNetwork]]:
    """Yield (label, network) with one thing changed at a time."""
    for name, properties in config.features:
        yield f"features-{name}", replace(network, model=replace(network.model, atom_features=properties))
    for n in config.convolutions:
        yield f"convolutions-{n}", replace(network, model=replace(network.model, convolutions=n))
    for log_step in config.log_steps:
        adam = replace(
            network.fit, learning_rate=float(np.exp(log_step)), schedule="constant", weight_decay=0.0
        )
        yield f"step-{log_step}", replace(network, fit=adam)


def run_hyperparameters(run: Run) -> None:
    """Train every variant and file its best validation error; test crystals are not looked at."""
    config: HyperparametersConfig = run.config
    crystals = _load(run, NEAREST)
    for network in config.networks:
        for label, variant in _variants(config, network):
            run.say(f"{network.name}, {label}")
            _validate(run, crystals, variant, label)
        _validate(run, crystals, network, "nearest-12")
        if config.voronoi:
            _validate(run, _load(run, VORONOI), network, "voronoi")
        found = [
            m for m in run.metrics if m.startswith(("features", "convolutions")) and f"/{network.name}/" in m
        ]
        means = [float(np.mean(run.metrics[m].values)) for m in found]
        run.metrics[f"validation/{network.name}/mae_range"] = Metric(UNIT, (max(means) - min(means),), None)
    vectors = one_hot(TWO)
    run.metrics["hydrogen/group-period/length"] = Metric("", (vectors.shape[1],), None)
    run.metrics["hydrogen/group-period/second_one"] = Metric(
        "", (int(np.flatnonzero(vectors[0])[1]) + 1,), None
    )
    run.metrics["bond/one-hot/length"] = Metric("", (intervals(torch.tensor([0.7])).shape[1],), None)


def _validate(run: Run, crystals: Crystals, network: CrystalNetwork, label: str) -> None:
    config: HyperparametersConfig = run.config
    splits = [crystals.split(s, validation=config.validation, train=config.train) for s in run.seeds]
    trained = train_crystals(run, crystals, network, splits, label)
    best = tuple(float(f.validation_score.min()) for f in trained.fits)
    run.metrics[f"{label}/{network.name}/mae"] = Metric(UNIT, best, len(splits[0].validation))
