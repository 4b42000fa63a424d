"""Sites of the parent hold what the compound holds, as probabilities; nothing is lost without a word."""

import numpy as np
import pytest

from replicate.errors import DataError
from replicate.features.composition import parse
from replicate.features.crystal import Crystal
from replicate.features.elements import SYMBOLS
from replicate.features.parents import ParentPool, place


def crystal_of(formula):
    """Return a made-up arrangement of a formula's atoms, one site each."""
    held = parse([formula]).amounts[0]
    elements = np.repeat(np.arange(1, 119), held.astype(int))
    n = len(elements)
    return Crystal(
        formula, 9 * np.eye(3), np.random.default_rng(0).random((n, 3)), np.arange(n), elements, np.ones(n)
    )


def placed(formula, parent, **settings):
    amounts = parse([formula]).amounts[0]
    match = ParentPool(parse([parent]).amounts).find(amounts, largest=1.0, **settings)
    return place(crystal_of(parent), amounts, match.scale, match.formula, **settings)


def contents(crystal):
    """Return the distinct contents of the crystal's sites."""
    found = []
    for i in range(len(crystal)):
        here = crystal.site == i
        content = {
            SYMBOLS[z - 1]: round(float(x), 3)
            for z, x in zip(crystal.element[here], crystal.occupancy[here], strict=True)
        }
        if content not in found:
            found.append(content)
    return sorted(found, key=str)


@pytest.mark.parametrize(
    ("formula", "parent", "sites"),
    [
        ("La2CuO4", "La2CuO4", [{"Cu": 1}, {"La": 1}, {"O": 1}]),
        ("La2CuO4.1", "La2CuO4", [{"Cu": 1}, {"La": 1}, {"O": 1}]),  # a few atoms between the sites
        ("La1.85Sr0.15CuO4", "La2CuO4", [{"Cu": 1}, {"O": 1}, {"Sr": 0.075, "La": 0.925}]),
        ("YBa2Cu3O6.3", "YBa2Cu3O7", [{"Ba": 1}, {"Cu": 1}, {"O": 0.9}, {"Y": 1}]),
        # fluorine goes to oxygen, cobalt to iron
        (
            "LaFe0.9Co0.1AsO0.8F0.2",
            "LaFeAsO",
            [{"As": 1}, {"Fe": 0.9, "Co": 0.1}, {"La": 1}, {"O": 0.8, "F": 0.2}],
        ),
        # lithium takes places of titanium
        ("Li1.1Ti1.9O4", "LiTi2O4", [{"Li": 0.05, "Ti": 0.95}, {"Li": 1}, {"O": 1}]),
        ("Ru0.93Co0.07", "Ru2", [{"Co": 0.07, "Ru": 0.93}]),
    ],
)
def test_dopants_take_the_places_of_what_they_are_like(formula, parent, sites):
    assert contents(placed(formula, parent)) == sorted(sites, key=str)


def test_metals_stay_off_the_places_of_anions():
    crystal = placed("YBa2Cu3.1O6.5", "YBa2Cu3O7")
    with_oxygen = np.isin(crystal.site, crystal.site[crystal.element == 8])
    assert set(crystal.element[with_oxygen]) == {8}


@pytest.mark.parametrize("formula", ["La1.85Sr0.15CuO4", "La1.6Nd0.3Sr0.1Cu0.9Zn0.1O3.9", "La1.7CuO4"])
def test_the_crystal_has_the_compounds_composition(formula):
    crystal = placed(formula, "La2CuO4")
    held = np.bincount(crystal.element - 1, weights=crystal.occupancy, minlength=118)
    wanted = parse([formula]).fractions[0]
    np.testing.assert_allclose(held / held.sum(), wanted, atol=1e-3)


def test_open_oxygen_fills_its_sites():
    sites = contents(placed("YBa2Cu3O", "YBa2Cu3O7", open_oxygen=True))
    assert sites == [{"Ba": 1}, {"Cu": 1}, {"O": 1}, {"Y": 1}]


def test_many_atoms_without_a_site_are_refused():
    with pytest.raises(DataError, match=r"12% of the atoms find no site.*La2CuO4.*'O'"):
        placed("La2CuO5", "La2CuO4")


def test_a_disordered_parent_is_refused():
    mixed = Crystal(
        "x", 5 * np.eye(3), np.zeros((1, 3)), np.array([0, 0]), np.array([57, 38]), np.array([0.5, 0.5])
    )
    with pytest.raises(DataError, match="must be ordered"):
        place(mixed, np.ones(118), 1.0, np.ones(118))
