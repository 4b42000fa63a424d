"""Figures of the superconductor experiments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from replicate.figures.names import MODEL_NAMES, SPLIT_NAMES, model_names
from replicate.figures.style import BLUE, GREEN, INK, PALE, PALETTE, RED, SILVER, finished, legend_below
from replicate.records import Record
from replicate.wording import number_of

GROUP_NAMES = {
    "group-I": "I: Cu",
    "group-II": "II: Fe",
    "group-III": "III: Cu and Fe",
    "group-IV": "IV: others",
}


def tc_test_sets(record: Record, published: Mapping[str, float]) -> Figure:
    """Draw the size of each group in the test sets and the distribution of its Tc (Fig. 2a, b).

    Args:
        record: of ``zeng2019-tc``.
        published: group → number of test rows in the paper.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.6), width_ratios=(1, 1.5))
    edges = np.array(record.arrays["tc_histogram/edges"])
    bottom = np.zeros(len(edges) - 1)
    for place, (colour, (group, name)) in enumerate(zip(PALETTE, GROUP_NAMES.items(), strict=False)):
        size = record.metrics[f"{group}/split/rows"]
        left.bar(place, size.mean, yerr=size.sd, color=colour, capsize=3, width=0.7)
        if group in published:
            left.plot([place - 0.42, place + 0.42], [published[group]] * 2, color=INK, lw=1.5)
        counts = np.array(record.arrays[f"tc_histogram/{group}"])
        right.bar(edges[:-1], counts, np.diff(edges), bottom=bottom, align="edge", color=colour, label=name)
        bottom += counts
    left.set_xticks(
        range(len(GROUP_NAMES)), [n.replace(" and ", "+") for n in GROUP_NAMES.values()], fontsize=9
    )
    left.set(ylabel="test rows, mean over seeds", title="Size of the groups")
    left.plot([], [], color=INK, lw=1.5, label="published")
    left.legend(fontsize=9)
    right.set(xlabel="measured Tc (K)", ylabel="test rows per 5 K", title="Distribution of Tc", yscale="log")
    right.set_ylim(0.3, None)
    right.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:g}"))
    right.legend(fontsize=9)
    return finished(
        figure,
        f"Test rows of the groups {', '.join(GROUP_NAMES.values())}, beside the published numbers, and the "
        "distribution of their Tc.",
    )


def error_by_distance(record: Record, models: Sequence[str]) -> Figure:
    """Draw the error against the distance to the nearest training composition: all rows, cuprates, the rest."""
    kinds = [kind for kind in SPLIT_NAMES if f"distance/{kind}" in record.arrays]
    subsets = {"": "all", "/group-I": "Cu (group I)", "/group-IV": "neither Cu nor Fe (IV)"}
    figure, axes = plt.subplots(
        len(kinds), len(subsets), figsize=(11.5, 3.5 * len(kinds)), squeeze=False, sharex=True, sharey="col"
    )
    for kind, line in zip(kinds, axes, strict=True):
        for (subset, title), axis in zip(subsets.items(), line, strict=True):
            packed = record.arrays[f"distance/{kind}{subset}"]
            rows = np.array(packed["rows"])
            places = np.arange(len(rows))
            share = axis.twinx()
            share.bar(places, 100 * rows / max(rows.sum(), 1), color=SILVER, alpha=0.3, width=0.9, zorder=0)
            share.set_ylim(0, 100)
            share.set_yticks([0, 50, 100] if axis is line[-1] else [])
            share.spines["right"].set_visible(axis is line[-1])
            if axis is line[-1]:
                share.set_ylabel("share of the rows (%), bars")
            axis.set_zorder(share.get_zorder() + 1)
            axis.patch.set_visible(False)
            for colour, model in zip(PALETTE, models, strict=False):
                if model not in packed["models"]:
                    continue
                found = packed["models"][model]
                mean = np.array([np.nan if v is None else v for v in found["mae"]])
                sd = np.array([0.0 if v is None else v for v in found["sd"]])
                name = MODEL_NAMES.get(model, model)
                axis.errorbar(
                    places, mean, yerr=sd, fmt="o-", ms=4, capsize=2, lw=1.2, color=colour, label=name
                )
            edges = packed["edges"]
            axis.set_xticks(
                places, [f"{100 * a:g}–{100 * b:g}" for a, b in pairwise(edges)], fontsize=8, rotation=45
            )
            axis.set_ylim(0, None)
            axis.set_title(f"{SPLIT_NAMES[kind]}: {title}", fontsize=10)
        for axis in line:  # each column has a scale of its own
            axis.set_ylabel("MAE (K)")
    figure.supxlabel("atoms to exchange to reach a training composition (%)", fontsize=10.5)
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(handles), fontsize=9)
    return finished(
        figure,
        "MAE against the distance to the nearest training composition, for all rows, cuprates and the "
        f"rest: {model_names(models)}.",
    )


