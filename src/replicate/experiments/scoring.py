"""File scores of test predictions, and the counts and curves their figures are drawn from.

Shape legend: S seeds, n test rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from replicate.evaluation import metrics
from replicate.experiments.core import Run


def score_regression(
    run: Run,
    name: str,
    target: np.ndarray,
    predicted: np.ndarray,
    unit: str,
    limits: tuple[float, float],
    *,
    tail: bool = False,
    names: Callable[[int, int], str] | None = None,
) -> None:
    """File the scores of predictions (S, n).

    Args:
        run: takes them.
        name: prefix of the metrics.
        target: (S, n).
        predicted: (S, n).
        unit: of both.
        limits: of the figure that shows one against the other.
        tail: also the absolute error that nine rows of ten stay below.
        names: seed and test row, counted from 0 → what to call it among the largest errors; None: they are not kept.
    """
    pairs = list(zip(target, predicted, strict=True))
    scores = [metrics.regression_metrics(t, p) for t, p in pairs]
    units = {"mae": unit, "rmse": unit}
    if tail:
        units["error_p90"] = unit
        for score, (t, p) in zip(scores, pairs, strict=True):
            score["error_p90"] = float(np.quantile(np.abs(t - p), 0.9))
    run.add(name, scores, units, target.shape[1])
    drawn = run.arrays[f"parity/{name}"] = metrics.parity_histogram(
        target.ravel(), predicted.ravel(), limits=limits
    )
    if names is not None:
        drawn["farthest"] = [
            [name, float(f"{target[at]:.4g}"), float(f"{predicted[at]:.4g}")]
            for name, at in metrics.farthest(predicted - target, names).items()
        ]


def spread(predicted: np.ndarray) -> np.ndarray:
    """Return the standard deviation over seeds of predictions (S, n), zero for a single one, (n,)."""
    return predicted.std(axis=0, ddof=1) if len(predicted) > 1 else np.zeros(predicted.shape[1])


def score_mae(run: Run, name: str, target: np.ndarray, predicted: np.ndarray, unit: str) -> None:
    """File only the mean absolute error of predictions (S, n), as a point of a learning curve."""
    run.file(f"{name}/mae", np.abs(predicted - target).mean(axis=1), unit, target.shape[1])


def class_scores(target: np.ndarray, probability: np.ndarray, classes: tuple[str, str]) -> dict[str, float]:
    """Return the scores of (n,) probabilities, the recall of each class under the name of the class."""
    score = metrics.classification_metrics(target, probability)
    score[f"{classes[0]}_recall"] = score.pop("specificity")
    score[f"{classes[1]}_recall"] = score.pop("recall")
    return score


def score_classification(
    run: Run, name: str, target: np.ndarray, probability: np.ndarray, classes: tuple[str, str]
) -> None:
    """File AUC, accuracy and the recall of each class of probabilities (S, n), and their curves."""
    pairs = list(zip(target, probability, strict=True))
    run.add(name, [class_scores(t, p, classes) for t, p in pairs], {}, target.shape[1])
    run.arrays[f"roc/{name}"] = [metrics.roc_points(t, p) for t, p in pairs]
    run.arrays[f"confusion/{name}"] = [metrics.confusion(t, p) for t, p in pairs]
