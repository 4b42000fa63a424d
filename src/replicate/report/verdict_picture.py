"""The scoreboard as a picture: every published number of a paper as a mark at ours ÷ published."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from replicate.report.style import GREY, INK, VERDICT_COLOURS, VERDICT_MARKS, finished
from replicate.results.verdict import half_width

# What lies beyond is drawn as an arrow at the edge: a few numbers must not press all others together.
NEAREST, FARTHEST = 0.4, 2.5
# Arrows with a name beside them, on either side.
NAMED = 2
# Heights in points: of all lines together at least and at most, of one line at most, of a line with a name.
LEAST, MOST, LINE, NAME = 84.0, 330.0, 8.0, 10.0
_PER_LINE = 24


def ratio(row: Any) -> float | None:
    """Return ours ÷ published of a comparison row; None where it was not run."""
    if row.full_mean is None or row.published:
        return None if row.full_mean is None else float(row.full_mean / row.published)
    return 1.0 if row.full_mean == 0 else math.inf


def verdict_ratios(rows: Sequence[Any]) -> Figure:
    """Draw the numbers of a paper as marks at ours ÷ published, sorted, with the interval of one more training.

    What is not run stands below. Every mark has the place of its row as its ``url``, so that an SVG can give it a link.
    """
    ratios = {place: value for place, row in enumerate(rows) if (value := ratio(row)) is not None}
    order = sorted(ratios, key=lambda place: ratios[place])
    named = {place for place in order[:NAMED] if ratios[place] <= NEAREST}
    named |= {place for place in order[-NAMED:] if ratios[place] >= FARTHEST}
    # The line above a name needs as much room as the name's own.
    wide = named | {above for below, above in pairwise(order) if below in named}
    line = min(LINE, (MOST - NAME * len(wide)) / max(len(order) - len(wide), 1))
    heights = np.cumsum([NAME if place in wide else line for place in order])
    waiting = [place for place in range(len(rows)) if place not in ratios]
    lines = -(-len(waiting) // _PER_LINE)
    above, below = max(LEAST, *heights, 0.0), 14.0 + 9.0 * lines if lines else 0.0
    figure, (axis, rest) = plt.subplots(
        2, 1, figsize=(3.6, (above + below + 36) / 72), height_ratios=(above, max(below, 0.01))
    )
    # Sorted from the bottom; what room is left stays below.
    axis.set(xscale="log", xlim=(NEAREST, FARTHEST), ylim=(-4, above + 4))
    axis.axvspan(0.9, 1.1, color=GREY, alpha=0.18, lw=0)
    axis.axvline(1, color=INK, lw=0.8)
    for place, height in zip(order, heights + (above - max(heights, default=above)), strict=True):
        _mark(axis, rows[place], ratios[place], height, place)
        if place in named:
            _name(axis, rows[place], ratios[place], height)
    _ruled(axis)
    _not_run(rest, waiting, lines)
    return finished(figure, _said(rows, ratios))


def _mark(axis: Axes, row: Any, value: float, height: float, place: int) -> None:
    colour, (mark, fill) = VERDICT_COLOURS[row.verdict], VERDICT_MARKS[row.verdict]
    if not NEAREST < value < FARTHEST:
        mark, fill = ("<" if value <= NEAREST else ">"), "full"
    elif row.full_sd and row.published:
        wide = half_width(row.full_sd, row.seeds) / abs(row.published)
        axis.hlines(height, max(value - wide, NEAREST), value + wide, color=colour, lw=0.9, alpha=0.6)
    axis.plot(
        min(max(value, NEAREST), FARTHEST), height, ls="", marker=mark, fillstyle=fill, ms=4.4, mew=0.7,
        color=colour, clip_on=False, url=str(place), zorder=3,
    )  # fmt: skip


def _name(axis: Axes, row: Any, value: float, height: float) -> None:
    """Name an arrow: the quantity without what stands in brackets, and the ratio."""
    low = value <= NEAREST
    short = re.sub(r"\s*\([^)]*\)", "", row.quantity)
    short = short if len(short) <= 32 else short[:31].rsplit(" ", 1)[0] + " …"
    axis.annotate(
        f"{short}: {value:.2g}×", (NEAREST if low else FARTHEST, height),
        xytext=(6 if low else -6, 0), textcoords="offset points",
        ha="left" if low else "right", va="center", fontsize=8,
    )  # fmt: skip


def _ruled(axis: Axes) -> None:
    axis.xaxis.set_major_locator(FixedLocator([0.5, 0.7, 1, 1.4, 2]))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    axis.tick_params(labelsize=9)
    axis.set_xlabel("ours ÷ published", fontsize=9)


def _not_run(axis: Axes, waiting: Sequence[int], lines: int) -> None:
    axis.set_axis_off()
    if not waiting:
        return
    axis.set(xlim=(-0.7, _PER_LINE - 0.3), ylim=(-lines + 0.4, 1.2))
    mark, fill = VERDICT_MARKS["not run"]
    axis.text(-0.35, 0.75, f"not run: {len(waiting)}", fontsize=9, va="bottom")
    for number, place in enumerate(waiting):
        axis.plot(
            number % _PER_LINE, -(number // _PER_LINE), ls="", marker=mark, fillstyle=fill, ms=4.4, mew=0.9,
            color=VERDICT_COLOURS["not run"], url=str(place), clip_on=False,
        )  # fmt: skip


def _said(rows: Sequence[Any], ratios: dict[int, float]) -> str:
    counted = [f"{n} {name}" for name in VERDICT_MARKS if (n := sum(row.verdict == name for row in rows))]
    near = sum(0.9 <= value <= 1.1 for value in ratios.values())
    return (
        f"Ours over published for {len(rows)} published numbers: {', '.join(counted)}. "
        f"Of the {len(ratios)} that were run, {near} lie within 10 % of the published value."
    )
