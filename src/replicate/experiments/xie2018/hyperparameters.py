"""Atom features, number of convolutions, step size and neighbours, on validation crystals only: Fig. S3.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import train_crystals
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.xie2018.configs import HyperparametersConfig
from replicate.experiments.xie2018.names import ENERGIES, ENERGY, LIST, POOL
from replicate.features.atom_features import TWO, one_hot
from replicate.features.graph_building import NEAREST
from replicate.features.graph_store import archive_graphs, table_graphs
from replicate.features.neighbours import VORONOI, NeighbourRule
from replicate.models.graph_layers import intervals
from replicate.records import Metric

UNIT = "eV/atom"


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
