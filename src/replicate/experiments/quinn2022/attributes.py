"""Debye temperatures from the structure: Results of Quinn and McQueen 2022.

The paper's Debye temperatures, specific heats and Néel temperatures are columns of SuperCon that are not public;
AFLOW's computed Debye temperatures stand in for the first, and nothing for the other two.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.crystal_training import evaluate
from replicate.experiments.crystals import Crystals, joined_by_composition
from replicate.experiments.quinn2022.configs import AttributesConfig
from replicate.experiments.quinn2022.names import DEBYE, DEBYE_TABLES, NETWORK, POOL
from replicate.experiments.quinn2022.splitting import split
from replicate.features.graph_store import archive_graphs


def load_debye(run: Run, pool: int | None) -> Crystals:
    """Return the natural logarithms of Debye temperatures of compounds with one structure."""
    found = joined_by_composition(run, archive_graphs(POOL, most=pool), DEBYE_TABLES, DEBYE)
    found = found.take(found.target > 0, f"{found.name}-positive")
    return replace(found, name="log-debye", target=np.log(found.target))


def run_attributes(run: Run) -> None:
    """Train on logarithms of Debye temperatures, of all compounds and of as many as the paper had."""
    config: AttributesConfig = run.config
    crystals = load_debye(run, config.pool)
    network = replace(config.network, name=NETWORK)
    sets = {DEBYE: crystals}
    if config.few is not None and config.few < len(crystals):
        chosen = np.random.default_rng(0).permutation(len(crystals))[: config.few]
        sets[f"{DEBYE}-few"] = crystals.take(np.sort(chosen), f"log-debye-{config.few}")
    for label, some in sets.items():
        splits = [split(some, seed) for seed in run.seeds]
        evaluate(run, some, [network], splits, label, "", small=config.small)
