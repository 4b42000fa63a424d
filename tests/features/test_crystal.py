"""CIFs as people have them and pymatgen structures: the same arrays, what was assumed is told, the rest says why."""

import warnings

import gemmi
import numpy as np
import pytest
from cells import rock_salt
from cifs import CHLORINE, FM3M, PM3M, SALT, SITES, amounts, cif, listed
from pymatgen.core import Lattice, Structure
from pymatgen.io.cif import CifParser

from replicate.errors import DataError
from replicate.features.crystal import Crystal, from_cif, from_structure
from replicate.features.graph_building import NEAREST
from replicate.features.neighbours import RELEASED, find_neighbours


def contents(crystal: Crystal) -> set[tuple[int, float, tuple[float, ...]]]:
    """Return (element, occupancy, place in the cell) of every entry, in no order."""
    places = np.round(crystal.positions[crystal.site] % 1.0, 6) % 1.0
    columns = zip(crystal.element.tolist(), crystal.occupancy.tolist(), places.tolist(), strict=True)
    return {(z, round(share, 6), tuple(place)) for z, share, place in columns}


NACL = cif(FM3M)
BATIO3 = "Ba1 Ba 0 0 0 1\nO1 O 0.5 0.5 0 1\n{}"
SPLIT_TITANIUM = cif(PM3M, BATIO3.format("Ti1 Ti 0.52 0.52 0.52 0.125\n"), a=4.0)
IRON = "Fe1 Fe 0.1 0.2 0.3 1\n"
MAGNETIC = ("x,y,z,+1", "-x,-y,-z,-1")
LANTHANUM = "A1 La 0.5 0.5 0.49 0.3\nA2 Sr 0.5 0.5 0.51 0.7\nO1 O 0 0 0 1\n"
LICOO2 = "Li1 Li 0 0 0 1\nCo1 Co 0.5 0.5 0.5 1\nO1 O 0.24 0.24 0.24 1\n"
DUMMY = "Zn1 Zn 0 0 0 d\nO1 O 0.5 0.5 0.5 d\nCg1 . 0.2 0.2 0.2 dum\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (cif('_symmetry_Int_Tables_number "225"'), {"Na": 4, "Cl": 4}),
        (cif("_symmetry_Int_Tables_number 225.0"), {"Na": 4, "Cl": 4}),
        (cif(f"{FM3M}\n_symmetry_Int_Tables_number ?"), {"Na": 4, "Cl": 4}),
        # Partly empty sites, an unknown occupancy, elements that share a site.
        (cif(sites=SALT.replace("0.5 1", "0.5 0.9(1)")), {"Na": 1, "Cl": 0.9}),
        (cif(sites=SALT.replace("0.5 1", "0.5 ?")), {"Na": 1, "Cl": 1}),
        (cif(FM3M, SALT.replace("0.5 1", "0.5 0.75\nBr1 Br 0.5 0.5 0.5 0.25")), {"Na": 4, "Cl": 3, "Br": 1}),
        # A site split over the eight places around its middle: their occupancies add up.
        (SPLIT_TITANIUM, {"Ba": 1, "O": 3, "Ti": 1}),
        (cif("", "Ti1 Ti 0.5 0.5 0.48 0.5\nTi2 Ti 0.5 0.5 0.52 0.5\nO1 O 0 0 0 1\n", a=4.0), {"Ti": 1, "O": 1}),
        # Two elements that share a split place.
        (cif("", LANTHANUM, a=4.0), {"La": 0.3, "Sr": 0.7, "O": 1}),
        # An image on a special position, by an operation that is none of a space group.
        (cif(listed("x,y,z", "-x+2/5,-y,-z"), SALT.replace(CHLORINE, "Cl1 Cl 0.2001 0.5 0.5 1")), {"Na": 2, "Cl": 1}),
        # Dotted (DDLm) tags.
        (cif(listed("x,y,z", "-x,-y,-z", tag="_space_group_symop.operation_xyz"), IRON), {"Fe": 2}),
        # A rhombohedral cell whose group is told by number.
        (cif("_symmetry_Int_Tables_number 166", LICOO2, 4.96, 33.0), {"Li": 1, "Co": 1, "O": 2}),
        # Magnetic operations, tags old and new.
        (cif(listed(*MAGNETIC, tag="_space_group_symop_magn_operation.xyz"), IRON), {"Fe": 2}),
        (cif(listed(*MAGNETIC, tag="_space_group_symop.magn_operation_xyz"), IRON), {"Fe": 2}),
        # Thirds as fractions.
        (cif("", "Mg1 Mg 1/3 2/3 1/4 1\nMg2 Mg 2/3 1/3 3/4 1\n", a=4.0), {"Mg": 2}),
        # Dummy atoms are left out.
        (cif("", DUMMY).replace("_atom_site_occupancy", "_atom_site_calc_flag"), {"Zn": 1, "O": 1}),
    ],
)  # fmt: skip
def test_the_right_atoms_are_read(text: str, expected: dict[str, float]) -> None:
    crystal = from_cif(text, "x.cif")
    assert amounts(crystal) == expected and (np.diff(crystal.site) >= 0).all()


