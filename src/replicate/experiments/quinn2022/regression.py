"""Tc of all classes and of each, and statements on it: Fig. 2 and SI Fig. 3 of Quinn and McQueen 2022."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from replicate.evaluation import metrics
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import SHARES, crystals_of_3dsc, draw, superconductor_crystals
from replicate.experiments.quinn2022.specs import CLASSES, COMBINED, HOT, LOW, STANEV, WIDE_IRON, RegressionConfig
from replicate.experiments.samples import make_rows, read_table, targets, tests, where
from replicate.experiments.scoring import score, score_errors
from replicate.experiments.supervised import evaluate
from replicate.experiments.train import Trained, baseline, release
from replicate.features.composition import Compositions, parse
from replicate.features.elements import ATOMIC_NUMBER
from replicate.models.baselines import Task

RELATIVE_EDGES = np.round(np.arange(-2.0, 2.01, 0.1), 1)
SUBSTITUTES = ("Al", "C", "Co", "Fe", "Li", "Mn", "Ni", "Si", "Zn")  # M of Mg1-xMxB2 in the text


def run_regression(run: Run) -> None:
    """Train the combined model and one per class, and test each on the other classes."""
    config: RegressionConfig = run.config
    crystals = superconductor_crystals(run, config.compounds)
    iron = holds_iron(crystals)
    parts = {name: crystals.labels["family"] == name for name in CLASSES}
    for name, part in (parts | {WIDE_IRON: iron}).items():
        run.file(f"data/{name}/rows", part.sum(), n=len(crystals))
    run.file("data/superconductors/rows", len(crystals))
    parts["ordered"] = ~crystals.disordered()
    trained, splits = _train_combined(run, crystals, "random", "random")
    release(run, crystals, trained, splits, "quinn2022/critical-temperature", "critical temperature", "K")
    predictions = trained.predict_tests(splits)
    for name, part in (parts | {WIDE_IRON: iron}).items():
        score_part(run, f"{name}/{COMBINED}", crystals, part, splits, predictions)
    _score_tests(run, "random", COMBINED, targets(crystals, splits), predictions)
    _train_classes(run, crystals)
    own = crystals.take(iron, f"{crystals.name}-{WIDE_IRON}")
    own_splits = draw(run, own)
    evaluate(run, own, [replace(config.network, name=WIDE_IRON)], own_splits, WIDE_IRON, "K")
    _file_spread(run, WIDE_IRON, targets(own, own_splits))
    if config.parent_split:
        trained, splits = _train_combined(run, crystals, "parent", "parent")
        predictions = trained.predict_tests(splits)
        for name, part in parts.items():
            score_part(run, f"parent-{name}/{COMBINED}", crystals, part, splits, predictions)
    if config.three_d:
        theirs = crystals_of_3dsc(run)
        run.file("data/3dsc/rows", len(theirs))
        _train_combined(run, theirs, "random", "3dsc")
        _train_combined(run, theirs, "parent", "3dsc-parent")
        score_forest(run, "regression")


def _train_combined(run: Run, crystals: Crystals, kind: str, label: str) -> tuple[Trained, list[Split]]:
    """Train the model of all classes, score it with its baselines, and return it with its splits."""
    splits = draw(run, crystals, kind)
    trained = evaluate(run, crystals, [run.config.network], splits, label, "K")
    score(run, f"{label}/parent-mean", crystals, splits, parent_mean(crystals, splits), unit="K", tail=True)
    shared = [shared_with_training(s, crystals.labels["parent"]) for s in splits]
    run.file(f"{label}/split/shared_parent", shared, n=len(splits[0].test))
    return trained[COMBINED], splits


def parent_mean(crystals: Crystals, splits: Sequence[Split]) -> np.ndarray:
    """Return (S, n): for every test crystal the mean target of known crystals on the same parent, or of all."""
    parent = crystals.labels["parent"]
    predictions = []
    for split in splits:
        known = np.concatenate([split.train, split.validation])
        target = pd.Series(crystals.target[known])
        means = target.groupby(parent[known]).mean().reindex(parent[split.test])
        predictions.append(means.fillna(float(target.mean())).to_numpy(np.float32))
    return np.stack(predictions)


def _score_tests(run: Run, label: str, model: str, tc: np.ndarray, predictions: np.ndarray) -> None:
    """File the spread of the measured Tc (S, n), and how far off predictions are as a share of it (SI Fig. 3)."""
    _file_spread(run, label, tc)
    relative = (predictions - tc) / tc
    scores = {"median": np.median(relative, axis=1), "underestimated": (relative < 0).mean(axis=1)}
    run.file_all(f"relative/{model}", scores, n=tc.shape[1])
    inside = np.clip(relative.ravel(), RELATIVE_EDGES[0], RELATIVE_EDGES[-1] - 1e-6)
    run.arrays[f"relative/{model}"] = np.histogram(inside, RELATIVE_EDGES)[0].tolist()
    run.arrays["relative/edges"] = RELATIVE_EDGES.tolist()


def _file_spread(run: Run, label: str, tc: np.ndarray) -> None:
    """File the standard deviation of the measured Tc (S, n) of each seed's test crystals."""
    run.file(f"{label}/test/tc_sd", tc.std(axis=1, ddof=1), "K", tc.shape[1])


