"""Structures survive the text form to the last bit."""

import numpy as np
import pytest
from pymatgen.core import Composition, Lattice, Structure

from replicate import data
from replicate.data.structures import to_structure
from replicate.errors import DataError
from workflow.scripts.build_bundled import to_text


def test_round_trip_is_exact_with_shared_sites() -> None:
    lattice = Lattice.from_parameters(4.1, 5.2, 6.3, 89.7, 95.1, 101.3)
    species = ["Na", "Cl", {"Fe": 1 / 3, "Co": 0.5}]
    before = Structure(lattice, species, np.random.default_rng(0).random((3, 3)))
    after = to_structure(to_text(before))
    assert (after.lattice.matrix == before.lattice.matrix).all()
    assert (after.frac_coords == before.frac_coords).all()
    assert [site.species for site in after] == [site.species for site in before]


@pytest.mark.parametrize("text", ["", "{}", '{"lattice": 1, "species": [], "coords": []}', "[1]"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="not a structure"):
        to_structure(text)


@pytest.mark.parametrize("name", ["faber2015", "dejong2015", "petousis2017"])
def test_bundled_structures_match_their_formula(name: str) -> None:
    table = data.load(name).table
    for row in (0, len(table) // 2, len(table) - 1):
        structure = to_structure(table["structure"][row])
        formula = Composition(table["formula"][row])
        assert structure.composition.reduced_formula == formula.reduced_formula