def test_symmetry_is_applied():
    crystal = from_cif(NACL, "NaCl.cif")
    assert crystal.id == "NaCl.cif" and crystal.element.tolist() == [11] * 4 + [17] * 4
    np.testing.assert_allclose(crystal.lattice, 5.64 * np.eye(3), atol=1e-12)
    assert contents(crystal) == contents(from_structure(rock_salt(5.64), "NaCl"))


def test_a_translation_that_is_no_24th_is_applied_too():
    """Gemmi drops such operations; some of the Materials Project's CIFs hold them."""
    crystal = from_cif(cif(listed("x,y,z", "-x+1/5,-y,-z")), "NaCl.cif")
    places = {(11, (0.0, 0.0, 0.0)), (11, (0.2, 0.0, 0.0)), (17, (0.5, 0.5, 0.5)), (17, (0.7, 0.5, 0.5))}
    assert {(z, place) for z, _, place in contents(crystal)} == places


_INVERSION = ["x,y,z", "-x,-y,-z"]
_DIAMOND = [operation.triplet() for operation in gemmi.SpaceGroup("F d -3 m:1").operations()]


@pytest.mark.parametrize(
    ("operations", "named"),
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
def test_a_list_of_operations_is_applied_even_where_it_is_no_group(operations, named):
    name = f"_symmetry_space_group_name_H-M '{named}'" if named else ""
    text = cif(listed(*operations), "Na1 Na 0.25 0.25 0.25 1\nCl1 Cl 0.3 0.3 0.3 1\n", more=name)
    text = text.replace("\n\n", "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        (expected,) = CifParser.from_str(text).parse_structures(primitive=False)
    assert contents(from_cif(text, "a.cif")) == contents(from_structure(expected, "a"))


@pytest.mark.parametrize("place", [0.1234999, 0.1235, 0.9999999, 0.0])
def test_shared_sites_need_not_agree_to_the_last_digit(place):
    """Wherever in the cell: no rounding boundary parts two elements that differ by a rounding error."""
    shared = f"Cl1 Cl {place} 0.5 0.5 0.5\nBr1 Br {(place + 2e-7) % 1:.7f} 0.5 0.5 0.5"
    assert len(from_cif(cif(sites=SALT.replace(CHLORINE, shared)), "mixed.cif")) == 2


def test_an_origin_choice_is_taken_from_formula_and_density() -> None:
    """Silicon at 0 0 0 is diamond in the first setting of F d -3 m; the second puts sixteen atoms there."""
    for formula, expected in (("Si8", 8), ("Si16", 16)):
        more = f"_chemical_formula_sum {formula}\n_cell_formula_units_Z 1"
        text = cif("_symmetry_Int_Tables_number 227", "Si1 Si 0 0 0 1\n", 5.43, more=more)
        assert amounts(from_cif(text, "x.cif")) == {"Si": expected}


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        (cif(), "no symmetry is given: P 1 was assumed"),
        (cif("_symmetry_Int_Tables_number 0"), "no symmetry is given"),
        (cif(FM3M + "\n_symmetry_Int_Tables_number 1"), "name is F m -3 m, but its number 1"),
        (cif(listed("x,y,z", "-x,y,z", "x,-y,-z")), "no group"),
        (cif(FM3M, more="_chemical_formula_sum 'H1 Na1 Cl1'"), "no site holds H"),
        (SPLIT_TITANIUM, "occupancies added up: Ti1"),
        (cif("_symmetry_Int_Tables_number 166", LICOO2, 4.96, 33.0), "R -3 m:R"),
        (cif("_symmetry_Int_Tables_number 227", "Si1 Si 0 0 0 1\n", 5.43), "F d -3 m:"),
    ],
    ids=["none", "zero", "contradiction", "no-group", "hydrogen", "split", "rhombohedral", "two-origins"],
)
def test_what_is_assumed_is_told(text: str, assumed: str) -> None:
    assert any(assumed in sentence for sentence in from_cif(text, "x.cif").read.assumed)


