import numpy as np
import pytest
from pymatgen.core import Element

from replicate.errors import ConfigError, FormulaError
from replicate.features.composition import chemical_systems, formulas_of, parse, reduced_keys
from replicate.features.elements import ATOMIC_NUMBER, SYMBOLS


def test_symbols_are_pymatgens() -> None:
    assert [Element.from_Z(z).symbol for z in range(1, 119)] == list(SYMBOLS)
    assert all(z == Element(symbol).Z for symbol, z in ATOMIC_NUMBER.items())


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("Fe2O3", {"Fe": 2, "O": 3}),
        ("Bi1.6Pb0.4Sr2CaCu2O8.5", {"Bi": 1.6, "Pb": 0.4, "Sr": 2, "Ca": 1, "Cu": 2, "O": 8.5}),
        ("Fe.5O1.", {"Fe": 0.5, "O": 1}), ("Ag(W3Br7)2", {"Ag": 1, "W": 6, "Br": 14}),
        ("K4[Fe(CN)6]", {"K": 4, "Fe": 1, "C": 6, "N": 6}), ("CuSO4(H2O)5", {"Cu": 1, "S": 1, "O": 9, "H": 10}),
        ("CuSO4.5H2O", {"Cu": 1, "S": 1, "O": 5.5, "H": 2}), ("Li1.5e-3O", {"Li": 0.0015, "O": 1}),
        ("Y3N@C80", {"Y": 3, "N": 1, "C": 80}), (" Fe 2 O 3", {"Fe": 2, "O": 3}), ("D2O", {"H": 2, "O": 1}),
        ("DT(HO)2", {"H": 4, "O": 2}), ("FeFe2O4", {"Fe": 3, "O": 4}), ("NaN", {"Na": 1, "N": 1}),
        ("Og2Lr", {"Og": 2, "Lr": 1}),
    ],
)  # fmt: skip
def test_formulas_are_read(formula: str, expected: dict[str, float]) -> None:
    row = parse([formula]).amounts[0]
    assert {SYMBOLS[column]: float(row[column]) for column in np.flatnonzero(row)} == expected


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("", "empty"), ("  ", "empty"), (None, "not text"), (float("nan"), "not text"), ("3", "cannot read '3'"),
        ("()", "no atoms"), ("2H2O", "cannot read '2'"), ("Fe()2O", "cannot be read"), ("fe2o3", "capital letter"),
        ("FE2O3", "did you mean 'Fe'"), ("Xx2O", "unknown element 'Xx'"), ("Q2O", "no element starts with Q"),
        ("O7-Z", "unknown element 'Z': elements that start with Z: Zn, Zr"), ("Fe0O1", "zero"), ("Fe0FeO", "zero"),
        ("Fe(O)0", "zero"), ("Fe1e-9O", "zero"), ("(Fe0.00001)0.00001O", "zero"), ("Fe-1O", "negative"),
        ("Fe-2Fe3O", "negative"), ("(OH)-1Fe", "negative"), ("Fe1e400O", "not finite"),
        ("Fe" + "9" * 400, "not finite"), ("YBa2Cu3O7-x", "cannot read '-x'"), ("Mn2+O", "charges"),
        ("CuSO4*5H2O", "hydrate"), ("CuSO4·5H2O", "'·' is not allowed"), ("Fe₂O₃", "'₂' is not allowed"),
        ("Fe1.5.2O", "cannot read '.2'"), ("Fe2(O", "not closed"), ("Fe2O)", "closes nothing"),
        ("(Fe]2O", "closes nothing"), ("ZnS/CdS", "cannot read '/'"),
    ],
)  # fmt: skip
def test_bad_formulas_are_refused_with_place_and_reason(formula: object, reason: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(["H2O", formula], file="gaps.csv")
    assert reason in str(caught.value)
    assert (caught.value.file, caught.value.row) == ("gaps.csv", 2)
    assert "file gaps.csv, row 2" in str(caught.value)


def test_collect_keeps_the_rest_and_says_what_is_missing() -> None:
    found = parse(["Fe2O3", "Fe0O", "NaCl", "Fe0O", "Fe2O3", ""], on_error="collect")
    assert found.formulas == ("Fe2O3", "NaCl", "Fe2O3")
    assert found.rows.tolist() == [0, 2, 4]
    assert [(p.row, p.formula) for p in found.problems] == [(2, "Fe0O"), (4, "Fe0O"), (6, "")]
    assert all(p.reason for p in found.problems)
    assert found.amounts.shape == (3, 118) and found.amounts.dtype == np.float64
    np.testing.assert_allclose(found.fractions[:, ATOMIC_NUMBER["O"] - 1], [0.6, 0, 0.6])
    np.testing.assert_allclose(found.fractions.sum(axis=1), 1, rtol=1e-12)


def test_no_formulas_and_misuse() -> None:
    found = parse([])
    assert found.amounts.shape == found.fractions.shape == (0, 118)
    assert reduced_keys(found).shape == chemical_systems(found).shape == (0,)
    with pytest.raises(ConfigError, match="sequence"):
        parse("Fe2O3")
    with pytest.raises(ConfigError, match="on_error"):
        parse(["Fe2O3"], on_error="ignore")


def test_keys_are_equal_for_multiples_only() -> None:
    keys = reduced_keys(
        parse(["FeO2", "Fe2O4", "O4Fe2", "Fe0.1O0.2", "Fe(O)2", "FeO2.001", "Fe2O3", "FeO2H0.00001", "FeS2"])
    )
    assert set(keys[:5]) == {"Fe0.3333 O0.6667"} and len(set(keys)) == 5
    # 1/32 = 0.03125 lies half way between two steps of 1e-4.
    assert len(set(reduced_keys(parse(["FeO31", "Fe0.1O3.1", "Fe0.3O9.3", "Fe0.7O21.7"])))) == 1


def test_chemical_systems_and_written_formulas_are_alphabetical() -> None:
    systems = chemical_systems(parse(["O3Fe2", "NaCl", "C60", "CsC", "DHO"]))
    assert systems.tolist() == ["Fe-O", "Cl-Na", "C", "C-Cs", "H-O"]
    found = parse(["Fe2O3", "La1.85Sr0.15CuO4", "Fe0.0000012O"])
    assert formulas_of(found.amounts).tolist()[1] == "Cu1La1.85O4Sr0.15"
    np.testing.assert_allclose(parse(formulas_of(found.amounts).tolist()).amounts, found.amounts)


def test_take_and_joined_keep_formulas_amounts_and_problems_together():
    one = parse(["NaCl", "X", "Fe2O3"], on_error="collect")
    two = parse(["Cu", "?"], on_error="collect")
    joined = one.joined(two)
    assert joined.formulas == ("NaCl", "Fe2O3", "Cu") and joined.rows.tolist() == [0, 2, 3]
    assert [(p.row, p.formula) for p in joined.problems] == [(2, "X"), (5, "?")]
    chosen = joined.take(joined.holds("O"))
    assert chosen.formulas == ("Fe2O3",) and chosen.amounts.shape == (1, 118)
    assert joined.only("Fe", "O").tolist() == [False, True, False]
    assert joined.beyond(26).tolist() == [False, False, True]
