"""Confidence intervals from resampling test rows in groups.

Shape legend: n rows, m models, g groups, r resamplings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DRAWS = 1000


def resamplings(groups: Sequence[object] | np.ndarray, draws: int = DRAWS) -> tuple[np.ndarray, np.ndarray]:
    """Return how often each group is drawn (r, g), as many as there are and with replacement, and each row's group.

    Args:
        groups: (n,) labels; rows of a group are drawn together.
        draws: r.
    """
    _, member = np.unique(np.asarray(groups), return_inverse=True)
    size = int(member.max()) + 1
    return np.random.default_rng(0).multinomial(size, np.full(size, 1 / size), size=draws), member


def grouped_means(values: np.ndarray, groups: Sequence[object] | np.ndarray, draws: int = DRAWS) -> np.ndarray:
    """Return (r, m) means of values (m, n) over rows drawn with replacement, whole groups at a time.

    Rows of a group, such as the dopings of one chemical system, err together: drawing them one by one would
    make intervals too narrow.

    Args:
        values: (m, n), of several models on the same rows, so that their differences are paired.
        groups: (n,) labels.
        draws: r.
    """
    chosen, member = resamplings(groups, draws)
    size = np.bincount(member)
    total = np.stack([np.bincount(member, weights=row, minlength=len(size)) for row in values])  # (m, g)
    return np.asarray((chosen @ total.T) / (chosen @ size)[:, None])


def interval(drawn: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Return the interval that holds ``level`` of resampled values (r,)."""
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
