"""Statements of Quinn and McQueen 2022 on Tc that need rows of their own: iron, diborides, bismuthates, a forest.

Shape legend: N crystals, S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from replicate.evaluation import metrics
from replicate.evaluation.splits import Split
from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import evaluate
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import split
from replicate.experiments.quinn2022.configs import (
    BISMUTHATES,
    COMBINED,
    DIBORIDES,
    HOT,
    LOW,
    STANEV,
    TEST,
    VALIDATION,
    WIDE_IRON,
)
from replicate.experiments.samples import make_rows
from replicate.experiments.train import baseline
from replicate.features.composition import Compositions, parse
from replicate.features.elements import ATOMIC_NUMBER
from replicate.models.baselines import Task

FOREST = "forest"
SUBSTITUTES = ("Al", "C", "Co", "Fe", "Li", "Mn", "Ni", "Si", "Zn")  # M of Mg1-xMxB2 in the text
UNITS = dict.fromkeys(("mae", "rmse", "mean_error", "tc", "class_mean_mae", "tc_sd"), "K")


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


def score_wide_iron(
    run: Run,
    crystals: Crystals,
    network: CrystalNetwork,
    splits: Sequence[Split],
    predictions: np.ndarray,
    *,
    small: bool = False,
) -> None:
    """Train on every compound with iron above 10 K, and score the combined model on those of its test crystals.

    Args:
        run: takes the scores.
        crystals: all classes.
        network: of one class.
        splits: of the combined model.
        predictions: (S, n) of the combined model.
        small: a small baseline (smoke runs).
    """
    iron = holds_iron(crystals)
    own = crystals.take(iron, f"{crystals.name}-{WIDE_IRON}")
    run.file(f"data/{WIDE_IRON}/rows", len(own), n=len(crystals))
    own_splits = [split(own, seed) for seed in run.seeds]
    evaluate(run, own, [network], own_splits, WIDE_IRON, "K", small=small)
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
