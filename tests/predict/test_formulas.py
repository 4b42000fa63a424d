"""`replicate predict` on formulas: a value or a reason for every one, and what a user should know of the value."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from pymatgen.core import Composition, Lattice, Structure
from rounding import assert_same_but_for_rounding

from replicate.errors import ConfigError, FormulaError
from replicate.models.atcnn import ATCNN
from replicate.predict import models, predict
from replicate.predict.models import notes_on
from replicate.training import store

GAP, TC = "atcnn/band-gap", "atcnn/critical-temperature"


def test_columns_and_arrays_are_lists_too() -> None:
    plain = predict(GAP, ["GaN", "PbTe"])
    assert predict(GAP, pd.Series(["GaN", "PbTe"])) == plain
    assert [one.value for one in predict(GAP, np.array(["GaN", "PbTe"]))] == [one.value for one in plain]
    with pytest.raises(ConfigError, match="at least one formula"):
        predict(GAP, pd.Series([], dtype=str))
    with pytest.raises(ConfigError, match=r"not one string: \['BN'\]"):
        predict(GAP, "BN")


def test_a_bad_formula_takes_no_other_with_it() -> None:
    good, bad, same = predict(GAP, ["GaN", "Ga²", "GaN"])
    assert good.value is not None and same.warnings == good.warnings
    assert_same_but_for_rounding([same.value, same.spread], [good.value, good.spread])
    assert bad.value is None and "'²' is not allowed" in bad.warnings[0]
    with pytest.raises(FormulaError, match=r"capital letter \(row 1, value 'gan'\)"):
        predict(GAP, ["gan", "Ga²"])


@pytest.mark.parametrize("model", [GAP, "atcnn-authors/band-gap"])
def test_an_element_beyond_the_table_takes_no_other_with_it(model: str, weights: dict[str, Path]) -> None:
    heavy, good, bad = predict(model, ["LrO", "GaN", "Ga²"])
    assert good == predict(model, ["GaN"])[0] and good.value is not None
    assert heavy.value is None and heavy.warnings[0].startswith("element Lr (Z = 103) is beyond Z = 100")
    assert bad.value is None and "'²' is not allowed" in bad.warnings[0]
    with pytest.raises(FormulaError, match="Z = 103.*row 1, value 'LrO'"):
        predict(model, ["LrO", "Ga²"])


@pytest.mark.parametrize("model", [GAP, "atcnn-authors/band-gap"])
def test_many_formulas_are_asked_for_in_parts(model, weights, monkeypatch):
    formulas = [f"{metal}{n}N" for n in range(1, 5) for metal in ("Al", "Ga", "In", "Ti")]
    whole = predict(model, formulas)
    sizes = []

    def counted(self: ATCNN, x: torch.Tensor) -> torch.Tensor:
        sizes.append(x.shape[0] * x.shape[1])
        return forward(self, x)

    forward = ATCNN.forward
    monkeypatch.setattr(ATCNN, "forward", counted)
    monkeypatch.setattr(models, "AT_ONCE", 15)
    monkeypatch.setattr(store, "AT_ONCE", 15)
    parts = predict(model, formulas)
    assert len(sizes) > 1 and max(sizes) <= 15
    assert [one.input for one in parts] == formulas
    assert_same_but_for_rounding([one.value for one in parts], [one.value for one in whole])


def test_files_and_formulas_are_distinguished(tmp_path: Path) -> None:
    table = tmp_path / "formulas.csv"
    table.write_text("GaN\n", encoding="utf-8")
    for name in ("NaCl.cif", str(table)):
        with pytest.raises(FormulaError, match="this model reads formulas"):
            predict(GAP, [name])
    (refused,) = predict("cgcnn-authors/band-gap", ["GaN"])
    assert refused.value is None and "this model reads CIF files" in refused.warnings[0]


def test_a_point_before_water_is_no_decimal_point() -> None:
    point, brackets = predict(GAP, ["CuSO4.5H2O", "CuSO4(H2O)5"])
    assert point.value == pytest.approx(brackets.value)
    assert any("CuSO4, 5 H2O" in one for one in point.warnings)
    assert not any("adduct" in one for one in brackets.warnings)


def test_what_was_read_stands_beside_the_value() -> None:
    rows = predict(GAP, ["Fe(III)2O3", "Fe2O3", "xx", Composition("GaN"), None])
    assert [row.read and row.read.formula for row in rows] == ["Fe2O3", "Fe2O3", None, "GaN", None]
    assert rows[0].value == rows[1].value and rows[3].value == predict(GAP, ["GaN"])[0].value
    assert rows[0].read is not None and set(rows[0].read.assumed) <= set(rows[0].warnings)
    assert [row.to_dict()["read"] for row in rows[1:3]] == [{"formula": "Fe2O3"}, None]
    frame = rows.to_frame()
    assert frame["formula"].tolist() == ["Fe2O3", "Fe2O3", "", "GaN", ""]
    assert frame["value"].notna().tolist() == [True, True, False, True, False]


def test_a_structure_is_a_composition_for_a_model_of_formulas() -> None:
    salt = Structure(Lattice.cubic(4), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    (alone,), (listed,) = predict(GAP, salt), predict(GAP, [salt])
    assert alone == listed and "of the structure only the composition is used" in alone.warnings
    assert alone.value == predict(GAP, ["NaCl"])[0].value


@pytest.mark.parametrize("inputs", [[1], 1, b"GaN", [b"GaN"], [{}], [["GaN"]], None])
@pytest.mark.parametrize("model", [GAP, "cgcnn-authors/band-gap"])
def test_wrong_types_are_told_what_is_taken(model: str, inputs: object) -> None:
    with pytest.raises(TypeError, match="formulas, pymatgen Compositions or Structures, CIF texts, or paths"):
        predict(model, inputs)


@pytest.mark.parametrize(("name", "short"), [(GAP, True), (TC, True), ("atcnn/formation-energy-per-atom", False)])
def test_what_a_model_was_taught_and_how_far_stands_beside_its_values(name: str, short: bool) -> None:
    card = store.load_ensemble(store.find_ensemble(name)).card
    (found,) = predict(name, ["MgB2"])
    assert set(notes_on(card)) <= set(found.warnings)
    assert ("trained with a reduced budget" in found.warnings) == short
    assert any("a metal gets one too" in one for one in found.warnings) == (name == GAP)
