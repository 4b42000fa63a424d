"""Classifiers for threshold temperatures, and the regression as one: Figs. 1B and 6 of Quinn and McQueen 2022.

Shape legend: N crystals, S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import entropy, spearmanr

from replicate.evaluation.splits import Split
from replicate.experiments.configs import COMPOSITION, CrystalNetwork, varied
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import five_scores
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import (
    all_crystals,
    other_crystals,
    split,
    superconductor_crystals,
)
from replicate.experiments.quinn2022.configs import (
    COMBINED,
    DISORDER,
    JOINED,
    NETWORK,
    AsClassifierConfig,
    ThresholdsConfig,
)
from replicate.experiments.quinn2022.regression import score_forest
from replicate.experiments.samples import targets
from replicate.experiments.train import Trained, baseline, train

SCORES = ("accuracy", "precision", "recall", "f1")


def above(crystals: Crystals, threshold: int) -> Crystals:
    """Return the crystals with target 1 where their Tc is above a threshold (K), else 0."""
    return crystals.relabelled(crystals.target > threshold, f"above-{threshold}K")


def train_classifier(
    run: Run, crystals: Crystals, network: CrystalNetwork, threshold: int, kind: str = "random"
) -> tuple[Trained, list[Split], Crystals]:
    """Return the classifier of a threshold (K), its splits, and the crystals with their classes."""
    classes = above(crystals, threshold)
    splits = [split(classes, seed, kind) for seed in run.seeds]
    return train(run, classes, network, splits, label_of(threshold, kind)), splits, classes


def label_of(threshold: int, kind: str) -> str:
    """Return the label of a threshold (K) on a kind of split in a record."""
    return f"threshold-{threshold}K" if kind == "random" else f"threshold-{threshold}K-{kind}"


def larger_class(truth: np.ndarray) -> dict[str, float]:
    """Return the share of the larger of two classes (n,): the accuracy of always naming it."""
    return {"accuracy": max(float(truth.mean()), 1 - float(truth.mean()))}


def run_thresholds(run: Run) -> None:
    """Train a classifier per threshold, and score it with rules and trees that see no structure."""
    config: ThresholdsConfig = run.config
    crystals = all_crystals(run, config.compounds)
    _describe(run, crystals)
    brief = varied(config.network, epochs=config.brief_epochs) if config.brief else config.network
    for threshold in config.thresholds:
        _one_threshold(run, crystals, brief if threshold in config.brief else config.network, threshold)
    for threshold in config.parent_split:
        _one_threshold(run, crystals, config.network, threshold, "parent")
    if not config.small:
        score_forest(run, "classification")
    summarise(run, config.thresholds, {t: float((crystals.target > t).mean()) for t in config.thresholds})


def _one_threshold(
    run: Run, crystals: Crystals, network: CrystalNetwork, threshold: int, kind: str = "random"
) -> None:
    """File the scores of one threshold on all test crystals, and on the ordered ones.

    No other compound has a shared site, so disorder alone tells classes.
    """
    run.say(f"above {threshold} K, {kind} split")
    trained, splits, classes = train_classifier(run, crystals, network, threshold, kind)
    disordered = crystals.disordered()
    chances = {
        NETWORK: trained.predict_tests(splits),
        COMPOSITION: baseline(run, classes, COMPOSITION, splits, "classification", small=run.config.small),
        DISORDER: np.stack([disordered[s.test] for s in splits]).astype(float),
    }
    truth = targets(classes, splits)
    label = label_of(threshold, kind)
    _score(run, label, truth, chances)
    ordered = [~disordered[s.test] for s in splits]
    if all(len(set(t[keep])) == 2 for t, keep in zip(truth, ordered, strict=True)):
        del chances[DISORDER]
        _score(run, f"{label}-ordered", truth, chances, ordered)


def _score(
    run: Run,
    label: str,
    truth: np.ndarray,
    chances: dict[str, np.ndarray],
    rows: Sequence[np.ndarray] | None = None,
) -> None:
    """File the scores of probabilities (S, n) on all test crystals, or on ``rows``, whose first number is filed."""
    parts = np.ones(truth.shape, dtype=bool) if rows is None else rows
    n = int(parts[0].sum())
    for name, values in chances.items():
        scores = [five_scores(t[keep], p[keep]) for t, p, keep in zip(truth, values, parts, strict=True)]
        run.add(f"{label}/{name}", scores, {}, n)
    shares = [larger_class(t[keep]) for t, keep in zip(truth, parts, strict=True)]
    run.add(f"{label}/baseline", shares, {}, n)


def _describe(run: Run, crystals: Crystals) -> None:
    superconducting, disordered = crystals.target > 0, crystals.disordered()
    cuprate = crystals.fractions()[:, [7, 28]].all(axis=1)
    counts = {
        "all/rows": len(crystals),
        "superconductors/rows": superconducting.sum(),
        "nonsuperconductors/rows": (~superconducting).sum(),
        "nonsuperconductors/cuprates": (cuprate & ~superconducting).sum(),
    }
    run.add("data", [counts], {}, len(crystals))
    for name, part in (("superconductors", superconducting), ("nonsuperconductors", ~superconducting)):
        share = float(disordered[part].mean())
        run.file(f"data/{name}/disordered_share", share, n=int(part.sum()))


def summarise(run: Run, thresholds: Sequence[int], shares: Mapping[int, float]) -> None:
    """File the statements about all thresholds (K): lowest scores, the best model, and trends.

    ``shares`` are those of all compounds above each threshold.
    """
    n = run.metrics[f"threshold-{thresholds[0]}K/{NETWORK}/f1"].n
    # (thresholds, scores, S)
    scores = np.array(
        [[run.metrics[f"threshold-{t}K/{NETWORK}/{s}"].values for s in SCORES] for t in thresholds]
    )
    for label, chosen in (
        ("thresholds-0-to-15K", [t <= 15 for t in thresholds]),
        ("thresholds-20-and-30K", [t in (20, 30) for t in thresholds]),
    ):
        if any(chosen):
            lowest = scores[chosen].min(axis=(0, 1))
            run.file(f"{label}/{NETWORK}/lowest_score", lowest, n=n)
    # How much of the cross-entropy of always naming the class shares is explained on validation. The lowest of the
    # mean over seeds; unlike the scores it does not rise with the larger class.
    explained = []
    for threshold in thresholds:
        lowest = min(run.arrays[f"history/threshold-{threshold}K/{NETWORK}"]["validation"])
        explained.append(1 - lowest / float(entropy([shares[threshold], 1 - shares[threshold]])))
        run.file(f"threshold-{threshold}K-validation/{NETWORK}/explained", explained[-1])
    best = int(np.argmax(explained))
    run.file(f"best/{NETWORK}/accuracy", scores[best, 0], n=n)
    run.file(f"best/{NETWORK}/threshold", thresholds[best], "K", n)
    if len(run.seeds) > 1:
        noise = float(np.sqrt(scores.mean(axis=1).var(axis=1, ddof=1).mean()))
        run.file(f"thresholds/{NETWORK}/noise", noise, n=len(thresholds))
    if len(thresholds) > 2:
        for score, means in zip(SCORES, scores.mean(axis=2).T, strict=True):
            trend = float(spearmanr(thresholds, means).statistic) if len(set(means)) > 1 else 0.0
            run.file(f"thresholds/{NETWORK}/{score}_trend", trend, n=len(thresholds))


def run_as_classifier(run: Run) -> None:
    """Score the regression model on superconductors and on others, neither of which it was trained on."""
    config: AsClassifierConfig = run.config
    known = superconductor_crystals(run, config.compounds)
    others = other_crystals(run, config.compounds)
    splits = [split(known, seed) for seed in run.seeds]
    trained = train(run, known, config.network, splits, "random")
    n_known = len(splits[0].test)
    n_others = min(max(config.tested - n_known, 1), len(others))
    drawn = [np.random.default_rng([seed, 2022]).permutation(len(others))[:n_others] for seed in run.seeds]
    of_others = np.take_along_axis(trained.predict(of=others), np.stack(drawn), axis=1)
    tc = np.pad(targets(known, splits), ((0, 0), (0, n_others)))
    predictions = np.hstack([trained.predict_tests(splits), of_others])
    run.add("test/split", [{"rows": tc.shape[1]}], {}, None)
    run.add("test/split", [{"others": n_others}], {}, tc.shape[1])
    of_all = [{"mean_tc": p.mean(), "share_above_10K": (p > 10).mean()} for p in of_others]
    run.add(f"others/{COMBINED}", of_all, {"mean_tc": "K"}, n_others)
    # The others are all ordered: on ordered superconductors disorder gives nothing away.
    disordered = known.disordered()
    ordered = [np.pad(~disordered[s.test], (0, n_others), constant_values=True) for s in splits]
    for threshold in config.thresholds:
        truth = tc > threshold
        # Above one half where the predicted Tc is above the threshold, and in the order of the predictions.
        chances = {COMBINED: 0.5 + (predictions.astype(float) - threshold) / 1_000}
        _score(run, f"threshold-{threshold}K", truth, chances)
        if all(t[keep].any() for t, keep in zip(truth, ordered, strict=True)):
            _score(run, f"threshold-{threshold}K-ordered", truth, chances, ordered)
    _score_rivals(run, known.joined(others, JOINED))


def _score_rivals(run: Run, crystals: Crystals) -> None:
    """File the accuracy of the classifier that was trained for a threshold, on its own test crystals."""
    config: AsClassifierConfig = run.config
    for threshold in config.rivals:
        trained, splits, classes = train_classifier(run, crystals, config.rival, threshold)
        truth = targets(classes, splits)
        pairs = zip(truth, trained.predict_tests(splits), strict=True)
        label, n = f"threshold-{threshold}K", truth.shape[1]
        run.add(f"{label}/{NETWORK}", [five_scores(*pair) for pair in pairs], {}, n)
        shares = [larger_class(values > 0) for values in truth]
        run.add(f"{label}/baseline-of-the-classifier", shares, {}, n)
