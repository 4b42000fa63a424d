"""Figures of the superconductor CGCNN chapter: classifiers, the regression as one, and attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replicate import papers
from replicate.figures.names import MODEL_NAMES, feature_name, model_names
from replicate.figures.quinn2022 import seeds_title
from replicate.figures.style import BLUE, GREEN, INK, ORANGE, PALE, PINK, RED, SILVER, finished, legend_below
from replicate.records import Metric, Record

SCORE_NAMES = {"accuracy": "Accuracy", "precision": "Precision", "recall": "Recall", "f1": "F1"}
CRYSTALS = {"": "all crystals", "-ordered": "ordered crystals"}
"""Suffix of a record's labels → which test crystals are scored."""
CLASS_MODELS = ("cgcnn", "extra-trees-fractions", "disorder-rule")
VARIANTS = {"training-size": "training compounds", "batch-size": "batch size", "convolutions": "convolutions"}
_NAMED = {"training-size": "class-rows", "batch-size": "class-batch", "convolutions": "class-convolutions"}
"""Ranges in the paper's text on SI Fig. 1: no gain in the first, the best scores in the others."""
_MARKS = ("o", "s", "D", "^")
_COLOURS = (BLUE, ORANGE, GREEN, PINK)  # red stands for what is published


def thresholds_of(record: Record, model: str, suffix: str = "") -> list[int]:
    """Return the thresholds (K) at which a record holds a model's F1 under ``threshold-<K>K<suffix>``."""
    pattern = re.compile(rf"threshold-(\d+)K{re.escape(suffix)}/{re.escape(model)}/f1")
    return sorted(int(found[1]) for found in map(pattern.fullmatch, record.metrics) if found)


def _line(
    axis: Axes, x: Sequence[float], values: Sequence[Metric], colour: str, mark: str, label: str
) -> None:
    """Draw means with a band of one standard deviation over seeds."""
    mean = np.array([metric.mean for metric in values])
    sd = np.array([metric.sd or 0.0 for metric in values])
    axis.plot(x, mean, f"{mark}-", color=colour, ms=5, lw=1.4, label=label)
    low, high = np.clip((mean - sd, mean + sd), 0, 1)
    axis.fill_between(x, low, high, color=colour, alpha=0.16, lw=0)


def _baseline(axis: Axes, record: Record, thresholds: Sequence[int], suffix: str = "") -> None:
    """Draw the accuracy of always saying the larger class."""
    share = [record.metrics[f"threshold-{t}K{suffix}/baseline/accuracy"].mean for t in thresholds]
    axis.plot(thresholds, share, color=INK, ls="--", lw=1.2, label="accuracy of the larger class")


def _four_scores(axis: Axes, record: Record, starts: Mapping[float, str]) -> None:
    """Draw the paper's four scores at some places of an axis, place → start of the metrics."""
    for colour, mark, (score, label) in zip(_COLOURS, _MARKS, SCORE_NAMES.items(), strict=True):
        values = [record.metrics[f"{start}/{score}"] for start in starts.values()]
        _line(axis, list(starts), values, colour, mark, label)


def _threshold_axis(axis: Axes, thresholds: Sequence[int]) -> None:
    axis.set_xticks(thresholds, [f"{t}" for t in thresholds])
    axis.set_xlabel("threshold of Tc (K)")
    axis.grid(axis="y", color=PALE, lw=0.6)


def threshold_scores(record: Record, published: Mapping[str, float]) -> Figure:
    """Draw the network's four scores against the threshold, all test crystals and the ordered ones (Fig. 1B).

    Args:
        record: of ``quinn2022-thresholds``.
        published: metric → value of the printed numbers, as shares.
    """
    figure, axes = plt.subplots(1, 2, figsize=(9.4, 4.4), sharex=True, sharey=True)
    for axis, (suffix, title) in zip(axes, CRYSTALS.items(), strict=True):
        found = thresholds_of(record, "cgcnn", suffix)
        if found:
            _four_scores(axis, record, {t: f"threshold-{t}K{suffix}/cgcnn" for t in found})
            _baseline(axis, record, found, suffix)
        _threshold_axis(axis, thresholds_of(record, "cgcnn"))
        axis.set_title(title)
    left = axes[0]
    if (best := published.get("best/cgcnn/accuracy")) is not None:
        left.axhline(best, color=RED, lw=1, ls=":", label="published: best accuracy")
    for label, ends in {"thresholds-0-to-15K": (0, 15), "thresholds-20-and-30K": (20, 30)}.items():
        if (value := published.get(f"{label}/cgcnn/lowest_score")) is not None:
            left.plot(ends, (value, value), color=RED, lw=2.2, label="published: lowest of the four")
    given = {t: published.get(f"threshold-{t}K/baseline/accuracy") for t in (0, 50)}
    known = {t: value for t, value in given.items() if value is not None}
    left.plot(
        list(known),
        list(known.values()),
        "D",
        mfc="none",
        mec=RED,
        ms=8,
        ls="",
        label="published: larger class",
    )
    left.set_ylabel(f"score on test crystals\n({seeds_title(record)})")
    left.set_ylim(None, 1.02)
    legend_below(figure, list(axes), 4)
    return finished(
        figure,
        "Accuracy, precision, recall and F1 of the network against the threshold of Tc, on all and on "
        "ordered crystals.",
    )


