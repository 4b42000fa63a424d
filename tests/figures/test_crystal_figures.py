"""The figures of the crystal chapter with what a small run leaves out, and every element in a place of its own."""

from __future__ import annotations

import numpy as np
import pytest

from replicate import figures as fig
from replicate.features.elements import SYMBOLS
from replicate.figures.crystals import _ink_on, _place
from replicate.records import Metric, Record


def record(metrics=None, arrays=None, profile="quick"):
    """Return a record with some metrics, key → values, and arrays."""
    found = {key: Metric("eV/atom", tuple(values), 10) for key, values in (metrics or {}).items()}
    return Record("xie2018-formation", profile, "k", {}, [], {}, [0, 1], found, arrays or {}, {}, {})


def labels(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_every_element_has_a_place_of_its_own():
    places = {symbol: _place(symbol) for symbol in SYMBOLS}
    assert len(set(places.values())) == len(SYMBOLS)
    assert places["H"] == (1, -1) and places["He"] == (18, -1)
    assert places["La"] == (3, -6) and places["Hf"] == (4, -6) and places["Ac"] == (3, -7)
    assert places["Ce"][0] == places["Th"][0] == 4 and places["Lu"][0] == 17
    assert places["U"][1] < places["Nd"][1] < places["Og"][1]


def test_site_energies_show_all_that_is_known():
    """An element of the f block, or beyond radon, must not be lost."""
    known = {"Ba": [0.9, 0.1], "Ce": [1.25, 0.0], "U": [2.0, 0.0], "Ra": [-0.75, 0.0]}
    figure = fig.site_energies(record(arrays={"sites/a": known, "sites/b": {"Ti": [0.8, 0], "W": [1.5, 0]}}))
    on_a = [text.get_text() for text in figure.axes[0].texts]
    assert {"0.90", "1.25", "2.00", "-0.75", "Ce", "U", "Ra", "Rn"} <= set(on_a)
    on_b = [text.get_text() for text in figure.axes[1].texts]
    assert {"0.80", "1.50"} <= set(on_b) and "Ce" not in on_b
    low, high = figure.axes[0].get_ylim()
    heights = [text.get_position()[1] for text in figure.axes[0].texts]
    assert low <= min(heights) and max(heights) <= high


@pytest.mark.parametrize(("face", "ink"), [((1, 1, 1), "#1b1f24"), ((0.27, 0.0, 0.33), "white")])
def test_ink_stands_out(face, ink):
    assert _ink_on(face) == ink


def test_learning_curve_without_a_model_and_without_the_last_point():
    shown = {
        "full": record(
            {
                "learning-curve/100/cgcnn-eq5/mae": [0.4, 0.5],
                "learning-curve/1000/cgcnn-eq5/mae": [0.2],
                "learning-curve/largest/cgcnn-eq5/mae": [0.2],
                "learning-curve/cgcnn-eq5/slope": [-0.3],
                "random/cgcnn-eq5/mae": [0.05, 0.06],
                "random/split/train_rows": [28_046],
            }
        ),
        "this run": record({"learning-curve/100/cgcnn-eq4/mae": [0.5]}),
    }
    figure = fig.training_sizes(
        shown, "learning-curve", ("cgcnn-eq5", "cgcnn-eq4"), "eV/atom",
        last="random", published={"published": 0.039}, band=(0.081, 0.136, "DFT"),
    )  # fmt: skip
    # Each thing once, also what only the second panel shows.
    assert sorted(labels(figure)) == sorted(["published", "DFT", "CGCNN, Eq. 5", "CGCNN, Eq. 4"])
    (line,) = [c for c in figure.axes[0].containers if c.get_label() == "CGCNN, Eq. 5"]
    np.testing.assert_allclose(line[0].get_xdata(), [100, 1000, 28_046])
    np.testing.assert_allclose(line[0].get_ydata(), [0.45, 0.2, 0.055])


def test_hyperparameters_without_the_voronoi_rule():
    metrics = {
        "features-2/cgcnn-eq5/mae": [0.2, 0.3],
        "features-9/cgcnn-eq5/mae": [0.1],
        "convolutions-3/cgcnn-eq5/mae": [0.12],
        "step--6/cgcnn-eq5/mae": [0.15],
        "nearest-12/cgcnn-eq5/mae": [0.11],
        "validation/cgcnn-eq5/mae_range": [0.1],
    }
    figure = fig.hyperparameters(record(metrics), ("cgcnn-eq5", "cgcnn-eq4"), "eV/atom")
    drawn = [axis.containers[0][0].get_xydata().tolist() for axis in figure.axes]
    assert drawn == [[[2, 0.25], [9, 0.1]], [[3, 0.12]], [[-6, 0.15]], [[0, 0.11]]]


def test_an_axis_shorter_than_a_decade_has_more_labels():
    shown = {
        "this run": record({f"bulk-curve/{n}/cgcnn-eq5/mae": [y] for n, y in ((100, 0.09), (300, 0.06))})
    }
    axis = fig.training_sizes(shown, "bulk-curve", ("cgcnn-eq5",), "log(GPa)").axes[0]
    low, high = axis.get_ylim()
    inside = [place for place in axis.get_yticks() if low <= place <= high]
    np.testing.assert_allclose(inside, [0.06, 0.07, 0.08], rtol=1e-6)
    assert axis.xaxis.get_major_formatter()(150.0) == "150"
