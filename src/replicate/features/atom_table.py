"""The 10×10 atom table of Zeng et al., npj Comput. Mater. 5, 84 (2019), Methods.

Shape legend: n compositions, 118 elements. Pixel Z − 1, row by row, is the atomic fraction of element Z.
"""

from __future__ import annotations

import numpy as np

from replicate.errors import DataError, FormulaError
from replicate.features.composition import Compositions, formulas_of
from replicate.features.elements import N_ELEMENTS, SYMBOLS

SIDE = 10
LAST_ELEMENT = SIDE * SIDE  # fermium
_SUM_TOLERANCE = 1e-3


def atom_table(compositions: Compositions | np.ndarray) -> np.ndarray:
    """Return the (n, 10, 10) float32 tables of parsed formulas or of atomic fractions (n, 118).

    Raises:
        FormulaError: a composition holds an element beyond fermium (Z > 100), which has no pixel.
        DataError: an array of another width.
    """
    fractions = compositions.fractions if isinstance(compositions, Compositions) else np.asarray(compositions)
    if fractions.ndim != 2 or fractions.shape[1] != N_ELEMENTS:
        raise DataError(f"fractions must have shape (n, {N_ELEMENTS}), not {fractions.shape}")
    outside = np.argwhere(fractions[:, LAST_ELEMENT:])
    if len(outside):
        row, column = (int(index) for index in outside[0])
        z = LAST_ELEMENT + column + 1
        formula = None
        if isinstance(compositions, Compositions):
            row, formula = int(compositions.rows[row]), compositions.formulas[row]
        problem = (
            f"element {SYMBOLS[z - 1]} (Z = {z}) has no pixel: the atom table ends at Z = {LAST_ELEMENT}"
        )
        raise FormulaError(problem, row=row + 1, value=formula)
    return fractions[:, :LAST_ELEMENT].astype(np.float32).reshape(-1, SIDE, SIDE)


def composition_of(table: np.ndarray) -> Compositions:
    """Return the compositions, their amounts summing to one, of (n, 10, 10) atom tables or of a single one.

    Raises:
        DataError: another shape, a pixel that is negative or no number, or pixels that do not sum to one.
    """
    tables = np.asarray(table, dtype=np.float64)
    if tables.ndim not in (2, 3) or tables.shape[-2:] != (SIDE, SIDE):
        raise DataError(f"atom tables must have shape (n, {SIDE}, {SIDE}), not {tables.shape}")
    pixels = tables.reshape(-1, LAST_ELEMENT)
    sums = pixels.sum(axis=1)
    lowest = pixels.min(axis=1, initial=np.inf)
    # Negated comparisons, so that a pixel that is no number is caught as well.
    refuse_rows(~(lowest >= 0), lowest, "an atom table holds a pixel that is negative or not a number")
    refuse_rows(~(np.abs(sums - 1) <= _SUM_TOLERANCE), sums, "the pixels of an atom table do not sum to one")
    amounts = np.zeros((len(pixels), N_ELEMENTS))
    amounts[:, :LAST_ELEMENT] = pixels / sums[:, None]
    return Compositions(tuple(formulas_of(amounts).tolist()), amounts, np.arange(len(pixels)))


def refuse_rows(bad: np.ndarray, values: np.ndarray, problem: str) -> None:
    """Raise for the first bad row, naming it and its value."""
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(problem, row=row + 1, value=float(values[row]))
