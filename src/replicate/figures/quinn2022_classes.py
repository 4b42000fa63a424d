"""Figures of the superconductor CGCNN chapter: classifiers, the regression as one, and attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replicate.figures.quinn2022 import seeds_title
from replicate.figures.style import BLUE, GREEN, INK, ORANGE, PALE, PINK, RED, finished, legend_below
from replicate.records import Metric, Record

SCORE_NAMES = {"accuracy": "Accuracy", "precision": "Precision", "recall": "Recall", "f1": "F1"}
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


def regression_as_classes(record: Record, published: Mapping[str, float]) -> Figure:
    """Draw how well the combined regression tells what is above a threshold, beside the classifier (Fig. 6).

    Args:
        record: of ``quinn2022-regression-as-classifier``.
        published: metric → value of the printed numbers.
    """
    figure, axis = plt.subplots(figsize=(7.4, 4.6))
    thresholds = thresholds_of(record, "combined")
    _four_scores(axis, record, {t: f"threshold-{t}K/combined" for t in thresholds})
    _baseline(axis, record, thresholds)
    rivals = thresholds_of(record, "cgcnn")
    for colour, mark, (score, label) in zip(_COLOURS, _MARKS, SCORE_NAMES.items(), strict=False):
        if score not in ("accuracy", "f1"):
            continue
        values = [record.metrics[f"threshold-{t}K/cgcnn/{score}"] for t in rivals]
        mean = [m.mean for m in values]
        axis.errorbar(rivals, mean, yerr=[m.sd or 0 for m in values], fmt="none", ecolor=colour, capsize=7)
        axis.plot(
            rivals, mean, mark, mfc="none", mec=colour, ms=11, mew=1.6, label=f"{label} of the classifier"
        )
    given = {t: published.get(f"threshold-{t}K/combined/f1") for t in thresholds}
    for threshold, value in given.items():
        if value is not None:
            axis.plot(threshold, value, "*", color=RED, ms=13, ls="", label=f"published F1: above {value:g}")
    _threshold_axis(axis, thresholds)
    axis.set(ylim=(None, 1.03), ylabel="score on test compounds", title=seeds_title(record))
    legend_below(figure, [axis])
    return finished(
        figure,
        "Accuracy, precision, recall and F1 of the regression read as a classifier, against the threshold of Tc.",
    )
