"""Data and networks of the chapter on superconductors with structure."""

from __future__ import annotations

import re

import pytest

from replicate import data, records
from replicate import display as show
from replicate.display.superconductors import usual_formula


def test_networks_are_named_by_what_they_learn() -> None:
    record = records.full_record("quinn2022-regression-as-classifier")
    assert record is not None
    lines = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td>", show.class_networks(record).data)
    assert lines == [("CGCNN, regression", "5 of 64"), ("CGCNN, classifier", "3 of 64")]


def test_the_card_leaves_out_what_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "available", lambda _: False)
    assert "<tbody></tbody>" in show.compounds_card("quinn2022-data", "quick").data


def test_a_noble_gas_in_a_formula_is_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    assert usual_formula("He1Na2") == "Na2He" and not recwarn.list
