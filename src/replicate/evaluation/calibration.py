"""Whether the spread of an ensemble's members says how far their mean is off.

Shape legend: n predictions, b bins.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import spearmanr

_SMALLEST = 1e-6  # in the target's unit; members that agree to the last bit still have a rounding error
_MEDIAN_OF_NORMAL = 0.6745  # median of |x| for a normal x of standard deviation 1


def spread_scale(error: np.ndarray, spread: np.ndarray) -> float:
    """Return the factor on spreads (n,) that makes them the standard deviations of normal errors (n,), by the median.

    The median of error / spread, because a few compounds on which all members agree would decide a mean.
    """
    return float(np.median(np.abs(error) / np.maximum(spread, _SMALLEST))) / _MEDIAN_OF_NORMAL


def spread_scores(error: np.ndarray, spread: np.ndarray, scale: float = 1.0) -> dict[str, float]:
    """Return how well spreads (n,) go with errors (n,).

    Args:
        error: predicted mean minus measured value.
        spread: standard deviation over the members.
        scale: factor on the spreads, chosen on other rows.

    Returns:
        ``rank_correlation`` (Spearman) of spread and absolute error; ``within_2sd``, the share of errors below
        two spreads (95 % for normal errors), and ``within_2sd_scaled``, the same with the scaled spreads.
    """
    flat = np.ptp(spread) <= _SMALLEST or np.ptp(error) <= _SMALLEST
    size = np.abs(error)
    return {
        "rank_correlation": 0.0 if flat else float(spearmanr(spread, size).statistic),
        "within_2sd": float((size <= 2 * spread).mean()),
        "within_2sd_scaled": float((size <= 2 * scale * spread).mean()),
    }


def reliability(error: np.ndarray, spread: np.ndarray, bins: int = 10) -> list[list[float]]:
    """Return (b, 3): mean spread, root mean squared error and number of rows, in bins of equal size by spread."""
    order = np.argsort(spread, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, len(order))) if len(part)]
    return [[float(spread[p].mean()), float(np.sqrt((error[p] ** 2).mean())), float(len(p))] for p in parts]