LENGTH = "_cell_length_a 5.64"
SHARED = "Cl1 Cl 0.5 0.5 0.5 0.6\nBr1 Br 0.5 0.5 0.5 0.5"
ONE_OCCUPANCY = "Na1 Na 0 0 0\nCl1 Cl 0.5 0.5 0.5\nloop_\n_atom_site_occupancy\n1\n"
XYZ = "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n"
SPLIT_SITE = "Ti1 Ti 0.5 0.5 0.49 0.8\nTi2 Ti 0.5 0.5 0.51 0.8"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (NACL, "", "no atom sites"), (NACL, "NaCl, rock salt", "not a readable CIF"),
        (CHLORINE, "Cl1 Cl 0.5", "not a readable CIF"), (NACL[NACL.index("loop_") :], "", "no atom sites"),
        ("fract", "Cartn", "no atom sites with fractional"), ("fract_y", "Cartn_y", "no atom sites with fractional"),
        (CHLORINE, "X1 ? 0.5 0.5 0.5 1", "no element.*row 2, value 'X1'"),
        (CHLORINE, "Va1 Va 0.5 0.5 0.5 1", "no element.*row 2, value 'Va'"),
        (CHLORINE, "O1 H2O 0 0 0 1", "type is not one.*'H2O'"), (CHLORINE, "A1 La/Sr 0 0 0 1", "write a row for each"),
        (LENGTH, "", r"cell is empty.*value '\?, 5.64"),
        (LENGTH, "_cell_length_a ?", r"cell is empty.*value '\?, 5.64"),
        (LENGTH, "_cell_length_a 0", "cell is empty: its volume is 0"),
        ("_cell_length_b 5.64", "_cell_length_b long", "cell is empty; line 3: long is no number"),
        (LENGTH, "_cell_length_a 5,64", "line 2: 5,64 is no number"), ("gamma 90", "gamma 0", "cell is empty"),
        ("gamma 90", "gamma ?", "a length or an angle is missing"),
        (CHLORINE, "Cl1 Cl ? ? ? 1", "no coordinates .*row 2, value 'Cl1'"),
        (CHLORINE, "Cl1 Cl 0.5 half 0.5 1", "no coordinates; line 18: half is no number.*row 2, value 'Cl1'"),
        (CHLORINE, "Cl1 Cl 0.5 0.5 0.5 0", "occupancy must be above zero.*row 2, value 'Cl1: 0'"),
        (CHLORINE, "Cl1 Cl 0.5 0.5 0.5 -0.5", "above zero.*row 2, value 'Cl1: -0.5'"),
        (CHLORINE, "Cl1 Cl 0.5 0.5 0.5 1.2", "at most one.*row 2, value 'Cl1: 1.2'"),
        (CHLORINE, "Cl1 Cl 0.5 0.5 0.5 some", "above zero.*row 2, value 'Cl1: some'"),
        (CHLORINE, SHARED, "a site holds 1.1 atoms.*Cl1: 0.6 [+] Br1: 0.5"),
        (f"{FM3M}\n\n{SITES}\n{SALT}", f"{SITES}\n{SPLIT_SITE}", "Å apart are one split site, and it holds 1.6"),
        (FM3M, "_symmetry_space_group_name_H-M 'Q q q'", "space group is unknown.*'Q q q'"),
        (FM3M, "_symmetry_Int_Tables_number 999", "space group is unknown.*value 999"),
        (FM3M, f"{XYZ}-x,q,z", "operation cannot be read.*'-x,q,z'"),
        (FM3M, f"{XYZ}-x,1.1.1,z", "operation cannot be read.*1.1.1"),
        (FM3M, "_symmetry_Int_Tables_number 22S", "cannot be read: not an integer: 22S"),
        (FM3M, "_cell_modulation_dimension 1", "modulated"),
        ("alpha 90", "alpha 0", "cannot be read: Impossible angle"),
        ("_atom_site_label", "_atom_site_name", "no labels: _atom_site_label is missing"),
        (f"_atom_site_occupancy\n{SALT}", ONE_OCCUPANCY, "every atom site needs an occupancy.*1 occ"),
        (LENGTH, "_cell_length_a 1e6", "longer than 10000 Å.*value 1000000.0"),
        (LENGTH, "_cell_length_a 1e300", "longer than 10000 Å"),
        ("gamma 90", "gamma 0.4", "cell is flat: two of its faces are 0.0394 Å apart"),
    ],
)  # fmt: skip
def test_a_cif_that_cannot_be_used_says_why_and_where(old, new, problem):
    assert old in NACL
    with pytest.raises(DataError, match=problem) as caught:
        from_cif(NACL.replace(old, new), "broken.cif")
    assert "file broken.cif" in str(caught.value)


