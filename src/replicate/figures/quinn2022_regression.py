"""Figures of the regression of critical temperatures: one class asked about the others, leakage, relative errors."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replicate.figures.names import CLASS_NAMES, MODEL_NAMES, model_names, signed
from replicate.figures.quinn2022 import CLASS_COLOURS, seeds_title
from replicate.figures.style import BLUE, INK, ORANGE, PALE, SILVER, finished, panel_row
from replicate.records import Record

HOTTEST = 140.0  # K, of the figures in which one class's model is asked about another
LEAKAGE_MODELS = ("parent-mean", "extra-trees-fractions", "combined")
LEAKAGE_SETS = {"": "structures found here", "3dsc": "structures and Tc of the 3DSC"}
"""Prefix of the splits' names in the record → what was split."""
SPLITS = {"random": "random rows", "parent": "by parent compound"}


def split_prefix(dataset: str, kind: str) -> str:
    """Return under which name a split of a dataset stands in the record."""
    if not dataset:
        return kind
    return dataset if kind == "random" else f"{dataset}-{kind}"


def leakage(record: Record, published: Mapping[str, float]) -> Figure:
    """Draw the errors of the combined model and of what knows less, on random rows and with parents kept together.

    Args:
        record: of ``quinn2022-regression``.
        published: score → the paper's value, on random rows.
    """
    shown = [one for one in LEAKAGE_SETS if f"{split_prefix(one, 'random')}/combined/mae" in record.metrics]
    figure, axes = plt.subplots(
        len(shown), 2, figsize=(8.8, 2.3 * len(shown) + 1.0), sharey=True, sharex="col", squeeze=False
    )
    for dataset, line in zip(shown, axes, strict=True):
        for axis, score in zip(line, ("mae", "r2"), strict=True):
            _bars(axis, record, dataset, score)
            if not dataset and score in published:
                axis.axvline(published[score], color=INK, ls="--", lw=1, label="published, random rows")
            axis.axvline(0, color=INK, lw=0.8)
            axis.grid(axis="x", color=PALE, lw=0.6)
        line[0].set_title(LEAKAGE_SETS[dataset])
        line[1].set_title(seeds_title(record), fontsize=9)
    axes[-1, 0].set_xlabel("test MAE (K)")
    axes[-1, 1].set_xlabel("test R²")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=9)
    return finished(
        figure, f"Test MAE and R² on random rows and by parent compound: {model_names(LEAKAGE_MODELS)}."
    )


def _bars(axis: Axes, record: Record, dataset: str, score: str) -> None:
    """Draw a score of each model as a pair of bars, seeds as points."""
    for (kind, label), colour, offset in zip(SPLITS.items(), (BLUE, ORANGE), (0.19, -0.19), strict=True):
        for place, model in enumerate(LEAKAGE_MODELS):
            metric = record.metrics.get(f"{split_prefix(dataset, kind)}/{model}/{score}")
            if metric is None:
                continue
            first = place == 0
            axis.barh(place + offset, metric.mean, 0.36, color=colour, label=label if first else None)
            axis.plot(
                metric.values, [place + offset] * len(metric.values), "o", color=INK, ms=3.5, mec="white",
                mew=0.5, label="single seeds" if first and kind == "random" else None,
            )  # fmt: skip
    axis.set_yticks(range(len(LEAKAGE_MODELS)), [MODEL_NAMES[model] for model in LEAKAGE_MODELS], fontsize=9)


def class_models(record: Record) -> Figure:
    """Draw what the model of each class predicts for its own test compounds and for the others (Fig. 2B–D).

    Args:
        record: of ``quinn2022-regression``.
    """
    figure, axes = panel_row(len(CLASS_NAMES), width=3.2, height=4.0)
    for axis, model in zip(axes, CLASS_NAMES, strict=True):
        # The model's own class last, so that it lies on top.
        for tested in sorted(CLASS_NAMES, key=lambda name: name == model):
            packed = record.arrays.get(f"parity/{tested}/{model}")
            if packed is None:
                continue
            low, high = packed["limits"]
            cells = np.array(packed["cells"], dtype=float).reshape(-1, 3)
            x, y = (low + (cells[:, i] + 0.5) * (high - low) / packed["bins"][0] for i in (0, 1))
            axis.scatter(
                x, y, s=5 + 4 * np.sqrt(cells[:, 2]), color=CLASS_COLOURS[tested], alpha=0.55, lw=0,
                label=CLASS_NAMES[tested] if model == "cuprate" else None,
            )  # fmt: skip
        axis.axline((0, 0), slope=1, color=INK, lw=1)
        axis.set(xlim=(-3, HOTTEST + 3), ylim=(-3, HOTTEST + 3), aspect="equal", xlabel="measured Tc (K)")
        own = record.metrics[f"{model}/{model}/r2"]
        axis.set_title(
            f"trained on {CLASS_NAMES[model]}\nR² there {signed(own.mean).removeprefix('+')}", fontsize=10
        )
        for side in (axis.xaxis, axis.yaxis):
            side.set_major_locator(mpl.ticker.MultipleLocator(40))
        axis.grid(color=PALE, lw=0.6)
    axes[0].set_ylabel("predicted Tc (K)")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(
        handles, [f"tested on {label}" for label in labels], loc="outside lower center", ncols=3, fontsize=9,
        markerscale=2,
    )  # fmt: skip
    return finished(
        figure, "Predicted against measured Tc of networks trained on one class each and tested on all three."
    )


def relative_errors(record: Record) -> Figure:
    """Draw how far each model's predictions are off as a share of the measured Tc, median dashed (SI Fig. 3).

    Args:
        record: of ``quinn2022-regression``.
    """
    models = {"combined": INK, **{name: CLASS_COLOURS[name] for name in CLASS_NAMES}}
    figure, axes = plt.subplots(2, 2, figsize=(8.6, 5.2), sharex=True)
    edges = 100 * np.array(record.arrays["relative/edges"])
    for axis, (model, colour) in zip(axes.ravel(), models.items(), strict=True):
        counts = np.array(record.arrays[f"relative/{model}"], dtype=float)
        axis.stairs(100 * counts / max(counts.sum(), 1), edges, fill=True, color=colour, alpha=0.75)
        median, under = (record.metrics[f"relative/{model}/{s}"] for s in ("median", "underestimated"))
        axis.axvline(0, color=SILVER, lw=1)
        # A median beyond the figure is not drawn on its edge; the title has it.
        if edges[0] < 100 * median.mean < edges[-1]:
            axis.axvline(100 * median.mean, color=INK, lw=1.2, ls="--")
        axis.set_title(
            f"{MODEL_NAMES[model]}: median {signed(100 * median.mean, 1)} %, {100 * under.mean:.0f} % too low",
            fontsize=9,
        )
        axis.set_ylim(0, None)
        axis.set_xlim(edges[0], edges[-1])
    for axis in axes[-1]:
        axis.set_xlabel("(predicted − measured) / measured (%),\nall beyond in the outermost bars")
        axis.xaxis.set_major_locator(mpl.ticker.MultipleLocator(100))
    figure.supylabel("share of the test compounds (%)", fontsize=10.5)
    return finished(
        figure,
        f"Distribution of the error as a share of the measured Tc, one panel each: {model_names(models)}.",
    )