def insulator_predictions(record: Record, models: Sequence[str]) -> Figure:
    """Draw what the models predict for the insulators of the test sets, zero apart."""
    figure, axis = plt.subplots(figsize=(7.4, 3.6))
    width = 0.8 / len(models)
    labels = ["exactly 0", "0–1", "1–2", "2–5", "5–10", "10–30", "over 30"]
    bins = [(0, 1), (1, 2), (2, 3), (3, 6), (6, 11), (11, 31), (31, 32)]  # positions in the stored histogram
    for place, (colour, model) in enumerate(zip(PALETTE, models, strict=False)):
        rows = np.array(record.arrays[f"predicted/insulators/{model}"]["rows"])
        share = np.array([rows[a:b].sum() for a, b in bins]) / rows.sum()
        axis.bar(
            np.arange(len(bins)) + (place - (len(models) - 1) / 2) * width,
            100 * share, width, color=colour, label=MODEL_NAMES.get(model, model),
        )  # fmt: skip
    axis.set_xticks(range(len(bins)), labels)
    axis.set(xlabel="predicted Tc (K)", ylabel="share of the test insulators (%)")
    axis.legend()
    return finished(figure, f"Share of the test insulators by predicted Tc: {model_names(models)}.")


def depth(record: Record, published: float) -> Figure:
    """Draw the validation error against the number of convolutions (Fig. S2)."""
    found = {
        int(key.split("/")[1].removeprefix("convolutions-")): metric
        for key, metric in record.metrics.items()
        if key.startswith("validation/convolutions-") and key.endswith("/mae")
    }
    figure, axis = plt.subplots(figsize=(6.2, 3.6))
    counts = sorted(found)
    for seed in range(len(record.seeds)):
        axis.plot(counts, [found[n].values[seed] for n in counts], color=SILVER, lw=0.8, zorder=1)
    axis.errorbar(
        counts, [found[n].mean for n in counts], yerr=[found[n].sd or 0 for n in counts],
        fmt="o-", color=PALETTE[0], capsize=3, label="mean ± sd (grey: single splits)",
    )  # fmt: skip
    axis.axvline(published, color=RED, ls="--", lw=1, label="chosen in the paper")
    axis.set_xticks(counts)
    axis.set(xlabel="number of convolutions", ylabel="validation MAE (K)")
    axis.set_title(f"{record.profile} profile, {len(record.seeds)} seeds")
    axis.legend(fontsize=9)
    return finished(
        figure,
        f"Validation MAE against {counts[0]} to {counts[-1]} convolutions, lowest at "
        f"{min(counts, key=lambda n: found[n].mean)}.",
    )


def lengths(record: Record) -> Figure:
    """Draw the validation error against the length of the training, each point a schedule of its own (Fig. S1)."""
    found = {
        int(key.split("/")[1].removeprefix("epochs-")): metric
        for key, metric in record.metrics.items()
        if key.startswith("validation/epochs-") and key.endswith("/mae")
    }
    figure, axis = plt.subplots(figsize=(6.2, 3.6))
    epochs = sorted(found)
    n = len(found[epochs[0]].values)
    axis.errorbar(
        epochs, [found[e].mean for e in epochs], yerr=[found[e].sd or 0 for e in epochs],
        fmt="o-", color=PALETTE[0], capsize=3, label=f"one-cycle schedule, {number_of(n, 'seed')}",
    )  # fmt: skip
    axis.set_xscale("log")
    axis.set_xticks(epochs, [str(e) for e in epochs])
    axis.xaxis.set_minor_formatter(mpl.ticker.NullFormatter())
    axis.set(xlabel="epochs of the whole schedule", ylabel="validation MAE (K)")
    axis.set_title(f"{record.profile} profile")
    axis.legend(fontsize=9)
    return finished(
        figure, f"Validation MAE against the length of the training, from {epochs[0]} to {epochs[-1]} epochs."
    )


