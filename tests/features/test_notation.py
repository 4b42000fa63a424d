"""Formulas as people write them: read with the right amounts, or refused with what to type."""

import contextlib
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replicate.errors import FormulaError
from replicate.features.abbreviations import doubts_on_letters
from replicate.features.composition import LONGEST_FORMULA, parse
from replicate.features.elements import ATOMIC_NUMBER
from replicate.features.notation import amounts_as_written, plain
from replicate.features.open_amounts import read_entries


def read(formula: str) -> str:
    text = plain(formula).text
    return amounts_as_written(text, parse([text]).amounts[0])


@pytest.mark.parametrize(
    ("formula", "meant"),
    [
        ("Fe(III)2O3", "Fe2O3"), ("Mn(IV)O2", "MnO2"), ("Cu(I)Cl", "CuCl"), ("Fe(II)Fe(III)2O4", "Fe3O4"),
        ("V(V)2O5", "V2O5"), ("Fe(II,III)3O4", "Fe3O4"), ("Cu(ii)O", "CuO"), ("Fe[III]2O3", "Fe2O3"),
        ("Fe(2.67+)3O4", "Fe3O4"),
         ("Fe(3+)2O3", "Fe2O3"),
        ("LiCl.2NH3", "LiClN2H6"), ("CuCl2.2NH3", "CuCl2N2H6"), ("MgO.2SiO2", "MgO5Si2"), ("PbCO3.2PbO", "Pb3CO5"),
        ("CuSO4.5(H2O)", "CuSO9H10"), ("CuSO4.5 H2O", "CuSO9H10"), ("CuSO4.5H2O ", "CuSO9H10"),
        ("CuSO4·5H2O", "CuSO9H10"), ("CuSO4*5H2O", "CuSO9H10"), ("CuSO4(5H2O)", "CuSO9H10"), ("CuSO4.H2O", "CuSO5H2"),
        ("CaSO4.½H2O", "CaSO4.5H"), ("CuSO4 5H2O", "CuSO9H10"),
        ("BaO.6Fe2O3", "BaO19Fe12"), ("CaSO4.0.5H2O", "CaSO4.5H"), ("CaSO4.1/2H2O", "CaSO4.5H"),
        ("Na0.35CoO2.1.3H2O", "Na0.35CoO3.3H2.6"),
        ("3CaO.Al2O3", "Ca3O6Al2"), ("CaO.Al2O3.2SiO2.2H2O", "CaO10Al2Si2H4"), ("FeCl3.2C4H8O", "FeCl3C8H16O2"),
        ("Al2O3@3.97", "Al2O3"), ("Co@5", "Co"), ("Y3N@C80", "Y3NC80"),
        ("YBa2Cu3O6.93(2)", "YBa2Cu3O6.93"), ("La1.85(2)Sr0.15(2)CuO4", "La1.85Sr0.15CuO4"), ("H2[18O]", "H2O"),
        ("Li1.5E-3O", "Li0.0015O"), ("O1e+00Fe", "OFe"), ("Fe1.0E0O", "FeO"),
        ("YBa₂Cu₃O₇", "YBa2Cu3O7"), ("Fe$_2$O$_3$", "Fe2O3"), ("Fe<sub>2</sub>O<sub>3</sub>", "Fe2O3"),
        ("\ufeffGaN\u00a0", "GaN"), ("'GaN'", "GaN"), ("Al2 O3", "Al2O3"), ("Ba (Fe As)2", "BaFe2As2"),
    ],
)  # fmt: skip
def test_what_is_meant_is_read(formula: str, meant: str) -> None:
    assert read(formula) == meant


