"""Whether the spread of an ensemble's members says how far their mean is off, and intervals that hold nine of ten.

Shape legend: n predictions, b bins, c predictions of calibration rows, which the model was not trained on.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import spearmanr

COVERED = 0.9  # share of new measurements that an interval is to hold
_FEWEST = 9  # of fewer errors even the largest is no such bound
_NORMAL = 1.645  # standard deviations on both sides of the mean that hold as much of a normal distribution
# Added to spreads, in mean spreads: where all members agree, as on a training composition, errors are not zero.
_SHARE = 0.1
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


def conformal_width(error: np.ndarray) -> float:
    """Return the half-width that holds nine of ten new errors, if these (c,) are drawn as the new ones are.

    Split conformal prediction: their 90 % quantile, raised by 1/c; infinite where there are fewer than nine of them.
    """
    size = len(error)
    return float(np.quantile(np.abs(error), COVERED * (1 + 1 / size), method="higher")) if size >= _FEWEST else np.inf


def spread_width(spread: np.ndarray) -> np.ndarray:
    """Return half-widths (n,) that would hold nine of ten errors if spreads (n,) were their standard deviations."""
    return _NORMAL * spread


def scaled_width(error: np.ndarray, spread: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return conformal half-widths (n,) in proportion to new spreads (n,), from errors and spreads (c,)."""
    least = max(_SHARE * float(spread.mean()), _SMALLEST)
    return conformal_width(error / (spread + least)) * (new + least)


def interval_scores(error: np.ndarray, width: np.ndarray) -> dict[str, float]:
    """Return how well intervals prediction ± ``width`` (n,) hold measurements that are off by ``error`` (n,).

    Returns:
        ``coverage``, the share of measurements inside; ``width``, the mean distance of the ends; ``interval_score``,
        that and 20 times (2 over the share that may be outside) the mean distance of a measurement from its interval.
    """
    outside = np.maximum(np.abs(error) - width, 0)
    mean = float(2 * width.mean())
    return {
        "coverage": float((np.abs(error) <= width).mean()),
        "width": mean,
        "interval_score": mean + 2 / (1 - COVERED) * float(outside.mean()),
    }