def held_out(record: Record, models: Sequence[str], measured: Mapping[str, float]) -> Figure:
    """Draw the predictions for the compounds of Table 2 beside the measured Tc, mean ± sd over seeds."""
    figure, axis = plt.subplots(figsize=(8.2, 4.0))
    offsets = np.linspace(-0.28, 0.28, len(models))
    shown = {m: c for m, c in zip(models, PALETTE, strict=False) if f"held-out/{m}/mae" in record.metrics}
    for offset, (model, colour) in zip(offsets, shown.items(), strict=False):
        found = [record.metrics[f"held-out/{model}/{formula}"] for formula in measured]
        axis.errorbar(
            np.arange(len(measured)) + offset, [m.mean for m in found], yerr=[m.sd or 0 for m in found],
            fmt="o", ms=6, capsize=3, color=colour, label=MODEL_NAMES.get(model, model),
        )  # fmt: skip
    for place, value in enumerate(measured.values()):
        axis.plot([place - 0.4, place + 0.4], [value] * 2, color=INK, lw=1.5)
    axis.plot([], [], color=INK, lw=1.5, label="measured")
    axis.set_xticks(range(len(measured)), list(measured))
    axis.set_ylabel("Tc (K)")
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=9)
    return finished(
        figure, f"Predicted beside measured Tc of {', '.join(measured)}: {model_names(list(shown))}."
    )


_STATUS = {
    "unknown": ("o", BLUE, "in none of the lists"),
    "listed at 0 K": ("X", RED, "listed at 0 K"),
    "superconductor": ("D", GREEN, "listed as superconductor"),
}
"""Status of a candidate → marker, colour, label."""


def screened_candidates(record: Record, top: int) -> Figure:
    """Draw predicted Tc, mean ± sd over networks, against the distance to the nearest superconductor in the data.

    Args:
        record: of ``zeng2019-screening``.
        top: candidates at the head of the list that the page speaks of.
    """
    candidates = record.arrays["candidates"]
    figure, axis = plt.subplots(figsize=(6.2, 4.6))
    counts = []
    for order, (status, (mark, colour, label)) in enumerate(_STATUS.items()):
        found = [c for c in candidates if c["status"].split(",")[0] == status]
        counts.append(f"{len(found)} {label}")
        distance, tc, sd = (
            np.array([c[key] for c in found], dtype=float) for key in ("distance", "tc", "sd")
        )
        axis.errorbar(
            100 * distance, tc, yerr=sd, fmt="none", ecolor=colour, elinewidth=0.8, alpha=0.35, zorder=order
        )
        axis.plot(
            100 * distance, tc, mark, color=colour, ms=5 if mark == "o" else 7, mec="white", mew=0.5,
            label=counts[-1], zorder=10 + order,
        )  # fmt: skip
    if len(candidates) >= top:
        axis.axhline(
            candidates[top - 1]["tc"], color=INK, lw=1, ls=":", zorder=0, label=f"lowest of the first {top}"
        )
    axis.set(
        xlabel="atoms to exchange to the nearest superconductor (%)",
        ylabel="predicted Tc (K)",
        ylim=(0, None),
    )
    axis.set_title(f"{record.profile} profile, mean ± sd of {number_of(len(record.seeds), 'network')}")
    axis.grid(color=PALE, lw=0.6)
    legend_below(figure, [axis], 2)
    return finished(
        figure,
        f"Predicted Tc of the {len(candidates)} highest candidates against their distance to a known superconductor: "
        f"{', '.join(counts)}.",
    )
