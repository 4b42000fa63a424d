"""Critical temperatures, all classes together and each alone: Fig. 2 and SI Fig. 3 of Quinn and McQueen 2022.

Shape legend: N crystals, S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from replicate.evaluation import metrics
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import Trained, evaluate, measured, release_crystals, score_values
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import (
    count_families,
    is_disordered,
    load_3dsc,
    load_superconductors,
)
from replicate.experiments.quinn2022.configs import RegressionConfig
from replicate.experiments.quinn2022.names import CLASSES, COMBINED, LOW, PARENT_MEAN, WIDE_IRON
from replicate.experiments.quinn2022.splitting import parent_mean, split
from replicate.experiments.quinn2022.statements import (
    score_families,
    score_forest,
    score_spread,
    score_wide_iron,
)
from replicate.records import Metric

RELATIVE_EDGES = tuple(np.round(np.arange(-2.0, 2.01, 0.1), 1).tolist())


def combined_model(
    run: Run, crystals: Crystals, network: CrystalNetwork, kind: str, label: str, *, small: bool = False
) -> tuple[Trained, list[Split]]:
    """Train the model of all classes and score it beside its baselines; return it with its splits."""
    splits = [split(crystals, seed, kind) for seed in run.seeds]
    combined = replace(network, name=COMBINED)
    trained = evaluate(run, crystals, [combined], splits, label, "K", small=small)[COMBINED]
    score_values(run, crystals, splits, f"{label}/{PARENT_MEAN}", parent_mean(crystals, splits), "K")
    shared = [shared_with_training(one, crystals.labels["parent"]) for one in splits]
    run.add(f"{label}/split", [{"shared_parent": share} for share in shared], {}, len(splits[0].test))
    return trained, splits


def run_regression(run: Run) -> None:
    """Train the combined model and one per class, and ask each about the other classes."""
    config: RegressionConfig = run.config
    crystals = load_superconductors(run, config.compounds)
    families = count_families(crystals)
    for name in CLASSES:
        run.metrics[f"data/{name}/rows"] = Metric("", (families[name],), len(crystals))
    run.metrics["data/superconductors/rows"] = Metric("", (len(crystals),), None)
    trained, splits = combined_model(run, crystals, config.network, "random", "random", small=config.small)
    release_crystals(
        run,
        crystals,
        replace(config.network, name=COMBINED),
        trained,
        splits,
        ("quinn2022/critical-temperature", "critical temperature", "K"),
    )
    predicted = trained.predict([s.test for s in splits])
    _score_parts(run, crystals, splits, predicted)
    score_spread(run, "random", crystals, splits)
    _score_relative(run, COMBINED, measured(crystals, splits), predicted)
    _class_models(run, config, crystals)
    wide = replace(config.network, name=WIDE_IRON)
    score_wide_iron(run, crystals, wide, (COMBINED, splits, predicted), small=config.small)
    if config.parent_split:
        apart, splits = combined_model(run, crystals, config.network, "parent", "parent", small=config.small)
        predicted = apart.predict([s.test for s in splits])
        _score_parts(run, crystals, splits, predicted, "parent-")
    if config.three_d:
        theirs = load_3dsc(run)
        run.metrics["data/3dsc/rows"] = Metric("", (len(theirs),), None)
        for kind, label in (("random", "3dsc"), ("parent", "3dsc-parent")):
            combined_model(run, theirs, config.network, kind, label, small=config.small)
        score_forest(run, "regression")


def _score_parts(
    run: Run, crystals: Crystals, splits: Sequence[Split], predicted: np.ndarray, prefix: str = ""
) -> None:
    """File the combined model's scores on the test crystals of each class, and on the ordered ones.

    Their number differs from seed to seed; the first is filed.
    """
    parts = {name: crystals.labels["family"] == name for name in CLASSES}
    for name, part in (parts | {"ordered": ~is_disordered(crystals)}).items():
        here = [part[one.test] for one in splits]
        if min(int(h.sum()) for h in here) < 2:  # too few for R², in the smallest runs
            continue
        scores = [
            metrics.regression_metrics(crystals.target[one.test][h], values[h])
            for one, values, h in zip(splits, predicted, here, strict=True)
        ]
        run.add(f"{prefix}{name}/{COMBINED}", scores, {"mae": "K", "rmse": "K"}, int(here[0].sum()))


def _score_relative(run: Run, model: str, target: np.ndarray, predicted: np.ndarray) -> None:
    """File how far predictions are off as a share of the measured Tc (SI Fig. 3)."""
    relative = (predicted - target) / target
    run.add(
        f"relative/{model}",
        [{"median": float(np.median(r)), "underestimated": float((r < 0).mean())} for r in relative],
        {},
        target.shape[1],
    )
    inside = np.clip(relative.ravel(), RELATIVE_EDGES[0], RELATIVE_EDGES[-1] - 1e-6)
    run.arrays[f"relative/{model}"] = np.histogram(inside, RELATIVE_EDGES)[0].tolist()
    run.arrays["relative/edges"] = list(RELATIVE_EDGES)


def _class_models(run: Run, config: RegressionConfig, crystals: Crystals) -> None:
    """Train a model on each class, test it there, and ask it about the test crystals of the other classes."""
    family = crystals.labels["family"]
    alone = {name: crystals.take(family == name, f"{crystals.name}-{name}") for name in CLASSES}
    splits = {name: [split(alone[name], seed) for seed in run.seeds] for name in CLASSES}
    for name, own in alone.items():
        network = replace(config.network, name=name)
        trained = evaluate(run, own, [network], splits[name], name, "K", small=config.small)[name]
        predicted = trained.predict([s.test for s in splits[name]])
        _score_relative(run, name, measured(own, splits[name]), predicted)
        score_spread(run, name, own, splits[name])
        if name == LOW:
            score_families(run, own, splits[name], predicted)
        for other in CLASSES:
            if other != name:
                everywhere = trained.ask(alone[other])
                tests = [s.test for s in splits[other]]
                asked = np.stack([p[t] for p, t in zip(everywhere, tests, strict=True)])
                _score_elsewhere(run, f"{other}/{name}", measured(alone[other], splits[other]), asked)


def _score_elsewhere(run: Run, name: str, target: np.ndarray, predicted: np.ndarray) -> None:
    """File what a model of one class says of another."""
    scores = []
    for t, p in zip(target, predicted, strict=True):
        score = metrics.regression_metrics(t, p)
        score["mean_error"] = float((p - t).mean())
        score["share_below_10K"] = float((p < 10).mean())
        score["share_overestimated"] = float((p > t).mean())
        scores.append(score)
    run.add(name, scores, {"mae": "K", "rmse": "K", "mean_error": "K"}, target.shape[1])
    run.arrays[f"parity/{name}"] = metrics.parity_histogram(
        target.ravel(), predicted.ravel(), limits=(0.0, 140.0)
    )