def test_published_weights_know_an_exact_order() -> None:
    """What differs by less than 1e-3 Å is one shell for our rule; the published code takes the nearer by any bit."""
    direction = np.random.default_rng(0).normal(size=(13, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    distance = np.array([*np.linspace(2.0, 2.5, 11), 3.0, 3.0007])
    places = 0.5 + direction * distance[:, None] / 30
    rows = "".join(f"O{i} O {x:.8f} {y:.8f} {z:.8f} 1\n" for i, (x, y, z) in enumerate(places))
    crystal = from_cif(cif("", f"Fe1 Fe 0.5 0.5 0.5 1\n{rows}", a=30.0), "x.cif")
    iron = int(np.flatnonzero(crystal.element == 26)[0])
    for rule, expected in ((NEAREST, 13), (RELEASED, 12)):
        assert (find_neighbours(crystal, rule).centre == iron).sum() == expected


def test_a_structure_gives_what_its_cif_gives():
    lattice = Lattice.from_parameters(4.1, 5.2, 6.3, 89.7, 95.1, 101.3)
    species = ["Na+", {"Fe": 0.5, "Co": 0.25}, "D"]
    structure = Structure(lattice, species, [[0, 0, 0], [0.3, 0.4, 0.5], [0.6, 0.1, 0.9]])
    ours, theirs = from_structure(structure, "a"), from_cif(structure.to(fmt="cif"), "a")
    assert len(ours) == 3 and contents(ours) == contents(theirs) and {1, 11} <= set(ours.element.tolist())
    np.testing.assert_allclose(Lattice(ours.lattice).parameters, Lattice(theirs.lattice).parameters)


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
