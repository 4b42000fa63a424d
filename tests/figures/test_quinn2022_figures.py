"""The figures of the chapter on superconductors with structure draw every seed, and the published values."""

from __future__ import annotations

import numpy as np
import pytest

from replicate import figures as fig
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


@pytest.mark.parametrize("labelled", [("cuprate",), ("cuprate", "all-cuprates")])
def test_the_highest_tc_has_its_line(labelled):
    metrics, arrays = {}, {}
    for label in labelled:
        for reading in ("sum", "per-copper", "mean"):
            start = f"{label}/envelope{'' if reading == 'sum' else f'-{reading}'}"
            metrics |= {f"{start}/slope": [-2], f"{start}/rank": [-0.5]}
            arrays[f"density/{label}/{reading}"] = {"x": [5, 9], "y": [0, 140], "cells": [[0, 0, 3]]}
            arrays[f"envelope/{label}/{reading}"] = [[6, 8], [100, 96]]
    figure = fig.ionization_density(record("ionization", metrics, arrays))
    panels = [axis for axis in figure.axes if axis.get_xlabel()]
    assert len(panels) == 3 * len(labelled)
    np.testing.assert_allclose(panels[0].lines[1].get_ydata(), [100, 96])
    assert title(panels[0]).endswith("−2.0 K/eV, rank −0.50")


def benchmarks(sizes):
    metrics = {}
    for group, prefix, numbers in (
        ("training-size", "train", sizes), ("epochs", "epochs", (5, 10)), ("convolutions", "convolutions", (3, 5)),
    ):  # fmt: skip
        for n in numbers:
            metrics |= {f"{group}/{prefix}-{n}/r2": [0.8, 0.9], f"{group}/{prefix}-{n}/mae": [5, 6]}
    return record("regression-benchmarks", metrics)


@pytest.mark.parametrize(("sizes", "shaded"), [((2000, 4000, 8000), 1), ((250, 500), 0)])
def test_benchmarks_mark_what_the_paper_says(sizes, shaded):
    figure = fig.benchmark_curves(benchmarks(sizes), {"convolutions": (5, "best in the paper")}, (4000, 8000))
    size, _, convolutions = figure.axes[:3]
    assert len(size.patches) == shaded and len(lines_at(convolutions, 5)) >= 1
    assert title(convolutions) == "dashed: best in the paper"
    assert figure._suptitle.get_text() == "quick profile, 2 seeds"


def regression(three_d):
    metrics = {}
    for kind in ("random", "parent", *(("3dsc", "3dsc-parent") if three_d else ())):
        for n, model in enumerate(("parent-mean", "extra-trees-fractions", "combined"), start=1):
            metrics |= {f"{kind}/{model}/mae": [n, n + 1], f"{kind}/{model}/r2": [-0.1, 0.1]}
    arrays = {"relative/edges": [-2.0, 0.0, 2.0]}
    packed = {"limits": [0, 120], "bins": [60], "cells": [[0, 59, 4]]}
    for model in ("combined", *fig.CLASS_NAMES):
        metrics |= {f"relative/{model}/median": [-3, -3], f"relative/{model}/underestimated": [0.6, 0.6]}
        arrays[f"relative/{model}"] = [3, 1]
        metrics[f"{model}/{model}/r2"] = [-0.25, -0.25]
        arrays |= {f"parity/{tested}/{model}": packed for tested in fig.CLASS_NAMES}
    return record("regression", metrics, arrays)


@pytest.mark.parametrize("three_d", [False, True])
def test_leakage_beside_the_baselines(three_d):
    figure = fig.leakage(regression(three_d), {"mae": 5.6, "r2": 0.92})
    assert len(figure.axes) == (4 if three_d else 2)
    mae = figure.axes[0]
    assert [bar.get_width() for bar in mae.patches] == [1.5, 2.5, 3.5] * 2
    assert lines_at(mae, 5.6) and lines_at(figure.axes[1], 0.92)
    assert not any(lines_at(axis, 5.6) for axis in figure.axes[2:])
    assert labels(figure) == ["single seeds", "published, random rows", "random rows", "by parent compound"]


def test_models_of_a_class_are_asked_about_all():
    figure = fig.class_models(regression(False))
    assert [len(axis.collections) for axis in figure.axes] == [3, 3, 3]
    assert title(figure.axes[1]) == "trained on iron-based\nR² there −0.25"
    np.testing.assert_allclose(figure.axes[0].collections[0].get_offsets(), [[1, 119]])
    assert sorted(labels(figure)) == ["tested on cuprates", "tested on iron-based", "tested on low-Tc"]


def test_a_median_beyond_the_figure_is_told_not_drawn():
    figure = fig.relative_errors(regression(False))
    axis = figure.axes[0]
    assert "median −300.0 %, 60 % too low" in title(axis)
    assert not lines_at(axis, -300) and lines_at(axis, 0)
