"""The scoreboard as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from replicate.figures.style import INK, VERDICT_COLOURS, finished

FARTHEST = 2.5


def verdict_strip(rows: Sequence[Any]) -> Figure:
    """Draw the scoreboard as a picture: ours over published for every number with a full record.

    Args:
        rows: comparison rows; those not run are counted in the title only.
    """
    done = [r for r in rows if r.full_mean is not None and r.published]
    figure, axis = plt.subplots(figsize=(8.4, 0.24 * len(done) + 1.2))
    for place, row in enumerate(reversed(done)):
        ratio, sd = row.full_mean / row.published, (row.full_sd or 0) / abs(row.published)
        colour = VERDICT_COLOURS[row.verdict]
        if ratio > FARTHEST:
            # One far-off compound must not press all other points together.
            axis.plot(FARTHEST, place, marker=">", ms=7, color=colour, clip_on=False)
            axis.text(
                FARTHEST - 0.04, place, f"{ratio:.1f}", ha="right", va="center", fontsize=8, color=colour
            )
            continue
        axis.errorbar(ratio, place, xerr=2 * sd, fmt="o", ms=5, capsize=2, color=colour)
    axis.set_xlim(None, min(FARTHEST, axis.get_xlim()[1]))
    axis.axvline(1, color=INK, lw=1)
    axis.axvspan(0.9, 1.1, color="#9aa0a6", alpha=0.15, lw=0)
    axis.set_yticks(
        range(len(done)), [f"{r.experiment.split('-', 1)[1]}: {r.quantity}"[:58] for r in reversed(done)]
    )
    axis.tick_params(axis="y", labelsize=8)
    axis.set_xlabel("ours ÷ published (mean and ± 2 sd over seeds; band: within 10 %)")
    axis.grid(axis="x", color="#e3e6ea")
    shown = [v for v in VERDICT_COLOURS if any(r.verdict == v for r in done)]
    handles = [mpl.lines.Line2D([], [], marker="o", ls="", color=VERDICT_COLOURS[v], label=v) for v in shown]
    axis.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8.5)
    return finished(figure)
