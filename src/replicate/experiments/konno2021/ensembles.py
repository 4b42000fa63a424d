"""Ensembles of periodic-table networks on a training set without test rows, and how well they validate.

Shape legend: S seeds, v validation rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from replicate.data.konno import is_cuprate
from replicate.evaluation.metrics import regression_metrics
from replicate.evaluation.splits import Split
from replicate.experiments.core import Run
from replicate.experiments.konno2021.training_sets import for_validation
from replicate.experiments.samples import Rows


@dataclass(frozen=True, eq=False)
class Known:
    """What models are trained on: rows, and one split per seed."""

    rows: Rows
    splits: tuple[Split, ...]

    @classmethod
    def all_but_validation(cls, rows: Rows, seeds: Sequence[int]) -> Known:
        """Return rows with a twentieth of them held for validation, and none for testing."""
        return cls(rows, tuple(for_validation(rows, seed) for seed in seeds))

    @property
    def held(self) -> np.ndarray:
        """Return each seed's validation rows (S, v)."""
        return np.stack([split.validation for split in self.splits])

    def score_held(
        self, run: Run, key: str, predicted: np.ndarray | Sequence[np.ndarray], *, every: bool = False
    ) -> None:
        """File how well predictions (S, v) agree with SuperCon's entries, or all, among the validation rows."""
        scores, sizes = [], []
        for held, values in zip(self.held, predicted, strict=True):
            known = every | (self.rows.part[held] == 0)
            scores.append(regression_metrics(self.rows.target[held][known], values[known]))
            sizes.append(known.sum())
        run.add(key, scores, {} if every else {"mae": "K", "rmse": "K"}, round(float(np.mean(sizes))))

    def score_two_means(self, run: Run, group: str, *, every: bool = False) -> None:
        """File the same scores of two numbers, the mean target of the training cuprates and that of the others.

        A training that explains no more of its validation rows than these two numbers has collapsed.
        """
        cuprate = is_cuprate(self.rows.compositions)
        predicted = []
        for split in self.splits:
            train_rows = split.train[every | (self.rows.part[split.train] == 0)]
            target = self.rows.target[train_rows]
            means = [target[cuprate[train_rows] == yes] for yes in (False, True)]
            other, hot = (float((part if len(part) else target).mean()) for part in means)
            predicted.append(np.where(cuprate[split.validation], hot, other))
        self.score_held(run, f"{group}/two-means", predicted, every=every)
