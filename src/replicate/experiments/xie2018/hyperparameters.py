"""Atom features, number of convolutions, step size and neighbours, on validation crystals only: Fig. S3."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from replicate.experiments.configs import varied
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.graph_store import archive_graphs, table_graphs
from replicate.experiments.train import train
from replicate.experiments.xie2018.specs import ENERGIES, ENERGY, LIST, POOL, HyperparametersConfig
from replicate.features.atom_features import TWO, one_hot
from replicate.features.graph_building import NEAREST
from replicate.features.neighbours import VORONOI, NeighbourRule
from replicate.models.graph_layers import intervals

UNIT = "eV/atom"


def run_hyperparameters(run: Run) -> None:
    """Train networks with one thing changed and file their best validation error; test crystals are not looked at."""
    config: HyperparametersConfig = run.config
    crystals = {"nearest-12": _load(run, NEAREST)}
    if config.voronoi:
        crystals["voronoi"] = _load(run, VORONOI)
    variants: dict[str, dict[str, Any]] = {
        **{f"features-{name}": {"atom_features": properties} for name, properties in config.features},
        **{f"convolutions-{n}": {"convolutions": n} for n in config.convolutions},
    }
    ranked = len(variants)
    for log in config.log_steps:
        step = {"learning_rate": float(np.exp(log)), "schedule": "constant", "weight_decay": 0.0}
        variants[f"step-{log}"] = step
    variants |= {label: {} for label in crystals}
    for network in config.networks:
        means = []
        for label, settings in variants.items():
            own = crystals.get(label, crystals["nearest-12"])
            splits = [own.split(s, validation=config.validation, train=config.train) for s in run.seeds]
            errors = train(run, own, varied(network, **settings), splits, label).validation
            run.file(f"{label}/{network.name}/mae", errors, UNIT, len(splits[0].validation))
            means.append(run.metrics[f"{label}/{network.name}/mae"].mean)
        run.file(f"validation/{network.name}/mae_range", np.ptp(means[:ranked]), UNIT)
    vectors = one_hot(TWO)
    run.file("hydrogen/group-period/length", vectors.shape[1])
    run.file("hydrogen/group-period/second_one", int(np.flatnonzero(vectors[0])[1]) + 1)
    run.file("bond/one-hot/length", intervals(torch.tensor([0.7])).shape[1])


def _load(run: Run, rule: NeighbourRule) -> Crystals:
    config: HyperparametersConfig = run.config
    if config.bundled:
        return joined_by_id(run, table_graphs("faber2015", rule, most=config.max_rows), "faber2015", ENERGY)
    crystals = joined_by_formula(run, archive_graphs(POOL, rule), ENERGIES, ENERGY)
    return crystals.take(crystals.named_in(run.dataset(LIST).table["material_id"]), f"listed-{rule.kind}")
