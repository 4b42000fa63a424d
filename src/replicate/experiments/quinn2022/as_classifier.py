"""The regression model as a classifier of superconductors and others: Fig. 6 of Quinn and McQueen 2022.

Shape legend: S seeds, n test crystals.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from replicate.experiments.base import Run
from replicate.experiments.crystal_training import five_scores, targets_of, train_crystals
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import other_crystals, split, superconductor_crystals
from replicate.experiments.quinn2022.configs import COMBINED, JOINED, NETWORK, AsClassifierConfig
from replicate.experiments.quinn2022.thresholds import larger_class, train_classifier


def run_as_classifier(run: Run) -> None:
    """Score the regression model on superconductors and on others, neither of which it was trained on."""
    config: AsClassifierConfig = run.config
    known = superconductor_crystals(run, config.compounds)
    others = other_crystals(run, config.compounds)
    splits = [split(known, seed) for seed in run.seeds]
    trained = train_crystals(run, known, config.network, splits, "random")
    n_known = len(splits[0].test)
    n_others = min(max(config.tested - n_known, 1), len(others))
    drawn = [np.random.default_rng([seed, 2022]).permutation(len(others))[:n_others] for seed in run.seeds]
    of_others = np.take_along_axis(trained.predict_crystals(others), np.stack(drawn), axis=1)
    tc = np.pad(targets_of(known, splits), ((0, 0), (0, n_others)))
    predictions = np.hstack([trained.predict_tests(splits), of_others])
    run.add("test/split", [{"rows": tc.shape[1]}], {}, None)
    run.add("test/split", [{"others": n_others}], {}, tc.shape[1])
    of_all = [{"mean_tc": p.mean(), "share_above_10K": (p > 10).mean()} for p in of_others]
    run.add(f"others/{COMBINED}", of_all, {"mean_tc": "K"}, n_others)
    # The others are all ordered: on ordered superconductors disorder gives nothing away.
    disordered = known.disordered()
    ordered = [np.pad(~disordered[s.test], (0, n_others), constant_values=True) for s in splits]
    everything = [np.ones(tc.shape[1], dtype=bool)] * len(splits)
    for threshold in config.thresholds:
        for label, rows in (("", everything), ("-ordered", ordered)):
            pairs = [(t[keep], p[keep]) for t, p, keep in zip(tc, predictions, rows, strict=True)]
            if all((t > threshold).any() for t, _ in pairs):
                _score(run, f"threshold-{threshold}K{label}", pairs, threshold)
    _score_rivals(run, known.joined(others, JOINED))


def _score(run: Run, label: str, pairs: list[tuple[np.ndarray, np.ndarray]], threshold: float) -> None:
    """File the scores of predicted Tc above a threshold, their AUC from the predictions themselves."""
    scores, shares = [], []
    for tc, predicted in pairs:
        truth = tc > threshold
        auc = {"auc": float(roc_auc_score(truth, predicted))}
        scores.append(five_scores(truth, (predicted > threshold).astype(float)) | auc)
        shares.append(larger_class(truth))
    run.add(f"{label}/{COMBINED}", scores, {}, len(pairs[0][0]))
    run.add(f"{label}/baseline", shares, {}, len(pairs[0][0]))


def _score_rivals(run: Run, crystals: Crystals) -> None:
    """File the accuracy of the classifier that was trained for a threshold, on its own test crystals."""
    config: AsClassifierConfig = run.config
    for threshold in config.rivals:
        trained, splits, classes = train_classifier(run, crystals, config.rival, threshold)
        truth = targets_of(classes, splits)
        pairs = zip(truth, expit(trained.predict_tests(splits)), strict=True)
        label, n = f"threshold-{threshold}K", truth.shape[1]
        run.add(f"{label}/{NETWORK}", [five_scores(*pair) for pair in pairs], {}, n)
        shares = [larger_class(values > 0) for values in truth]
        run.add(f"{label}/baseline-of-the-classifier", shares, {}, n)
