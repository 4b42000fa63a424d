"""Splits of the sizes in Table I."""

from __future__ import annotations

from collections.abc import Sequence

from replicate.evaluation.splits import Split
from replicate.experiments.crystals import Crystals
from replicate.experiments.xie2018.table1 import Property


def splits_of(
    row: Property, crystals: Crystals, seeds: Sequence[int], train: int | None = None
) -> list[Split]:
    """Return splits of the paper's sizes, or 60, 20 and 20 % where there are not that many crystals.

    Args:
        row: whose sizes.
        crystals: to split.
        seeds: one split each.
        train: number of training crystals in place of the paper's.
    """
    if row.train + row.validation + row.test > len(crystals):
        return [crystals.split(seed, train=train) for seed in seeds]
    kept = row.train if train is None else train
    return [crystals.split(seed, test=row.test, validation=row.validation, train=kept) for seed in seeds]
