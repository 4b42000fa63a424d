"""Joining structures with values, and splitting them."""

from dataclasses import replace

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

from replicate.errors import DataError
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.graph_store import StoredGraphs
from replicate.features.graph_building import graphs_from_structures

NAN = float("nan")


def cell(*species: str) -> Structure:
    """Return a cell that holds the atoms given, well apart."""
    places = [[i / len(species), 0.5 * (i % 2), 0] for i in range(len(species))]
    return Structure(Lattice.orthorhombic(2.5 * len(species), 4, 4), list(species), places)


@pytest.fixture(scope="module")
def stored() -> StoredGraphs:
    salt = cell("Na", "Cl")
    cells = {"a": salt, "b": salt * (1, 1, 2), "c": cell("K", "Cl"), "d": cell("Cl", "K"), "e": cell("Na", "Br")}
    cells["f"] = cell("Na", "Na", "Cl")
    return StoredGraphs(graphs_from_structures(cells.items()).graphs, "graphs", (), {})


def test_rows_find_their_crystal_by_id(stored, run_with):
    run = run_with(table={"material_id": ["e", "z", "a", "c"], "energy": [1.0, 2.0, 3.0, NAN]})
    crystals = joined_by_id(run, stored, "table", "energy")
    assert crystals.ids == list(crystals.compact().ids) == ["e", "a"]
    assert crystals.target.tolist() == [1.0, 3.0]
    assert run.arrays["joins"] == {"table/energy": {"rows": 4, "usable": 3, "joined": 2}}
    with pytest.raises(DataError, match="no crystal has a value.*file table, value 'energy'"):
        joined_by_id(run_with(table={"material_id": ["x"], "energy": [1.0]}), stored, "table", "energy")


@pytest.mark.parametrize(
    ("values", "joined", "usable"),
    [
        # Na2Cl2 is not NaCl; KCl has two structures, NaBr two values.
        ({"NaBr": 1.0, "KCl": 2.0, "Cl2Na2": 3.0, "BrNa": 4.0, "NaCl": 5.0, "LiF": 6.0}, {"a": 5.0, "b": 3.0}, 4),
        ({"Na2Cl2": 3.0, "NaCl": NAN}, {"b": 3.0}, 2),
    ],
)
def test_a_formula_joins_only_where_it_stands_once_on_both_sides(stored, run_with, values, joined, usable):
    run = run_with(table={"formula": list(values), "energy": list(values.values())})
    crystals = joined_by_formula(run, stored, "table", "energy")
    assert dict(zip(crystals.ids, crystals.target.tolist(), strict=True)) == joined
    counts = {"rows": len(values), "usable": usable, "joined": len(joined)}
    assert run.arrays["joins"] == {"table/energy": counts}


@pytest.fixture(scope="module")
def many(stored) -> Crystals:
    """Return 500 crystals: the first five cells a hundred times over."""
    rows = np.tile(np.arange(5), 100)
    return Crystals("many", "digest", stored.graphs, rows, np.arange(500, dtype=np.float32))


def test_sizes_may_be_shares_or_numbers(many):
    shares, numbers = many.split(0), many.split(0, test=100, validation=100)
    for split in (shares, numbers):
        assert (len(split.train), len(split.validation), len(split.test)) == (300, 100, 100)
        assert sorted(np.concatenate([split.train, split.validation, split.test])) == list(range(500))
    assert shares.digest == numbers.digest != many.split(1).digest
    odd = many.split(3, test=123, validation=45)
    assert (len(odd.validation), len(odd.test)) == (45, 123)


def test_smaller_training_sets_lie_within_larger_ones(many):
    whole = many.split(0, test=0.2, validation=0.25)
    parts = [many.split(0, train=n, most_validation=30) for n in (20, 100, 250)]
    for part, n in zip(parts, (20, 100, 250), strict=True):
        assert len(part.train) == n and len(part.validation) == 30
        assert set(part.validation) <= set(whole.validation)
        np.testing.assert_array_equal(part.test, whole.test)
    for smaller, larger in zip(parts, [*parts[1:], whole], strict=True):
        assert set(smaller.train) < set(larger.train)


@pytest.mark.parametrize(
    ("kind", "groups"),
    [("random", set("abcdef")), ("composition", {"ab", "cd", "e", "f"}), ("system", {"abf", "cd", "e"})],
)
def test_groups_keep_compositions_and_systems_together(many, kind, groups):
    each = Crystals("each", "digest", many.graphs, np.arange(6), np.zeros(6, dtype=np.float32))
    labels = each.groups(kind)
    assert {"".join(np.array(list("abcdef"))[labels == label]) for label in labels} == groups
    split = many.split(0, kind=kind, test=0.2, validation=0.5)
    held = [set(many.groups(kind)[part]) for part in (split.train, split.validation, split.test)]
    assert sum(map(len, held)) == len(set.union(*held))


def test_a_part_is_known_by_its_rows(many):
    first, again, other = (many.take(np.arange(n), "part") for n in (10, 10, 11))
    assert first.digest == again.digest != other.digest != many.digest
    half = many.take(many.target >= 250, "half")
    assert len(half) == 250 and half.ids[:2] == ["a", "b"]
    np.testing.assert_allclose(half.fractions()[0, [10, 16]], 0.5)
    assert many.first(None, "all") is many is many.drawn(None, "all")
    assert many.first(3, "some").target.tolist() == [0, 1, 2]
    drawn = many.drawn(20, "some").target
    assert len(drawn) == 20 and (np.diff(drawn) > 0).all() and drawn.max() > 20


def test_joined_sets_have_targets_labels_and_graphs_of_both(many):
    ours, theirs = many.take(np.arange(3), "ours"), many.take(np.array([7, 4]), "theirs")
    ours, theirs = (replace(c, labels={"parent": np.array(c.ids)}) for c in (ours, theirs))
    both = ours.joined(theirs, "both")
    assert both.ids == ours.ids + theirs.ids == both.labels["parent"].tolist()
    assert both.target.tolist() == [0, 1, 2, 7, 4]
    np.testing.assert_allclose(both.fractions(), np.concatenate([ours.fractions(), theirs.fractions()]))
