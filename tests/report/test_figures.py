"""Every figure of the package, drawn on the committed records: labelled axes, units, alternative text, marks."""

import re
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from matplotlib.axes import Axes
from matplotlib.axes._secondary_axes import SecondaryAxis
from matplotlib.figure import Figure

from replicate import data, experiments, report
from replicate.experiments.core import Run
from replicate.experiments.samples import draw, make_rows
from replicate.experiments.scoring import score
from replicate.features.composition import parse
from replicate.report.style import shown_in_notebook
from replicate.results.compare import scoreboard
from replicate.results.records import Record

FIGURES: dict[str, tuple[str, Callable[[Record], tuple[Any, ...]]]] = {
    "atom_tables": ("zeng2019-gap", lambda _: (parse(["GaN", "Cu2ZnSnS4"]),)),
    "confusion": ("zeng2019-metal", lambda r: ({"full": r}, "random/atcnn", ("semiconductor", "metal"))),
    "element_tables": (
        "xie2018-perovskites",
        lambda r: (
            {"A": {s: (e, s, f"{s}: {e}") for s, (e, _) in r.arrays["sites/a"].items()}},
            "energy (eV)",
            "x" * 30 + ".",
        ),
    ),
    "learning_curves": ("zeng2019-gap", lambda r: (r, ["random/atcnn"], "eV")),
    "parity": ("zeng2019-gap", lambda r: ({"full": r}, "random/atcnn", "band gap", "eV", "published 0.307")),
    "periodic_planes": ("konno2021-preliminary", lambda _: (parse(["MgB2"]),)),
    "roc": ("zeng2019-metal", lambda r: ({"full": r}, "random", ("atcnn", "svc"), "0.97")),
    "scores_by_split": ("zeng2019-gap", lambda r: (r, "mae", "eV", {"published": 0.307, "SVR": 0.45})),
    "verdict_ratios": ("zeng2019-gap", lambda _: (scoreboard(),)),
}
"""Figure → the experiment whose record it is drawn from, and its arguments."""
DIMENSIONAL = re.compile(r"\b(Tc|MAE|RMSE|energy|gap|temperature|distance|share)\b")
"""Words of a label that call for a unit; a score without one, such as R², has none."""
UNIT = re.compile(r"\([^)]+\)|, %|/ K\)|per \d")
NUMBER = re.compile(r"[^A-Za-z]*\d[^A-Za-z]*")


@pytest.fixture(scope="module")
def draw_figure(full_record) -> Callable[[str], Figure]:
    def drawn(name: str) -> Figure:
        experiment, arguments = FIGURES[name]
        return getattr(report, name)(*arguments(full_record(experiment)))

    return drawn


def panels_of(figure: Figure) -> list[Axes]:
    """Return the visible axes, insets too, without second scales of the same axis."""
    panels = [panel for axes in figure.axes for panel in (axes, *axes.child_axes)]
    return [p for p in panels if p.axison and p.get_visible() and not isinstance(p, SecondaryAxis)]


def unlabelled(figure: Figure) -> list[str]:
    """Return the axes whose ticks are numbers and which have no label, nor the scale of another panel that has one."""
    figure.canvas.draw()
    panels = panels_of(figure)
    over = {"x": figure.get_supxlabel(), "y": figure.get_supylabel()}
    missing = []
    for place, axes in enumerate(panels):
        for which in "xy":
            labels = getattr(axes, f"{which}axis").get_ticklabels()
            ticks = [tick.get_text().replace("\\mathdefault", "") for tick in labels if tick.get_visible()]
            limits = getattr(axes, f"get_{which}lim")()
            alike = [panel for panel in panels if getattr(panel, f"get_{which}lim")() == limits]
            labelled = over[which] or any(getattr(panel, f"get_{which}label")() for panel in alike)
            if any(map(NUMBER.fullmatch, ticks)) and not labelled:
                missing.append(f"panel {place}, {which}: {ticks}")
    return missing


