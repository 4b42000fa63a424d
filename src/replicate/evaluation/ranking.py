"""How early a ranking brings what is sought.

Shape legend: n rows, r weightings of them, such as how often each is drawn again.
"""

from __future__ import annotations

import numpy as np

FIRST = 0.01  # share of the ranking in which the enrichment is counted
TOP = 100  # rows in which the precision is counted


def ranking_scores(positive: np.ndarray, ranked: np.ndarray, weight: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Return average precision, enrichment in the first 1 %, precision in the first 100 and AUC, each (r,).

    Rows of equal value share their places: what they hold is spread evenly over them. A weighting that leaves only one
    of the two kinds scores NaN.

    Args:
        positive: (n,) booleans, what is sought.
        ranked: (n,) values, the highest first.
        weight: (r, n); None: each row once.
    """
    order = np.argsort(-ranked, kind="stable")
    last = np.flatnonzero(np.append(np.diff(ranked[order]) != 0, True))  # of each run of equal values
    drawn = (np.ones((1, len(order))) if weight is None else np.asarray(weight, dtype=float))[:, order]
    rows = drawn.cumsum(axis=1)[:, last]
    found = (drawn * positive[order]).cumsum(axis=1)[:, last]
    step, wrong = np.diff(found, prepend=0), np.diff(rows - found, prepend=0)
    total, every = found[:, -1], rows[:, -1]

    def among(depth: np.ndarray) -> np.ndarray:
        values = zip(depth, rows, found, strict=True)
        return np.array([np.interp(d, np.append(0, x), np.append(0, y)) for d, x, y in values])

    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "average_precision": (step * np.nan_to_num(found / rows)).sum(axis=1) / total,
            "enrichment": among(FIRST * every) / (FIRST * total),
            "precision_first": among(np.minimum(TOP, every)) / np.minimum(TOP, every),
            "auc": (wrong * (found - step / 2)).sum(axis=1) / (total * (every - total)),
        }
