"""Formulas of SuperCon, in which the amount of oxygen is often left open, as in ``YBa2Cu3O7-X`` or ``NdCeCuOz``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from replicate.features.composition import Compositions, Problem, parse

# What is left of the last amount once its open part is cut off; O7-X is O7, Oz says nothing.
_OPEN = re.compile(r"(?P<stated>.*O[0-9.]*)(?:\+-|[-+=])?(?:[xyzXYZ]|[dD](?![0-9]))(?:[-+][0-9.]+)?")


@dataclass(frozen=True, eq=False)
class Entries:
    """Formulas that could be read, some of them but for their oxygen.

    Args:
        compositions: n; an open amount of oxygen is given as far as it is stated, and as 1 where it is not.
        open: (n,) booleans: the amount of oxygen is open.
    """

    compositions: Compositions
    open: np.ndarray

    def __len__(self) -> int:
        """Return n."""
        return len(self.compositions)


def read_entries(formulas: Sequence[str]) -> Entries:
    """Read formulas with stated and open amounts; those that cannot be read are kept as problems.

    Args:
        formulas: n or more texts, by their place in their table.
    """
    stated = [_OPEN.fullmatch(formula.strip()) for formula in formulas]
    texts = [match["stated"] if match else formula for match, formula in zip(stated, formulas, strict=True)]
    read = parse(texts, on_error="collect")
    # The names and reasons of what could not be read are those of the formulas as given.
    problems = tuple(Problem(p.row, formulas[p.row - 1], p.reason) for p in read.problems)
    names = tuple(formulas[row] for row in read.rows)
    is_open = np.array([stated[row] is not None for row in read.rows], dtype=bool)
    return Entries(Compositions(names, read.amounts, read.rows, problems), is_open)
