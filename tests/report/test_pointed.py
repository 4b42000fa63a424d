"""Parity plots as SVG: the largest errors are marks that tell formula and values."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from matplotlib.figure import Figure

from replicate import data, experiments, records, report
from replicate.evaluation.metrics import farthest
from replicate.experiments.core import Run
from replicate.experiments.samples import draw, make_rows
from replicate.experiments.scoring import score
from replicate.features.composition import parse
from replicate.report.style import shown_in_notebook

RECORD = "quinn2022-attributes"


def drawn(change: Callable[[list[list[object]]], object] | None = None) -> tuple[Figure, list[list[object]]]:
    record = copy.deepcopy(records.full_record(RECORD))
    assert record is not None
    key = next(key for key in record.arrays if key.startswith("parity/") and "farthest" in record.arrays[key])
    told = record.arrays[key]["farthest"]
    if change is not None:
        change(told)
    return report.parity({"full": record}, key.removeprefix("parity/"), "temperature", "K"), told


def html_of(figure: Figure) -> BeautifulSoup:
    pictures, about = shown_in_notebook(figure)
    assert about["image/png"]["alt"] == figure.get_label()
    return BeautifulSoup(pictures["text/html"], "html.parser")


def test_every_largest_error_is_a_mark_that_tells_formula_and_values():
    figure, told = drawn()
    page = html_of(figure)
    titles = [mark.title.get_text() for mark in page.select("svg .mark")]
    assert len(told) == len(set(titles)) >= 10
    for title, (name, true, predicted) in zip(titles, told, strict=True):
        assert title == f"{name}: measured {true:g}, predicted {predicted:g} K"
    assert [item.get_text() for item in page.select("details li")] == titles
    assert page.svg["aria-label"] == figure.get_label() and not page.select("svg a")


def test_a_name_from_the_data_stays_text():
    figure, _ = drawn(lambda told: told.__setitem__(0, ["<b>NaCl</b>&", 1.0, 2.0]))
    page = html_of(figure)
    assert not page.select("b")
    assert page.select("details li")[0].get_text().startswith("<b>NaCl</b>&: ")


def test_a_plot_without_names_stays_a_picture():
    figure, _ = drawn(list.clear)
    assert shown_in_notebook(figure)[0] == {}


def test_each_name_comes_once_with_its_largest_error():
    error = np.array([[1.0, -5.0, 2.0, 0.5], [3.0, 0.1, -4.0, 0.2]])
    names = np.array([["a", "b", "c", "d"], ["a", "b", "c", "a"]])
    found = farthest(error, lambda seed, row: str(names[seed, row]), most=3)
    assert list(found.items()) == [("b", (0, 1)), ("c", (1, 2)), ("a", (1, 0))]


@pytest.mark.parametrize(("dataset", "shown"), [("zhuo2018-gap", True), ("atcnn-superconductors", False)])
def test_rows_are_shown_only_where_the_terms_of_the_data_let_us(dataset, shown):
    assert data.entry(dataset).quotable == shown
    formulas = parse([f"Na{n}Cl" for n in range(1, 31)])
    rows = make_rows(dataset, "digest", formulas, np.arange(30.0), quotable=data.entry(dataset).quotable)
    run = Run("zeng2019-gap", "smoke", None, [0], torch.device("cpu"))
    splits = draw(run, rows, experiments.get("zeng2019-gap").config("smoke"))
    score(run, "random/net", rows, splits, np.zeros((1, len(splits[0].test))), unit="eV")
    farthest = run.arrays["parity/random/net"].get("farthest")
    assert (farthest is not None) == shown
    if farthest is not None:
        assert {name for name, _, _ in farthest} == {rows.label(place) for place in splits[0].test}


def test_crystals_with_the_temperatures_of_a_list_without_a_licence_are_not_named():
    record = records.full_record("quinn2022-regression")
    assert record is not None
    named = {key: "farthest" in array for key, array in record.arrays.items() if key.startswith("parity/")}
    assert named["parity/random/combined"]
    assert not any(shown for key, shown in named.items() if key.startswith("parity/3dsc"))
