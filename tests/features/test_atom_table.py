from __future__ import annotations

import numpy as np
import pytest

from replicate.errors import DataError, FormulaError
from replicate.features.atom_table import atom_table, composition_of
from replicate.features.composition import parse


def test_pixels_are_in_the_order_of_atomic_number() -> None:
    table = atom_table(parse(["H2O", "Fm", "NaCl"]))
    assert table.shape == (3, 10, 10)
    assert table.dtype == np.float32
    assert table[0, 0, 0] == np.float32(2 / 3)  # hydrogen, Z = 1
    assert table[0, 0, 7] == np.float32(1 / 3)  # oxygen, Z = 8
    assert table[1, 9, 9] == 1  # fermium, Z = 100
    assert table[2, 1, 0] == table[2, 1, 6] == 0.5  # sodium, Z = 11; chlorine, Z = 17
    assert np.count_nonzero(table) == 5


def test_fractions_give_the_same_table() -> None:
    found = parse(["H2O", "NaCl"])
    np.testing.assert_array_equal(atom_table(found), atom_table(found.fractions))
    with pytest.raises(DataError, match=r"\(n, 118\)"):
        atom_table(found.fractions[:, :100])


def test_elements_beyond_fermium_are_an_error_naming_formula_and_element() -> None:
    found = parse(["X", "H2O", "MdO"], on_error="collect")
    with pytest.raises(FormulaError, match=r"element Md \(Z = 101\).*row 3, value 'MdO'"):
        atom_table(found)
    with pytest.raises(FormulaError, match=r"element Md.*row 2"):
        atom_table(found.fractions)


def test_inverse_gives_fractions_and_formula() -> None:
    found = parse(["Fe2O3", "C60", "Li1.5e-5O"])
    back = composition_of(atom_table(found))
    np.testing.assert_allclose(back.fractions, found.fractions, atol=1e-7)
    assert back.formulas[:2] == ("Fe0.4O0.6", "C1")
    np.testing.assert_allclose(parse(back.formulas).fractions, found.fractions, rtol=1e-5)
    assert composition_of(atom_table(found)[0]).formulas == ("Fe0.4O0.6",)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda t: t * 2, "do not sum to one.*row 2.*value 2.0"),
        (lambda t: t * 0, "do not sum to one"),
        (lambda t: t - 0.1, "negative"),
        (lambda t: t * np.nan, "not a number"),
    ],
)
def test_tables_that_show_no_composition_are_refused(change, problem: str) -> None:
    table = atom_table(parse(["H2O", "NaCl"]))
    table[1] = change(table[1])
    with pytest.raises(DataError, match=problem):
        composition_of(table)
    with pytest.raises(DataError, match="shape"):
        composition_of(table.reshape(2, 100))
