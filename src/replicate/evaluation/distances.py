"""How far a test composition is from the nearest training composition, and what that does to the error.

Shape legend: n test rows, m training rows, S seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import pairwise_distances_argmin_min

from replicate.evaluation.splits import Split

EDGES = (0.0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 1.0)
"""Composition distances between which errors are averaged; the last bin includes 1."""


def nearest_composition(fractions: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return position of and distance to the nearest of (m, 118) known fractions for each of (n, 118), (n,), (n,).

    The distance is the share of atoms that must be exchanged to turn one composition into the other (half
    the sum of absolute differences of the fractions): 0 for equal compositions, 1 for disjoint ones.
    """
    used = known.any(axis=0) | fractions.any(axis=0)
    place, nearest = pairwise_distances_argmin_min(fractions[:, used], known[:, used], metric="manhattan")
    return np.asarray(place), np.clip(nearest / 2, 0.0, 1.0)


def composition_distance(fractions: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the distance of each of (n, 118) fractions to the nearest of (m, 118) known ones, (n,)."""
    return nearest_composition(fractions, known)[1]


def distances_to_training(fractions: np.ndarray, splits: Sequence[Split]) -> np.ndarray:
    """Return every test row's distance to the training and validation rows of its split, (S, n)."""
    return np.stack(
        [
            composition_distance(fractions[s.test], fractions[np.concatenate([s.train, s.validation])])
            for s in splits
        ]
    )


def error_by_distance(
    distance: np.ndarray, errors: Mapping[str, np.ndarray], edges: Sequence[float] = EDGES
) -> dict[str, Any]:
    """Return the mean absolute error per bin of distance, as JSON values; an empty bin of a seed is left out.

    Args:
        distance: (S, n); rows that are NaN are left out.
        errors: model → (S, n) absolute errors.
        edges: bins [low, high); the last one includes its end.
    """
    place = np.clip(np.searchsorted(edges, distance, side="right") - 1, 0, len(edges) - 2)
    place = np.where(np.isnan(distance), -1, place)
    bins = range(len(edges) - 1)
    counts = np.array([[(row == b).sum() for b in bins] for row in place])  # (S, bins)
    means: dict[str, Any] = {"edges": list(edges), "rows": counts.mean(0).tolist(), "models": {}}
    for model, error in errors.items():
        per_seed = [
            [float(e[row == b].mean()) for e, row in zip(error, place, strict=True) if (row == b).any()]
            for b in bins
        ]
        means["models"][model] = {
            "mae": [float(np.mean(v)) if v else None for v in per_seed],
            "sd": [float(np.std(v, ddof=1)) if len(v) > 1 else None for v in per_seed],
        }
    return means
