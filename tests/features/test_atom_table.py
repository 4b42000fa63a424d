import numpy as np
import pytest

from replicate.errors import DataError, FormulaError
from replicate.features.atom_table import atom_table
from replicate.features.composition import parse


def test_pixels_are_in_the_order_of_atomic_number() -> None:
    table = atom_table(parse(["H2O", "Fm", "NaCl"]))
    assert table.shape == (3, 10, 10) and table.dtype == np.float32
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
