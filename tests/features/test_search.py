"""The parent is the simplest compound of the same elements that differs least."""

import numpy as np
import pytest

from replicate.features.composition import parse
from replicate.features.parents import ParentPool
from replicate.features.parents.search import formula_unit

KNOWN = (
    "La4Cu2O8",  # two formula units
    "La12Cu6O25",
    "La2SrCu2O6",
    "YBa2Cu3O7",
    "YBa2Cu3O6",
    "BaFe2As2",
    "Ru2",
    "La8Cu4O16",  # another cell of the first
    "MgB2",
    "O2",
    "LiTi2O4",
)


@pytest.fixture(scope="module")
def pool():
    return ParentPool(parse(KNOWN).amounts)


def amounts(formula):
    return parse([formula]).amounts[0]


@pytest.mark.parametrize(
    ("formula", "parent", "distance"),
    [
        ("La1.85Sr0.15CuO4", "La4Cu2O8", 0.15 / 7),
        ("La2CuO4", "La4Cu2O8", 0),
        ("La2CuO4.1", "La4Cu2O8", 0.1 / 7.1),
        ("YBa2Cu3O6.9", "YBa2Cu3O7", 0.1 / 12.9),
        ("YBa2Cu3O6.2", "YBa2Cu3O6", 0.2 / 12.2),
        ("Ba0.6K0.4Fe2As2", "BaFe2As2", 0.4 / 5),
        ("Ru0.93Co0.07", "Ru2", 0.07),
        ("Mg0.9Al0.1B2", "MgB2", 0.1 / 3),
        ("MgB1.9C0.1", "MgB2", 0.1 / 3),
        ("La1.6Nd0.3Sr0.1Cu0.9Zn0.1O3.9", "La4Cu2O8", 0.6 / 6.9),
        ("La1.9CuO4", "La4Cu2O8", 1.5 * 0.1 / 6.9),  # an empty metal site
        ("Li1.1Ti1.9O4", "LiTi2O4", 1.5 * 0.1 / 7),  # lithium on a site of titanium
        ("Ru1.2", "Ru2", 0),
    ],
)
def test_the_parent_of_a_doped_compound(pool, formula, parent, distance):
    match = pool.find(amounts(formula))
    assert KNOWN[match.rows[0]] == parent
    assert match.distance == pytest.approx(distance, abs=1e-4)


def test_polymorphs_come_together_and_the_scale_fills_the_parents_sites(pool):
    match = pool.find(amounts("La1.85Sr0.15CuO4"))
    assert match.rows.tolist() == [0, 7] and match.scale == pytest.approx(7, rel=1e-4)
    np.testing.assert_allclose(match.scale * match.formula, amounts("La2CuO4"), atol=1e-3)


def test_open_oxygen_counts_for_nothing_but_must_be_there(pool):
    match = pool.find(amounts("YBa2Cu3O"), open_oxygen=True)
    assert KNOWN[match.rows[0]] in ("YBa2Cu3O7", "YBa2Cu3O6")
    assert match.distance == pytest.approx(0, abs=1e-4)
    assert pool.find(amounts("RuO"), open_oxygen=True) is None


@pytest.mark.parametrize("formula", ["Nb3Sn", "Ru0.5Co0.5", "LaCuO2", "O2Si"])
def test_what_is_too_far_from_everything_has_no_parent(pool, formula):
    assert pool.find(amounts(formula)) is None


def test_a_formula_unit_is_counted_once_whatever_the_cell():
    assert formula_unit(amounts("La4Cu2O8")) == 7
    assert formula_unit(amounts("Ru2")) == 1
    assert formula_unit(amounts("La0.5Sr0.5O2.5")) == 3.5