def _train_classes(run: Run, crystals: Crystals) -> None:
    """Train a model on each class, and test it there and on the test crystals of the other classes."""
    family = crystals.labels["family"]
    alone = {name: crystals.take(family == name, f"{crystals.name}-{name}") for name in CLASSES}
    splits = {name: draw(run, own) for name, own in alone.items()}
    for name, own in alone.items():
        network = replace(run.config.network, name=name)
        trained = evaluate(run, own, [network], splits[name], name, "K")[name]
        predictions = trained.predict_tests(splits[name])
        _score_tests(run, name, name, targets(own, splits[name]), predictions)
        if name == LOW:
            score_families(run, own, splits[name], predictions)
        for other in CLASSES:
            if other != name:
                elsewhere = np.take_along_axis(trained.predict(of=alone[other]), tests(splits[other]), axis=1)
                _score_elsewhere(run, f"{other}/{name}", targets(alone[other], splits[other]), elsewhere)


def _score_elsewhere(run: Run, name: str, tc: np.ndarray, predictions: np.ndarray) -> None:
    """File the scores of a model of one class on another, (S, n)."""
    score_errors(run, name, tc, predictions, "K")
    run.file(f"{name}/mean_error", (predictions - tc).mean(axis=1), "K", tc.shape[1])
    shares = {"share_below_10K": predictions < 10, "share_overestimated": predictions > tc}
    run.file_all(name, {share: chosen.mean(axis=1) for share, chosen in shares.items()}, n=tc.shape[1])
    run.arrays[f"parity/{name}"] = metrics.parity_histogram(tc.ravel(), predictions.ravel(), limits=(0.0, 140.0))


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


def score_part(
    run: Run, name: str, crystals: Crystals, part: np.ndarray, splits: Sequence[Split], predictions: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """File the scores of the test crystals in a part (N,), and return Tc and predictions, one of each per seed.

    Their number differs from seed to seed; the first is filed. Nothing where a seed has fewer than two.
    """
    here = part[tests(splits)]
    if here.sum(axis=1).min() < 2:  # too few for R², in the smallest runs
        return []
    tc, predicted = where(targets(crystals, splits), here), where(predictions, here)
    score_errors(run, name, tc, predicted, "K", int(here[0].sum()))
    return list(zip(tc, predicted, strict=True))


def score_families(run: Run, crystals: Crystals, splits: Sequence[Split], predictions: np.ndarray) -> None:
    """File the errors of the low-Tc model on diborides and bismuthates among its (S, n) test crystals.

    ``class_mean_mae`` is the error of always naming the mean of the training crystals.
    """
    compositions = parse(crystals.ids)
    for family in (diborides, bismuthates):
        name = f"{family.__name__}/{LOW}"
        pairs = score_part(run, name, crystals, family(compositions), splits, predictions)
        if pairs:
            means = [float(crystals.target[split.train].mean()) for split in splits]
            scores = {
                "mean_error": [(values - tc).mean() for tc, values in pairs],
                "tc": [tc.mean() for tc, _ in pairs],
                "class_mean_mae": [np.abs(tc - mean).mean() for (tc, _), mean in zip(pairs, means, strict=True)],
            }
            run.file_all(name, scores, "K", len(pairs[0][0]))


def score_forest(run: Run, task: Task) -> None:
    """Score Stanev's random forest of Magpie statistics on his list: Tc above 10 K, or whether it is above."""
    rows = make_rows(STANEV, run.dataset(STANEV).digest, *read_table(run, STANEV))
    if task == "regression":
        rows = rows.take(rows.target > HOT, "above 10 K")
    else:
        rows = rows.relabelled(rows.target > HOT, "above 10 K or not")
    splits = [rows.split(seed, **SHARES) for seed in run.seeds]
    target, predictions = targets(rows, splits), baseline(run, rows, "forest", splits, task)
    if task == "regression":
        score_errors(run, "stanev-10K/forest", target, predictions, "K")
    else:
        scores = [metrics.classification_metrics(*pair) for pair in zip(target, predictions, strict=True)]
        run.add("stanev-10K/forest", scores, {}, target.shape[1])
