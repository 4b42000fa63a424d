"""Every CIF is read, whichever way it is written, or refused."""

import re
from contextlib import suppress

import gemmi
import numpy as np
from cifs import FM3M, amounts, cif, listed
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from replicate.errors import DataError
from replicate.features.cif_text import decoded
from replicate.features.crystal import from_cif

SPELLINGS = {
    "as it is": lambda text: text,
    "byte order mark": lambda text: "\ufeff" + text,
    "UTF-16": lambda text: text,
    "Latin-1": lambda text: "# gemäß Hönig\n" + text,
    "zeros at the end": lambda text: text + "\x00\x00\x1a",
    "no-break space": lambda text: text.replace(" ", "\u00a0"),
    "Unicode minus": lambda text: text.replace("-", "\u2212"),
    "Windows": lambda text: text.replace("\n", "\r\n"),
    "quoted numbers": lambda text: re.sub(r"(?m)^(_cell_\S+) (.*)$", r"\1 '\2'", text),
    "uncertainties": lambda text: re.sub(r"(?m)^(_cell_length.*)$", r"\1(3)", text),
    "capital tags": lambda text: text.replace("_atom_site_", "_ATOM_SITE_").replace("_cell_", "_CELL_"),
}


@st.composite
def crystals(draw: st.DrawFn) -> tuple[gemmi.SpaceGroup, str]:
    """Draw a space group, and rows of one or two sites."""
    grid = st.integers(1, 11).map(lambda n: f"{n / 24 + 0.02:.5f}")
    elements = st.lists(st.sampled_from(["Na", "Cl", "Fe", "O"]), min_size=1, max_size=2, unique=True)
    rows = [
        f"{symbol}1 {symbol} {draw(grid)} {draw(grid)} {draw(grid)} {draw(st.sampled_from(['1', '0.5']))}"
        for symbol in draw(elements)
    ]
    number = draw(st.sampled_from([1, 2, 14, 62, 136, 194, 216, 221, 225]))
    return gemmi.find_spacegroup_by_number(number), "\n".join(rows) + "\n"


@settings(max_examples=40, deadline=None)
@given(crystals())
def test_all_spellings_are_one_crystal(drawn) -> None:
    group, rows = drawn

    def written(symmetry: str) -> str:
        text = cif(symmetry, rows, a=15)
        return text.replace("gamma 90", "gamma 120") if 143 <= group.number <= 194 else text

    triplets = [f"'{operation.triplet()}'" for operation in group.operations()]
    by_list = written(listed(*triplets))
    try:
        first = from_cif(by_list, "x.cif")
    except DataError:
        reject()  # images of a site too near each other
    for name, spelt in SPELLINGS.items():
        content = spelt(by_list).encode(name if name in ("UTF-16", "Latin-1") else "utf-8")
        again = from_cif(decoded(content), "x.cif")
        assert amounts(again) == amounts(first), name
        np.testing.assert_allclose(again.positions, first.positions, atol=1e-9, err_msg=name)
    for symmetry in (
        listed(*triplets, tag="_space_group_symop.operation_xyz"),
        f"_symmetry_space_group_name_H-M '{group.hm}'",
        f"_space_group_IT_number {group.number}",
    ):
        assert amounts(from_cif(written(symmetry), "x.cif")) == amounts(first), symmetry


_TEXTS = (cif(FM3M), cif(listed("x,y,z", "-x,-y,-z")), cif(listed("x,y,z", "-x+1/5,-y,-z")))
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
