"""Confidence intervals from resampling test rows in groups.

Shape legend: n rows, m models, r resamplings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DRAWS = 1000


def grouped_means(values: np.ndarray, groups: Sequence[object] | np.ndarray, draws: int = DRAWS) -> np.ndarray:
    """Return (r, m) means of values (m, n) over rows drawn with replacement, whole groups at a time.

    Rows of a group, such as the dopings of one chemical system, err together: drawing them one by one would
    make intervals too narrow.

    Args:
        values: (m, n), of several models on the same rows, so that their differences are paired.
        groups: (n,) labels.
        draws: r.
    """
    _, member = np.unique(np.asarray(groups), return_inverse=True)
    size = np.bincount(member)
    total = np.stack([np.bincount(member, weights=row, minlength=len(size)) for row in values])  # (m, groups)
    chosen = np.random.default_rng(0).multinomial(len(size), np.full(len(size), 1 / len(size)), size=draws)
    return np.asarray((chosen @ total.T) / (chosen @ size)[:, None])


def interval(drawn: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Return the interval that holds ``level`` of resampled values (r,)."""
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
