"""Figures of the chapter on superconductors with structure: classes, parents, ionisation energies, features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from replicate.experiments.quinn2022.configs import ENVELOPE
from replicate.figures.names import CLASS_NAMES, benchmark_points, envelope_metric, feature_name, signed
from replicate.figures.style import BLUE, GREEN, INK, ORANGE, PALE, RED, SILVER, SKY, finished
from replicate.parents.search import LARGEST_DISTANCE, PER_ATOM
from replicate.records import Metric, Record
from replicate.wording import number_of

CLASS_COLOURS = {"cuprate": RED, "iron-based": ORANGE, "low-tc": BLUE, "none": SILVER}
"""The paper's red, yellow and blue in the house's palette; grey for what is in none of its classes."""
AGREEMENT = {
    "same": ("the same entry", GREEN),
    "another_polymorph": ("another polymorph", SKY),
    "another_parent": ("another parent", ORANGE),
    "none_here": ("no parent here", SILVER),
}
READING_NAMES = {"sum": "sum over the formula", "per-copper": "sum per Cu", "mean": "mean per cation"}
SET_NAMES = {"cuprate": "with a structure", "all-cuprates": "all of SuperCon"}


BENCHMARKS = {"training-size": "training compounds", "epochs": "epochs", "convolutions": "convolutions"}


def seeds_title(record: Record) -> str:
    """Return a record's profile and number of seeds."""
    return f"{record.profile} profile, {number_of(len(record.seeds), 'seed')}"


