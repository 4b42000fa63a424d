"""Critical temperatures of all classes and of each, and statements on Tc: Fig. 2, SI Fig. 3 of Quinn and McQueen 2022.

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
from replicate.experiments.crystal_training import evaluate, score_values
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import crystals_of_3dsc, split, superconductor_crystals
from replicate.experiments.quinn2022.configs import (
    BISMUTHATES,
    CLASSES,
    COMBINED,
    DIBORIDES,
    HOT,
    LOW,
    PARENT_MEAN,
    STANEV,
    TEST,
    VALIDATION,
    WIDE_IRON,
    RegressionConfig,
)
from replicate.experiments.samples import make_rows, targets
from replicate.experiments.train import Trained, baseline, release
from replicate.features.composition import Compositions, parse
from replicate.features.elements import ATOMIC_NUMBER
from replicate.models.baselines import Task

RELATIVE_EDGES = np.round(np.arange(-2.0, 2.01, 0.1), 1)
FOREST = "forest"
SUBSTITUTES = ("Al", "C", "Co", "Fe", "Li", "Mn", "Ni", "Si", "Zn")  # M of Mg1-xMxB2 in the text
UNITS = dict.fromkeys(("mae", "rmse", "mean_error", "tc", "class_mean_mae", "tc_sd"), "K")


def run_regression(run: Run) -> None:
    """Train the combined model and one per class, and test each on the other classes."""
    config: RegressionConfig = run.config
    crystals = superconductor_crystals(run, config.compounds)
    for name in CLASSES:
        run.file(f"data/{name}/rows", (crystals.labels["family"] == name).sum(), n=len(crystals))
    run.file("data/superconductors/rows", len(crystals))
    trained, splits = _train_combined(run, crystals, "random", "random")
    named = ("quinn2022/critical-temperature", "critical temperature", "K")
    release(run, crystals, trained, splits, *named)
    predictions = trained.predict_tests(splits)
    _score_parts(run, crystals, splits, predictions, "")
    score_spread(run, "random", crystals, splits)
    _score_relative(run, COMBINED, targets(crystals, splits), predictions)
    _train_classes(run, crystals)
    _train_wide_iron(run, crystals, splits, predictions)
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


def holds_iron(crystals: Crystals) -> np.ndarray:
    """Return (N,) booleans: iron in the formula and a Tc above 10 K, the wide reading of the iron-based class."""
    return parse(crystals.ids).holds("Fe") & (crystals.target > HOT)


def diborides(compositions: Compositions) -> np.ndarray:
    """Return (N,) booleans: Mg1-xMxB2 with the text's M; carbon takes the place of boron."""
    whole, boron = (
        compositions.fractions[:, [ATOMIC_NUMBER[symbol] - 1 for symbol in symbols]].sum(axis=1)
        for symbols in (("Mg", "B", *SUBSTITUTES), ("B", "C"))
    )
    return np.asarray(compositions.holds("Mg", "B") & (whole > 1 - 1e-6) & (np.abs(boron - 2 / 3) < 0.02))


def bismuthates(compositions: Compositions) -> np.ndarray:
    """Return (N,) booleans: Ba1-xKxBiO3, whatever its oxygen."""
    return compositions.only("Ba", "K", "Bi", "O")


def score_spread(run: Run, label: str, crystals: Crystals, splits: Sequence[Split]) -> None:
    """File the standard deviation of the measured Tc of each seed's test crystals (K)."""
    spread = [{"tc_sd": float(crystals.target[s.test].std(ddof=1))} for s in splits]
    run.add(f"{label}/test", spread, UNITS, len(splits[0].test))


def score_part(
    run: Run,
    name: str,
    crystals: Crystals,
    part: np.ndarray,
    splits: Sequence[Split],
    predictions: np.ndarray,
) -> None:
    """File the scores of predictions (S, n) on the test crystals in a part (N,), unless a seed has fewer than two.

    Their number differs from seed to seed; the first is filed.
    """
    rows = [part[s.test] for s in splits]
    if min(int(here.sum()) for here in rows) < 2:  # too few for R², in the smallest runs
        return
    scores = [
        metrics.regression_metrics(crystals.target[s.test][here], values[here])
        for s, values, here in zip(splits, predictions, rows, strict=True)
    ]
    run.add(name, scores, UNITS, int(rows[0].sum()))


def _train_wide_iron(run: Run, crystals: Crystals, splits: Sequence[Split], predictions: np.ndarray) -> None:
    """Train on every compound with iron above 10 K, and score the combined model (S, n) on those it was tested on."""
    iron = holds_iron(crystals)
    own = crystals.take(iron, f"{crystals.name}-{WIDE_IRON}")
    run.file(f"data/{WIDE_IRON}/rows", len(own), n=len(crystals))
    own_splits = [split(own, seed) for seed in run.seeds]
    network = replace(run.config.network, name=WIDE_IRON)
    evaluate(run, own, [network], own_splits, WIDE_IRON, "K", small=run.config.small)
    score_spread(run, WIDE_IRON, own, own_splits)
    score_part(run, f"{WIDE_IRON}/{COMBINED}", crystals, iron, splits, predictions)


def score_families(run: Run, crystals: Crystals, splits: Sequence[Split], predictions: np.ndarray) -> None:
    """File the errors of the low-Tc model on diborides and bismuthates among its (S, n) test crystals.

    ``class_mean_mae`` is the error of always naming the mean of the training crystals.
    """
    compositions = parse(crystals.ids)
    for family, part in ((DIBORIDES, diborides(compositions)), (BISMUTHATES, bismuthates(compositions))):
        name = f"{family}/{LOW}"
        score_part(run, name, crystals, part, splits, predictions)
        if f"{name}/mae" not in run.metrics:
            continue
        scores = []
        for s, values in zip(splits, predictions, strict=True):
            here = part[s.test]
            tc, mean = crystals.target[s.test][here], float(crystals.target[s.train].mean())
            scores.append(
                {
                    "mean_error": float((values[here] - tc).mean()),
                    "tc": float(tc.mean()),
                    "class_mean_mae": float(np.abs(tc - mean).mean()),
                }
            )
        run.add(name, scores, UNITS, run.metrics[f"{name}/mae"].n)


def score_forest(run: Run, task: Task) -> None:
    """Score Stanev's random forest of Magpie statistics on his list: Tc above 10 K, or whether it is above."""
    dataset = run.dataset(STANEV)
    compositions = parse(dataset.table["formula"].tolist(), file=STANEV, on_error="collect")
    tc = dataset.table["critical_temperature"].to_numpy()[compositions.rows]
    rows = make_rows(STANEV, dataset.digest, compositions, tc)
    if task == "regression":
        rows = rows.take(rows.target > HOT, "above 10 K")
    else:
        rows = rows.relabelled(rows.target > HOT, "above 10 K or not")
    splits = [rows.split(seed, test=TEST, validation=VALIDATION / (1 - TEST)) for seed in run.seeds]
    run.say(f"{FOREST} on {STANEV}, {task}")
    predictions = baseline(run, rows, FOREST, splits, task)
    score = metrics.regression_metrics if task == "regression" else metrics.classification_metrics
    scores = [score(rows.target[s.test], values) for s, values in zip(splits, predictions, strict=True)]
    run.add(f"stanev-10K/{FOREST}", scores, UNITS, len(splits[0].test))
