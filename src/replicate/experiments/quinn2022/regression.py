"""Critical temperatures, all classes together and each alone: Fig. 2 and SI Fig. 3 of Quinn and McQueen 2022.

Shape legend: N crystals, S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from replicate.evaluation import metrics
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import (
    evaluate,
    score_values,
)
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import crystals_of_3dsc, split, superconductor_crystals
from replicate.experiments.quinn2022.configs import (
    CLASSES,
    COMBINED,
    LOW,
    PARENT_MEAN,
    WIDE_IRON,
    RegressionConfig,
)
from replicate.experiments.quinn2022.statements import (
    UNITS,
    score_families,
    score_forest,
    score_part,
    score_spread,
    score_wide_iron,
)
from replicate.experiments.samples import targets
from replicate.experiments.train import Trained, release

RELATIVE_EDGES = np.round(np.arange(-2.0, 2.01, 0.1), 1)


def run_regression(run: Run) -> None:
    """Train the combined model and one per class, and test each on the other classes."""
    config: RegressionConfig = run.config
    crystals = superconductor_crystals(run, config.compounds)
    for name in CLASSES:
        count = int((crystals.labels["family"] == name).sum())
        run.file(f"data/{name}/rows", count, n=len(crystals))
    run.file("data/superconductors/rows", len(crystals))
    trained, splits = _train_combined(run, crystals, "random", "random")
    named = ("quinn2022/critical-temperature", "critical temperature", "K")
    release(run, crystals, trained, splits, *named)
    predictions = trained.predict_tests(splits)
    _score_parts(run, crystals, splits, predictions, "")
    score_spread(run, "random", crystals, splits)
    _score_relative(run, COMBINED, targets(crystals, splits), predictions)
    _train_classes(run, crystals)
    wide = replace(config.network, name=WIDE_IRON)
    score_wide_iron(run, crystals, wide, splits, predictions, small=config.small)
    if config.parent_split:
        trained, splits = _train_combined(run, crystals, "parent", "parent")
        _score_parts(run, crystals, splits, trained.predict_tests(splits), "parent-")
    if config.three_d:
        theirs = crystals_of_3dsc(run)
        run.file("data/3dsc/rows", len(theirs))
        for kind, label in (("random", "3dsc"), ("parent", "3dsc-parent")):
            _train_combined(run, theirs, kind, label)
        score_forest(run, "regression")


def _train_combined(run: Run, crystals: Crystals, kind: str, label: str) -> tuple[Trained, list[Split]]:
    """Train the model of all classes, score it with its baselines, and return it with its splits."""
    config: RegressionConfig = run.config
    splits = [split(crystals, seed, kind) for seed in run.seeds]
    trained = evaluate(run, crystals, [config.network], splits, label, "K", small=config.small)
    score_values(run, crystals, splits, f"{label}/{PARENT_MEAN}", parent_mean(crystals, splits), "K")
    shared = [{"shared_parent": shared_with_training(s, crystals.labels["parent"])} for s in splits]
    run.add(f"{label}/split", shared, {}, len(splits[0].test))
    return trained[COMBINED], splits


def parent_mean(crystals: Crystals, splits: Sequence[Split]) -> np.ndarray:
    """Return (S, n): for every test crystal the mean target of known crystals on the same parent, or of all."""
    parent = crystals.labels["parent"]
    predictions = []
    for s in splits:
        known = np.concatenate([s.train, s.validation])
        target = pd.Series(crystals.target[known])
        means = target.groupby(parent[known]).mean().reindex(parent[s.test])
        predictions.append(means.fillna(float(target.mean())).to_numpy(np.float32))
    return np.stack(predictions)


def _score_parts(
    run: Run, crystals: Crystals, splits: Sequence[Split], predictions: np.ndarray, prefix: str
) -> None:
    """File the combined model's scores on the test crystals of each class, and on the ordered ones."""
    parts = {name: crystals.labels["family"] == name for name in CLASSES}
    for name, part in (parts | {"ordered": ~crystals.disordered()}).items():
        score_part(run, f"{prefix}{name}/{COMBINED}", crystals, part, splits, predictions)


def _score_relative(run: Run, model: str, target: np.ndarray, predictions: np.ndarray) -> None:
    """File how far predictions are off as a share of the measured Tc (SI Fig. 3)."""
    relative = (predictions - target) / target
    scores = [{"median": float(np.median(r)), "underestimated": float((r < 0).mean())} for r in relative]
    run.add(f"relative/{model}", scores, {}, target.shape[1])
    inside = np.clip(relative.ravel(), RELATIVE_EDGES[0], RELATIVE_EDGES[-1] - 1e-6)
    run.arrays[f"relative/{model}"] = np.histogram(inside, RELATIVE_EDGES)[0].tolist()
    run.arrays["relative/edges"] = RELATIVE_EDGES.tolist()


def _train_classes(run: Run, crystals: Crystals) -> None:
    """Train a model on each class, and test it there and on the test crystals of the other classes."""
    config: RegressionConfig = run.config
    family = crystals.labels["family"]
    alone = {name: crystals.take(family == name, f"{crystals.name}-{name}") for name in CLASSES}
    splits = {name: [split(alone[name], seed) for seed in run.seeds] for name in CLASSES}
    measured = {name: targets(alone[name], splits[name]) for name in CLASSES}
    for name, own in alone.items():
        network = replace(config.network, name=name)
        trained = evaluate(run, own, [network], splits[name], name, "K", small=config.small)[name]
        predictions = trained.predict_tests(splits[name])
        _score_relative(run, name, measured[name], predictions)
        score_spread(run, name, own, splits[name])
        if name == LOW:
            score_families(run, own, splits[name], predictions)
        for other in CLASSES:
            if other != name:
                rows = np.stack([s.test for s in splits[other]])
                elsewhere = np.take_along_axis(trained.predict(of=alone[other]), rows, axis=1)
                _score_elsewhere(run, f"{other}/{name}", measured[other], elsewhere)


def _score_elsewhere(run: Run, name: str, target: np.ndarray, predictions: np.ndarray) -> None:
    """File the scores of a model of one class on another."""
    scores = [
        metrics.regression_metrics(t, p)
        | {
            "mean_error": float((p - t).mean()),
            "share_below_10K": float((p < 10).mean()),
            "share_overestimated": float((p > t).mean()),
        }
        for t, p in zip(target, predictions, strict=True)
    ]
    run.add(name, scores, UNITS, target.shape[1])
    run.arrays[f"parity/{name}"] = metrics.parity_histogram(
        target.ravel(), predictions.ravel(), limits=(0.0, 140.0)
    )
