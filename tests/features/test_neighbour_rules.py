"""Neighbours by the three rules, against shells counted by hand."""

import numpy as np
import pytest
from cells import face_centred, rock_salt
from pymatgen.core import Lattice, Structure

from replicate.errors import ConfigError, DataError
from replicate.features.crystal import Crystal, from_structure
from replicate.features.graph_building import graphs_from_structures
from replicate.features.neighbours import RELEASED, VORONOI, NeighbourRule, Pairs, find_neighbours

EDGE = 5.64
DIAGONAL = round(EDGE / np.sqrt(2), 4)
NEAREST = NeighbourRule()
ROCK_SALT = rock_salt(EDGE)
CESIUM_CHLORIDE = Structure(Lattice.cubic(4.12), ["Cs", "Cl"], [[0] * 3, [0.5] * 3])
FACE_CENTRED = face_centred(4.05, Al=0.0)
LONELY = Structure(Lattice.cubic(20), ["Ar"], [[0] * 3])
HYDROGEN = Structure(Lattice.cubic(20), ["H", "H"], [[0] * 3, [0.037, 0, 0]])
POLONIUM = Structure(Lattice.cubic(3.35), ["Po"], [[0] * 3])
GRAPHENE = Structure(Lattice.hexagonal(2.46, 20), ["C", "C"], [[1 / 3, 2 / 3, 0], [2 / 3, 1 / 3, 0]])


def crystal_of(structure: Structure) -> Crystal:
    return from_structure(structure, "crystal")


def shells(crystal: Crystal, pairs: Pairs, site: int) -> dict[tuple[int, float], float]:
    """Return (element, distance) → how many neighbours, weights added up."""
    found: dict[tuple[int, float], float] = {}
    for i in np.flatnonzero(pairs.centre == site):
        key = int(crystal.element[pairs.neighbour[i]]), round(float(pairs.distance[i]), 4)
        found[key] = found.get(key, 0.0) + float(pairs.weight[i])
    return {key: round(total, 9) for key, total in found.items()}


@pytest.mark.parametrize(
    ("structure", "rule", "expected"),
    [
        # The second shell is shared: twelve atoms count as six.
        (ROCK_SALT, NEAREST, [{(17, 2.82): 6, (11, DIAGONAL): 6}, {(11, 2.82): 6, (17, DIAGONAL): 6}]),
        (FACE_CENTRED, NEAREST, [{(13, 2.8638): 12}]),
        (ROCK_SALT, VORONOI, [{(17, 2.82): 6}, {(11, 2.82): 6}]),
        # The large atoms touch.
        (CESIUM_CHLORIDE, VORONOI, [{(17, 3.568): 8, (55, 4.12): 6}, {(55, 3.568): 8}]),
        # A molecule and a layer have fewer neighbours than a Voronoi cell has faces.
        (HYDROGEN, VORONOI, [{(1, 0.74): 1}]),
        (GRAPHENE, VORONOI, [{(6, 1.4203): 3}]),
        # Diagonal neighbours are within the bond length allowed here, but share no face.
        (POLONIUM, NeighbourRule("voronoi", radius=6.0, tolerance=3.0), [{(84, 3.35): 6}]),
    ],
)
def test_shells_counted_by_hand(structure, rule, expected):
    crystal = crystal_of(structure)
    pairs = find_neighbours(crystal, rule)
    # The sites of a structure come element by element, all of one element alike.
    firsts = np.unique(crystal.element, return_index=True)[1]
    for site in range(len(crystal)):
        kind = int(np.searchsorted(np.sort(firsts), site, side="right")) - 1
        assert shells(crystal, pairs, site) == expected[kind]
    assert pairs.widened is None


@pytest.mark.parametrize("count", [1, 5, 6, 7, 12, 17, 18])
def test_weights_add_up_to_the_count(count):
    pairs = find_neighbours(crystal_of(ROCK_SALT), NeighbourRule(count=count))
    np.testing.assert_allclose(np.bincount(pairs.centre, weights=pairs.weight), count)


def test_neighbours_are_those_a_plain_search_finds():
    """A low cell of random atoms has no shells: the twelve nearest are the twelve nearest."""
    structure = Structure(
        Lattice.from_parameters(4, 5, 7, 70, 80, 105),
        ["Na", "K", "Cl", "O"],
        [[0.02, 0.01, 0.03], [0.55, 0.45, 0.2], [0.1, 0.5, 0.6], [0.6, 0.05, 0.7]],
    )
    pairs = find_neighbours(crystal_of(structure), NEAREST)
    for site, around in enumerate(structure.get_all_neighbors(8.0)):
        expected = sorted((n.nn_distance, n.index) for n in around)[:12]
        mine = pairs.centre == site
        np.testing.assert_allclose(pairs.distance[mine], [d for d, _ in expected])
        assert pairs.neighbour[mine].tolist() == [index for _, index in expected]


@pytest.mark.parametrize(
    ("rule", "widened", "expected"),
    [
        (NEAREST, 20 * np.sqrt(2), {(18, 20.0): 6, (18, 28.2843): 6}),
        (VORONOI, 20.0, {(18, 20.0): 6}),
    ],
)
def test_an_atom_with_too_few_neighbours_looks_farther_and_is_reported_by_id(rule, widened, expected):
    report = graphs_from_structures([("salt", ROCK_SALT), ("argon", LONELY)], rule)
    assert report.graphs.ids == ("salt", "argon") and report.widened == {"argon": pytest.approx(widened)}
    crystal = crystal_of(LONELY)
    assert shells(crystal, find_neighbours(crystal, rule), 0) == expected


def test_an_atom_alone_in_the_world_is_an_error():
    with pytest.raises(DataError, match="0 neighbours within .* Å.*crystal"):
        find_neighbours(crystal_of(Structure(Lattice.cubic(200), ["Ar"], [[0] * 3])), NEAREST)


@pytest.mark.parametrize("rule", [NEAREST, VORONOI, RELEASED], ids=lambda rule: rule.kind)
@pytest.mark.parametrize("shift", [0.0, 0.02])
def test_overlapping_atoms_are_refused_naming_crystal_and_sites(rule, shift):
    structure = Structure(Lattice.cubic(5), ["Na", "O", "Cl"], [[0.5] * 3, [0] * 3, [shift, 0, 0]])
    with pytest.raises(DataError, match=r"atoms overlap .*crystal.*sites (2 and 3|3 and 2), 0\.\d00 Å apart"):
        find_neighbours(crystal_of(structure), rule)


def test_the_released_rule_takes_twelve_and_pads_with_the_first_atom():
    pairs = find_neighbours(crystal_of(HYDROGEN), RELEASED)
    assert pairs.centre.tolist() == [0] * 12 + [1] * 12
    assert pairs.neighbour.tolist() == [1] + [0] * 11 + [0] * 12
    np.testing.assert_allclose(pairs.distance, ([0.74] + [9.0] * 11) * 2)
    assert pairs.widened == 9.0
    salt = find_neighbours(crystal_of(ROCK_SALT), RELEASED)
    assert np.bincount(salt.centre).tolist() == [12] * 8
    np.testing.assert_allclose(salt.distance.reshape(8, 12), [[2.82] * 6 + [DIAGONAL] * 6] * 8, atol=1e-4)
    assert salt.widened is None


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"count": 0}, "positive"),
        ({"radius": 0}, "positive"),
        ({"kind": "near"}, "nearest or voronoi or released, not 'near'"),
    ],
)
def test_rules_that_make_no_sense_are_refused(settings, problem):
    with pytest.raises(ConfigError, match=problem):
        NeighbourRule(**settings)
