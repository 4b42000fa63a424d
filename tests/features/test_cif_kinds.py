"""CIFs as people really have them: each kind is read for what it is and told what was assumed, or refused by name."""

from __future__ import annotations

from collections import Counter

import gemmi
import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from replicate.errors import DataError
from replicate.features.cif_text import decoded
from replicate.features.crystal import Crystal, from_cif
from replicate.features.elements import SYMBOLS
from replicate.features.graph_building import NEAREST
from replicate.features.neighbours import RELEASED, find_neighbours

HEAD = "data_x\n_cell_length_a {0}\n_cell_length_b {1}\n_cell_length_c {2}\n"
ANGLES = "_cell_angle_alpha {0}\n_cell_angle_beta {1}\n_cell_angle_gamma {2}\n"
SITES = (
    "loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
    "_atom_site_occupancy\n"
)
SALT = "Na1 Na 0 0 0 1\nCl1 Cl 0.5 0.5 0.5 1\n"


def cif(symmetry: str = "", sites: str = SALT, a: float = 5.64, angle: float = 90, more: str = "") -> str:
    """Return a CIF with a cell of equal edges (Å) and angles (degrees)."""
    return "\n".join(
        [HEAD.format(a, a, a) + ANGLES.format(angle, angle, angle), symmetry, more, SITES + sites]
    )


def amounts(crystal: Crystal) -> dict[str, float]:
    """Return element → atoms in the cell."""
    total: Counter[str] = Counter()
    for element, occupancy in zip(crystal.element.tolist(), crystal.occupancy.tolist(), strict=True):
        total[SYMBOLS[element - 1]] += occupancy
    return {symbol: round(amount, 6) for symbol, amount in total.items()}


def listed(*operations: str, tag: str = "_symmetry_equiv_pos_as_xyz") -> str:
    return "\n".join(["loop_", tag, *operations])


FM3M = "_symmetry_space_group_name_H-M 'F m -3 m'"
BATIO3 = "Ba1 Ba 0 0 0 1\nO1 O 0.5 0.5 0 1\n{}"
IRON = "Fe1 Fe 0.1 0.2 0.3 1\n"
MAGNETIC = ("x,y,z,+1", "-x,-y,-z,-1")
LANTHANUM = "A1 La 0.5 0.5 0.49 0.3\nA2 Sr 0.5 0.5 0.51 0.7\nO1 O 0 0 0 1\n"
LICOO2 = "Li1 Li 0 0 0 1\nCo1 Co 0.5 0.5 0.5 1\nO1 O 0.24 0.24 0.24 1\n"
DUMMY = "Zn1 Zn 0 0 0 d\nO1 O 0.5 0.5 0.5 d\nCg1 . 0.2 0.2 0.2 dum\n"
PM3M = "_symmetry_space_group_name_H-M 'P m -3 m'"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A site split over the eight places around its middle: their occupancies add up.
        (cif(PM3M, BATIO3.format("Ti1 Ti 0.52 0.52 0.52 0.125\n"), a=4.0), {"Ba": 1, "O": 3, "Ti": 1}),
        (
            cif("", "Ti1 Ti 0.5 0.5 0.48 0.5\nTi2 Ti 0.5 0.5 0.52 0.5\nO1 O 0 0 0 1\n", a=4.0),
            {"Ti": 1, "O": 1},
        ),
        # Two elements that share a split place.
        (cif("", LANTHANUM, a=4.0), {"La": 0.3, "Sr": 0.7, "O": 1}),
        # Dotted (DDLm) tags.
        (cif(listed("x,y,z", "-x,-y,-z", tag="_space_group_symop.operation_xyz"), IRON), {"Fe": 2}),
        # A rhombohedral cell whose group is told by number.
        (cif("_symmetry_Int_Tables_number 166", LICOO2, 4.96, 33.0), {"Li": 1, "Co": 1, "O": 2}),
        (cif('_symmetry_Int_Tables_number "225"'), {"Na": 4, "Cl": 4}),
        (cif("_symmetry_Int_Tables_number 225.0"), {"Na": 4, "Cl": 4}),
        # Magnetic operations, tags old and new.
        (cif(listed(*MAGNETIC, tag="_space_group_symop_magn_operation.xyz"), IRON), {"Fe": 2}),
        (cif(listed(*MAGNETIC, tag="_space_group_symop.magn_operation_xyz"), IRON), {"Fe": 2}),
        # Thirds as fractions.
        (cif("", "Mg1 Mg 1/3 2/3 1/4 1\nMg2 Mg 2/3 1/3 3/4 1\n", a=4.0), {"Mg": 2}),
        # Dummy atoms are left out.
        (cif("", DUMMY).replace("_atom_site_occupancy", "_atom_site_calc_flag"), {"Zn": 1, "O": 1}),
    ],
)
def test_the_right_atoms_are_read(text: str, expected: dict[str, float]) -> None:
    assert amounts(from_cif(text, "x.cif")) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (cif(), "no symmetry is given: P 1 was assumed"),
        (cif("_symmetry_Int_Tables_number 0"), "number is 0"),
        (cif(FM3M + "\n_symmetry_Int_Tables_number 1"), "name is F m -3 m, but its number 1"),
        (cif(listed("x,y,z", "-x,y,z", "x,-y,-z")), "no group"),
        (cif(FM3M, more="_chemical_formula_sum 'H1 Na1 Cl1'"), "no site holds H"),
        (cif(PM3M, BATIO3.format("Ti1 Ti 0.52 0.52 0.52 0.125\n"), a=4.0), "occupancies added up: Ti1"),
        (
            cif("_symmetry_Int_Tables_number 166", "Li1 Li 0 0 0 1\nO1 O 0.24 0.24 0.24 1\n", 4.96, 33.0),
            "R -3 m:R",
        ),
        (cif("_symmetry_Int_Tables_number 227", "Si1 Si 0 0 0 1\n", 5.43), "F d -3 m:"),
    ],
    ids=["none", "zero", "contradiction", "no-group", "hydrogen", "split", "rhombohedral", "two-origins"],
)
def test_what_is_assumed_is_told(text: str, told: str) -> None:
    assert any(told in sentence for sentence in from_cif(text, "x.cif").read.assumed)