def test_every_figure_is_drawn_here() -> None:
    public = {name: getattr(report, name) for name in report.__all__}
    figures = [n for n, f in public.items() if callable(f) and signature(f).return_annotation == "Figure"]
    assert sorted(figures) == sorted(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_it_shows(name: str, draw_figure) -> None:
    figure = draw_figure(name)
    assert unlabelled(figure) == []
    labels = [label for axes in panels_of(figure) for label in (axes.get_xlabel(), axes.get_ylabel())]
    labels += [figure.get_supxlabel(), figure.get_supylabel()]
    assert [label for label in labels if DIMENSIONAL.search(label) and not UNIT.search(label)] == []
    if "unit" in signature(getattr(report, name)).parameters:
        assert any("(eV)" in label for label in labels)
    assert re.fullmatch(r".{30,}\.", figure.get_label(), re.DOTALL), "no alternative text"


def test_published_values_are_drawn(draw_figure) -> None:
    assert "published 0.307" in [text.get_text() for text in draw_figure("parity").axes[0].texts]
    assert "0.97" in draw_figure("roc").axes[0].get_legend().get_title().get_text()
    axis = draw_figure("scores_by_split").axes[0]
    # Lines from the lower edge of the panel to the upper one; the error bars' are elsewhere.
    upright = [line for line in axis.lines if np.array_equal(line.get_ydata(), [0, 1])]
    assert {line.get_label(): line.get_xdata()[0] for line in upright} == {"published": 0.307, "SVR": 0.45}
    assert len({line.get_linestyle() for line in upright}) == 2


def largest_errors(record: Record) -> tuple[str, list[list[Any]]]:
    """Return the key of the first parity plot that names its largest errors, and these."""
    packed = {key: array for key, array in record.arrays.items() if key.startswith("parity/")}
    key = next(key for key, array in packed.items() if "farthest" in array)
    return key.removeprefix("parity/"), packed[key]["farthest"]


def test_every_largest_error_is_a_mark_with_formula_and_values(full_record) -> None:
    record = full_record("quinn2022-attributes")
    key, rows = largest_errors(record)
    rows[0] = ["<b>NaCl</b>&", 1.0, 2.0]  # a name from the data stays text
    figure = report.parity({"full": record}, key, "temperature", "K")
    pictures, about = shown_in_notebook(figure)
    page = BeautifulSoup(pictures["text/html"], "html.parser")
    titles = [mark.title.get_text() for mark in page.select("svg .mark")]
    assert titles == [f"{name}: measured {true:g}, predicted {value:g} K" for name, true, value in rows]
    assert [item.get_text() for item in page.select("details li")] == titles
    assert len(set(titles)) >= 10 and not page.select("b, svg a")
    assert page.svg["aria-label"] == about["image/svg+xml"]["alt"] == figure.get_label()
    rows.clear()
    assert "text/html" not in shown_in_notebook(report.parity({"full": record}, key, "temperature", "K"))[0]


@pytest.mark.parametrize(("dataset", "quotable"), [("zhuo2018-gap", True), ("atcnn-superconductors", False)])
def test_rows_are_named_only_where_the_terms_of_the_data_let_us(dataset: str, quotable: bool) -> None:
    assert data.entry(dataset).quotable == quotable
    formulas = parse([f"Na{n}Cl" for n in range(1, 31)])
    rows = make_rows(dataset, "digest", formulas, np.arange(30.0), quotable=quotable)
    run = Run("zeng2019-gap", "smoke", None, [0], torch.device("cpu"))
    splits = draw(run, rows, experiments.get("zeng2019-gap").config("smoke"))
    score(run, "random/net", rows, splits, np.zeros((1, len(splits[0].test))), unit="eV")
    named = {name for name, *_ in run.arrays["parity/random/net"].get("farthest", ())}
    assert named == ({rows.label(place) for place in splits[0].test} if quotable else set())


def test_crystals_with_the_temperatures_of_a_list_without_a_licence_are_not_named(full_record) -> None:
    arrays = full_record("quinn2022-regression").arrays
    named = {key: "farthest" in array for key, array in arrays.items() if key.startswith("parity/")}
    assert named["parity/random/combined"]
    assert not any(shown for key, shown in named.items() if key.startswith("parity/3dsc"))


def test_a_value_of_an_element_stands_in_its_place_and_tells_its_sentence() -> None:
    cells = {symbol: (float(i), "", f"<b>{symbol}</b>") for i, symbol in enumerate(("He", "Ti", "La", "Hf", "Tl"))}
    figure = report.element_tables({"x": cells}, "", "Where five elements of five groups stand in a periodic table.")
    (axes,) = figure.axes
    places = {text.get_text().strip(): text.get_position() for text in axes.texts}
    assert places == {"He": (18, 1), "Ti": (4, 4), "La": (3, 6), "Hf": (4, 6), "Tl": (13, 6)}
    page = BeautifulSoup(shown_in_notebook(figure)[0]["text/html"], "html.parser")
    told = [f"<b>{symbol}</b>" for symbol in cells]
    assert [mark.title.get_text() for mark in page.select("svg .mark")] == told
    assert [item.get_text() for item in page.select("details li")] == told
