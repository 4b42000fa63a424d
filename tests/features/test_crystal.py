"""CIF texts and pymatgen structures become the same arrays, and what cannot be used says why."""

from __future__ import annotations

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

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
    expected = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5] * 3])
    assert contents(crystal) == contents(from_structure(expected, "NaCl"))
    by_number = NACL.replace(SYMMETRY, "_symmetry_Int_Tables_number 225")
    assert contents(from_cif(by_number, "NaCl.cif")) == contents(crystal)


def test_a_translation_that_is_no_24th_is_applied_too():
    """Gemmi drops such operations; some of the Materials Project's CIFs hold them."""
    crystal = from_cif(operations("x,y,z", "-x+1/5,-y,-z"), "NaCl.cif")
    places = {(11, (0.0, 0.0, 0.0)), (11, (0.2, 0.0, 0.0)), (17, (0.5, 0.5, 0.5)), (17, (0.7, 0.5, 0.5))}
    assert {(z, place) for z, _, place in contents(crystal)} == places


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
    ],
)
def test_a_cif_that_cannot_be_used_says_why_and_where(old, new, problem):
    assert old in NACL
    with pytest.raises(DataError, match=problem) as caught:
        from_cif(NACL.replace(old, new), "broken.cif")
    assert "file broken.cif" in str(caught.value)


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
        ([], 5.0, "holds no atoms"),
    ],
)
def test_structures_are_refused_as_cifs_are(species, edge, problem):
    structure = Structure(Lattice.cubic(edge), species, [[0, 0, 0], [0.5, 0.5, 0.5]][: len(species)])
    with pytest.raises(DataError, match=problem):
        from_structure(structure, "bad")
