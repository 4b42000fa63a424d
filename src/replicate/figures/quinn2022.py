"""Figures of the chapter on superconductors with structure: classes, parents, ionisation energies, features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from replicate.experiments.quinn2022.names import ENVELOPE
from replicate.figures.names import benchmark_points, envelope_metric, signed
from replicate.figures.style import BLUE, ORANGE, PALE, RED, SILVER, finished
from replicate.records import Record
from replicate.wording import number_of

CLASS_COLOURS = {"cuprate": RED, "iron-based": ORANGE, "low-tc": BLUE, "none": SILVER}
"""The paper's red, yellow and blue in the house's palette; grey for what is in none of its classes."""
READING_NAMES = {"sum": "sum over the formula", "per-copper": "sum per Cu", "mean": "mean per cation"}
SET_NAMES = {"cuprate": "with a structure", "all-cuprates": "all of SuperCon"}


BENCHMARKS = {"training-size": "training compounds", "epochs": "epochs", "convolutions": "convolutions"}


def seeds_title(record: Record) -> str:
    """Return a record's profile and number of seeds."""
    return f"{record.profile} profile, {number_of(len(record.seeds), 'seed')}"


def ionization_density(record: Record) -> Figure:
    """Draw Tc against three readings of the cations' first ionisation energies, and the highest Tc reached (Fig. 4).

    Args:
        record: of ``quinn2022-ionization``.
    """
    shown = [label for label in SET_NAMES if f"density/{label}/sum" in record.arrays]
    figure, axes = plt.subplots(
        len(shown), len(READING_NAMES), figsize=(9.6, 3.1 * len(shown) + 0.7), sharey=True, squeeze=False
    )
    found = {(s, r): record.arrays[f"density/{s}/{r}"] for s in shown for r in READING_NAMES}
    # One scale of colours, so that the bar holds for every panel.
    most = max((n for packed in found.values() for *_, n in packed["cells"]), default=2)
    norm = LogNorm(1, max(most, 2))
    for label, line in zip(shown, axes, strict=True):
        for (reading, name), axis in zip(READING_NAMES.items(), line, strict=True):
            _density(axis, found[label, reading], norm)
            centre, top = (np.array(values) for values in record.arrays[f"envelope/{label}/{reading}"])
            axis.plot(
                centre, top, "o", color=RED, ms=5, mec="white", mew=0.7,
                label=f"{100 * ENVELOPE:.0f} % stay below, per bin",
            )  # fmt: skip
            slope, rank = (envelope_metric(record, label, reading, one).mean for one in ("slope", "rank"))
            # A least-squares line goes through the means.
            ends = np.array([centre.min(), centre.max()])
            axis.plot(
                ends, top.mean() + slope * (ends - centre.mean()), color=RED, lw=1.2, ls="--",
                label="straight line through these",
            )  # fmt: skip
            axis.set_title(f"{SET_NAMES[label]}\n{signed(slope, 1)} K/eV, rank {signed(rank)}", fontsize=9.5)
            axis.set_xlabel(f"{name} (eV)", fontsize=10)
        line[0].set_ylabel("Tc (K)")
    scale = mpl.cm.ScalarMappable(norm, "viridis")
    bar = figure.colorbar(scale, ax=axes, label="cuprates", shrink=0.7, format="%d")
    bar.ax.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9)
    return finished(
        figure,
        f"Tc of cuprates against {', '.join(READING_NAMES.values())} of first ionisation energies, with the "
        "highest Tc per bin.",
    )


def _density(axis: Axes, packed: Mapping[str, Any], norm: LogNorm) -> None:
    """Draw sparse counts on a grid of 60 × 60 cells."""
    x, y = (np.linspace(packed[side][0], packed[side][1], 61) for side in ("x", "y"))
    counts = np.zeros((60, 60))
    for column, row, n in packed["cells"]:
        counts[row, column] = n
    axis.pcolormesh(x, y, np.ma.masked_equal(counts, 0), norm=norm, cmap="viridis")


def benchmark_curves(
    record: Record, marked: Mapping[str, tuple[float, str]], level: tuple[float, float]
) -> Figure:
    """Draw R² and MAE against training size, epochs and convolutions, seeds as points (Fig. 5).

    Args:
        record: of ``quinn2022-regression-benchmarks``.
        marked: group → value of the paper, drawn as a line, and what it is.
        level: training sizes between which the paper sees no gain.
    """
    figure, axes = plt.subplots(2, len(BENCHMARKS), figsize=(9.6, 5.4), sharex="col", sharey="row")
    for column, (group, title) in enumerate(BENCHMARKS.items()):
        points = benchmark_points(record, group)
        for axis, score in zip(axes[:, column], ("r2", "mae"), strict=True):
            found = {x: record.metrics[f"{group}/{label}/{score}"] for x, label in points.items()}
            for x, metric in found.items():
                axis.plot([x] * len(metric.values), metric.values, "o", color=SILVER, ms=4, zorder=1)
            axis.errorbar(
                list(found), [m.mean for m in found.values()], yerr=[m.sd or 0 for m in found.values()],
                fmt="o-", color=BLUE, ms=5, capsize=3,
            )  # fmt: skip
            if group in marked:
                axis.axvline(marked[group][0], color=RED, ls="--", lw=1.2)
            axis.grid(color=PALE, lw=0.6)
            axis.yaxis.set_major_locator(mpl.ticker.MaxNLocator(6))
        below, above = axes[1, column], axes[0, column]
        if group in marked:
            above.set_title(f"dashed: {marked[group][1]}", fontsize=9, fontweight="normal")
        if group != "convolutions":
            below.set_xscale("log")
            below.xaxis.set_minor_locator(mpl.ticker.NullLocator())
        below.set_xticks(list(points), [f"{x:,}" for x in points], fontsize=8.5)
        below.set_xlabel(title)
    # Sizes beyond the record's would shrink the curve.
    if max(benchmark_points(record, "training-size")) >= level[1]:
        for axis in axes[:, 0]:
            axis.axvspan(*level, color=RED, alpha=0.1, lw=0)
        axes[0, 0].set_title("shaded: no gain in the paper", fontsize=9, fontweight="normal")
    axes[0, 0].set_ylabel("test R²")
    axes[1, 0].set_ylabel("test MAE (K)")
    figure.suptitle(seeds_title(record), x=0.01, ha="left", fontsize=11, fontweight="bold")
    return finished(figure, f"Test R² and MAE of the regression against {', '.join(BENCHMARKS.values())}.")
