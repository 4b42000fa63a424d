"""The regression model as a classifier of superconductors and others: Fig. 6 of Quinn and McQueen 2022.

Shape legend: S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from replicate.experiments.core import Run
from replicate.experiments.crystal_training import train_crystals
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.compounds import (
    is_disordered,
    load_others,
    load_superconductors,
    together,
)
from replicate.experiments.quinn2022.configs import AsClassifierConfig
from replicate.experiments.quinn2022.names import COMBINED, NETWORK
from replicate.experiments.quinn2022.splitting import split
from replicate.experiments.quinn2022.thresholds import class_scores, classifier, larger_class
from replicate.records import Metric


def run_as_classifier(run: Run) -> None:
    """Ask the regression model about superconductors and others, neither of which it was trained on."""
    config: AsClassifierConfig = run.config
    known = load_superconductors(run, config.compounds)
    others = load_others(run, config.compounds)
    splits = [split(known, seed) for seed in run.seeds]
    trained = train_crystals(run, known, replace(config.network, name=COMBINED), splits, "random")
    tests = [s.test for s in splits]
    n_others = min(max(config.tested - len(tests[0]), 1), len(others))
    drawn = [np.random.default_rng([seed, 2022]).permutation(len(others))[:n_others] for seed in run.seeds]
    of_known = trained.predict(tests)
    of_others = [p[d] for p, d in zip(trained.ask(others), drawn, strict=True)]
    tc = [np.concatenate([known.target[t], np.zeros(n_others)]) for t in tests]
    said = [np.concatenate(parts) for parts in zip(of_known, of_others, strict=True)]
    run.metrics["test/split/rows"] = Metric("", (len(tc[0]),), None)
    run.metrics["test/split/others"] = Metric("", (n_others,), len(tc[0]))
    run.add(
        f"others/{COMBINED}",
        [{"mean_tc": float(p.mean()), "share_above_10K": float((p > 10).mean())} for p in of_others],
        {"mean_tc": "K"},
        n_others,
    )
    ordered = ~is_disordered(known)
    kept = [np.concatenate([ordered[t], np.ones(n_others, dtype=bool)]) for t in tests]
    for threshold in config.thresholds:
        _score(run, f"threshold-{threshold}K", tc, said, threshold)
        # The others are all ordered: on ordered superconductors disorder gives nothing away.
        some_tc = [values[k] for values, k in zip(tc, kept, strict=True)]
        some_said = [values[k] for values, k in zip(said, kept, strict=True)]
        if all((t > threshold).any() for t in some_tc):
            _score(run, f"threshold-{threshold}K-ordered", some_tc, some_said, threshold)
    _ask_rivals(run, config, together(known, others))


def _score(
    run: Run, label: str, tc: Sequence[np.ndarray], said: Sequence[np.ndarray], threshold: float
) -> None:
    """File the scores of predicted Tc above a threshold, their AUC from the predictions themselves."""
    scores = []
    for t, p in zip(tc, said, strict=True):
        score = class_scores(t > threshold, (p > threshold).astype(float))
        scores.append(score | {"auc": float(roc_auc_score(t > threshold, p))})
    run.add(f"{label}/{COMBINED}", scores, {}, len(tc[0]))
    run.add(f"{label}/baseline", [{"accuracy": larger_class(t > threshold)} for t in tc], {}, len(tc[0]))


def _ask_rivals(run: Run, config: AsClassifierConfig, crystals: Crystals) -> None:
    """File the accuracy of the classifier that was trained for a threshold, on its own test crystals."""
    for threshold in config.rivals:
        trained, splits, classes = classifier(run, crystals, replace(config.rival, name=NETWORK), threshold)
        chance = expit(trained.predict([s.test for s in splits]))
        scores = [class_scores(classes.target[s.test], c) for s, c in zip(splits, chance, strict=True)]
        label, n = f"threshold-{threshold}K", len(splits[0].test)
        run.add(f"{label}/{NETWORK}", scores, {}, n)
        share = [{"accuracy": larger_class(classes.target[s.test] > 0)} for s in splits]
        run.add(f"{label}/baseline-of-the-classifier", share, {}, n)
