"""Atom tables, drawn."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from replicate.features.atom_table import atom_table
from replicate.features.composition import Compositions
from replicate.features.elements import SYMBOLS
from replicate.figures.style import PALE, finished, panel_row


def atom_tables(compositions: Compositions) -> Figure:
    """Draw the 10 × 10 atom table of each composition, with the symbols of its elements in their pixels."""
    figure, axes = panel_row(len(compositions), width=2.6, height=2.8)
    for axis, formula, table in zip(axes, compositions.formulas, atom_table(compositions), strict=True):
        axis.pcolormesh(table, cmap="Blues", vmin=0, vmax=1.5 * table.max(), edgecolor=PALE, linewidth=0.5)
        for row, column in np.argwhere(table > 0):
            symbol = SYMBOLS[row * table.shape[1] + column]
            axis.text(column + 0.5, row + 0.5, symbol, ha="center", va="center", fontsize=8.5)
        axis.set(title=formula, xticks=[], yticks=[], aspect="equal")
        axis.spines[:].set_visible(False)
        axis.invert_yaxis()
    return finished(
        figure,
        f"Atom tables of {', '.join(compositions.formulas)}: one pixel per element, filled with its atomic fraction.",
    )