def tc_by_class(record: Record, published: Mapping[str, float]) -> Figure:
    """Draw how many entries of each class have a structure, and the critical temperatures of compositions (Fig. 1A).

    Args:
        record: of ``quinn2022-data``.
        published: class → entries in the paper.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.8), width_ratios=(1, 2.1))
    for place, (name, title) in enumerate(CLASS_NAMES.items()):
        left.bar(place, record.metrics[f"data/{name}/rows"].mean, 0.7, color=CLASS_COLOURS[name], label=title)
        if name in published:
            left.plot([place - 0.42, place + 0.42], [published[name]] * 2, color=INK, lw=1.5)
    left.plot([], [], color=INK, lw=1.5, label="published (about)")
    left.set_xticks(range(len(CLASS_NAMES)), CLASS_NAMES.values(), fontsize=9)
    left.set(ylabel="entries with a structure", title=f"{record.profile} profile")
    left.yaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
    edges = np.array(record.arrays["tc/edges"])
    labels = {**CLASS_NAMES, "none": "in no class"}
    for name in ("low-tc", "cuprate", "iron-based", "none"):
        counts = np.array(record.arrays[f"tc/{name}"], dtype=float)
        right.stairs(counts, edges, color=CLASS_COLOURS[name], lw=1.6, label=labels[name])
        if name != "none":
            right.stairs(counts, edges, fill=True, color=CLASS_COLOURS[name], alpha=0.18)
    right.set_yscale("log")
    right.set_ylim(0.7, None)
    right.set_xlim(edges[0], edges[-1])
    right.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:,g}"))
    right.set(xlabel="measured Tc (K)", ylabel=f"compositions per {edges[1] - edges[0]:g} K")
    right.grid(axis="y", color=PALE, lw=0.6)
    handles = [*right.get_legend_handles_labels()[0], left.get_lines()[-1]]
    figure.legend(handles=handles, loc="outside lower center", ncols=5, fontsize=9)
    return finished(
        figure,
        "Entries with a structure by class, beside the published numbers, and the distribution of their measured Tc.",
    )


def parent_distances(record: Record) -> Figure:
    """Draw how far entries are from their parents, how often the 3DSC has the same, and what a parent's size counts.

    Args:
        record: of ``quinn2022-data``.
    """
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(9.6, 3.7), width_ratios=(1.4, 0.75, 1.2))
    counts = np.array(record.arrays["parents/distance"], dtype=float)
    edges = 100 * np.linspace(0, LARGEST_DISTANCE, len(counts) + 1)
    left.stairs(100 * counts / max(counts.sum(), 1), edges, fill=True, color=BLUE)
    left.set(xlabel="distance to the parent (% of the atoms)", ylabel="share of the entries (%)")
    left.set_title(f"{record.profile} profile")
    bottom = 0.0
    for key, (label, colour) in AGREEMENT.items():
        share = 100 * record.metrics[f"parents/3dsc/{key}"].mean
        middle.bar(0, share, 0.6, bottom=bottom, color=colour, label=label)
        if share > 6:
            middle.text(0, bottom + share / 2, f"{share:.0f} %", ha="center", va="center", fontsize=9)
        bottom += share
    n = record.metrics["parents/3dsc/same"].n or 0
    middle.set_xticks([0], [f"{n:,} formulas"])
    middle.set(xlim=(-0.6, 0.6), ylim=(0, 100), ylabel="formulas of the 3DSC (%)")
    middle.set_title("here and in the 3DSC", fontsize=10)
    weights = np.array(record.arrays["parents/weights"])
    right.plot(1000 * weights[:, 0], 100 * weights[:, 1], "o-", color=BLUE, ms=5)
    right.axvline(1000 * PER_ATOM, color=INK, lw=1, ls="--", label="chosen")
    right.set(xlabel="weight of a parent's size\n(thousandths per atom)", ylabel="a parent of the 3DSC's (%)")
    right.set_title("agreement by weight", fontsize=10)
    right.legend(fontsize=9)
    for axis in (left, right):
        axis.grid(axis="y", color=PALE, lw=0.6)
    figure.legend(*middle.get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=9)
    return finished(
        figure,
        "Distance of entries to their parents, agreement with the 3DSC, and agreement by the weight of a "
        "parent's size.",
    )


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


def feature_scores(record: Record, named: Mapping[str, Sequence[str]]) -> Figure:
    """Draw R² and MAE of each set of atom features, class by class, seeds as points (Fig. 3).

    Single features stand in the order of their validation error, the lowest at the top.

    Args:
        record: of ``quinn2022-features``.
        named: class → single features the paper names among the best.
    """
    classes = [name for name in CLASS_NAMES if f"{name}/group-period/r2" in record.metrics]
    found = {name: _features(record, name) for name in classes}
    heights = [len(rows) for rows in found.values()]
    figure, axes = plt.subplots(
        len(classes), 2, figsize=(8.8, 0.3 * sum(heights) + 3.0), sharey="row", squeeze=False,
        height_ratios=heights,
    )  # fmt: skip
    for name, line in zip(classes, axes, strict=True):
        rows = found[name]
        for axis, score in zip(line, ("r2", "mae"), strict=True):
            for place, key in enumerate(rows):
                colour = _feature_colour(key, named.get(name, ()))
                _seeds(axis, record.metrics[f"{name}/{key}/{score}"], place, colour)
            base = record.metrics[f"{name}/group-period/{score}"].mean
            axis.axvline(base, color=SILVER, lw=1, ls="--", zorder=0)
            axis.set_yticks(range(len(rows)), [feature_name(key) for key in rows], fontsize=9)
            axis.xaxis.set_major_locator(mpl.ticker.MaxNLocator(5))
            axis.grid(axis="x", color=PALE, lw=0.6)
            axis.set_ylim(-0.6, len(rows) - 0.4)
        line[0].set_title(CLASS_NAMES[name][0].upper() + CLASS_NAMES[name][1:])
        line[1].set_title(seeds_title(record), fontsize=9)
        line[0].set_xlabel("test R²")
        line[1].set_xlabel("test MAE (K)")
    marks = {
        "named among the best in the paper": (RED, "D"),
        "other single feature": (BLUE, "D"),
        "none, all, or a few joined": (INK, "D"),
        "single seeds": (SILVER, "o"),
    }
    handles = [
        mpl.lines.Line2D([], [], marker=mark, ls="", color=colour, label=label)
        for label, (colour, mark) in marks.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=8.5)
    return finished(
        figure,
        "R² and MAE of each set of atom features, single ones by validation error, for "
        f"{', '.join(CLASS_NAMES[name] for name in classes)}.",
    )


def _features(record: Record, name: str) -> list[str]:
    """Return the sets of features of a class, single ones by validation error, the lowest last."""
    keys = ["group-period", *record.arrays[f"order/{name}"], "all", "best-combination"]
    return [key for key in keys if f"{name}/{key}/r2" in record.metrics]


def _feature_colour(key: str, named: Sequence[str]) -> str:
    if key in ("group-period", "all", "best-combination"):
        return INK
    return RED if key in named else BLUE


def _seeds(axis: Axes, metric: Metric, place: float, colour: str) -> None:
    """Draw a score along a row: each seed, the mean and one standard deviation to either side."""
    axis.plot(metric.values, [place] * len(metric.values), "o", color=SILVER, ms=4, mec="white", mew=0.4)
    axis.errorbar(metric.mean, place, xerr=metric.sd or 0, fmt="D", ms=5.5, capsize=2, color=colour, lw=1)


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
