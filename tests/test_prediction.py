"""`replicate predict` on formulas: a value or a reason for every one, and what a user should know of the value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from replicate.crystal_prediction import CrystalModel
from replicate.errors import ConfigError, FormulaError
from replicate.models import store
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
    assert good == same and good.value is not None
    assert bad.value is None and "'₂' is not allowed" in bad.warnings[0]
    with pytest.raises(FormulaError, match="command line, row 1"):
        predict(GAP, ["gan", "Ga₂"])


def test_files_and_formulas_are_told_apart(tmp_path: Path) -> None:
    table = tmp_path / "formulas.csv"
    table.write_text("GaN\n", encoding="utf-8")
    for name in ("NaCl.cif", str(table)):
        with pytest.raises(FormulaError, match="this model reads formulas"):
            predict(GAP, [name])
    with pytest.raises(ConfigError, match="this model reads CIF files"):
        predict("cgcnn-authors/band-gap", ["GaN"])
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
