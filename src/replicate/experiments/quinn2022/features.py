"""Which atom feature serves which class: Fig. 3 of Quinn and McQueen 2022."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.quinn2022.compounds import load_superconductors
from replicate.experiments.quinn2022.configs import FeaturesConfig
from replicate.experiments.quinn2022.names import ALL, BASE, COMBINATION, FEATURE_SETS
from replicate.experiments.quinn2022.variants import (
    Variant,
    noise_of_gains,
    train_variant,
    with_features,
)
from replicate.features.atom_features import TWO
from replicate.records import Metric


def run_features(run: Run) -> None:
    """Train on each class with group and period, one more feature, the best few, and all nine."""
    config: FeaturesConfig = run.config
    crystals = load_superconductors(run, config.compounds)
    sets = {name: FEATURE_SETS[name] for name in config.features}
    for family in config.classes:
        own = crystals.take(crystals.labels["family"] == family, f"{crystals.name}-{family}")
        run.metrics[f"data/{family}/rows"] = Metric("", (len(own),), len(crystals))
        found = {
            variant.label: train_variant(run, own, variant, family, classes=False)
            for variant in with_features(config.network, sets)
        }
        single = [name for name in sets if name not in (BASE, ALL)]
        summarise_single(run, family, single)
        # Chosen by validation error, so that the test set does not pick its own winner.
        chosen = sorted(single, key=lambda name: float(np.mean(found[name]["validation"])))[: config.combined]
        properties = (*TWO, *(FEATURE_SETS[name][-1] for name in chosen))
        model = replace(config.network.model, atom_features=properties)
        best = Variant(COMBINATION, replace(config.network, model=model))
        train_variant(run, own, best, family, classes=False)
        run.arrays[f"combination/{family}"] = chosen


def summarise_single(run: Run, family: str, single: Sequence[str]) -> None:
    """File the order of the single features by validation error, the best last, and how far their test R² differ.

    The error is the lowest of the mean over seeds. The noise is the spread over seeds of what a feature adds to
    group and period, pooled over the features.
    """
    r2 = {name: np.array(run.metrics[f"{family}/{name}/r2"].values) for name in (BASE, *single)}
    error = {
        name: min(run.arrays[f"history/{family}/{name}/{run.config.network.name}"]["validation"])
        for name in single
    }
    order = sorted(single, key=lambda name: -error[name])
    run.arrays[f"order/{family}"] = order
    for label, names in (("single-features", order), ("six-best-features", order[-6:])):
        means = [float(r2[name].mean()) for name in names]
        run.metrics[f"{family}/{label}/r2_range"] = Metric("", (max(means) - min(means),), None)
    if len(run.seeds) > 1:
        noise = noise_of_gains([r2[name] - r2[BASE] for name in single])
        run.metrics[f"{family}/single-features/noise"] = Metric("", (noise,), len(single))
