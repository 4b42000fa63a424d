"""Training size, batch size, epochs and convolutions: SI Fig. 1 and 2 and Fig. 5 of Quinn and McQueen 2022."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.quinn2022.compounds import load_superconductors
from replicate.experiments.quinn2022.configs import BenchmarksConfig
from replicate.experiments.quinn2022.names import BASE, COMBINED, FEATURE_SETS, NETWORK, TEST, VALIDATION
from replicate.experiments.quinn2022.thresholds import SCORES, above, load_all
from replicate.experiments.quinn2022.variants import (
    Variant,
    noise_of_gains,
    train_variant,
    with_batches,
    with_convolutions,
    with_epochs,
    with_features,
    with_training,
)
from replicate.records import Metric

Scores = Mapping[str, np.ndarray]


def _variants(config: BenchmarksConfig, most: int) -> Iterator[tuple[str, Variant]]:
    """Yield (group, variant)."""
    network = config.network
    groups: dict[str, Iterator[Variant]] = {
        "training-size": with_training(network, config.training, most),
        "batch-size": with_batches(network, config.batches),
        "convolutions": with_convolutions(network, config.convolutions),
        "epochs": with_epochs(network, config.epochs),
        "features": with_features(network, {name: FEATURE_SETS[name] for name in config.features}),
    }
    for group, variants in groups.items():
        for variant in variants:
            yield group, variant


def _all_variants(run: Run) -> dict[str, dict[str, Scores]]:
    """Train every variant; return group → label → scores (S,)."""
    config: BenchmarksConfig = run.config
    crystals = (
        load_superconductors(run, config.compounds)
        if config.threshold is None
        else load_all(run, config.compounds)
    )
    if config.threshold is not None:
        crystals = above(crystals, config.threshold)
    most = round(len(crystals) * (1 - TEST - VALIDATION))
    run.metrics["data/all/rows"] = Metric("", (len(crystals),), None)
    run.metrics["data/training/rows"] = Metric("", (most,), len(crystals))
    found: dict[str, dict[str, Scores]] = {}
    for group, variant in _variants(config, most):
        scores = train_variant(run, crystals, variant, group, classes=config.threshold is not None)
        found.setdefault(group, {})[variant.label] = scores
    return found


def _best(run: Run, group: str, model: str, scores: Mapping[str, Scores]) -> None:
    """File the number in the label of the variant with the lowest mean validation loss."""
    best = min(scores, key=lambda label: float(scores[label]["validation"].mean()))
    run.metrics[f"{group}/{model}/best"] = Metric("", (float(best.rpartition("-")[2]),), None)


def run_classifier_benchmarks(run: Run) -> None:
    """File how the classifier's scores depend on training size, batch size, convolutions and atom features."""
    found = _all_variants(run)
    for group in ("batch-size", "convolutions"):
        if group in found:
            _best(run, group, NETWORK, found[group])
    sizes = {
        int(label.rpartition("-")[2]): scores for label, scores in found.get("training-size", {}).items()
    }
    if {12_000, 16_000} <= sizes.keys():
        gain = sizes[16_000]["f1"] - sizes[12_000]["f1"]
        run.metrics[f"training-size/{NETWORK}/gain_12000_to_16000"] = Metric("", tuple(gain.tolist()), None)
    small = [scores["recall"] for size, scores in sizes.items() if size < 8_500]
    if small:
        recall = tuple(np.min(small, axis=0).tolist())
        run.metrics[f"training-size/{NETWORK}/recall_below_8500"] = Metric("", recall, None)
    features = found.get("features", {})
    if BASE in features:
        plain = np.mean([features[BASE][score] for score in SCORES], axis=0)
        for name, scores in features.items():
            gain = np.mean([scores[score] for score in SCORES], axis=0) - plain
            run.metrics[f"features/{name}/gain"] = Metric("", tuple(gain.tolist()), None)
        gains = [np.array(run.metrics[f"features/{name}/gain"].values) for name in features if name != BASE]
        if len(run.seeds) > 1 and gains:
            noise = noise_of_gains(gains)
            run.metrics["features/single-features/noise"] = Metric("", (noise,), len(gains))


def run_regression_benchmarks(run: Run) -> None:
    """File how the regression's scores depend on training size, epochs and convolutions."""
    found = _all_variants(run)
    for group in ("convolutions", "epochs"):
        if group in found:
            _best(run, group, COMBINED, found[group])
    sizes = found.get("training-size", {})
    if {"train-4000", "train-8000"} <= sizes.keys():
        gain = sizes["train-8000"]["r2"] - sizes["train-4000"]["r2"]
        run.metrics[f"training-size/{COMBINED}/gain_4000_to_8000"] = Metric("", tuple(gain.tolist()), None)
