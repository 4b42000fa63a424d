"""`replicate predict` on formulas: a value or a reason for every one, and what a user should know of the value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from rounding import assert_same_but_for_rounding
from typer.testing import CliRunner

from replicate import cli, prediction
from replicate.crystal_prediction import CrystalModel
from replicate.errors import ConfigError, FormulaError
from replicate.models import store
from replicate.models.atcnn import ATCNN
from replicate.prediction import predict
from replicate.prediction_notes import notes_on

GAP, TC = "atcnn/band-gap", "atcnn/critical-temperature"


def test_one_string_is_no_list_of_letters() -> None:
    with pytest.raises(ConfigError, match=r"not one string: \['BN'\]"):
        predict(GAP, "BN")


def test_columns_and_arrays_are_lists_too() -> None:
    plain = predict(GAP, ["GaN", "PbTe"])
    assert predict(GAP, pd.Series(["GaN", "PbTe"])) == plain
    assert [one.value for one in predict(GAP, np.array(["GaN", "PbTe"]))] == [one.value for one in plain]
    with pytest.raises(ConfigError, match="at least one formula"):
        predict(GAP, pd.Series([], dtype=str))


def test_a_bad_formula_takes_no_other_with_it() -> None:
    good, bad, same = predict(GAP, ["GaN", "Ga₂", "GaN"])
    assert good.value is not None and same.warnings == good.warnings
    assert_same_but_for_rounding([same.value, same.spread], [good.value, good.spread])
    assert bad.value is None and "'₂' is not allowed" in bad.warnings[0]
    with pytest.raises(FormulaError, match=r"capital letter \(row 1, value 'gan'\)"):
        predict(GAP, ["gan", "Ga₂"])
    told = CliRunner().invoke(cli.app, ["predict", GAP, "gan", "Ga₂"]).exception
    assert isinstance(told, FormulaError) and "(file command line, row 1, value 'gan')" in str(told)


@pytest.mark.parametrize("model", [GAP, "atcnn-authors/band-gap"])
def test_an_element_beyond_the_table_takes_no_other_with_it(model: str, weights: dict[str, Path]) -> None:
    heavy, good, bad = predict(model, ["LrO", "GaN", "Ga₂"])
    assert good == predict(model, ["GaN"])[0] and good.value is not None
    assert heavy.value is None and heavy.warnings[0].startswith("element Lr (Z = 103) is beyond Z = 100")
    assert bad.value is None and "'₂' is not allowed" in bad.warnings[0]
    with pytest.raises(FormulaError, match="Z = 103.*row 1, value 'LrO'"):
        predict(model, ["LrO", "Ga₂"])


@pytest.mark.parametrize("model", [GAP, "atcnn-authors/band-gap"])
def test_many_formulas_are_asked_for_in_parts(
    model: str, weights: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    formulas = [f"{metal}{n}N" for n in range(1, 5) for metal in ("Al", "Ga", "In", "Ti")]
    whole = predict(model, formulas)
    sizes = []

    def counted(self: ATCNN, x: torch.Tensor) -> torch.Tensor:
        sizes.append(x.shape[0] * x.shape[1])
        return forward(self, x)

    forward = ATCNN.forward
    monkeypatch.setattr(ATCNN, "forward", counted)
    monkeypatch.setattr(prediction, "AT_ONCE", 15)
    monkeypatch.setattr(store, "AT_ONCE", 15)
    parts = predict(model, formulas)
    assert len(sizes) > 1 and max(sizes) <= 15
    assert [one.input for one in parts] == formulas
    assert_same_but_for_rounding([one.value for one in parts], [one.value for one in whole])


def test_files_and_formulas_are_told_apart(tmp_path: Path) -> None:
    table = tmp_path / "formulas.csv"
    table.write_text("GaN\n", encoding="utf-8")
    for name in ("NaCl.cif", str(table)):
        with pytest.raises(FormulaError, match="this model reads formulas"):
            predict(GAP, [name])
    (found,) = predict("cgcnn-authors/band-gap", ["GaN"])
    assert found.value is None and "this model reads CIF files" in found.warnings[0]
    with pytest.raises(ConfigError, match="reads no crystals"):
        CrystalModel(GAP)


def test_a_point_before_water_is_pointed_out() -> None:
    point, brackets = predict(GAP, ["CuSO4.5H2O", "CuSO4(H2O)5"])
    assert any("decimal point" in one for one in point.warnings)
    assert not any("decimal point" in one for one in brackets.warnings)
    assert point.value != brackets.value


@pytest.mark.parametrize(("name", "short"), [(GAP, False), (TC, True)])
def test_what_a_model_was_taught_and_how_far_stands_beside_its_values(name: str, short: bool) -> None:
    card = store.load_ensemble(store.find_ensemble(name)).card
    (found,) = predict(name, ["MgB2"])
    assert set(notes_on(card)) <= set(found.warnings)
    assert ("trained with a reduced budget" in found.warnings) == short
    assert any("a metal gets one too" in one for one in found.warnings) == (name == GAP)
