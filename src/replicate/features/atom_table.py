"""The 10×10 atom table of Zeng et al., npj Comput. Mater. 5, 84 (2019), Methods.

Shape legend: n compositions, 118 elements. Pixel Z − 1, row by row, is the atomic fraction of element Z.
"""

from __future__ import annotations

import numpy as np

from replicate.errors import DataError, FormulaError
from replicate.features.composition import Compositions
from replicate.features.elements import N_ELEMENTS, SYMBOLS

SIDE = 10
LAST_ELEMENT = SIDE * SIDE  # fermium


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
        problem = f"element {SYMBOLS[z - 1]} (Z = {z}) has no pixel: the table ends at Z = {LAST_ELEMENT}"
        raise FormulaError(problem, row=row + 1, value=formula)
    return fractions[:, :LAST_ELEMENT].astype(np.float32).reshape(-1, SIDE, SIDE)
