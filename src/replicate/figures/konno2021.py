"""Figures of the reading-periodic-table chapter: what is called a superconductor, and what is found of a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replicate.figures.names import MODEL_NAMES, TEMPORAL_NAMES, model_names
from replicate.figures.style import INK, PALE, PALETTE, RED, SILVER, SKY, finished, panel_row
from replicate.records import Metric, Record

PRINTED_ROWS = {
    "regression": "Our DL model Reg",
    "classification": "Our DL model Cls",
    "forest": "Random Forest Cls",
}
"""The same → rows of the paper's Table I."""
_COD_MODELS = {"preliminary": "superconductors only", "garbage-in": "with the COD at 0 K"}
_MARKS = ("o", "s", "D", "^", "v", "P", "X")
_COLOURS = (*PALETTE[:6], INK)  # yellow is too pale for single marks


def _bin_names(edges: Sequence[float]) -> list[str]:
    """Return what the bins of a histogram of predicted Tc are called; the first holds zeros only."""
    middle = [f"{low if low >= 1 else 0:g}–{high:g}" for low, high in pairwise(edges[1:-1])]
    return ["exactly 0", *middle, f"over {edges[-2]:g}"]


def cod_predictions(record: Record, published: Mapping[str, Mapping[int, float]]) -> Figure:
    """Draw how many compositions of the COD fall where, and how many above a threshold beside the published counts.

    Args:
        record: of ``konno2021-garbage-in``.
        published: model → threshold (K) → count.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.9), width_ratios=(1.5, 1))
    packed = record.arrays["histogram"]
    names = _bin_names(packed["edges"])
    for place, (colour, (model, label)) in enumerate(zip(PALETTE, _COD_MODELS.items(), strict=False)):
        offset = 0.4 * (place - 0.5)
        left.bar(np.arange(len(names)) + offset, packed[model], 0.4, color=colour, label=label)
        found = _above(record, model)
        right.errorbar(
            list(found), [m.mean for m in found.values()], yerr=[m.sd or 0 for m in found.values()],
            fmt="o", ms=6, capsize=3, color=colour,
        )  # fmt: skip
        there = published.get(model, {})
        right.plot(list(there), list(there.values()), "_", color=INK, ms=16, mew=2)
    left.set_yscale("symlog", linthresh=1)
    left.set_xticks(range(len(names)), names, rotation=35, ha="right", fontsize=9)
    left.set(xlabel="predicted Tc (K)", ylabel="compositions of the COD")
    left.set_title(f"{record.profile} profile, mean of {len(record.seeds)} seeds")
    right.set_yscale("symlog", linthresh=1)
    right.set_xticks([0, 4, 10], ["0", "4", "10"])
    right.set(xlabel="above this predicted Tc (K)", xlim=(-1.5, 11.5), ylabel="compositions, mean ± sd")
    for axis in (left, right):
        axis.set_ylim(0, None)
        axis.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:,.0f}"))
        axis.grid(axis="y", color=PALE, lw=0.6)
    right.plot([], [], "_", color=INK, ms=16, mew=2, label="published")
    handles = [*left.get_legend_handles_labels()[0], *right.get_legend_handles_labels()[0]]
    figure.legend(handles=handles, loc="outside upper center", ncols=3, fontsize=9)
    return finished(
        figure,
        "Compositions of the COD by predicted Tc, by networks taught with and without it, and how many lie "
        "above 0, 4 and 10 K.",
    )


def _above(record: Record, model: str) -> dict[int, Metric]:
    """Return threshold → count of a model."""
    start = f"cod/{model}/above_"
    return {
        int(key.removeprefix(start).removesuffix("K")): metric
        for key, metric in record.metrics.items()
        if key.startswith(start)
    }


def precision_recall(record: Record, printed: pd.DataFrame) -> Figure:
    """Draw precision against recall at both thresholds, mean ± sd over seeds, Table I hollow (Table I)."""
    figure, axes = panel_row(2, width=4.6, height=4.4)
    for axis, threshold in zip(axes, (0, 10), strict=True):
        start = f"above-{threshold}K"
        there = printed[printed["threshold"] == threshold].set_index("model")
        for colour, mark, (model, label) in zip(_COLOURS, _MARKS, TEMPORAL_NAMES.items(), strict=True):
            precision, recall = (record.metrics.get(f"{start}/{model}/{s}") for s in ("precision", "recall"))
            if precision is None or recall is None:
                continue
            axis.errorbar(
                100 * recall.mean, 100 * precision.mean, xerr=100 * (recall.sd or 0), ms=6, capsize=2,
                yerr=100 * (precision.sd or 0), fmt=mark, color=colour, label=label, lw=1,
            )  # fmt: skip
            if model in PRINTED_ROWS:
                row = there.loc[PRINTED_ROWS[model]]
                axis.plot(row["recall"], row["precision"], mark, mfc="none", mec=colour, ms=11, mew=1.6)
        base = record.metrics[f"{start}/baseline/precision"].mean
        axis.axhline(100 * base, color=SILVER, lw=1, ls="--", label="share on the list")
        axis.set(xlabel="recall (%)", xlim=(-4, 104), ylim=(-4, 104), title=f"Tc above {threshold} K")
        axis.grid(color=PALE, lw=0.6)
    axes[0].set_ylabel("precision (%)")
    axes[0].plot([], [], "o", mfc="none", mec=INK, ms=11, mew=1.6, label="published, hollow")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return finished(
        figure,
        "Precision against recall of each model on the test by year, above 0 K and above 10 K, beside the "
        "printed values.",
    )


def precision_by_threshold(record: Record, models: Sequence[str]) -> Figure:
    """Draw what share of the list's compounds predicted above a temperature superconduct, and how many those are."""
    figure, (left, right) = panel_row(2, width=4.6, height=3.7)
    for colour, model in zip(PALETTE, models, strict=False):
        rows = record.arrays.get(f"predicted/{model}")
        if rows is None:
            continue
        measured = np.array([row[1] for row in rows], dtype=float)
        order = np.sort(np.unique([float(row[2]) for row in rows]))
        predicted = np.array([row[2] for row in rows], dtype=float)
        # Each distinct prediction but the highest is a threshold: above that one nothing is left.
        steps = np.concatenate([[0.0], order[order > 0][:-1]])
        chosen = [predicted > t for t in steps]
        kept = [(t, mask) for t, mask in zip(steps, chosen, strict=True) if mask.any()]
        at = [t for t, _ in kept]
        share = [100 * float((measured[mask] > 0).mean()) for _, mask in kept]
        name = TEMPORAL_NAMES[model]
        left.plot(at, share, color=colour, drawstyle="steps-post", label=name)
        right.plot(at, [int(mask.sum()) for _, mask in kept], color=colour, drawstyle="steps-post")
    base = record.metrics["above-0K/baseline/precision"].mean
    left.axhline(100 * base, color=SILVER, ls="--", lw=1, label="share on the list")
    left.set(ylabel="of these superconduct (%)", ylim=(-4, 104))
    right.set(ylabel="compounds above it", ylim=(0, None))
    for axis in (left, right):
        axis.set(xlabel="predicted Tc above (K), mean of the networks", xlim=(0, None))
        axis.grid(color=PALE, lw=0.6)
    left.set_title(f"{record.profile} profile, {len(record.seeds)} networks")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return finished(
        figure,
        "Share of the listed compounds predicted above a temperature that superconduct, and how many those are.",
    )


