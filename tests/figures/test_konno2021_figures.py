"""The figures of the reading-periodic-table chapter draw every model, and the published values."""

from __future__ import annotations

import numpy as np

from replicate import figures as fig
from replicate import papers
from replicate.records import Metric, Record


def record(name, metrics, arrays=None):
    """Return a record with some metrics, key → values."""
    found = {key: Metric("", tuple(map(float, values)), 100) for key, values in metrics.items()}
    return Record(f"konno2021-{name}", "quick", "k", {}, [], {}, [0, 1], found, arrays or {})


def labels(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_bins_of_the_cod_are_named_and_zero_stands_apart():
    edges = [0.0, 1e-6, 1, 2, 4, 10, 1000]
    arrays = {"histogram": {"edges": edges, "preliminary": [0] * 6, "garbage-in": [9, 1, 0, 0, 0, 2]}}
    metrics = {f"cod/{m}/above_{t}K": [5, 7] for m in ("preliminary", "garbage-in") for t in (0, 4, 10)}
    figure = fig.cod_predictions(record("garbage-in", metrics, arrays), {"garbage-in": {0: 900, 10: 70}})
    left, right = figure.axes
    assert [t.get_text() for t in left.get_xticklabels()] == [
        "exactly 0", "0–1", "1–2", "2–4", "4–10", "over 10",
    ]  # fmt: skip
    published = [line for line in right.lines if line.get_marker() == "_" and line.get_markersize() == 16]
    assert [list(line.get_ydata()) for line in published if len(line.get_ydata())] == [[900, 70]]
    assert "published" in labels(figure)


def test_precision_and_recall_leave_out_what_was_not_run():
    metrics = {}
    for threshold in (0, 10):
        metrics[f"above-{threshold}K/baseline/precision"] = [0.3]
        for score in ("precision", "recall"):
            metrics[f"above-{threshold}K/regression/{score}"] = [0.5, 0.7]
    figure = fig.precision_recall(record("hosono", metrics), papers.table("konno2021", "table1"))
    assert set(labels(figure)) == {"share on the list", "published, hollow", "Regression"}
    hollow = [line for line in figure.axes[0].lines if line.get_markerfacecolor() == "none"]
    assert (67, 62) in [
        (line.get_xdata()[0], line.get_ydata()[0]) for line in hollow if len(line.get_xdata())
    ]


def test_precision_by_threshold_also_where_all_predictions_are_equal():
    rows = [["FeSe", 8.0, 5.0, 0.1, 2], ["NaCl", 0.0, 5.0, 0.1, 2]]
    mixed = [["FeSe", 8.0, 6.0, 0.1, 2], ["NaCl", 0.0, 3.0, 0.1, 2], ["Nb", 9.0, 0.0, 0.0, 0]]
    arrays = {"predicted/regression": rows, "predicted/regression-fractions": mixed}
    figure = fig.precision_by_threshold(
        record("hosono", {"above-0K/baseline/precision": [0.3]}, arrays),
        ("regression", "regression-fractions", "classification"),
    )
    first, second = figure.axes[0].lines[:2]
    np.testing.assert_allclose((first.get_xdata(), first.get_ydata()), [[0], [50]])
    np.testing.assert_allclose((second.get_xdata(), second.get_ydata()), [[0, 3], [50, 100]])


def test_nothing_is_above_zero():
    arrays = {"predicted/regression": [["FeSe", 8.0, 0.0, 0.0, 0]]}
    one = record("hosono", {"above-0K/baseline/precision": [0.3]}, arrays)
    assert len(fig.precision_by_threshold(one, ("regression",)).axes) == 2


def iron():
    metrics = {}
    for model, found in (("periodic-resnet", [0, 0, 7, 100]), ("forest", [0, 0])):
        metrics[f"iron-based/{model}/found"] = found
        metrics[f"iron-based/{model}/found_share"] = [n / 100 for n in found]
        metrics[f"iron-based/{model}/alike_share"] = [0.1 for _ in found]
    return record("iron", metrics)


def test_every_model_stands_in_the_histogram():
    figure = fig.found_histogram(iron(), "iron-based", ["periodic-resnet", "forest"])
    deep, forest = figure.axes
    assert sum(bar.get_height() for bar in deep.patches) == 4
    assert deep.patches[0].get_height() == 2 and deep.patches[0].get_x() < 0  # those that find none
    assert sum(bar.get_height() for bar in forest.patches) == 2
    assert deep.get_title("left") + deep.get_title("center") == "Periodic-table network: 4 models, median 4"


def test_every_model_stands_against_its_base_rate():
    figure = fig.found_against_others(
        iron(), {"iron-based": "Iron"}, ["periodic-resnet", "forest", "shallow"]
    )
    marks = [
        line for line in figure.axes[0].lines if len(line.get_xdata()) in (2, 4) and line.get_marker() in "os"
    ]
    assert sorted(len(line.get_ydata()) for line in marks) == [2, 4]
    assert "no better than the others" in labels(figure)


def test_named_compounds_and_the_authors_predictions():
    metrics = {f"candidates/periodic-resnet/{name}": [3, 0] for name in ("CaBi2", "BeB2")}
    figure = fig.named_compounds(
        record("candidates", metrics), {"CaBi2": "CaBi₂", "BeB2": "BeB₂"}, {"CaBi2": 14.9}
    )
    drawn = [list(line.get_ydata()) for line in figure.axes[0].lines]
    assert drawn.count([14.9, 14.9]) == 1
    assert labels(figure) == ["single networks", "the authors' list", "mean ± sd"]


def test_sizes_of_formulas():
    arrays = {f"atoms/{name}": [1, 2, 3, 4, 50] for name in ("supercon", "cod", "list")}
    axis = fig.formula_sizes(record("hosono", {}, arrays)).axes[0]
    assert [t.get_text() for t in axis.get_yticklabels()] == [
        "SuperCon, taught",
        "COD, taught as 0 K",
        "the test list",
    ]
