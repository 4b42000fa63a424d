"""CIF texts and pymatgen structures become the same arrays, and what cannot be used says why."""

from __future__ import annotations

import re
import warnings
from contextlib import suppress

import gemmi
import numpy as np
import pytest
from cells import rock_salt
from hypothesis import given, settings
from hypothesis import strategies as st
from pymatgen.core import Lattice, Structure
from pymatgen.io.cif import CifParser

from replicate.errors import DataError
from replicate.features.crystal import Crystal, from_cif, from_structure

SYMMETRY = "_symmetry_space_group_name_H-M 'F m -3 m'"
NACL = f"""data_NaCl
{SYMMETRY}
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Na1 Na 0 0 0 1
Cl1 Cl 0.5 0.5 0.5 1
"""
NO_SYMMETRY = NACL.replace(SYMMETRY, "")
CHLORINE = "Cl1 Cl 0.5 0.5 0.5 1"


def operations(*triplets: str) -> str:
    """Return the salt with symmetry operations written out."""
    return NACL.replace(SYMMETRY, "\n".join(["loop_", "_symmetry_equiv_pos_as_xyz", *triplets]))


def contents(crystal: Crystal) -> set[tuple[int, float, tuple[float, ...]]]:
    """Return (element, occupancy, place in the cell) of every entry, in no order."""
    places = np.round(crystal.positions[crystal.site] % 1.0, 6) % 1.0
    columns = zip(crystal.element.tolist(), crystal.occupancy.tolist(), places.tolist(), strict=True)
    return {(z, round(share, 6), tuple(place)) for z, share, place in columns}


def test_symmetry_is_applied():
    crystal = from_cif(NACL, "NaCl.cif")
    assert crystal.id == "NaCl.cif"
    assert crystal.element.tolist() == [11] * 4 + [17] * 4
    np.testing.assert_allclose(crystal.lattice, 5.64 * np.eye(3), atol=1e-12)
    expected = rock_salt(5.64)
    assert contents(crystal) == contents(from_structure(expected, "NaCl"))
    by_number = NACL.replace(SYMMETRY, "_symmetry_Int_Tables_number 225")
    assert contents(from_cif(by_number, "NaCl.cif")) == contents(crystal)


def test_a_translation_that_is_no_24th_is_applied_too():
    """Gemmi drops such operations; some of the Materials Project's CIFs hold them."""
    crystal = from_cif(operations("x,y,z", "-x+1/5,-y,-z"), "NaCl.cif")
    places = {(11, (0.0, 0.0, 0.0)), (11, (0.2, 0.0, 0.0)), (17, (0.5, 0.5, 0.5)), (17, (0.7, 0.5, 0.5))}
    assert {(z, place) for z, _, place in contents(crystal)} == places


_INVERSION = ["x,y,z", "-x,-y,-z"]
_DIAMOND = [operation.triplet() for operation in gemmi.SpaceGroup("F d -3 m:1").operations()]


@pytest.mark.parametrize(
    ("listed", "named"),
    [
        (["x,y,z", *_INVERSION], None),
        (["x,y,z", *_INVERSION], "P 1"),
        (["x,y,z", "-x,-y,z", "x,-y,-z"], None),
        (["x+1/2,y,z", "x,y,z"], None),
        (_DIAMOND, "F d -3 m"),
        # The name alone means the other choice of origin.
        ([*_DIAMOND, "x,y,z"], "F d -3 m"),
    ],
)
def test_a_list_of_operations_is_applied_even_where_it_is_no_group(listed, named):
    text = operations(*listed).replace(CHLORINE, "Cl1 Cl 0.3 0.3 0.3 1")
    text = text.replace("Na1 Na 0 0 0", "Na1 Na 0.25 0.25 0.25")
    if named:
        text = text.replace("data_NaCl", f"data_NaCl\n_symmetry_space_group_name_H-M '{named}'")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        (expected,) = CifParser.from_str(text).parse_structures(primitive=False)
    assert contents(from_cif(text, "a.cif")) == contents(from_structure(expected, "a"))


def test_an_image_on_a_special_position_is_one_atom():
    text = operations("x,y,z", "-x+2/5,-y,-z").replace(CHLORINE, "Cl1 Cl 0.2001 0.5 0.5 1")
    assert from_cif(text, "NaCl.cif").element.tolist() == [11, 11, 17]


