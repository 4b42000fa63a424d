"""The figures of the classifiers, the attributes and the search draw every model, and the published values."""

from __future__ import annotations

import numpy as np
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


def thresholds(ordered=True):
    metrics = {}
    for threshold in (0, 20, 5):
        for kind in ("", "-ordered") if ordered else ("",):
            start = f"threshold-{threshold}K{kind}"
            metrics[f"{start}/baseline/accuracy"] = [0.6, 0.6]
            for model in ("cgcnn", "extra-trees-fractions", "disorder-rule"):
                if not (kind and model == "disorder-rule"):
                    metrics |= {f"{start}/{model}/{score}": [0.8, 1.0] for score in SCORES}
    for model in ("cgcnn", "extra-trees-fractions", "disorder-rule"):
        metrics |= {f"threshold-0K-parent/{model}/{score}": [0.4, 0.5] for score in SCORES}
    return record("thresholds", metrics)


def test_scores_stand_in_the_order_of_the_thresholds_beside_the_printed_ones():
    printed = {
        "best/cgcnn/accuracy": 0.95,
        "thresholds-0-to-15K/cgcnn/lowest_score": 0.9,
        "threshold-0K/baseline/accuracy": 0.55,
    }
    figure = fig.threshold_scores(thresholds(), printed)
    left, right = figure.axes
    for axis in (left, right):
        x, y = curve(axis, "Recall")
        assert x == [0, 5, 20]
        np.testing.assert_allclose(y, 0.9)
    assert curve(left, "published: lowest of the four") == ([0, 15], [0.9, 0.9])
    assert curve(left, "published: larger class") == ([0], [0.55])
    assert {"published: best accuracy", "accuracy of the larger class"} <= set(labels(figure))
    # No band leaves the range of a score.
    assert max(path.vertices[:, 1].max() for c in left.collections for path in c.get_paths()) <= 1


def test_no_ordered_crystals_and_nothing_printed():
    figure = fig.threshold_scores(thresholds(ordered=False), {})
    assert not figure.axes[1].lines
    assert fig.threshold_models(thresholds(ordered=False)).axes[0].lines


def test_the_rule_has_no_curve_on_ordered_crystals():
    figure = fig.threshold_models(thresholds())
    names = [{line.get_label() for line in axis.lines} for axis in figure.axes]
    assert "Disordered or not" in names[0] and "Disordered or not" not in names[1]
    assert "accuracy of the larger class" in names[1] and "accuracy of the larger class" not in names[3]


def test_precision_and_recall_where_parents_are_kept_together():
    figure = fig.class_precision_recall(thresholds(), 0.9)
    random, parents = figure.axes
    assert "Tc above 0 K, random split" in (random.get_title("left"), random.get_title())
    hollow = [line for line in random.lines if line.get_markerfacecolor() == "none" and len(line.get_xdata())]
    assert len([line for line in hollow if line.get_xdata()[0] == pytest.approx(0.9)]) == 2
    assert "published: all scores about 0.9 or more" in labels(figure)
    assert not [line for line in parents.lines if line.get_markerfacecolor() == "none"]  # none was scored


def benchmarks(seeds=2):
    values = {"train-2000": 0.5, "train-16000": 0.7}
    metrics = {}
    for group, variants in (
        ("training-size", values),
        ("batch-size", {"batch-100": 0.7, "batch-25": 0.6}),
        ("convolutions", {"convolutions-1": 0.5}),
    ):
        for label, value in variants.items():
            metrics |= {f"{group}/{label}/{score}": [value] * seeds for score in SCORES}
    metrics["batch-size/cgcnn/best"] = [100]
    metrics |= {
        f"features/{n}/gain": [g] * seeds for n, g in (("group-period", 0), ("all", 0.03), ("block", 0.01))
    }
    return record("classifier-benchmarks", metrics, seeds=seeds)


def test_variants_from_the_smallest_and_the_ranges_the_paper_names():
    figure = fig.classifier_variants(benchmarks())
    size, batch, convolutions = figure.axes
    assert curve(batch, "F1") == ([25, 100], [0.6, 0.7])
    assert [t.get_text() for t in size.get_xticklabels()] == ["2,000", "16,000"]
    assert "named in the paper" in labels(figure)
    # A range beyond what was tried is not drawn.
    assert not convolutions.patches and batch.patches and size.patches


def test_features_are_ranked_without_the_one_they_are_added_to():
    figure = fig.feature_gains(benchmarks(), {"block": "the paper: most"})
    (axis,) = figure.axes
    assert [t.get_text() for t in axis.get_yticklabels()] == ["block\n(the paper: most)", "all nine"]


@pytest.mark.parametrize("few", [True, False])
def test_attributes_of_as_many_sets_as_there_are(few):
    names = ["debye_temperature"] + ["debye_temperature-few"] * few
    metrics = {f"{n}/{m}/r2": [0.7, 0.8] for n in names for m in ("cgcnn", "extra-trees-fractions")}
    sets = {"debye_temperature": "all", "debye_temperature-few": "few"}
    figure = fig.attribute_scores(record("attributes", metrics), sets, 0.68)
    shown = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert shown == (["few", "all"] if few else ["all"])
    assert labels(figure) == ["published: about 0.68", "CGCNN", "Extra trees on fractions"]
