"""Figures that every chapter uses: parity, scores by split, learning curves, ROC curves, confusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from replicate.features.atom_table import atom_table
from replicate.features.composition import Compositions
from replicate.features.elements import ATOMIC_NUMBER, BLOCKS, SYMBOLS
from replicate.features.periodic_table import periodic_tables, place
from replicate.report.names import METRIC_NAMES, MODEL_NAMES, SPLIT_NAMES, model_names, spread, with_unit
from replicate.report.style import (
    COUNTS,
    GREY,
    INK,
    PALE,
    PALETTE,
    RED,
    SHARES,
    SILVER,
    finished,
    legend_below,
    panel_row,
    readable_log,
)  # fmt: skip
from replicate.report.svg import pointed
from replicate.results.records import Metric, Record
from replicate.wording import number_of


def parity(
    shown: Mapping[str, Record], key: str, quantity: str, unit: str, published: str = "", truth: str = "measured"
) -> Figure:
    """Draw predicted against measured values as a 2-D histogram per record, the largest errors as marks.

    Args:
        shown: label → record, from :func:`panels`.
        key: ``<split>/<model>``.
        quantity, unit: for the axes.
        published: line of text with the published scores.
        truth: where the true values come from, ``measured`` or ``computed``.
    """
    figure, axes = panel_row(len(shown))
    said: list[str] = []
    titles: list[str] = []
    tables: list[pd.DataFrame] = []
    axes_names = [with_unit(f"{word} {quantity}", unit) for word in (truth, "predicted")]
    rows_label = "test rows, all seeds"
    for axis, (label, record) in zip(axes, shown.items(), strict=True):
        packed = record.arrays[f"parity/{key}"]
        bins = packed["bins"][0]
        low, high = packed["limits"]
        edges = np.linspace(low, high, bins + 1)
        counts = np.zeros((bins, bins))
        column, row, n = np.array(packed["cells"], dtype=int).reshape(-1, 3).T
        counts[row, column] = n
        mesh = axis.pcolormesh(
            edges, edges, np.ma.masked_equal(counts, 0),
            norm=LogNorm(1, max(counts.max(), 2)), cmap=COUNTS, rasterized=True,
        )  # fmt: skip
        ends = {f"{axes_names[0]}, {end}": edges[column + i] for i, end in enumerate(("low", "high"))}
        ends |= {f"{axes_names[1]}, {end}": edges[row + i] for i, end in enumerate(("low", "high"))}
        tables.append(pd.DataFrame({"panel": label, "series": "", "mark": "cell", **ends, rows_label: n}))
        largest = pd.DataFrame(packed.get("farthest", ()), columns=["text", *axes_names])
        tables.append(largest.assign(panel=label, series="largest errors", mark="points"))
        for name, true, predicted in packed.get("farthest", ()):
            place = np.clip((true, predicted), low, high)
            axis.plot(
                *place[:, None], ls="", marker="o", ms=5, mfc="none", mec=INK, mew=0.8, alpha=0.8,
                clip_on=False, url=str(len(titles)),
            )  # fmt: skip
            values = f"{truth} {true:g}, predicted {predicted:g} {unit}".rstrip()
            titles.append(f"{name}: {values}" + (f"; {label}" if len(shown) > 1 else ""))
        axis.axline((low, low), slope=1, color=RED, lw=1, zorder=0)
        axis.set(aspect="equal", xlabel=axes_names[0])
        axis.set_title(label, pad=34)
        mae, r2, r = (spread(record.metrics[f"{key}/{score}"]) for score in ("mae", "r2", "r"))
        said.append(f"{label}: MAE {mae} {unit}".rstrip())
        scores = "\n".join((f"MAE {mae} {unit}".strip(), f"R² {r2}, r {r}"))
        axis.annotate(scores, (0, 1), (0, 4), "axes fraction", "offset points", va="bottom", fontsize=9)
        if published:
            axis.annotate(
                published, (0.5, 0), (0, -38), "axes fraction", "offset points",
                ha="center", va="top", fontsize=9, color=RED,
            )  # fmt: skip
        bar = figure.colorbar(mesh, ax=axis, label=rows_label, shrink=0.8, format="%d")
        bar.ax.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
        if bar.solids is not None:
            bar.solids.set_rasterized(True)
    axes[0].set_ylabel(axes_names[1])
    heading = f"The {len(titles)} largest errors, one per name, circled above"
    return finished(
        figure,
        f"Predicted against {truth} {quantity}, counts of test rows along the diagonal. {'; '.join(said)}.",
        partial(pointed, titles=titles, heading=heading) if titles else None,
        pd.concat([table for table in tables if len(table)], ignore_index=True),
    )


def scores_by_split(record: Record, metric: str, unit: str, published: Mapping[str, float] | None = None) -> Figure:
    """Draw one score of every model on every kind of split, mean and standard deviation over seeds.

    ``published``: label → value, drawn as dashed lines.
    """
    # Scores of a further dataset stand one level deeper, under its name.
    parts = [key.split("/") for key in record.metrics if key.endswith(f"/{metric}") and key.count("/") == 2]
    kinds = [k for k in SPLIT_NAMES if any(f[0] == k for f in parts)]
    models = list(dict.fromkeys(m for k, m, _ in parts if k in kinds))
    figure, axis = plt.subplots(figsize=(7.6, 0.42 * len(models) * len(kinds) / 2 + 2.2))
    offsets = np.linspace(0.27, -0.27, len(kinds))
    for colour, kind, offset in zip(PALETTE, kinds, offsets, strict=False):
        for line, model in enumerate(models):
            value = record.metrics.get(f"{kind}/{model}/{metric}")
            if value is None:
                continue
            axis.errorbar(
                value.mean, len(models) - 1 - line + offset, xerr=value.sd or 0,
                fmt="o", ms=6, capsize=3, color=colour, label=SPLIT_NAMES[kind] if line == 0 else None,
            )  # fmt: skip
    for style, (label, printed) in zip(("--", ":", "-."), (published or {}).items(), strict=False):
        axis.axvline(printed, color=INK, ls=style, lw=1, label=label)
    axis.set_yticks(range(len(models)), [MODEL_NAMES.get(m, m) for m in reversed(models)])
    score = METRIC_NAMES.get(metric, metric)
    axis.set_xlabel(with_unit(score, unit))
    axis.set_title(f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds")
    axis.grid(axis="x", color=PALE)
    legend_below(figure, [axis])
    splits = ", ".join(SPLIT_NAMES[kind] for kind in kinds)
    return finished(figure, f"{score} of {model_names(models)} on splits: {splits}.")


def learning_curves(record: Record, keys: Sequence[str], unit: str, names: Mapping[str, str] | None = None) -> Figure:
    """Draw validation score against epoch for some ``<split>/<model>``, band: one sd over seeds.

    ``names``: key → label, where the model and the kind of split do not say it.
    """
    figure, axis = plt.subplots(figsize=(7, 3.6 + 0.2 * (len(keys) // 2)))
    labels = []
    for colour, key in zip(PALETTE, keys, strict=False):
        curve = record.arrays[f"history/{key}"]
        epoch, mean, sd = (np.array(curve[name]) for name in ("epoch", "validation", "validation_sd"))
        kind, _, model = key.rpartition("/")
        label = (names or {}).get(key, f"{MODEL_NAMES.get(model, model)}, {SPLIT_NAMES.get(kind, kind)}")
        labels.append(label)
        axis.plot(epoch, mean, color=colour, label=label)
        axis.fill_between(epoch, np.maximum(mean - sd, 1e-9), mean + sd, color=colour, alpha=0.18, lw=0)
    axis.set(xlabel="epoch", ylabel=with_unit("validation error", unit), xscale="log", yscale="log")
    # A band as wide as its mean would draw the axis down to nothing.
    lowest = min((min(record.arrays[f"history/{key}"]["validation"]) for key in keys), default=0.0)
    axis.set_ylim(max(axis.get_ylim()[0], 0.6 * lowest), None)
    readable_log(axis.yaxis, "{:g}", (1, 2, 5))
    readable_log(axis.xaxis, "{:,g}", (1, 3))
    axis.set_title(f"{record.profile} profile, {number_of(len(record.seeds), 'seed')}")
    legend_below(figure, [axis], columns=2)
    error = with_unit("Validation error", unit)
    return finished(figure, f"{error} against epoch, one curve each: {', '.join(labels)}.")


def roc(shown: Mapping[str, Record], kind: str, models: Sequence[str], published: str = "") -> Figure:
    """Draw ROC curves, one panel per record; band: one sd over seeds (Fig. 3c)."""
    figure, axes = panel_row(len(shown))
    said = []
    for axis, (label, record) in zip(axes, shown.items(), strict=True):
        for colour, model in zip(PALETTE, models, strict=False):
            curves = record.arrays.get(f"roc/{kind}/{model}")
            if curves is None:
                continue
            rates = np.array(curves)
            x = np.linspace(0, 1, rates.shape[1])
            area = record.metrics[f"{kind}/{model}/auc"]
            said.append(f"{label}, {model_names([model])}: AUC {spread(area)}")
            axis.plot(x, rates.mean(0), color=colour, label=f"{MODEL_NAMES.get(model, model)}: {spread(area)}")
            if len(rates) > 1:
                sd = rates.std(0, ddof=1)
                axis.fill_between(x, rates.mean(0) - sd, rates.mean(0) + sd, color=colour, alpha=0.15, lw=0)
        axis.plot([0, 1], [0, 1], color=SILVER, lw=1, ls="--")
        axis.set(xlabel="false positive rate", title=label, aspect="equal", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        axis.legend(title=f"AUC{f' (published {published})' if published else ''}", loc="lower right", fontsize=8.5)
    axes[0].set_ylabel("true positive rate")
    return finished(
        figure, f"ROC curves of {model_names(models)}: true against false positive rate. {'; '.join(said)}."
    )


def confusion(shown: Mapping[str, Record], key: str, classes: tuple[str, str]) -> Figure:
    """Draw the confusion matrix, shares of each true class averaged over seeds (Fig. 3d)."""
    figure, axes = panel_row(len(shown), width=3.9, height=3.4)
    said = []
    for axis, (label, record) in zip(axes, shown.items(), strict=True):
        counts = np.array(record.arrays[f"confusion/{key}"], dtype=float)  # (S, 2, 2)
        share = 100 * counts / counts.sum(axis=2, keepdims=True)
        right = share.mean(0).diagonal()
        said.append(f"{label}, {right[0]:.1f} % of {classes[0]} and {right[1]:.1f} % of {classes[1]}")
        cells = [[spread(Metric("", tuple(share[:, i, j])), 1) for j in (0, 1)] for i in (0, 1)]
        text = [[f"{cell} %".replace(" ± ", "\n± ") for cell in row] for row in cells]
        sns.heatmap(
            share.mean(0), annot=text, fmt="", cmap="Blues", vmin=0, vmax=100, cbar=False, ax=axis,
            xticklabels=classes, yticklabels=classes, square=True, label="share of the true class (%)",
        )  # fmt: skip
        axis.set(xlabel="predicted", title=label)
    axes[0].set_ylabel("true")
    return finished(figure, f"Confusion matrix of {classes[0]} and {classes[1]}. Right: {'; '.join(said)}.")


def atom_tables(compositions: Compositions, *, every: bool = False) -> Figure:
    """Draw the 10 × 10 atom table of each composition, with the symbols of its elements, or of ``every`` element."""
    figure, axes = panel_row(len(compositions), width=4.6 if every else 2.6, height=4.6 if every else 2.8)
    for axis, formula, table in zip(axes, compositions.formulas, atom_table(compositions), strict=True):
        axis.pcolormesh(
            table, cmap=SHARES, vmin=1e-9, vmax=1.5 * table.max(), edgecolor=PALE, linewidth=0.5,
            label="atomic fraction",
        )  # fmt: skip
        for row, column in np.argwhere((table > 0) | every):
            symbol, colour = SYMBOLS[row * table.shape[1] + column], "0.1" if table[row, column] else GREY
            axis.text(column + 0.5, row + 0.5, symbol, ha="center", va="center", fontsize=8.5, color=colour)
        axis.set(title=formula, xticks=[], yticks=[], aspect="equal")
        axis.spines[:].set_visible(False)
        axis.invert_yaxis()
    return finished(
        figure,
        f"Atom tables of {', '.join(compositions.formulas)}: one pixel per element, filled with its atomic fraction.",
    )


def periodic_planes(compositions: Compositions) -> Figure:
    """Draw the four planes of the periodic table of one composition, darker for a larger amount (a logarithm)."""
    import torch

    planes = periodic_tables(compositions)[torch.tensor([0])][0]  # (4, 7, 32)
    figure, axes = plt.subplots(len(BLOCKS), 1, figsize=(6.6, 6.6))
    for axis, plane, block in zip(axes, planes.numpy(), BLOCKS, strict=True):
        axis.pcolormesh(
            np.log1p(plane), cmap=SHARES, vmin=1e-9, vmax=3.5, edgecolor=PALE, linewidth=0.3, label="ln(1 + amount)"
        )
        axis.set(title=f"{block} block", aspect="equal", xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
        axis.invert_yaxis()
    held = np.flatnonzero(compositions.amounts[0]) + 1
    for z in held.tolist():
        plane, period, column = place(z)
        axes[plane].text(column + 0.5, period + 0.5, SYMBOLS[z - 1], ha="center", va="center", fontsize=9, color="0.1")
    where = ", ".join(f"{SYMBOLS[z - 1]} in the {BLOCKS[place(z)[0]]} block" for z in held.tolist())
    return finished(figure, f"The four planes of {compositions.formulas[0]}: {where}.")


def element_tables(panels: Mapping[str, Mapping[str, tuple[float, str, str]]], label: str, said: str) -> Figure:
    """Draw values of elements as periodic tables, one below the other, whose cells tell a sentence under a pointer.

    Args:
        panels: title → symbol → value, words for its cell, and the sentence, all of which stand in a list too.
        label: of the scale of colours, with the unit; empty: no scale.
        said: what is shown, in a sentence.
    """
    at = {title: {symbol: place(ATOMIC_NUMBER[symbol]) for symbol in cells} for title, cells in panels.items()}
    periods = [period for places in at.values() for _, period, _ in places.values()]
    top, bottom = min(periods), max(periods) + 1
    values = [value for cells in panels.values() for value, *_ in cells.values()]
    scale = Normalize(min(values), max(values))
    size = (8, 0.52 * len(panels) * (bottom - top + 1) + 0.4)
    figure, axes = plt.subplots(len(panels), 1, figsize=size, squeeze=False)
    titles: list[str] = []
    rows = []
    for axis, (title, cells) in zip(axes[:, 0], panels.items(), strict=True):
        for symbol, (value, words, sentence) in cells.items():
            _, period, column = at[title][symbol]
            group = column + 1 if column < 3 else column - 13  # of 32 columns fourteen are the f block's
            colour = mpl.colormaps["viridis_r"](scale(value))
            corner = (group - 0.48, period + 0.52)
            axis.add_patch(Rectangle(corner, 0.96, 0.96, facecolor=colour, linewidth=0, url=str(len(titles))))
            ink = "white" if np.dot(colour[:3], (0.299, 0.587, 0.114)) < 0.55 else INK
            axis.text(group, period + 1, f"{symbol}\n{words}", ha="center", va="center", fontsize=7.5, color=ink)
            titles.append(sentence)
            rows.append({"panel": title, "series": symbol, "mark": "cell", label or title: value})
        axis.set(title=title, xlim=(0.4, 18.6), ylim=(bottom + 0.6, top + 0.4), xlabel="group", ylabel="period")
        axis.set(xticks=range(1, 19), yticks=range(top + 1, bottom + 1))
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
    if label:
        figure.colorbar(mpl.cm.ScalarMappable(scale, "viridis_r"), ax=axes[:, 0].tolist(), label=label, shrink=0.6)
    page = partial(pointed, titles=titles, heading=f"The {len(titles)} values")
    return finished(figure, said, page, pd.DataFrame(rows))