def threshold_models(record: Record) -> Figure:
    """Draw accuracy and F1 of the network, of trees on the composition and of the rule "disordered"."""
    figure, axes = plt.subplots(2, 2, figsize=(9.4, 6.6), sharex=True, sharey="row")
    for line, score in zip(axes, ("accuracy", "f1"), strict=True):
        for axis, (suffix, title) in zip(line, CRYSTALS.items(), strict=True):
            for colour, mark, model in zip(_COLOURS, _MARKS, CLASS_MODELS, strict=False):
                found = thresholds_of(record, model, suffix)
                values = [record.metrics[f"threshold-{t}K{suffix}/{model}/{score}"] for t in found]
                if found:
                    _line(axis, found, values, colour, mark, MODEL_NAMES[model])
            if score == "accuracy":
                _baseline(axis, record, thresholds_of(record, "cgcnn", suffix), suffix)
                axis.set_title(title)
            _threshold_axis(axis, thresholds_of(record, "cgcnn"))
            axis.set_xlabel("threshold of Tc (K)" if score == "f1" else "")
        line[0].set_ylim(None, 1.02)
        line[0].set_ylabel(f"{SCORE_NAMES[score]}, {seeds_title(record)}")
    legend_below(figure, axes.ravel().tolist(), 4)
    return finished(
        figure,
        f"Accuracy and F1 against the threshold of Tc, on all and on ordered crystals: {model_names(CLASS_MODELS)}.",
    )


def class_precision_recall(record: Record, published: float | None = None) -> Figure:
    """Draw precision against recall where a split keeps parents together too; hollow: ordered crystals alone.

    Args:
        record: of ``quinn2022-thresholds``.
        published: the lowest of the four scores at 0 K, a corner in the panels of that threshold.
    """
    rows = thresholds_of(record, "cgcnn", "-parent")
    kinds = {"": "random split", "-parent": "parents kept together"}
    figure, axes = plt.subplots(
        len(rows), 2, figsize=(9.0, 4.0 * len(rows) + 0.5), squeeze=False, sharex=True, sharey=True
    )
    for line, threshold in zip(axes, rows, strict=True):
        for axis, (kind, title) in zip(line, kinds.items(), strict=True):
            for colour, mark, model in zip(_COLOURS, _MARKS, CLASS_MODELS, strict=False):
                for suffix in CRYSTALS:
                    start = f"threshold-{threshold}K{kind}{suffix}/{model}"
                    _point(axis, record, start, colour, mark, hollow=bool(suffix))
            if published is not None and threshold == 0:
                axis.plot(
                    [published, published, 1.03], [1.03, published, published],
                    color=RED, lw=1.2, label=f"published: all scores about {published:g} or more",
                )  # fmt: skip
            axis.set_title(f"Tc above {threshold} K, {title}")
            axis.grid(color=PALE, lw=0.6)
        line[0].set_ylabel("precision")
    for axis in axes[-1]:
        axis.set_xlabel("recall")
        axis.set(xlim=(None, 1.03), ylim=(None, 1.03))
    axes[0][0].plot([], [], "o", mfc="none", mec=INK, ms=8, mew=1.5, ls="", label="hollow: ordered crystals")
    legend_below(figure, axes.ravel().tolist())
    return finished(
        figure,
        f"Precision against recall on random rows and with parents kept together: {model_names(CLASS_MODELS)}.",
    )


def _point(axis: Axes, record: Record, start: str, colour: str, mark: str, *, hollow: bool) -> None:
    """Draw one model's precision and recall, mean ± sd over seeds."""
    precision, recall = (record.metrics.get(f"{start}/{score}") for score in ("precision", "recall"))
    if precision is None or recall is None:
        return
    axis.errorbar(
        recall.mean, precision.mean, xerr=recall.sd or 0, yerr=precision.sd or 0, fmt=mark, color=colour,
        ms=9 if hollow else 7, mfc="none" if hollow else colour, mew=1.5, capsize=2, lw=1,
        label=None if hollow else MODEL_NAMES[start.split("/")[1]],
    )  # fmt: skip


