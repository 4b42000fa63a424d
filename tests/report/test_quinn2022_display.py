"""Data of the chapter on superconductors with structure."""

from __future__ import annotations

import pytest

from replicate import data, report
from replicate.report.pages import usual_formula


def test_the_card_leaves_out_what_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "available", lambda _: False)
    assert "<tbody></tbody>" in report.compounds_card("quinn2022-data", "quick").data


def test_a_noble_gas_in_a_formula_is_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    assert usual_formula("He1Na2") == "Na2He" and not recwarn.list
