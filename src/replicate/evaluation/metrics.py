"""Scores of predictions, one flat dictionary per model and split."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import pearsonr
from sklearn import metrics as sk

_ROUNDING = 1e-5  # relative; differences of single-precision predictions below it are noise


def regression_metrics(target: np.ndarray, prediction: np.ndarray) -> dict[str, float]:
    """Return MAE and RMSE (target units), R² and Pearson's r of (n,) predictions.

    R² is 1 − SSE/SST and falls when predictions are biased; r is the correlation, what several papers
    print under the name "r²". r is 0 for predictions that are constant but for rounding.
    """
    flat = any(np.ptp(values) <= _ROUNDING * np.abs(values).max() for values in (prediction, target))
    return {
        "mae": float(sk.mean_absolute_error(target, prediction)),
        "rmse": float(sk.root_mean_squared_error(target, prediction)),
        "r2": float(sk.r2_score(target, prediction)),
        "r": 0.0 if flat else float(pearsonr(target, prediction).statistic),
    }


def classification_metrics(label: np.ndarray, probability: np.ndarray, threshold: float = 0.5) -> dict[str, float]:
    """Return AUC, accuracy, precision, recall, F1 and specificity of (n,) probabilities of class 1."""
    predicted = probability >= threshold
    truth = label.astype(bool)
    return {
        "auc": float(sk.roc_auc_score(truth, probability)),
        "accuracy": float(sk.accuracy_score(truth, predicted)),
        "precision": float(sk.precision_score(truth, predicted, zero_division=0)),
        "recall": float(sk.recall_score(truth, predicted)),
        "specificity": float(sk.recall_score(~truth, ~predicted)),
        "f1": float(sk.f1_score(truth, predicted)),
    }


def largest_auc(precision: float, recall: float, positives: int, negatives: int) -> float:
    """Return the largest AUC that a ROC curve through one printed precision and recall can have, 1 − f (1 − recall).

    f is the false positive rate that they imply, recall (1/precision − 1) positives/negatives. A curve that only rises
    stays at or below the point's height left of f, and at or below 1 right of it.
    """
    false_positive = recall * (1 / precision - 1) * positives / negatives
    return 1 - false_positive * (1 - recall)


def parity_histogram(
    target: np.ndarray, prediction: np.ndarray, bins: int = 60, limits: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Return the counts of (target, prediction) pairs on a square grid, as JSON values.

    Counts are sparse: (column, row, count) for each occupied cell, column along the target. Values beyond
    ``limits`` are counted in the outermost cells, so that no pair is lost.
    """
    if limits is None:
        both = np.concatenate([target, prediction])
        limits = (float(both.min()), float(both.max()))
    edges = np.linspace(*limits, bins + 1)
    inside = [np.clip(values, *limits) for values in (target, prediction)]
    counts, _, _ = np.histogram2d(inside[0], inside[1], bins=(edges, edges))
    columns, rows = np.nonzero(counts)
    return {
        "limits": [float(limits[0]), float(limits[1])],
        "bins": [bins],
        "cells": [[int(c), int(r), int(counts[c, r])] for c, r in zip(columns, rows, strict=True)],
    }


def farthest(error: np.ndarray, names: Callable[[int, int], str], most: int = 40) -> dict[str, tuple[int, int]]:
    """Return name → (seed, row) of the largest errors (S, n), one of each name, the largest first."""
    largest: dict[str, tuple[int, int]] = {}
    for flat in np.abs(error).argsort(axis=None)[::-1]:
        seed, row = (int(i) for i in np.unravel_index(flat, error.shape))
        largest.setdefault(names(seed, row), (seed, row))
        if len(largest) == most:
            break
    return largest


def roc_points(label: np.ndarray, probability: np.ndarray, points: int = 101) -> list[float]:
    """Return the true positive rate on an even grid of ``points`` false positive rates from 0 to 1."""
    false_positive, true_positive, _ = sk.roc_curve(label.astype(bool), probability)
    return [round(float(v), 5) for v in np.interp(np.linspace(0, 1, points), false_positive, true_positive)]


def confusion(label: np.ndarray, probability: np.ndarray, threshold: float = 0.5) -> list[list[int]]:
    """Return the 2 × 2 counts, rows: true class 0 and 1, columns: predicted class 0 and 1."""
    return sk.confusion_matrix(label.astype(bool), probability >= threshold, labels=[False, True]).tolist()