def test_a_general_lattice_keeps_lengths_and_angles():
    text = NO_SYMMETRY.replace("length_b 5.64", "length_b 7").replace("gamma 90", "gamma 105.3")
    found, expected = from_cif(text, "a.cif").lattice, Lattice.from_parameters(5.64, 7, 5.64, 90, 90, 105.3)
    np.testing.assert_allclose(Lattice(found).parameters, expected.parameters)


def test_elements_at_one_place_share_a_site():
    text = NACL.replace(CHLORINE, "Cl1 Cl 0.5 0.5 0.5 0.75\nBr1 Br 0.5 0.5 0.5 0.25")
    crystal = from_cif(text, "mixed.cif")
    assert len(crystal) == 8 and len(crystal.element) == 12
    assert (np.diff(crystal.site) >= 0).all()
    for site in range(4, 8):
        here = crystal.site == site
        assert dict(zip(crystal.element[here], crystal.occupancy[here], strict=True)) == {17: 0.75, 35: 0.25}


@pytest.mark.parametrize("place", [0.1234999, 0.1235, 0.9999999, 0.0])
def test_shared_sites_need_not_agree_to_the_last_digit(place):
    """Wherever in the cell: no rounding boundary parts two elements that differ by a rounding error."""
    text = NO_SYMMETRY.replace(
        CHLORINE, f"Cl1 Cl {place} 0.5 0.5 0.5\nBr1 Br {(place + 2e-7) % 1:.7f} 0.5 0.5 0.5"
    )
    assert len(from_cif(text, "mixed.cif")) == 2


def test_a_site_may_be_partly_empty():
    crystal = from_cif(NACL.replace(CHLORINE, "Cl1 Cl 0.5 0.5 0.5 0.9(1)"), "holes.cif")
    assert len(crystal) == 8
    np.testing.assert_allclose(crystal.occupancy, [1] * 4 + [0.9] * 4)


def test_an_unknown_occupancy_is_a_full_site():
    assert (from_cif(NACL.replace(CHLORINE, "Cl1 Cl 0.5 0.5 0.5 ?"), "a.cif").occupancy == 1).all()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (NACL, "", "no atom sites"),
        (NACL, "NaCl, rock salt", "not a readable CIF"),
        (CHLORINE, "Cl1 Cl 0.5", "not a readable CIF"),
        (NACL[NACL.index("loop_") :], "", "no atom sites"),
        ("fract", "Cartn", "no atom sites with fractional"),
        ("fract_y", "Cartn_y", "no atom sites with fractional"),
        (CHLORINE, "X1 ? 0.5 0.5 0.5 1", "no element.*row 2, value 'X1'"),
        (CHLORINE, "Va1 Va 0.5 0.5 0.5 1", "no element.*row 2, value 'Va'"),
        ("_cell_length_a 5.64", "", r"cell is empty.*value '\?, 5.64"),
        ("_cell_length_a 5.64", "_cell_length_a ?", r"cell is empty.*value '\?, 5.64"),
        ("_cell_length_a 5.64", "_cell_length_a 0", "cell is empty: its volume is 0"),
        ("_cell_length_a 5.64", "_cell_length_a long", "cell is empty: its volume is nan"),
        ("gamma 90", "gamma 0", "cell is empty"),
        (CHLORINE, "Cl1 Cl ? ? ? 1", "no coordinates.*row 2, value 'Cl1'"),
        (CHLORINE, "Cl1 Cl 0.5 half 0.5 1", "no coordinates.*row 2, value 'Cl1'"),
        (CHLORINE, "Cl1 Cl 0.5 0.5 0.5 0", "occupancy must be above zero.*row 2, value 'Cl1: 0'"),
        (CHLORINE, "Cl1 Cl 0.5 0.5 0.5 -0.5", "above zero.*row 2, value 'Cl1: -0.5'"),
        (CHLORINE, "Cl1 Cl 0.5 0.5 0.5 1.2", "at most one.*row 2, value 'Cl1: 1.2'"),
        (CHLORINE, "Cl1 Cl 0.5 0.5 0.5 some", "above zero.*row 2, value 'Cl1: some'"),
        (
            CHLORINE,
            "Cl1 Cl 0.5 0.5 0.5 0.6\nBr1 Br 0.5 0.5 0.5 0.5",
            "a site holds 1.1 atoms.*Cl1: 0.6 [+] Br1: 0.5",
        ),
        (SYMMETRY, "_symmetry_space_group_name_H-M 'Q q q'", "space group is unknown.*'Q q q'"),
        (SYMMETRY, "_symmetry_Int_Tables_number 999", "space group is unknown.*value 999"),
        (SYMMETRY, "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n-x,q,z", "operation cannot be read.*'-x,q,z'"),
        (SYMMETRY, "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n-x,1.1.1,z", "operation cannot be read.*1.1.1"),
        (SYMMETRY, "_symmetry_Int_Tables_number 22S", "cannot be read: not an integer: 22S"),
        ("alpha 90", "alpha 0", "cannot be read: Impossible angle"),
        ("_atom_site_label", "_atom_site_name", "no labels: _atom_site_label is missing"),
        (
            NACL[NACL.index("_atom_site_occ") :],
            "Na1 Na 0 0 0\nCl1 Cl 0.5 0.5 0.5\nloop_\n_atom_site_occupancy\n1\n",
            "every atom site needs an occupancy.*1 occ",
        ),
        ("_cell_length_a 5.64", "_cell_length_a 1e6", "longer than 10000 Å.*value 1000000.0"),
        ("_cell_length_a 5.64", "_cell_length_a 1e300", "longer than 10000 Å"),
        ("gamma 90", "gamma 0.4", "cell is flat: two of its faces are 0.0394 Å apart"),
    ],
)
def test_a_cif_that_cannot_be_used_says_why_and_where(old, new, problem):
    assert old in NACL
    with pytest.raises(DataError, match=problem) as caught:
        from_cif(NACL.replace(old, new), "broken.cif")
    assert "file broken.cif" in str(caught.value)


