"""Which atom feature serves which class: Fig. 3 of Quinn and McQueen 2022."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from replicate.experiments.base import Run
from replicate.experiments.quinn2022.compounds import load_superconductors
from replicate.experiments.quinn2022.configs import FeaturesConfig
from replicate.experiments.quinn2022.names import ALL, BASE, COMBINATION, FEATURE_SETS
from replicate.experiments.quinn2022.variants import Variant, train_variant, with_features
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
        r2 = [float(found[name]["r2"].mean()) for name in single]
        run.metrics[f"{family}/single-features/r2_range"] = Metric("", (max(r2) - min(r2),), None)
        six = sorted(r2)[-6:]
        run.metrics[f"{family}/six-best-features/r2_range"] = Metric("", (six[-1] - six[0],), None)
        run.arrays[f"order/{family}"] = [name for _, name in sorted(zip(r2, single, strict=True))]
        # Chosen by validation error, so that the test set does not pick its own winner.
        chosen = sorted(single, key=lambda name: float(np.mean(found[name]["validation"])))[: config.combined]
        properties = (*TWO, *(FEATURE_SETS[name][-1] for name in chosen))
        model = replace(config.network.model, atom_features=properties)
        best = Variant(COMBINATION, replace(config.network, model=model))
        train_variant(run, own, best, family, classes=False)
        run.arrays[f"combination/{family}"] = chosen