@pytest.mark.parametrize(
    ("formula", "meant"),
    [
        ("La1.8Sr.2CuO4", "La1.8Sr0.2CuO4"), ("Na.3WO3", "Na0.3WO3"), ("LaO.5F.5BiS2", "LaO0.5F0.5BiS2"),
        ("La.7Sr.3MnO3", "La0.7Sr0.3MnO3"), ("Ba.6K.4BiO3", "Ba0.6K0.4BiO3"), ("Fe2.O3.", "Fe2O3"),
        ("Zr.85Y.15O1.925", "Zr0.85Y0.15O1.925"), ("Mg.5Zn.5O", "Mg0.5Zn0.5O"), ("B0.5Si0.5WO3", "B0.5Si0.5WO3"),
        ("Li0.84H1Fe1.14Se1O1", "Li0.84HFe1.14SeO"),
    ],
)  # fmt: skip
def test_a_decimal_point_stays_one(formula: str, meant: str) -> None:
    assert read(formula) == meant and not plain(formula).assumed


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("La2-xSrxCuO4", "2-x is left open: write a number"), ("(La1-xSrx)2CuO4", "left open"),
        ("YBa2Cu3O7-X", "7-X"),
        ("Ba(Fe1-xCox)2As2", "left open"), ("YBa2Cu3Oy", "left open"), ("YBa2Cu3OZ", "left open"),
        ("O7-δ", "left open"),
        ("La2CuO4+d", "left open"), ("NaxCoO2", "left open"), ("CuSO4.xH2O", "left open"), ("(CH2)n", "left open"),
        ("(La,Sr)2CuO4", "write numbers"), ("YBa2Cu3O7-0.1", "7-0.1 is not one number"), ("MFe2O4", "name the element"),
        ("GaN PbTe", "two formulas"), ("GaN\nPbTe", "give them apart: GaN PbTe"), ("GaN,PbTe", "give them apart"),
        ("SiC 6H", "write SiC"), ("SiC-6H", "write SiC"), ("2H-MoS2", "write MoS2"), ("TiO2 rutile", "write TiO2"),
        ("TiO2(rutile)", "write TiO2"), ("α-FeSe", "write FeSe"), ("TiO2 Rutile", "write TiO2"),
        ("Hg-1201", "HgBa2CuO4"), ("mp-149", "identifier"), ("LSCO", "La1.85Sr0.15CuO4"),
        ("La1,85CuO4", "decimal comma in 1,85"),
        ("NaCl Fm-3m", "write NaCl"), ("TiO2-anatase", "write TiO2"), ("Ga2O3-β", "write Ga2O3"),
        ("CuSO4 + 5H2O", "two compounds"), ("Nb-47Ti", "hyphen"), ("7440-21-3", "identifier"),
        ("YBCO-123", "YBa2Cu3O7"), ("YBa2Cu3O7(1)", "(1) is no group"), ("YBa2Cu3O6.9±0.1", "not one number"),
        ("Cu(I)2(II)O", "oxidation state"), ("NH4+", "charge"), ("Pb(I)2", "write PbI2"), ("MGB2", "unknown"),
    ],
)  # fmt: skip
def test_what_is_no_formula_yet_is_refused_with_what_to_type(formula: str, told: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse([plain(formula).text])
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "formula", ["YBa2Cu3OY", "Bi2Sr2CaCu2OY", "D2O", "MgSO4.7H20", "SiC_6H", "FeIII2O3", "Fe Co", "LiCl.2NH3"]
)
def test_what_was_assumed_is_told(formula: str) -> None:
    assert plain(formula).assumed


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("YBCO", "YBa2Cu3O7"), ("BSCCO", "Bi2Sr2CaCu2O8"), ("HFO2", "HfO2"), ("SIO2", "SiO2"), ("NB3SN", "Nb3Sn"),
        ("NIO", "NiO"), ("CO3O4", "Co3O4"), ("YBCO6.9", "YBa2Cu3O7"), ("GdBCO", "GdBa2Cu3O7"),
         ("INP", "InP"), ("PB", "Pb"), ("Bi2212", "Bi2Sr2CaCu2O8"),
    ],
)  # fmt: skip
def test_capitals_that_spell_other_elements_are_pointed_out(formula: str, told: str) -> None:
    assert told in doubts_on_letters(formula)[0]


@pytest.mark.parametrize(
    "formula",
    ["K2CO3", "KNO3", "CO2", "BN", "HF", "YB6", "KOH", "HNO3", "H2SO4", "YPO4", "UO2", "VN", "C60", "NaCl",
     "YBa2Cu3O7"],
)  # fmt: skip
def test_formulas_in_capitals_by_nature_are_not_doubted(formula: str) -> None:
    assert not doubts_on_letters(formula) and not plain(formula).assumed


@pytest.mark.parametrize("formula", ["Fe(III)2O3", "Al2O3@3.97", "GaN PbTe", "SiC 6H", "Cu(I)Cl"])
def test_a_table_of_data_has_no_such_formulas(formula: str) -> None:
    assert parse([formula], on_error="collect").problems


PIECES = ["Fe", "O", "La", "C", "Y", "2", ".5", "1.5", "(", ")", "[18O]", "(III)", "x", "-", "+", " ", ".", "·",
          "H2O", "@", "E-3", "e+0", ",", "\n", "₂", "δ", "6H", "mp-", "D", "_{", "}",
          "\\", "1/0", "/", "(2)", "n", "·5", "99999"]  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(max_size=30)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = plain(text)
        amounts = parse([found.text]).amounts
    except FormulaError:
        return
    assert np.isfinite(amounts).all() and amounts.sum() > 0
    written = amounts_as_written(found.text, amounts[0])
    np.testing.assert_allclose(parse([written]).amounts, amounts, rtol=1e-9)
    doubts_on_letters(found.text)


@pytest.mark.parametrize("piece", [*PIECES, "A", "(La,", "Fe.1", "CuO.2", "B", "1-", "a ", "Fe ", "(Fe "])
def test_the_longest_text_takes_no_time(piece: str) -> None:
    text = (piece * LONGEST_FORMULA)[:LONGEST_FORMULA]
    started = time.perf_counter()
    with contextlib.suppress(FormulaError):
        doubts_on_letters(plain(text).text)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("formula", "oxygen"),
    [
        ("Ba0.2La1.8Cu1O4-Y", 4), ("Y1Ba2Cu3O7-x", 7), ("Bi2Sr2Ca1Cu2O8+z", 8), ("Hg1Ba2Ca1Cu2O6+D", 6),
        ("Nd1.85Ce0.15Cu1O4+-z", 4), ("Hg1Sr2Ho0.333Ce0.667Cu2O6=z", 6), ("Gd1Ba2Cu3OZ", 1),
        ("Ho0.8Ca0.2Sr2Cu2.8P0.2Oz+0.8", 1),
    ],
)  # fmt: skip
def test_an_open_amount_is_told_and_read_as_stated(formula, oxygen):
    entries = read_entries([formula])
    assert entries.open.tolist() == [True]
    assert entries.compositions.amounts[0, ATOMIC_NUMBER["O"] - 1] == oxygen
    assert entries.compositions.formulas == (formula,)


def test_stated_amounts_are_not_open_and_what_cannot_be_read_is_kept_with_its_row():
    entries = read_entries(["YBa2Cu3O7", "Nb3Sn", "Dy1", "M0.5Nb1S2", "LaFeAsO0.9F0.1", "Y1Ba2Cu3OX"])
    assert entries.open.tolist() == [False] * 4 + [True] and len(entries) == 5
    assert entries.compositions.rows.tolist() == [0, 1, 2, 4, 5]
    (problem,) = entries.compositions.problems
    assert (problem.row, problem.formula) == (4, "M0.5Nb1S2") and "unknown element 'M'" in problem.reason
