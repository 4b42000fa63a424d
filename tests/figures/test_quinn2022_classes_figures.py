"""The figures of the classifiers, the attributes and the search draw every model, and the published values."""

from __future__ import annotations

import pytest

from replicate import figures as fig
from replicate.records import Metric, Record

SCORES = ("accuracy", "precision", "recall", "f1")


def record(name, metrics, arrays=None, seeds=2):
    """Return a record with some metrics, key → values."""
    found = {key: Metric("", tuple(map(float, values)), 100) for key, values in metrics.items()}
    return Record(f"quinn2022-{name}", "quick", "k", {}, [], {}, list(range(seeds)), found, arrays or {})


def labels(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def curve(axis, label):
    """Return the points of a labelled line."""
    (line,) = [line for line in axis.lines if line.get_label() == label]
    return list(line.get_xdata()), list(line.get_ydata())


def test_the_regression_beside_the_classifier_and_the_printed_f1():
    metrics = {}
    for threshold in (25, 30):
        metrics[f"threshold-{threshold}K/baseline/accuracy"] = [0.7, 0.7]
        metrics |= {f"threshold-{threshold}K/combined/{score}": [0.8, 0.9] for score in SCORES}
    metrics |= {f"threshold-30K/cgcnn/{score}": [0.9, 0.9] for score in SCORES}
    figure = fig.regression_as_classes(
        record("regression-as-classifier", metrics), {"threshold-25K/combined/f1": 0.94}
    )
    (axis,) = figure.axes
    assert curve(axis, "published F1: above 0.94") == ([25], [0.94])
    assert curve(axis, "F1 of the classifier") == ([30], [0.9])
    assert curve(axis, "accuracy of the larger class") == ([25, 30], [0.7, 0.7])


def search(new, oxides):
    arrays = {
        "tc/edges": [0.0, 20.0, 40.0, 60.0],
        "tc/regression/established": [0, 4, 2],
        "tc/regression/new": new,
        "oxides/regression": oxides,
    }
    names = ("positive_share", "new_share", "known_class_share", "oxygen_share", "ni_pd_ru_ag_oxide_share",
             "ta_re_os_ir_oxide_share")  # fmt: skip
    ways = {"pipeline": [0.1, 0.3], "regression": [0.2, 0.4]}
    metrics = {f"search/{way}/{name}": values for way, values in ways.items() for name in names}
    return record("search", metrics, arrays)


def test_new_candidates_stand_on_the_established_ones_and_alone():
    figure = fig.candidate_temperatures(search([0, 1, 0], {"Ni": 3, "Ta": 0}), 25, ("Ni",))
    everything, oxides, alone = figure.axes
    assert [bar.get_y() for bar in everything.patches[3:]] == [0, 4, 2]
    assert [bar.get_height() for bar in alone.patches] == [0, 1, 0]
    assert oxides.patches[0].get_facecolor() != oxides.patches[1].get_facecolor()
    assert not oxides.texts


def test_no_new_candidate_is_said_so():
    figure = fig.candidate_temperatures(search([0, 0, 0], {"Ni": 0, "Ta": 0}), 25, ("Ni",))
    assert [text.get_text() for text in figure.axes[1].texts] == ["none"]


def test_shares_beside_the_printed_ones():
    figure = fig.search_shares(search([0, 0, 0], {}), {"search/regression/positive_share": 0.037})
    axis = figure.axes[0]
    marks = [line for line in axis.lines if line.get_marker() == "|" and len(line.get_xdata())]
    assert [line.get_xdata()[0] for line in marks if line.get_markersize() == 18] == [pytest.approx(3.7)]
    right = [text.get_text() for text in axis.child_axes[0].get_yticklabels()]
    assert right[-1] == "30 ± 14 (3.7)" and right[0] == "30 ± 14"
