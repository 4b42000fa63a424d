"""Statements of Quinn and McQueen 2022 on Tc that need rows of their own: iron, diborides, bismuthates, a forest.

Shape legend: N crystals, S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from replicate.evaluation import metrics
from replicate.evaluation.splits import Split, make_split
from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import evaluate
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.names import (
    BISMUTHATES,
    DIBORIDES,
    HOT,
    LOW,
    STANEV,
    TEST,
    VALIDATION,
    WIDE_IRON,
)
from replicate.experiments.quinn2022.splitting import split
from replicate.experiments.samples import make_rows
from replicate.experiments.train import baseline
from replicate.features.composition import Compositions, parse
from replicate.features.elements import ATOMIC_NUMBER
from replicate.models.baselines import Task
from replicate.records import Metric

FOREST = "forest"
SUBSTITUTES = ("Al", "C", "Co", "Fe", "Li", "Mn", "Ni", "Si", "Zn")  # M of Mg1-xMxB2 in the text


def holds_iron(crystals: Crystals) -> np.ndarray:
    """Return (N,) booleans: iron in the formula and a Tc above 10 K, the wide reading of the iron-based class."""
    return parse(crystals.ids).holds("Fe") & (crystals.target > HOT)


def diborides(compositions: Compositions) -> np.ndarray:
    """Return (N,) booleans: Mg1-xMxB2 with the text's M; carbon takes the place of boron."""
    whole, boron = (_share(compositions, *symbols) for symbols in (("Mg", "B", *SUBSTITUTES), ("B", "C")))
    return compositions.holds("Mg", "B") & (whole > 1 - 1e-6) & (np.abs(boron - 2 / 3) < 0.02)


def _share(compositions: Compositions, *symbols: str) -> np.ndarray:
    return np.asarray(compositions.fractions[:, [ATOMIC_NUMBER[s] - 1 for s in symbols]].sum(axis=1))


def bismuthates(compositions: Compositions) -> np.ndarray:
    """Return (N,) booleans: Ba1-xKxBiO3, whatever its oxygen."""
    return compositions.only("Ba", "K", "Bi", "O")


def score_spread(run: Run, label: str, crystals: Crystals, splits: Sequence[Split]) -> None:
    """File the standard deviation of the measured Tc of each seed's test crystals (K)."""
    spread = [{"tc_sd": float(crystals.target[one.test].std(ddof=1))} for one in splits]
    run.add(f"{label}/test", spread, {"tc_sd": "K"}, len(splits[0].test))


def score_wide_iron(
    run: Run,
    crystals: Crystals,
    network: CrystalNetwork,
    combined: tuple[str, Sequence[Split], np.ndarray],
    *,
    small: bool = False,
) -> None:
    """Train on every compound with iron above 10 K, and score the combined model on those of its test crystals.

    Args:
        run: takes the scores.
        crystals: all classes.
        network: of one class.
        combined: name, splits and (S, n) predictions of the combined model.
        small: a small baseline (smoke runs).
    """
    iron = holds_iron(crystals)
    own = crystals.take(iron, f"{crystals.name}-{WIDE_IRON}")
    run.metrics[f"data/{WIDE_IRON}/rows"] = Metric("", (len(own),), len(crystals))
    splits = [split(own, seed) for seed in run.seeds]
    evaluate(run, own, [network], splits, WIDE_IRON, "K", small=small)
    score_spread(run, WIDE_IRON, own, splits)
    name, everyone, predicted = combined
    scores = []
    for one, values in zip(everyone, predicted, strict=True):
        here = iron[one.test]
        scores.append(metrics.regression_metrics(crystals.target[one.test][here], values[here]))
    n = int(iron[everyone[0].test].sum())
    run.add(f"{WIDE_IRON}/{name}", scores, {"mae": "K", "rmse": "K"}, n)


def score_families(run: Run, crystals: Crystals, splits: Sequence[Split], predicted: np.ndarray) -> None:
    """File how the low-Tc model does on the diborides and bismuthates among its (S, n) test crystals.

    Beside it stands what always naming the mean of the training crystals is wrong by.
    """
    compositions = parse(crystals.ids)
    for name, part in ((DIBORIDES, diborides(compositions)), (BISMUTHATES, bismuthates(compositions))):
        here = [part[one.test] for one in splits]
        if min(int(h.sum()) for h in here) < 2:  # in the smallest runs
            continue
        scores = []
        for one, values, h in zip(splits, predicted, here, strict=True):
            tc, said = crystals.target[one.test][h], values[h]
            mean = float(crystals.target[one.train].mean())
            scores.append(
                metrics.regression_metrics(tc, said)
                | {
                    "mean_error": float((said - tc).mean()),
                    "tc": float(tc.mean()),
                    "class_mean_mae": float(np.abs(tc - mean).mean()),
                }
            )
        units = dict.fromkeys(("mae", "rmse", "mean_error", "tc", "class_mean_mae"), "K")
        run.add(f"{name}/{LOW}", scores, units, int(here[0].sum()))


def score_forest(run: Run, task: Task) -> None:
    """Score Stanev's random forest of Magpie statistics on his list: Tc above 10 K, or whether it is.

    Args:
        run: takes the scores.
        task: ``regression`` of the compounds above 10 K, or ``classification`` of all.
    """
    dataset = run.dataset(STANEV)
    compositions = parse(dataset.table["formula"].tolist(), file=STANEV, on_error="collect")
    tc = dataset.table["critical_temperature"].to_numpy()[compositions.rows]
    rows = make_rows(STANEV, dataset.digest, compositions, tc)
    if task == "regression":
        rows = rows.take(rows.target > HOT, "above 10 K")
    else:
        rows = rows.relabelled(rows.target > HOT, "above 10 K or not")
    splits = [
        make_split(
            np.arange(len(rows)), kind="random", seed=seed, test=TEST, validation=VALIDATION / (1 - TEST)
        )
        for seed in run.seeds
    ]
    run.say(f"{FOREST} on {STANEV}, {task}")
    predicted = baseline(run, rows, FOREST, splits, task)
    score = metrics.regression_metrics if task == "regression" else metrics.classification_metrics
    scores = [score(rows.target[one.test], values) for one, values in zip(splits, predicted, strict=True)]
    run.add(f"stanev-10K/{FOREST}", scores, {"mae": "K", "rmse": "K"}, len(splits[0].test))
