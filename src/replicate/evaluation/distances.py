"""How far a test composition is from the nearest training composition, and what that does to the error.

Shape legend: n test rows, m training rows, S seeds.
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csc_array
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import pairwise_distances_argmin_min

from replicate.evaluation.calibration import conformal_width
from replicate.evaluation.splits import Split
from replicate.features.composition import parse

EDGES = (0.0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 1.0)
"""Composition distances between which errors are averaged; the last bin includes 1."""
SAME = 1e-3  # below this distance two compositions are one
FINE = (SAME, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 1.0)
"""Upper ends of the bins from which a model's expected errors are made."""
FEWEST = 30  # test rows that an expected error stands on
_MOST = 2**26  # bytes of formulas that a file of a model may unfold to
# A compound is far from the training data where so many times the model's usual error is expected, or where half of its
# atoms are to be exchanged and more than the usual error is expected.
FAR, HALF = 1.5, 0.5


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


def quick_nearest(fractions: np.ndarray, known: csc_array) -> tuple[np.ndarray, np.ndarray]:
    """Return what :func:`nearest_composition` does, distances below ``SAME`` as 0, in a tenth of a millisecond each.

    The m known fractions are sparse. Only compositions that share an element are looked at; of equally near ones the
    first counts.
    """
    place, distance = np.zeros(len(fractions), dtype=int), np.ones(len(fractions))
    for i, row in enumerate(fractions):
        shared = np.zeros(known.shape[0])
        for z in np.flatnonzero(row):
            held = slice(known.indptr[z], known.indptr[z + 1])
            shared[known.indices[held]] += np.minimum(known.data[held], row[z])
        place[i] = shared.argmax()
        distance[i] = 1 - shared[place[i]]
    return place, np.where(distance < SAME, 0.0, np.clip(distance, 0.0, 1.0))


def distances_to_training(fractions: np.ndarray, splits: Sequence[Split]) -> np.ndarray:
    """Return every test row's distance to the training and validation rows of its split, (S, n)."""
    return np.stack(
        [composition_distance(fractions[s.test], fractions[np.concatenate([s.train, s.validation])]) for s in splits]
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
            [float(e[row == b].mean()) for e, row in zip(error, place, strict=True) if (row == b).any()] for b in bins
        ]
        means["models"][model] = {
            "mae": [float(np.mean(v)) if v else None for v in per_seed],
            "sd": [float(np.std(v, ddof=1)) if len(v) > 1 else None for v in per_seed],
        }
    return means


class ExpectedError(NamedTuple):
    """Errors of ``rows`` test rows up to a distance from the training data, from the step below it.

    ``error`` is their mean absolute error; nine of ten stay below ``p90``, which older files do not have, and fewer
    than nine rows do not tell.
    """

    distance: float
    error: float
    rows: int
    p90: float | None = None


def expected_errors(distance: np.ndarray, error: np.ndarray) -> tuple[ExpectedError, ...]:
    """Return steps of errors that never fall with distance, each over 30 rows or more if there are.

    Bins with few rows are joined to the next, and those whose mean falls to the one before (isotonic regression).

    Args:
        distance: (n,) of test rows to their training rows.
        error: (n,) their absolute errors.
    """
    ends: list[float] = []
    stops = [0]
    for end, stop in zip(FINE, np.searchsorted(np.sort(distance), FINE, side="right").tolist(), strict=True):
        if stop - stops[-1] >= FEWEST:
            ends, stops = [*ends, end], [*stops, stop]
    ends = [*ends[:-1], 1.0]  # rows that are left over join the last bin
    bins = np.split(error[np.argsort(distance)], stops[1:-1])
    counts = [len(part) for part in bins]
    risen = IsotonicRegression().fit(ends, [part.mean() for part in bins], sample_weight=counts).predict(ends)
    means = np.array([_rounded(mean) for mean in risen])
    steps: list[ExpectedError] = []
    largest = 0.0
    for mean in np.unique(means).tolist():
        places = np.flatnonzero(means == mean)
        errors = np.concatenate([bins[place] for place in places])
        largest = max(largest, _rounded(conformal_width(errors)))
        steps.append(ExpectedError(ends[places[-1]], mean, len(errors), largest if np.isfinite(largest) else None))
    return tuple(steps)


def step_at(steps: Sequence[ExpectedError], distance: float) -> ExpectedError:
    """Return the step of expected errors that a distance falls into."""
    return next((step for step in steps if distance <= step.distance), steps[-1])


def widths_by_distance(steps: Sequence[ExpectedError], distance: np.ndarray) -> np.ndarray:
    """Return the half-widths (n,) of 90 % intervals at distances (n,), infinite where too few rows tell one."""
    bounds = [step_at(steps, each).p90 for each in distance]
    return np.array([np.inf if bound is None else bound for bound in bounds])


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


class Nearest(NamedTuple):
    """The nearest training composition (None if none shares an element), its distance, the errors expected there."""

    formula: str | None
    distance: float
    expected: ExpectedError
    far: bool


@dataclass(frozen=True, eq=False)
class Reference:
    """The m compositions that a model was trained on, and the errors of its tests by their distance from training.

    Args:
        formulas: (m,) each once.
        steps: expected errors, in the target's unit; of a classifier, of the probability.
        usual: mean absolute error on the test rows of random splits.
        tests: which splits the steps are from.
    """

    formulas: tuple[str, ...]
    steps: tuple[ExpectedError, ...]
    usual: float
    tests: str

    def pack(self) -> bytes:
        """Return the formulas in few bytes."""
        return lzma.compress("\n".join(self.formulas).encode())

    @staticmethod
    def unpack(content: bytes) -> tuple[str, ...]:
        """Return the formulas that :meth:`pack` wrote; ValueError for anything else."""
        try:
            text = (reader := lzma.LZMADecompressor()).decompress(content, _MOST)
        except lzma.LZMAError as error:
            raise ValueError(f"the training compositions cannot be read: {error}") from error
        if not reader.eof:
            raise ValueError(f"the training compositions are cut off, or more than {_MOST:,} bytes")
        return tuple(text.decode().split("\n"))

    @cached_property
    def _columns(self) -> csc_array:
        """(m, 118) fractions by element."""
        return csc_array(parse(self.formulas, file="training compositions").fractions)

    def nearest(self, fractions: np.ndarray) -> list[Nearest]:
        """Return what is nearest to each of (n, 118) fractions."""
        nearest = []
        for place, distance in zip(*quick_nearest(fractions, self._columns), strict=True):
            step = step_at(self.steps, distance)
            formula = self.formulas[place] if distance < 1 else None
            far = step.error > self.usual * (1 if distance >= HALF else FAR)
            nearest.append(Nearest(formula, float(distance), step, far))
        return nearest