def formula_sizes(record: Record) -> Figure:
    """Draw how many atoms the formulas of each source hold as they are written: median, quartiles and tenths."""
    names = {"supercon": "SuperCon, taught", "cod": "COD, taught as 0 K", "list": "the test list"}
    figure, axis = plt.subplots(figsize=(6.6, 2.4))
    for place, (colour, key) in enumerate(zip(PALETTE, names, strict=False)):
        low, quarter, median, three_quarters, high = record.arrays[f"atoms/{key}"]
        axis.plot([low, high], [-place] * 2, color=colour, lw=1.5)
        axis.plot(
            [quarter, three_quarters], [-place] * 2, color=colour, lw=9, solid_capstyle="butt", alpha=0.55
        )
        axis.plot(median, -place, "o", color=colour, mec="white", ms=8)
    axis.set_xscale("log")
    axis.xaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:g}"))
    axis.xaxis.set_minor_formatter(mpl.ticker.NullFormatter())
    axis.set_yticks([-place for place in range(len(names))], list(names.values()))
    axis.set(
        ylim=(-2.6, 0.6), xlabel="sum of the coefficients of a formula (line: middle 80 %, bar: middle half)"
    )
    return finished(figure, f"Atoms per formula as written, median and range: {', '.join(names.values())}.")