def classifier_variants(record: Record) -> Figure:
    """Draw the four scores against training size, batch size and convolutions (SI Fig. 1)."""
    figure, axes = plt.subplots(1, 3, figsize=(9.6, 4.2), sharey=True)
    for axis, (group, label) in zip(axes, VARIANTS.items(), strict=True):
        labels = {
            float(key.split("/")[1].rpartition("-")[2]): key.rpartition("/")[0]
            for key in record.metrics
            if key.startswith(f"{group}/") and re.search(r"-\d+/f1$", key)
        }
        x = sorted(labels)
        _four_scores(axis, record, {place: labels[place] for place in x})
        if group != "convolutions":
            axis.set_xscale("log")
        low, high = papers.stated(f"quinn2022/{_NAMED[group]}").values
        if x and low <= x[-1]:
            axis.axvspan(low, high, color=RED, alpha=0.12, lw=0, label="named in the paper")
        axis.xaxis.set_minor_locator(mpl.ticker.NullLocator())
        axis.set_xticks(x, [f"{v:,.0f}" for v in x], rotation=45 if group == "training-size" else 0)
        axis.set_xlabel(label)
        axis.grid(axis="y", color=PALE, lw=0.6)
    axes[0].set(ylabel="score on test crystals", title=seeds_title(record))
    legend_below(figure, list(axes), 5)
    return finished(
        figure,
        f"Accuracy, precision, recall and F1 of the classifier against {', '.join(VARIANTS.values())}.",
    )


def feature_gains(record: Record, notes: Mapping[str, str]) -> Figure:
    """Draw what each atom feature adds to group and period, mean of the four scores (SI Fig. 2).

    Args:
        record: of ``quinn2022-classifier-benchmarks``.
        notes: feature → what the paper says of it.
    """
    found = {
        parts[1]: metric
        for key, metric in record.metrics.items()
        if (parts := key.split("/"))[0] == "features" and parts[2] == "gain" and parts[1] != "group-period"
    }
    order = sorted(found, key=lambda name: found[name].mean)
    figure, axis = plt.subplots(figsize=(8.0, 0.42 * len(order) + 1.7))
    for place, name in enumerate(order):
        metric = found[name]
        axis.plot(100 * np.array(metric.values), [place] * len(metric.values), "o", color=SILVER, ms=4)
        axis.errorbar(
            100 * metric.mean, place, xerr=100 * (metric.sd or 0), fmt="D", ms=6, capsize=3,
            color=RED if name in notes else BLUE,
        )  # fmt: skip
    axis.axvline(0, color=INK, lw=1, ls="--")
    names = [feature_name(n) + (f"\n({notes[n]})" if n in notes else "") for n in order]
    axis.set_yticks(range(len(order)), names)
    axis.set(ylim=(-0.6, len(order) - 0.4), title=seeds_title(record))
    axis.set_xlabel(
        "mean of the four scores above group and period alone (points of 100)\n"
        "diamond: mean ± sd, grey: single seeds, red: named by the paper"
    )
    axis.grid(axis="x", color=PALE, lw=0.6)
    return finished(
        figure,
        f"What each of {len(order)} atom features adds to the mean score of group and period, lowest first.",
    )


def attribute_scores(record: Record, labels: Mapping[str, str], published: float) -> Figure:
    """Draw R² of the network and of trees on the composition for each set of compounds.

    Args:
        record: of ``quinn2022-attributes``.
        labels: prefix of the metrics → name of the set.
        published: R².
    """
    sets = [name for name in labels if f"{name}/cgcnn/r2" in record.metrics]
    figure, axis = plt.subplots(figsize=(7.4, 0.8 * len(sets) + 1.7))
    for offset, colour, mark, model in zip((0.14, -0.14), _COLOURS, _MARKS, CLASS_MODELS, strict=False):
        for place, name in enumerate(reversed(sets)):
            metric = record.metrics[f"{name}/{model}/r2"]
            axis.errorbar(
                metric.mean, place + offset, xerr=metric.sd or 0, fmt=mark, ms=7, capsize=3, color=colour,
                label=None if place else MODEL_NAMES[model],
            )  # fmt: skip
    axis.axvline(published, color=RED, ls="--", lw=1.2, label=f"published: about {published:g}")
    axis.set_yticks(range(len(sets)), [labels[name] for name in reversed(sets)])
    axis.set(ylim=(-0.5, len(sets) - 0.5), xlabel="R² on test compounds", title=seeds_title(record))
    axis.grid(axis="x", color=PALE, lw=0.6)
    legend_below(figure, [axis])
    return finished(
        figure,
        f"R² of the network and of trees on {', '.join(labels[name] for name in sets)}, beside the published value.",
    )
