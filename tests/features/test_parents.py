"""Parent structures: the simplest compound that differs least, its polymorph, and dopants on its sites."""

import numpy as np
import pytest

from replicate.errors import DataError
from replicate.features.composition import parse
from replicate.features.crystal import Crystal
from replicate.features.elements import SYMBOLS
from replicate.features.parents import ParentPool, choose, place
from replicate.features.parents.polymorphs import crystal_system, space_group
from replicate.features.parents.search import formula_unit

# The first holds two formula units; La8Cu4O16 is another cell of it.
KNOWN = [
    *("La4Cu2O8", "La12Cu6O25", "La2SrCu2O6", "YBa2Cu3O7", "YBa2Cu3O6", "BaFe2As2", "Ru2", "La8Cu4O16"),
    *("MgB2", "O2", "LiTi2O4"),
]


@pytest.fixture(scope="module")
def pool():
    return ParentPool(parse(KNOWN).amounts)


def amounts(formula):
    return parse([formula]).amounts[0]


@pytest.mark.parametrize(
    ("formula", "parent", "distance"),
    [
        ("La1.85Sr0.15CuO4", "La4Cu2O8", 0.15 / 7), ("La2CuO4", "La4Cu2O8", 0), ("La2CuO4.1", "La4Cu2O8", 0.1 / 7.1),
        ("YBa2Cu3O6.9", "YBa2Cu3O7", 0.1 / 12.9), ("YBa2Cu3O6.2", "YBa2Cu3O6", 0.2 / 12.2),
        ("Ba0.6K0.4Fe2As2", "BaFe2As2", 0.4 / 5), ("Ru0.93Co0.07", "Ru2", 0.07), ("Mg0.9Al0.1B2", "MgB2", 0.1 / 3),
        ("MgB1.9C0.1", "MgB2", 0.1 / 3), ("La1.6Nd0.3Sr0.1Cu0.9Zn0.1O3.9", "La4Cu2O8", 0.6 / 6.9),
        ("La1.9CuO4", "La4Cu2O8", 1.5 * 0.1 / 6.9),  # an empty metal site
        ("Li1.1Ti1.9O4", "LiTi2O4", 1.5 * 0.1 / 7),  # lithium on a site of titanium
        ("Ru1.2", "Ru2", 0),
    ],
)  # fmt: skip
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


GROUPS = {"mp-30": 225, "mp-4": 62, "mp-500": 139}


@pytest.mark.parametrize(
    ("names", "kind", "expected"),
    [
        (GROUPS, "ThCr2Si2", ("mp-500", True)),
        (GROUPS, "NaCl", ("mp-30", True)),
        *((GROUPS, kind, ("mp-4", False)) for kind in ("", "unheard of", "A15")),
        (["mvc-1", "mp-900"], "", ("mp-900", False)),  # predicted compounds come after known ones
    ],
)
def test_the_structure_type_decides_else_the_age(names, kind, expected):
    assert choose(list(names), kind, GROUPS.get) == expected


def test_space_groups_are_not_asked_for_when_there_is_no_choice():
    def refuse(name):
        raise AssertionError(f"asked for {name}")

    assert choose(["mp-1"], "NaCl", refuse) == ("mp-1", False)
    assert choose(["mp-1", "mp-2"], "", refuse) == ("mp-1", False)


def test_the_symmetry_of_rock_salt(recwarn):
    places = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    positions = np.concatenate([places, places + np.array([0.5, 0, 0])])
    elements = np.repeat([11, 17], 4)
    crystal = Crystal("NaCl", 5.64 * np.eye(3), positions, np.arange(8), elements, np.ones(8))
    assert space_group(crystal) == 225
    assert crystal_system(crystal) == "cubic"
    assert not recwarn.list


def crystal_of(formula):
    """Return a made-up arrangement of a formula's atoms, one site each."""
    elements = np.repeat(np.arange(1, 119), amounts(formula).astype(int))
    n = len(elements)
    return Crystal(formula, 9 * np.eye(3), np.random.default_rng(0).random((n, 3)), np.arange(n), elements, np.ones(n))


def placed(formula, parent, **settings):
    match = ParentPool(parse([parent]).amounts).find(amounts(formula), largest=1.0, **settings)
    return place(crystal_of(parent), amounts(formula), match.scale, match.formula, **settings)


def contents(crystal):
    """Return the distinct contents of the crystal's sites."""
    sites = {}
    for i, z, x in zip(crystal.site, crystal.element, crystal.occupancy, strict=True):
        sites.setdefault(i, {})[SYMBOLS[z - 1]] = round(float(x), 3)
    return [site for _, site in sorted({str(site): site for site in sites.values()}.items())]


@pytest.mark.parametrize(
    ("formula", "parent", "sites"),
    [
        ("La2CuO4", "La2CuO4", [{"Cu": 1}, {"La": 1}, {"O": 1}]),
        ("La2CuO4.1", "La2CuO4", [{"Cu": 1}, {"La": 1}, {"O": 1}]),  # a few atoms between the sites
        ("La1.85Sr0.15CuO4", "La2CuO4", [{"Cu": 1}, {"O": 1}, {"Sr": 0.075, "La": 0.925}]),
        ("YBa2Cu3O6.3", "YBa2Cu3O7", [{"Ba": 1}, {"Cu": 1}, {"O": 0.9}, {"Y": 1}]),
        # fluorine goes to oxygen, cobalt to iron
        ("LaFe0.9Co0.1AsO0.8F0.2", "LaFeAsO", [{"As": 1}, {"Fe": 0.9, "Co": 0.1}, {"La": 1}, {"O": 0.8, "F": 0.2}]),
        # lithium takes places of titanium
        ("Li1.1Ti1.9O4", "LiTi2O4", [{"Li": 0.05, "Ti": 0.95}, {"Li": 1}, {"O": 1}]),
        ("Ru0.93Co0.07", "Ru2", [{"Co": 0.07, "Ru": 0.93}]),
    ],
)  # fmt: skip
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


def test_many_atoms_without_a_site_and_a_disordered_parent_are_refused():
    with pytest.raises(DataError, match=r"12% of the atoms find no site.*La2CuO4.*'O'"):
        placed("La2CuO5", "La2CuO4")
    mixed = Crystal("x", 5 * np.eye(3), np.zeros((1, 3)), np.array([0, 0]), np.array([57, 38]), np.array([0.5, 0.5]))
    with pytest.raises(DataError, match="must be ordered"):
        place(mixed, np.ones(118), 1.0, np.ones(118))
