"""Every figure of the chapters, drawn on the committed records: labelled axes, units, an alternative text."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.axes._secondary_axes import SecondaryAxis
from matplotlib.figure import Figure

from replicate import experiments, papers, records, report
from replicate.evaluation.compare import scoreboard
from replicate.features.composition import parse
from replicate.records import Record


def full(name: str) -> Record:
    record = records.full_record(name)
    assert record is not None, f"no committed record of {name}"
    return record


def printed(experiment: str) -> dict[str, float]:
    """Return metric → published value, in the metric's own unit."""
    return {t.metric: t.published / t.scale for t in papers.targets(experiment)}


def histories(record: Record) -> list[str]:
    return [key.removeprefix("history/") for key in record.arrays if key.startswith("history/")]


def every(name: str) -> Callable[[Record], tuple[Any, ...]]:
    """Return the arguments of a figure that needs the record of an experiment and its published numbers."""
    return lambda record: (record, printed(name))


def alone(record: Record) -> tuple[Any, ...]:
    return (record,)


def panel(record: Record) -> dict[str, Record]:
    return report.panels(record, record)


ARGUMENTS: dict[str, tuple[str, Callable[[Record], tuple[Any, ...]]]] = {
    "atom_tables": ("zeng2019-gap", lambda _: (parse(["GaN", "Cu2ZnSnS4"]),)),
    "confusion": ("zeng2019-metal", lambda r: (panel(r), "random/atcnn", ("semiconductor", "metal"))),
    "learning_curves": ("zeng2019-gap", lambda r: (r, histories(r), "eV")),
    "parity": ("zeng2019-gap", lambda r: (panel(r), "random/atcnn", "band gap", "eV", "published")),
    "roc": ("zeng2019-metal", lambda r: (panel(r), "random", ("atcnn", "svc"), "0.97")),
    "scores_by_split": ("zeng2019-gap", lambda r: (r, "mae", "eV", {"published": 0.307})),
    "verdict_ratios": ("zeng2019-gap", lambda _: (scoreboard(),)),
}
"""Figure → the experiment whose record it is drawn from, and what it is called with."""
DIMENSIONAL = re.compile(r"\b(Tc|MAE|RMSE|energy|gap|temperature|distance|share)\b")
"""Words of a label that call for a unit; a score without one, such as R², has none."""
UNIT = re.compile(r"\([^)]+\)|, %|/ K\)|per \d")
NUMBER = re.compile(r"[^A-Za-z]*\d[^A-Za-z]*")


def drawn() -> list[str]:
    """Return the names of the public functions that draw a figure."""
    public = {name: getattr(report, name) for name in report.__all__}
    return [n for n, f in public.items() if callable(f) and signature(f).return_annotation == "Figure"]


def panels_of(figure: Figure) -> list[Axes]:
    """Return the axes that are drawn, insets too; a second scale of the same axis tells what the first does."""
    found = [one for axes in figure.axes for one in (axes, *axes.child_axes)]
    return [
        axes for axes in found if axes.axison and axes.get_visible() and not isinstance(axes, SecondaryAxis)
    ]


def unlabelled(figure: Figure) -> list[str]:
    """Return the axes whose ticks are numbers and which have no label, nor the scale of another panel that has one."""
    figure.canvas.draw()
    panels = panels_of(figure)
    over = {"x": figure.get_supxlabel(), "y": figure.get_supylabel()}
    missing = []
    for place, axes in enumerate(panels):
        for which in "xy":
            ticks = [
                tick.get_text()
                for tick in getattr(axes, f"{which}axis").get_ticklabels()
                if tick.get_visible()
            ]
            limits = getattr(axes, f"get_{which}lim")()
            alike = [one for one in panels if getattr(one, f"get_{which}lim")() == limits]
            labels = [getattr(one, f"get_{which}label")() for one in alike]
            if (
                any(NUMBER.fullmatch(tick.replace("\\mathdefault", "")) for tick in ticks)
                and not any(labels)
                and not over[which]
            ):
                missing.append(f"panel {place}, {which}: {ticks}")
    return missing


def labels_of(figure: Figure) -> list[str]:
    found = [label for axes in panels_of(figure) for label in (axes.get_xlabel(), axes.get_ylabel())]
    return [label for label in (*found, figure.get_supxlabel(), figure.get_supylabel()) if label]


def test_every_figure_is_drawn_here() -> None:
    assert sorted(drawn()) == sorted(ARGUMENTS)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_figure_says_what_it_shows(name: str) -> None:
    experiment, arguments = ARGUMENTS[name]
    assert experiment in {one.id for one in experiments.questions()}
    given = arguments(full(experiment))
    figure = getattr(report, name)(*given)
    assert unlabelled(figure) == []
    labels = labels_of(figure)
    assert [label for label in labels if DIMENSIONAL.search(label) and not UNIT.search(label)] == []
    place = list(signature(getattr(report, name)).parameters)
    if "unit" in place:
        assert any(f"({given[place.index('unit')]})" in label for label in labels)
    assert re.fullmatch(r".{30,}\.", figure.get_label(), re.DOTALL), "no alternative text"


def texts_of(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_a_parity_plot_tells_the_published_scores() -> None:
    record = full("zeng2019-gap")
    for said in ("published MAE 0.307 eV", "published MAE 0.308 eV"):
        figure = report.parity(panel(record), "random/atcnn", "band gap", "eV", said)
        assert texts_of(figure.axes[0]).count(said) == 1
    ours, *others = texts_of(report.parity(panel(record), "random/atcnn", "band gap", "eV").axes[0])
    assert "MAE " in ours and others == [], "nothing published, nothing told"


def test_roc_curves_tell_the_published_area() -> None:
    record = full("zeng2019-metal")
    for published, title in {
        "0.97": "AUC (published 0.97)",
        "0.96": "AUC (published 0.96)",
        "": "AUC",
    }.items():
        legend = report.roc(panel(record), "random", ("atcnn", "svc"), published).axes[0].get_legend()
        assert legend is not None and legend.get_title().get_text() == title


def test_scores_by_split_draw_a_line_at_each_published_value() -> None:
    record = full("zeng2019-gap")
    published = {"ATCNN, published": 0.307, "SVR, published": 0.45}
    axis = report.scores_by_split(record, "mae", "eV", published).axes[0]
    # Lines from the lower edge of the panel to the upper one; the error bars' are elsewhere.
    upright = [line for line in axis.lines if np.array_equal(line.get_ydata(), [0, 1])]
    assert {line.get_label(): list(line.get_xdata()) for line in upright} == {
        label: [value, value] for label, value in published.items()
    }
    assert len({line.get_linestyle() for line in upright}) == len(published)
    legend = axis.get_legend()
    assert legend is not None
    assert {*published} <= {text.get_text() for text in legend.get_texts()}
    low, high = axis.get_xlim()
    assert all(low < value < high for value in published.values())
    bare = report.scores_by_split(record, "mae", "eV").axes[0]
    assert not [line for line in bare.lines if np.array_equal(line.get_ydata(), [0, 1])]


def test_an_axis_without_a_label_is_found() -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    left.plot([0, 1])
    right.plot([0, 5])
    left.set(xlabel="epoch", ylabel="Tc (K)")
    right.set_xlabel("epoch")
    assert [text.split(":")[0] for text in unlabelled(figure)] == ["panel 1, y"]
    right.set_yticks([0, 1], ["random forest", "network"])
    assert unlabelled(figure) == []