def test_an_origin_choice_is_taken_from_formula_and_density() -> None:
    """Silicon at 0 0 0 is diamond in the first setting of F d -3 m; the second puts sixteen atoms there."""
    for formula, expected in (("Si8", 8), ("Si16", 16)):
        more = f"_chemical_formula_sum {formula}\n_cell_formula_units_Z 1"
        crystal = from_cif(
            cif("_symmetry_Int_Tables_number 227", "Si1 Si 0 0 0 1\n", 5.43, more=more), "x.cif"
        )
        assert amounts(crystal) == {"Si": expected}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (cif("", "Ti1 Ti 0.5 0.5 0.49 0.8\nTi2 Ti 0.5 0.5 0.51 0.8\n", a=4.0), "it holds 1.6 atoms"),
        (cif("", "O1 H2O 0 0 0 1\n"), "molecule"),
        (cif("", "A1 La/Sr 0 0 0 1\n"), "more than one element"),
        (cif(more="_cell_modulation_dimension 1"), "modulated"),
        (cif().replace("_cell_length_a 5.64", "_cell_length_a 5,64"), "decimal comma, write 5.64"),
    ],
    ids=["too-full", "molecule", "mixture", "modulated", "comma"],
)
def test_what_cannot_be_read_is_refused_by_its_cause(text: str, problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        from_cif(text, "x.cif")


SPELLINGS = {
    "as it is": lambda text: text,
    "byte order mark": lambda text: "\ufeff" + text,
    "UTF-16": lambda text: text,
    "zeros at the end": lambda text: text + "\x00\x00\x1a",
    "no-break space": lambda text: text.replace(" ", "\u00a0"),
    "Unicode minus": lambda text: text.replace("-", "\u2212"),
    "Windows": lambda text: text.replace("\n", "\r\n"),
    "quoted numbers": lambda text: "\n".join(
        f"{line.split()[0]} '{line.split()[1]}'" if line.startswith("_cell_") else line for line in text.split("\n")
    ),
    "uncertainties": lambda text: "\n".join(
        f"{line}(3)" if line.startswith("_cell_length") else line for line in text.split("\n")
    ),
    "capital tags": lambda text: text.replace("_atom_site_", "_ATOM_SITE_").replace("_cell_", "_CELL_"),
}  # fmt: skip


@st.composite
def crystals(draw: st.DrawFn) -> tuple[str, list[str], str, gemmi.SpaceGroup]:
    """Draw a cell, a space group's operations, rows of one or two sites, and the group."""
    group = draw(st.sampled_from([1, 2, 14, 62, 136, 194, 216, 221, 225]))
    found = gemmi.find_spacegroup_by_number(group)
    grid = st.integers(1, 11).map(lambda n: f"{n / 24 + 0.02:.5f}")
    rows = [
        f"{symbol}1 {symbol} {draw(grid)} {draw(grid)} {draw(grid)} {draw(st.sampled_from(['1', '0.5']))}"
        for symbol in draw(
            st.lists(st.sampled_from(["Na", "Cl", "Fe", "O"]), min_size=1, max_size=2, unique=True)
        )
    ]
    hexagonal = 143 <= group <= 194
    cell = HEAD.format(15, 15, 15) + ANGLES.format(90, 90, 120 if hexagonal else 90)
    return cell, [operation.triplet() for operation in found.operations()], "\n".join(rows), found


@settings(max_examples=40, deadline=None)
@given(crystals())
def test_ten_spellings_are_one_crystal(drawn) -> None:
    cell, triplets, rows, group = drawn
    written = f"{cell}{listed(*(f'{chr(39)}{one}{chr(39)}' for one in triplets))}\n{SITES}{rows}\n"
    try:
        first = from_cif(written, "x.cif")
    except DataError:
        reject()  # images of a site too near each other
    for name, spelt in SPELLINGS.items():
        content = spelt(written).encode("utf-16" if name == "UTF-16" else "utf-8")
        again = from_cif(decoded(content), "x.cif")
        assert amounts(again) == amounts(first), name
        np.testing.assert_allclose(again.positions, first.positions, atol=1e-9, err_msg=name)
    for symmetry in (
        listed(*(f"'{one}'" for one in triplets), tag="_space_group_symop.operation_xyz"),
        f"_symmetry_space_group_name_H-M '{group.hm}'",
        f"_space_group_IT_number {group.number}",
    ):
        assert amounts(from_cif(f"{cell}{symmetry}\n{SITES}{rows}\n", "x.cif")) == amounts(first), symmetry


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
