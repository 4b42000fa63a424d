"""How far repeated measurements of one composition disagree: the error that no model of compositions can go below.

Shape legend: n measurements, g groups of equal composition that have at least two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Noise:
    """Sums over the g compositions with several measurements; ``size`` (g,) and ``first`` (g,), a row of each.

    The mean of any of them over measurements, not compositions, is the error on a measurement drawn at random.
    """

    size: np.ndarray
    first: np.ndarray
    own: np.ndarray  # absolute distances from the composition's median
    others: np.ndarray  # absolute distances from the median of its other measurements
    pairs: np.ndarray  # size times the mean absolute difference of two of its measurements
    squares: np.ndarray  # size times the variance with size − 1 degrees of freedom

    def floors(self, weight: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """Return floors of the error, (r,) for weights (r, g), how often a composition counts; None: once each, (1,).

        ``rmse`` is unbiased in the square. ``mae`` is the mean absolute difference of two measurements over √2, which
        is the mean absolute deviation of normal noise, and 6 % off for uniform or two-sided exponential noise. It lies
        between ``own`` (from a median that knows the measurement, too low) and ``others`` (too high).
        """
        times = np.ones((1, len(self.size))) if weight is None else weight
        rows = np.maximum(times @ self.size, 1)
        mean = {name: times @ getattr(self, name) / rows for name in ("own", "others", "pairs", "squares")}
        return {
            "mae": mean["pairs"] / np.sqrt(2),
            "rmse": np.sqrt(mean["squares"]),
            "own": mean["own"],
            "others": mean["others"],
        }


def repeated(values: np.ndarray, keys: np.ndarray) -> Noise:
    """Return how measurements ``values`` (n,) with equal ``keys`` (n,) disagree; single ones are left out."""
    _, member, count = np.unique(np.asarray(keys), return_inverse=True, return_counts=True)
    order = np.lexsort((values, member))
    parts = np.split(order, np.cumsum(count)[:-1])
    several = [part for part in parts if len(part) > 1]
    terms: list[dict[str, Any]] = []
    for part in several:
        y, k = values[part], len(part)
        rank = np.arange(k)
        terms.append(
            {
                "own": np.abs(y - np.median(y)).sum(),
                "others": np.abs(y - _other_medians(y)).sum(),
                "pairs": 2 * ((2 * rank - k + 1) * y).sum() / (k - 1),
                "squares": k * y.var(ddof=1),
            }
        )
    sums = {name: np.array([term[name] for term in terms]) for name in ("own", "others", "pairs", "squares")}
    return Noise(np.array([len(part) for part in several]), np.array([part[0] for part in several], int), **sums)


def _other_medians(ordered: np.ndarray) -> np.ndarray:
    """Return the median of all but one of k ordered values, for each of them (k,)."""
    k = len(ordered)
    rank = np.arange(k)
    low, high = (k - 2) // 2, (k - 1) // 2  # places of the middle among the k − 1 that are left
    return np.asarray((ordered[low + (low >= rank)] + ordered[high + (high >= rank)]) / 2)