def test_an_unknown_number_of_the_space_group_is_none():
    text = NACL.replace(SYMMETRY, f"{SYMMETRY}\n_symmetry_Int_Tables_number ?")
    assert len(from_cif(text, "NaCl.cif")) == 8


_TEXTS = (NACL, operations(*_INVERSION), operations("x,y,z", "-x+1/5,-y,-z"))
_SCRAPS = (
    *("", "?", ".", "0", "-1", "190", "1e400", "-1e300", "nan", "x", "/0", "1.1.1", "x,y,z", "é", "\0"),
    *("'", "\n;\n", "\n", " ", "#", "loop_", "data_b", "_atom_site_occupancy", "_symmetry_Int_Tables_number"),
)
_MUTATIONS = st.lists(st.tuples(st.integers(0), st.booleans(), st.sampled_from(_SCRAPS)), max_size=3)


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(_TEXTS), _MUTATIONS)
def test_a_garbled_cif_is_read_or_refused(text, mutations):
    """No other error than DataError: in a set of a hundred thousand, one garbled file must not end the job."""
    for place, whole, scrap in mutations:
        words = re.split(r"(\s+)", text)
        at = place % len(words)
        # In the place of a word or a line break, or in its middle.
        half = len(words[at]) // 2
        words[at] = scrap if whole else words[at][:half] + scrap + words[at][half:]
        text = "".join(words)
    with suppress(DataError):
        assert len(from_cif(text, "garbled.cif"))


def test_a_structure_gives_what_its_cif_gives():
    lattice = Lattice.from_parameters(4.1, 5.2, 6.3, 89.7, 95.1, 101.3)
    species = ["Na", {"Fe": 0.5, "Co": 0.25}, "D"]
    structure = Structure(lattice, species, [[0, 0, 0], [0.3, 0.4, 0.5], [0.6, 0.1, 0.9]])
    ours, theirs = from_structure(structure, "a"), from_cif(structure.to(fmt="cif"), "a")
    assert len(ours) == 3
    assert contents(ours) == contents(theirs) and 1 in ours.element
    np.testing.assert_allclose(Lattice(ours.lattice).parameters, Lattice(theirs.lattice).parameters)


def test_charges_do_not_hide_the_element():
    structure = Structure(Lattice.cubic(5.64), ["Na+", "Cl-"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    assert from_structure(structure, "salt").element.tolist() == [11, 17]


@pytest.mark.parametrize(
    ("species", "edge", "problem"),
    [
        (["X", "Cl"], 5.0, "no element.*file bad, row 1, value 'X"),
        ([{}, "Cl"], 5.0, "no element.*file bad, row 1"),
        (["Na", "Cl"], 1e-3, "cell is empty"),
        (["Na", "Cl"], 1e6, "longer than 10000 Å"),
        ([], 5.0, "holds no atoms"),
    ],
)
def test_structures_are_refused_as_cifs_are(species, edge, problem):
    structure = Structure(Lattice.cubic(edge), species, [[0, 0, 0], [0.5, 0.5, 0.5]][: len(species)])
    with pytest.raises(DataError, match=problem):
        from_structure(structure, "bad")
