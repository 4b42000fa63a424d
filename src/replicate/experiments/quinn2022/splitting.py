"""The paper's splits, and a baseline that knows no more than the compound a structure was taken from.

Shape legend: S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replicate.evaluation.splits import Split
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.names import TEST, VALIDATION


def split(crystals: Crystals, seed: int, kind: str = "random", train: int | None = None) -> Split:
    """Return 75 % for training, 10 % for validation and 15 % for testing.

    Args:
        crystals: to split.
        seed: of the draw.
        kind: ``random``, or ``parent`` to keep a compound and its dopings on one side.
        train: keep only so many training crystals.
    """
    return crystals.split(seed, kind=kind, test=TEST, validation=VALIDATION / (1 - TEST), train=train)


def parent_mean(crystals: Crystals, splits: Sequence[Split]) -> np.ndarray:
    """Return (S, n): for every test crystal the mean target of known crystals on the same parent, or of all."""
    parent = crystals.labels["parent"]
    found = []
    for one in splits:
        known = np.concatenate([one.train, one.validation])
        target = pd.Series(crystals.target[known])
        means = target.groupby(parent[known]).mean()
        found.append(means.reindex(parent[one.test]).fillna(float(target.mean())).to_numpy(np.float32))
    return np.stack(found)
