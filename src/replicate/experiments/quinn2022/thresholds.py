"""Classifiers for eight threshold temperatures: Fig. 1B of Quinn and McQueen 2022.

Shape legend: N crystals, S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit
from scipy.stats import entropy, spearmanr

from replicate.evaluation import metrics
from replicate.evaluation.splits import Split
from replicate.experiments.configs import COMPOSITION, CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import Trained, compositions_only, measured, train_crystals
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import (
    is_disordered,
    load_others,
    load_superconductors,
    relabelled,
    together,
)
from replicate.experiments.quinn2022.configs import CompoundsConfig, ThresholdsConfig
from replicate.experiments.quinn2022.names import DISORDER, NETWORK
from replicate.experiments.quinn2022.splitting import split
from replicate.experiments.quinn2022.statements import score_forest
from replicate.records import Metric

SCORES = ("accuracy", "precision", "recall", "f1")


def load_all(run: Run, config: CompoundsConfig) -> Crystals:
    """Return superconductors with their Tc and other compounds at 0 K."""
    return together(load_superconductors(run, config), load_others(run, config))


def above(crystals: Crystals, threshold: int) -> Crystals:
    """Return the crystals with target 1 where their Tc is above a threshold."""
    return relabelled(crystals, crystals.target > threshold, f"above-{threshold}K")


def classifier(
    run: Run, crystals: Crystals, network: CrystalNetwork, threshold: int, kind: str = "random"
) -> tuple[Trained, list[Split], Crystals]:
    """Return the classifier of a threshold, its splits, and the crystals with their classes."""
    classes = above(crystals, threshold)
    splits = [split(classes, seed, kind) for seed in run.seeds]
    label = f"threshold-{threshold}K" if kind == "random" else f"threshold-{threshold}K-{kind}"
    return train_crystals(run, classes, network, splits, label), splits, classes


def class_scores(truth: np.ndarray, chance: np.ndarray) -> dict[str, float]:
    """Return the paper's four scores and the AUC of (n,) probabilities."""
    found = metrics.classification_metrics(truth, chance)
    return {name: found[name] for name in (*SCORES, "auc")}


def larger_class(truth: np.ndarray) -> float:
    """Return the share of the larger of two classes (n,), the accuracy of always naming it."""
    return max(float(truth.mean()), 1 - float(truth.mean()))


def run_thresholds(run: Run) -> None:
    """Train a classifier per threshold, and score it beside rules and trees that see no structure."""
    config: ThresholdsConfig = run.config
    crystals = load_all(run, config.compounds)
    _describe(run, crystals)
    network = replace(config.network, name=NETWORK)
    brief = replace(network, fit=replace(network.fit, epochs=config.brief_epochs))
    for threshold in config.thresholds:
        mine = brief if threshold in config.brief else network
        _one_threshold(run, crystals, mine, threshold, small=config.small)
    for threshold in config.parent_split:
        _one_threshold(run, crystals, network, threshold, "parent", small=config.small)
    if not config.small:
        score_forest(run, "classification")
    summarise(run, config.thresholds, {t: float((crystals.target > t).mean()) for t in config.thresholds})


def _one_threshold(
    run: Run,
    crystals: Crystals,
    network: CrystalNetwork,
    threshold: int,
    kind: str = "random",
    *,
    small: bool,
) -> None:
    run.say(f"above {threshold} K, {kind} split")
    trained, splits, classes = classifier(run, crystals, network, threshold, kind)
    label = f"threshold-{threshold}K" if kind == "random" else f"threshold-{threshold}K-{kind}"
    tests = [s.test for s in splits]
    truth = measured(classes, splits)
    disordered = is_disordered(crystals)
    chances = {
        NETWORK: expit(trained.predict(tests)),
        COMPOSITION: compositions_only(run, classes, splits, "classification", small=small),
        DISORDER: np.stack([disordered[t] for t in tests]).astype(float),
    }
    for name, chance in chances.items():
        scores = [class_scores(t, c) for t, c in zip(truth, chance, strict=True)]
        run.add(f"{label}/{name}", scores, {}, truth.shape[1])
    run.add(f"{label}/baseline", [{"accuracy": larger_class(t)} for t in truth], {}, truth.shape[1])
    _score_ordered(run, f"{label}-ordered", truth, chances, [~disordered[t] for t in tests])


