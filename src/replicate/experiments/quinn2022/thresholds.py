"""Classifiers for threshold temperatures, and the regression as one: Figs. 1B and 6 of Quinn and McQueen 2022."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import entropy, spearmanr

from replicate.evaluation import metrics
from replicate.evaluation.splits import Split
from replicate.experiments.configs import COMPOSITION, CrystalNetwork, varied
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import all_crystals, draw, other_crystals, superconductor_crystals
from replicate.experiments.quinn2022.regression import score_forest
from replicate.experiments.quinn2022.specs import COMBINED, JOINED, NETWORK, AsClassifierConfig, ThresholdsConfig
from replicate.experiments.samples import targets, tests, where
from replicate.experiments.train import Trained, baseline, train

SCORES = ("accuracy", "precision", "recall", "f1")


def five_scores(target: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """Return accuracy, precision, recall, F1 and AUC of (n,) probabilities."""
    scores = metrics.classification_metrics(target, probability)
    return {name: scores[name] for name in (*SCORES, "auc")}


def above(crystals: Crystals, threshold: int) -> Crystals:
    """Return the crystals with target 1 where their Tc is above a threshold (K), else 0."""
    return crystals.relabelled(crystals.target > threshold, f"above-{threshold}K")


def train_classifier(
    run: Run, crystals: Crystals, network: CrystalNetwork, threshold: int, kind: str = "random"
) -> tuple[Trained, list[Split], Crystals]:
    """Return the classifier of a threshold (K), its splits, and the crystals with their classes."""
    classes = above(crystals, threshold)
    splits = draw(run, classes, kind)
    return train(run, classes, network, splits, _label(threshold, kind)), splits, classes


def _label(threshold: int, kind: str) -> str:
    return f"threshold-{threshold}K" if kind == "random" else f"threshold-{threshold}K-{kind}"


def run_thresholds(run: Run) -> None:
    """Train a classifier per threshold, and score it with rules and trees that see no structure."""
    config: ThresholdsConfig = run.config
    crystals = all_crystals(run, config.compounds)
    tc, disordered = crystals.target, crystals.disordered()
    cuprate = crystals.fractions()[:, [7, 28]].all(axis=1)
    for name, part in {"superconductors": tc > 0, "nonsuperconductors": tc <= 0}.items():
        run.file(f"data/{name}/rows", part.sum(), n=len(crystals))
        run.file(f"data/{name}/disordered_share", disordered[part].mean(), n=part.sum())
    run.file("data/nonsuperconductors/cuprates", (cuprate & (tc <= 0)).sum(), n=len(crystals))
    run.file("data/all/rows", len(crystals), n=len(crystals))
    brief = varied(config.network, epochs=config.brief_epochs) if config.brief else config.network
    for threshold in config.thresholds:
        network = brief if threshold in config.brief else config.network
        _one_threshold(run, crystals, network, threshold, "random", disordered)
    for threshold in config.parent_split:
        _one_threshold(run, crystals, config.network, threshold, "parent", disordered)
    if not config.small:
        score_forest(run, "classification")
    summarise(run, config.thresholds, {t: float((tc > t).mean()) for t in config.thresholds})


def _one_threshold(
    run: Run, crystals: Crystals, network: CrystalNetwork, threshold: int, kind: str, disordered: np.ndarray
) -> None:
    """File the scores of one threshold on all test crystals, and on the ordered ones.

    No other compound has a shared site, so disorder (N,) alone tells classes.
    """
    trained, splits, classes = train_classifier(run, crystals, network, threshold, kind)
    rule = disordered[tests(splits)]
    chances = {
        NETWORK: trained.predict_tests(splits),
        COMPOSITION: baseline(run, classes, COMPOSITION, splits, "classification", small=run.config.small),
    }
    truth, label = targets(classes, splits), _label(threshold, kind)
    _score(run, label, truth, chances | {"disorder-rule": rule.astype(float)})
    if all(len(set(ordered)) == 2 for ordered in where(truth, ~rule)):
        _score(run, f"{label}-ordered", truth, chances, ~rule)


def _score(
    run: Run,
    label: str,
    truth: np.ndarray,
    chances: Mapping[str, np.ndarray],
    rows: np.ndarray | None = None,
    larger: str = "baseline",
) -> None:
    """File the scores of probabilities and of always naming the ``larger`` class, (S, n), on all crystals or ``rows``.

    Where the number of rows differs from seed to seed the first is filed.
    """
    parts = np.ones(truth.shape, dtype=bool) if rows is None else rows
    n, classes = int(parts[0].sum()), where(truth, parts)
    for name, values in chances.items():
        pairs = zip(classes, where(values, parts), strict=True)
        run.add(f"{label}/{name}", [five_scores(*pair) for pair in pairs], {}, n)
    shares = [float(each.mean()) for each in classes]
    run.file(f"{label}/{larger}/accuracy", [max(share, 1 - share) for share in shares], n=n)


def summarise(run: Run, thresholds: Sequence[int], shares: Mapping[int, float]) -> None:
    """File the statements about all thresholds (K): lowest scores, the best model, and trends.

    ``shares`` are those of all compounds above each threshold.
    """
    n = run.metrics[f"threshold-{thresholds[0]}K/{NETWORK}/f1"].n
    # (thresholds, scores, S)
    scores = np.array([[run.metrics[f"threshold-{t}K/{NETWORK}/{s}"].values for s in SCORES] for t in thresholds])
    for label, chosen in {
        "thresholds-0-to-15K": [t <= 15 for t in thresholds],
        "thresholds-20-and-30K": [t in (20, 30) for t in thresholds],
    }.items():
        if any(chosen):
            run.file(f"{label}/{NETWORK}/lowest_score", scores[chosen].min(axis=(0, 1)), n=n)
    # How much of the cross-entropy of always naming the class shares is explained on validation. The lowest of the
    # mean over seeds; unlike the scores it does not rise with the larger class.
    explained = []
    for t in thresholds:
        lowest = min(run.arrays[f"history/threshold-{t}K/{NETWORK}"]["validation"])
        explained.append(1 - lowest / float(entropy([shares[t], 1 - shares[t]])))
        run.file(f"threshold-{t}K-validation/{NETWORK}/explained", explained[-1])
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


def run_regression_as_classifier(run: Run) -> None:
    """Score the regression model on superconductors and on others, neither of which it was trained on."""
    config: AsClassifierConfig = run.config
    known = superconductor_crystals(run, config.compounds)
    others = other_crystals(run, config.compounds)
    splits = draw(run, known)
    trained = train(run, known, config.network, splits, "random")
    n_others = min(max(config.tested - len(splits[0].test), 1), len(others))
    drawn = [np.random.default_rng([seed, 2022]).permutation(len(others))[:n_others] for seed in run.seeds]
    of_others = np.take_along_axis(trained.predict(of=others), np.stack(drawn), axis=1)
    tc = np.pad(targets(known, splits), ((0, 0), (0, n_others)))
    predictions = np.hstack([trained.predict_tests(splits), of_others])
    run.file("test/split/rows", tc.shape[1])
    run.file("test/split/others", n_others, n=tc.shape[1])
    run.file(f"others/{COMBINED}/mean_tc", of_others.mean(axis=1), "K", n_others)
    run.file(f"others/{COMBINED}/share_above_10K", (of_others > 10).mean(axis=1), n=n_others)
    # The others are all ordered: on ordered superconductors disorder gives nothing away.
    ordered = np.pad(~known.disordered()[tests(splits)], ((0, 0), (0, n_others)), constant_values=True)
    for threshold in config.thresholds:
        truth, label = tc > threshold, f"threshold-{threshold}K"
        # Above one half where the predicted Tc is above the threshold, and in the order of the predictions.
        chances = {COMBINED: 0.5 + (predictions.astype(float) - threshold) / 1_000}
        _score(run, label, truth, chances)
        if (truth & ordered).any(axis=1).all():
            _score(run, f"{label}-ordered", truth, chances, ordered)
    # The classifier that was trained for a threshold, on its own test crystals.
    everyone = known.joined(others, JOINED)
    for threshold in config.rivals:
        trained, splits, classes = train_classifier(run, everyone, config.rival, threshold)
        chances, label = {NETWORK: trained.predict_tests(splits)}, f"threshold-{threshold}K"
        _score(run, label, targets(classes, splits) > 0, chances, larger="baseline-of-the-classifier")