def found_histogram(record: Record, family: str, models: Sequence[str]) -> Figure:
    """Draw, over models, how many superconductors of a family each one finds (Fig. 3)."""
    total = record.metrics[f"{family}/{models[0]}/found"].n or 1
    shown = [model for model in models if f"{family}/{model}/found" in record.metrics]
    figure, axes = plt.subplots(
        len(shown), 1, figsize=(7.4, 1.15 * len(shown) + 0.8), sharex=True, squeeze=False
    )
    bins = np.linspace(0, total, 29)
    for colour, model, axis in zip(PALETTE, shown, axes[:, 0], strict=False):
        values = np.array(record.metrics[f"{family}/{model}/found"].values)
        # Models that find nothing stand apart, left of the first bin.
        axis.bar(-total / 28, (values == 0).sum(), total / 34, color=RED)
        axis.hist(values[values > 0], bins=list(bins), color=colour)
        label = f"{MODEL_NAMES.get(model, model)}: {len(values)} models, median {np.median(values):,.0f}"
        axis.set_title(label, fontsize=10, pad=3)
        axis.set_yscale("symlog", linthresh=1)
        axis.set_ylim(0, max(1.6 * len(values), 2))
        axis.set_yticks([n for n in (0, 1, 3, 10, 30, 100, 300) if n <= 1.6 * len(values)])
        axis.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:g}"))
        axis.yaxis.set_minor_locator(mpl.ticker.NullLocator())
    last = axes[-1, 0]
    last.set_xlabel(f"found, of {total:,} superconductors of the family (red: none)")
    figure.supylabel("models", fontsize=10.5)
    return finished(
        figure,
        f"Over networks, how many of {total:,} {family} superconductors each finds: {model_names(shown)}.",
    )


def found_against_others(record: Record, families: Mapping[str, str], models: Sequence[str]) -> Figure:
    """Draw each model's share of a family that is found against its share of like compounds that are no known ones.

    Args:
        record: of ``konno2021-iron``.
        families: name in the record → title.
        models: to draw.
    """
    figure, axes = panel_row(len(families), width=4.6, height=4.7)
    for axis, (family, title) in zip(axes, families.items(), strict=True):
        for colour, mark, model in zip(PALETTE, _MARKS, models, strict=False):
            found, others = (record.metrics.get(f"{family}/{model}/{s}_share") for s in ("found", "alike"))
            if found is None or others is None:
                continue
            axis.plot(
                [100 * v for v in others.values], [100 * v for v in found.values], mark, color=colour, ms=6,
                alpha=0.65, mec="white", mew=0.5, label=MODEL_NAMES.get(model, model),
            )  # fmt: skip
        _diagonal(axis)
        axis.set(xlabel="like compounds of the COD, not known\nto superconduct, called so (%)", title=title)
    axes[0].set_ylabel("superconductors found (%)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return finished(
        figure,
        "Share of a family's superconductors found against the share of like compounds called so: "
        f"{', '.join(families.values())}.",
    )


def _diagonal(axis: Axes) -> None:
    """Draw the line on which a model finds as large a share as it calls superconducting of the others."""
    axis.axline((0, 0), slope=1, color=SILVER, lw=1, ls="--", label="no better than the others")
    axis.fill_between([-5, 105], [-5, 105], 105, color=SKY, alpha=0.1, lw=0)
    axis.set(aspect="equal", xlim=(-5, 105), ylim=(-5, 105))
    axis.grid(color=PALE, lw=0.6)


def named_compounds(record: Record, names: Mapping[str, str], authors: Mapping[str, float]) -> Figure:
    """Draw what each network predicts for compounds that the paper names.

    Args:
        record: of ``konno2021-candidates``.
        names: formula in the record → label of the axis.
        authors: formula → the authors' prediction (K).
    """
    figure, axis = plt.subplots(figsize=(7.0, 3.7))
    for place, formula in enumerate(names):
        metric = record.metrics[f"candidates/periodic-resnet/{formula}"]
        across = place + np.linspace(-0.18, 0.18, len(metric.values))
        axis.plot(across, metric.values, "o", color=PALETTE[0], ms=6, alpha=0.8, mec="white",
                  label="single networks" if not place else None)  # fmt: skip
        axis.errorbar(place + 0.3, metric.mean, yerr=metric.sd or 0, fmt="D", color=PALETTE[1], capsize=3,
                      label="mean ± sd" if not place else None)  # fmt: skip
        if formula in authors:
            axis.plot([place - 0.4, place + 0.4], [authors[formula]] * 2, color=INK, lw=1.5)
    axis.plot([], [], color=INK, lw=1.5, label="the authors' list")
    axis.set_xticks(range(len(names)), list(names.values()))
    axis.set(ylabel="predicted Tc (K)", title=f"{record.profile} profile, {len(record.seeds)} networks")
    axis.set_ylim(min(0, axis.get_ylim()[0]), None)
    axis.grid(axis="y", color=PALE, lw=0.6)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return finished(
        figure,
        f"Critical temperatures that single networks and the authors' list predict for {', '.join(names.values())}.",
    )