def _score_ordered(
    run: Run, label: str, truth: np.ndarray, chances: dict[str, np.ndarray], ordered: Sequence[np.ndarray]
) -> None:
    """File the scores on ordered crystals: no other compound has a shared site, so disorder alone tells classes."""
    if any(len(set(t[keep])) < 2 for t, keep in zip(truth, ordered, strict=True)):
        return
    for name in (NETWORK, COMPOSITION):
        scores = [
            class_scores(t[keep], c[keep]) for t, c, keep in zip(truth, chances[name], ordered, strict=True)
        ]
        run.add(f"{label}/{name}", scores, {}, int(ordered[0].sum()))
    shares = [{"accuracy": larger_class(t[keep])} for t, keep in zip(truth, ordered, strict=True)]
    run.add(f"{label}/baseline", shares, {}, int(ordered[0].sum()))


def _describe(run: Run, crystals: Crystals) -> None:
    superconducting = crystals.target > 0
    disordered = is_disordered(crystals)
    cuprate = crystals.fractions()[:, [7, 28]].all(axis=1)
    counts = {
        "data/all/rows": len(crystals),
        "data/superconductors/rows": superconducting.sum(),
        "data/nonsuperconductors/rows": (~superconducting).sum(),
        "data/nonsuperconductors/cuprates": (cuprate & ~superconducting).sum(),
    }
    for name, value in counts.items():
        run.metrics[name] = Metric("", (int(value),), len(crystals))
    for name, part in (("superconductors", superconducting), ("nonsuperconductors", ~superconducting)):
        share = float(disordered[part].mean())
        run.metrics[f"data/{name}/disordered_share"] = Metric("", (share,), int(part.sum()))


def summarise(run: Run, thresholds: Sequence[int], shares: Mapping[int, float]) -> None:
    """File the statements about all thresholds: lowest scores, the best model, and trends.

    Args:
        run: holds the scores of the thresholds, and takes what follows from them.
        thresholds: K.
        shares: threshold → share of all compounds above it.
    """

    def values(threshold: int, score: str) -> np.ndarray:
        return np.array(run.metrics[f"threshold-{threshold}K/{NETWORK}/{score}"].values)

    n = run.metrics[f"threshold-{thresholds[0]}K/{NETWORK}/f1"].n
    for label, chosen in (
        ("thresholds-0-to-15K", [t for t in thresholds if t <= 15]),
        ("thresholds-20-and-30K", [t for t in thresholds if t in (20, 30)]),
    ):
        if chosen:
            lowest = np.min([values(t, score) for t in chosen for score in SCORES], axis=0)
            run.metrics[f"{label}/{NETWORK}/lowest_score"] = Metric("", tuple(lowest.tolist()), n)
    explained = {t: _explained(run, t, shares[t]) for t in thresholds}
    for threshold, share in explained.items():
        run.metrics[f"threshold-{threshold}K-validation/{NETWORK}/explained"] = Metric("", (share,), None)
    best = max(thresholds, key=lambda t: explained[t])
    run.metrics[f"best/{NETWORK}/accuracy"] = Metric("", tuple(values(best, "accuracy").tolist()), n)
    run.metrics[f"best/{NETWORK}/threshold"] = Metric("K", (best,), n)
    if len(run.seeds) > 1:
        four = np.array([np.mean([values(t, score) for score in SCORES], axis=0) for t in thresholds])
        noise = float(np.sqrt(four.var(axis=1, ddof=1).mean()))
        run.metrics[f"thresholds/{NETWORK}/noise"] = Metric("", (noise,), len(thresholds))
    if len(thresholds) > 2:
        for score in SCORES:
            means = [float(values(t, score).mean()) for t in thresholds]
            trend = float(spearmanr(thresholds, means).statistic) if len(set(means)) > 1 else 0.0
            run.metrics[f"thresholds/{NETWORK}/{score}_trend"] = Metric("", (trend,), len(thresholds))


def _explained(run: Run, threshold: int, share: float) -> float:
    """Return how much of the cross-entropy of always naming the class shares a classifier takes away on validation.

    The cross-entropy is the lowest of the mean over seeds; unlike the scores it does not rise with the larger class.
    """
    reached = min(run.arrays[f"history/threshold-{threshold}K/{NETWORK}"]["validation"])
    return 1 - reached / float(entropy([share, 1 - share]))
