"""Formulas of SuperCon whose oxygen is left open are read as far as they go."""

import numpy as np
import pytest

from replicate.features.elements import ATOMIC_NUMBER
from replicate.features.open_amounts import read_entries


@pytest.mark.parametrize(
    ("formula", "oxygen"),
    [
        ("Ba0.2La1.8Cu1O4-Y", 4),
        ("Y1Ba2Cu3O7-x", 7),
        ("Bi2Sr2Ca1Cu2O8+z", 8),
        ("Hg1Ba2Ca1Cu2O6+D", 6),
        ("Nd1.85Ce0.15Cu1O4+-z", 4),
        ("Hg1Sr2Ho0.333Ce0.667Cu2O6=z", 6),
        ("Gd1Ba2Cu3OZ", 1),
        ("Ho0.8Ca0.2Sr2Cu2.8P0.2Oz+0.8", 1),
    ],
)
def test_an_open_amount_is_told_and_read_as_stated(formula, oxygen):
    entries = read_entries([formula])
    assert entries.open.tolist() == [True]
    assert entries.compositions.amounts[0, ATOMIC_NUMBER["O"] - 1] == oxygen
    assert entries.compositions.formulas == (formula,)


def test_stated_amounts_are_not_open():
    entries = read_entries(["YBa2Cu3O7", "Nb3Sn", "Dy1", "LaFeAsO0.9F0.1"])
    assert not entries.open.any()
    assert len(entries) == 4


def test_what_cannot_be_read_is_kept_with_its_row_and_reason():
    entries = read_entries(["Nb3Sn", "M0.5Nb1S2", "Y1Ba2Cu3OX"])
    assert entries.compositions.rows.tolist() == [0, 2]
    (problem,) = entries.compositions.problems
    assert (problem.row, problem.formula) == (2, "M0.5Nb1S2")
    assert "unknown element 'M'" in problem.reason
    np.testing.assert_array_equal(entries.open, [False, True])
