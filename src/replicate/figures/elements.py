"""Figures of the learned element features."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.figure import Figure

from replicate.features.atom_table import atom_table
from replicate.features.composition import Compositions
from replicate.features.elements import SYMBOLS
from replicate.figures.style import BLUE, INK, PALE, PALETTE, finished, panel_row
from replicate.records import Record


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


def element_heatmap(record: Record, name: str) -> Figure:
    """Draw the element features of one network, elements ordered by group (Fig. 4a)."""
    features = np.array(record.arrays[f"features/{name}"])
    elements = record.arrays["elements"]
    order = sorted(range(len(elements)), key=lambda i: (elements[i]["group"], i))
    figure, axis = plt.subplots(figsize=(9, 7.2))
    labels = [f"{elements[i]['symbol']}" for i in order]
    sns.heatmap(
        features[order], cmap="mako_r", ax=axis, yticklabels=labels, xticklabels=10,
        cbar_kws={"label": "activation", "shrink": 0.6},
    )  # fmt: skip
    groups = [elements[i]["group"] for i in order]
    for place in range(1, len(groups)):
        if groups[place] != groups[place - 1]:
            axis.axhline(place, color="white", lw=2)
    for group in dict.fromkeys(groups):
        middle = float(np.mean([p for p, g in enumerate(groups) if g == group])) + 0.5
        axis.text(
            -4.2, middle, f"{group}", ha="right", va="center", fontsize=10, color=BLUE, fontweight="bold"
        )
    axis.tick_params(axis="y", labelsize=7.5, rotation=0)
    axis.set(xlabel="feature of the first fully connected layer")
    return finished(
        figure,
        f"Heat map of {features.shape[1]} learned features of {len(elements)} elements, one line each, "
        "ordered by group.",
    )


def element_pca(shown: Mapping[str, tuple[Record, str]]) -> Figure:
    """Draw the first two principal components of the element features, coloured by group (Fig. 4b)."""
    figure, axes = panel_row(len(shown), width=5.4, height=4.8)
    colours = dict(zip((1, 2, 13, 14, 15, 16, 17, 18), PALETTE, strict=True))
    for axis, (label, (record, name)) in zip(axes, shown.items(), strict=True):
        packed = record.arrays[f"pca/{name}"]
        points, ratio = np.array(packed["points"]), packed["explained"]
        for element, (x, y) in zip(record.arrays["elements"], points, strict=True):
            seen = element["rows"] > 0
            axis.scatter(
                x,
                y,
                s=14,
                color=colours[element["group"]] if seen else "none",
                edgecolor=colours[element["group"]],
            )
            axis.annotate(
                element["symbol"], (x, y), xytext=(3, 3), textcoords="offset points", fontsize=8, color=INK
            )
        axis.set(
            xlabel=f"PC 1 ({100 * ratio[0]:.0f} %)", ylabel=f"PC 2 ({100 * ratio[1]:.0f} %)", title=label
        )
    handles = [
        mpl.lines.Line2D([], [], marker="o", ls="", color=c, label=f"group {g}") for g, c in colours.items()
    ]
    handles.append(
        mpl.lines.Line2D([], [], marker="o", ls="", mfc="none", color=INK, label="not in the data")
    )
    axes[-1].legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8.5)
    return finished(
        figure,
        "Elements in the plane of the first two principal components of their features, coloured by group: "
        f"{', '.join(shown)}.",
    )
