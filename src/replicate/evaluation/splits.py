"""Training, validation and test sets, drawn by row, by composition or by chemical system.

Every kind gives sets of exactly the same sizes for the same number of rows, so that ensembles of members
with different splits train side by side and scores of different kinds compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from replicate.errors import ConfigError


@dataclass(frozen=True)
class Split:
    """Row indices of one split; the three sets are disjoint and, unless some were left out, cover all rows.

    Args:
        kind: ``random``, ``composition``, ``system``, ...
        seed: what the split was drawn with.
        train, validation, test: sorted row indices.
    """

    kind: str
    seed: int
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray

    @property
    def digest(self) -> str:
        """Hash of the three sets, for the record."""
        parts = (self.train, self.validation, self.test)
        text = "|".join(",".join(map(str, part.tolist())) for part in parts)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _fill(order: np.ndarray, sizes: np.ndarray, quota: int) -> np.ndarray:
    """Return the groups, taken in ``order`` while they fit, whose sizes add up to ``quota``."""
    chosen, left = [], quota
    for group in order:
        if sizes[group] <= left:
            chosen.append(group)
            left -= sizes[group]
            if not left:
                return np.array(chosen)
    raise ConfigError(f"groups are too large to fill a set of {quota} rows exactly ({left} rows are left over)")


def make_split(
    groups: Sequence[object] | np.ndarray,
    *,
    kind: str,
    seed: int,
    test: float = 0.2,
    validation: float = 0.05,
) -> Split:
    """Draw a split in which all rows of a group fall into the same set.

    Args:
        groups: one label per row; distinct labels give an ordinary random split by row.
        kind: name of the grouping, kept in the split.
        seed: seed of the draw.
        test: share of all rows.
        validation: share of the rows that are not test rows.

    Raises:
        ConfigError: a share is outside (0, 1), a set would be empty, or groups cannot fill it exactly.
    """
    if not (0 < test < 1 and 0 < validation < 1):
        raise ConfigError(f"test and validation must lie between 0 and 1, got {test} and {validation}")
    _, member, sizes = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    n_rows = len(member)
    n_test = round(test * n_rows)
    n_validation = round(validation * (n_rows - n_test))
    if min(n_test, n_validation, n_rows - n_test - n_validation) < 1:
        raise ConfigError(f"{n_rows} rows are too few for a split with test {test} and validation {validation}")
    order = np.random.default_rng([seed, 20190725]).permutation(len(sizes))
    in_test = _fill(order, sizes, n_test)
    rest = order[~np.isin(order, in_test)]
    in_validation = _fill(rest, sizes, n_validation)
    is_test, is_validation = np.isin(member, in_test), np.isin(member, in_validation)
    return Split(
        kind=kind,
        seed=seed,
        train=np.flatnonzero(~is_test & ~is_validation),
        validation=np.flatnonzero(is_validation),
        test=np.flatnonzero(is_test),
    )


def shared_with_training(split: Split, groups: Sequence[object] | np.ndarray) -> float:
    """Return the share of test rows whose group also stands in the training or validation rows."""
    labels = np.asarray(groups)
    seen = labels[np.concatenate([split.train, split.validation])]
    return float(np.isin(labels[split.test], seen).mean())
