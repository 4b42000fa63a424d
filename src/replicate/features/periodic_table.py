"""Compositions drawn into the periodic table, after Konno et al., Phys. Rev. B 103, 014509 (2021), Sec. II.

Shape legend: N compositions, 118 elements, tables of 4 blocks (s, p, d, f) × 7 periods × 32 columns.

An element has one place: the plane of its block, the row of its period, and its column in the long form of
the periodic table, so that a network sees which elements are neighbours and which share their valence.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from replicate.errors import ConfigError, DataError
from replicate.features.composition import Compositions
from replicate.features.elements import BLOCKS, N_ELEMENTS, SYMBOLS

if TYPE_CHECKING:
    import torch
    from torch import Tensor

Amounts = Literal["coefficients", "fractions"]

PERIODS, COLUMNS = 7, 32
SHAPE = (len(BLOCKS), PERIODS, COLUMNS)
_N_PLACES = len(BLOCKS) * PERIODS * COLUMNS
_LENGTHS = np.array([2, 8, 8, 18, 18, 32, 32])  # elements in each period
_LEFT = np.array([1, 2, 2, 3, 3, 32, 32])  # of these, how many stand at the left edge; the rest at the right
LARGEST = 100.0
"""Coefficients are cut here. SuperCon holds slips such as O6050 for O6.05; a single one throws off the running
averages of batch normalisation, and with them every prediction, for many batches."""


def _places() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return plane, period (from 0) and column (from 0) of every element, each (118,)."""
    period = np.repeat(np.arange(PERIODS), _LENGTHS)
    nth = np.arange(N_ELEMENTS) - (np.cumsum(_LENGTHS) - _LENGTHS)[period]
    column = np.where(nth < _LEFT[period], nth, nth + COLUMNS - _LENGTHS[period])
    # Columns come in the order in which shells fill, except that the d block opens in front of the f block.
    block = np.select([column < 2, column < 3, column < 17, column < 26], [0, 2, 3, 2], default=1)
    return np.where(period == 0, 0, block), period, column


_PLANE, _PERIOD, _COLUMN = _places()
PLACES = np.ravel_multi_index((_PLANE, _PERIOD, _COLUMN), SHAPE)
"""(118,) place of element Z at index Z − 1, counted through a table row by row and plane by plane."""


@cache
def main_group_elements(last: int = 86) -> tuple[tuple[str, int, int], ...]:
    """Return (symbol, atomic number, group) of the main-group elements up to ``last``: 42 in periods 1 to 6."""
    columns = ((z, int(_COLUMN[z - 1])) for z in range(1, last + 1))
    # The s block stands in columns 0 and 1, groups 13 to 18 in columns 26 to 31; helium stands above neon.
    groups = ((z, column + 1 if column < 2 else column - 13 if column > 25 else 0) for z, column in columns)
    return tuple((SYMBOLS[z - 1], z, group) for z, group in groups if group)


def block(z: int) -> str:
    """Return the block of element ``z``: s, p, d or f (La and Ac are d, Lu and Lr f, as the authors have it)."""
    return BLOCKS[_PLANE[z - 1]]


def place(z: int) -> tuple[int, int, int]:
    """Return plane, period and column of element ``z``, all counted from 0."""
    return int(_PLANE[z - 1]), int(_PERIOD[z - 1]), int(_COLUMN[z - 1])


class PeriodicTables:
    """The tables of N compositions on one device; ``tables[rows]``, rows (...), is (..., 4, 7, 32).

    Kept as amounts (N, 118), an eighth of the tables' size, and drawn when asked for. ``rows_at_once`` tells
    the fit loop how many tables to predict for in one go.
    """

    rows_at_once = 1024

    def __init__(self, amounts: Tensor) -> None:
        import torch

        if amounts.ndim != 2 or amounts.shape[1] != N_ELEMENTS:
            raise DataError(f"amounts must have shape (N, {N_ELEMENTS}), not {tuple(amounts.shape)}")
        self.amounts = amounts.float()
        self.places = torch.tensor(PLACES, device=amounts.device)

    def __len__(self) -> int:
        """Return the number N of compositions."""
        return len(self.amounts)

    def to(self, device: torch.device | str) -> PeriodicTables:
        """Return the tables on a device, themselves if they are there."""
        import torch

        if self.amounts.device == torch.device(device):
            return self
        return PeriodicTables(self.amounts.to(device))

    def __getitem__(self, rows: Tensor) -> Tensor:
        """Return the float32 tables of ``rows``, (...) → (..., 4, 7, 32)."""
        flat = self.amounts.new_zeros(*rows.shape, _N_PLACES)
        return flat.index_copy_(-1, self.places, self.amounts[rows]).unflatten(-1, SHAPE)


def periodic_tables(compositions: Compositions, amounts: Amounts = "coefficients") -> PeriodicTables:
    """Return the periodic tables of N compositions.

    ``amounts`` are ``coefficients`` as the formula has them (the authors' choice), those over 100 cut to 100, or
    atomic ``fractions``; ConfigError for something else.
    """
    import torch

    if amounts not in ("coefficients", "fractions"):
        raise ConfigError(f"amounts must be 'coefficients' or 'fractions', not {amounts!r}")
    values = compositions.fractions if amounts == "fractions" else compositions.amounts.clip(max=LARGEST)
    return PeriodicTables(torch.tensor(values, dtype=torch.float32))
