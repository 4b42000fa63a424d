"""The figures of the chapter on superconductors with structure draw every seed, and the published values."""

from __future__ import annotations

import pytest

from replicate import figures as fig
from replicate.figures import quinn2022
from replicate.parents.search import PER_ATOM
from replicate.records import Metric, Record


def record(name, metrics, arrays=None, seeds=2):
    """Return a record with some metrics, key → values."""
    found = {key: Metric("", tuple(map(float, values)), 100) for key, values in metrics.items()}
    return Record(f"quinn2022-{name}", "quick", "k", {}, [], {}, list(range(seeds)), found, arrays or {})


def labels(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def title(axis):
    """Return an axis's title, on whichever side the style puts it."""
    return axis.get_title("left") + axis.get_title("center")


def lines_at(axis, value):
    """Return the vertical lines of an axis at a value."""
    return [line for line in axis.lines if len(line.get_xdata()) == 2 and set(line.get_xdata()) == {value}]


def structures():
    metrics = {f"data/{name}/rows": [n] for n, name in enumerate(fig.CLASS_NAMES, start=5)}
    metrics |= {"parents/3dsc/same": [0.9], "parents/3dsc/another_polymorph": [0.02]}
    metrics |= {"parents/3dsc/another_parent": [0.08], "parents/3dsc/none_here": [0]}
    arrays = {
        "tc/edges": [0, 2, 4],
        **{f"tc/{name}": [3, 1] for name in ("cuprate", "iron-based", "low-tc", "none")},
        "parents/distance": [3, 1],
        "parents/weights": [[0, 0.9], [PER_ATOM, 0.95]],
    }
    return record("data", metrics, arrays)


def test_classes_beside_the_published_numbers():
    figure = fig.tc_by_class(structures(), {"cuprate": 6500, "low-tc": 7000})
    left, right = figure.axes
    assert [bar.get_height() for bar in left.patches] == [5, 6, 7]
    assert [line.get_ydata()[0] for line in left.lines if len(line.get_xdata())] == [6500, 7000]
    assert right.get_ylabel() == "compositions per 2 K" and right.get_yscale() == "log"
    assert labels(figure) == ["low-Tc", "cuprates", "iron-based", "in no class", "published (about)"]


def test_parents_agree_in_shares_of_a_hundred():
    left, middle, right = fig.parent_distances(structures()).axes
    assert sum(bar.get_height() for bar in middle.patches) == pytest.approx(100)
    assert [t.get_text() for t in middle.texts] == ["90 %", "8 %"]  # the smallest has no room for its number
    assert lines_at(right, 1000 * PER_ATOM)
    assert left.get_ylabel() == "share of the entries (%)"


def features():
    metrics = {}
    for name in fig.CLASS_NAMES:
        for n, key in enumerate(("group-period", "block", "covalent-radius", "all")):
            metrics |= {f"{name}/{key}/r2": [n / 10, n / 10 + 0.05], f"{name}/{key}/mae": [9 - n, 9 - n]}
        metrics[f"{name}/single-features/r2_range"] = [0.1]
    return record(
        "features", metrics, {f"order/{name}": ["covalent-radius", "block"] for name in fig.CLASS_NAMES}
    )


def test_features_stand_in_order_with_every_seed():
    figure = fig.feature_scores(features(), {"low-tc": ("block",)})
    assert len(figure.axes) == 6
    axis = figure.axes[4]
    assert [t.get_text() for t in axis.get_yticklabels()] == [
        "group and period only", "covalent radius", "block", "all nine",
    ]  # fmt: skip
    seeds = [line for line in axis.lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in seeds] == [2] * 4
    marks = {line.get_ydata()[0]: line.get_color() for line in axis.lines if line.get_marker() == "D"}
    assert marks[2] == quinn2022.RED and marks[1] == quinn2022.BLUE and marks[3] == quinn2022.INK
    assert lines_at(axis, 0.025)  # group and period alone
