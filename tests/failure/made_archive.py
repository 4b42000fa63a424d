"""A small archive of crystals and its table, made here, that a child's registry takes for registered ones."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice, permutations
from pathlib import Path

import tasks

from replicate import data
from replicate.data.digest import file_sha256
from replicate.data.registry import Archive

NAME, TABLE = "cmr-cifs", "cmr-perovskites-total"
FILES = 300
_ELEMENTS = ("Li", "Na", "K", "Mg", "Ca", "Ti", "Fe", "Zn", "Sn", "O", "F", "Cl")
_CIF = """data_{a}{b}{x}3
_cell_length_a {side}
_cell_length_b {side}
_cell_length_c {side}
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 1'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
{a}1 {a} 0 0 0 1
{b}1 {b} 0.5 0.5 0.5 1
{x}1 {x} 0.5 0.5 0 1
{x}2 {x} 0.5 0 0.5 1
{x}3 {x} 0 0.5 0.5 1
"""


@dataclass(frozen=True)
class Registered:
    """An archive as the registry knows it.

    Args:
        file: where it lies.
        mirror: the folder it lies in, with its table.
        sha256: its checksum.
        limits: to be called in a child, so that its registry knows them too; none for what is registered.
    """

    file: Path
    mirror: Path
    sha256: str
    limits: tuple[Callable[[], None], ...] = ()


def make(mirror: Path) -> Registered:
    """Write an archive of cubic perovskites, five atoms each, and a table of some of them."""
    entry, table = data.entry(NAME), data.entry(TABLE)
    assert entry.archive is not None
    part, (folder, _) = next(iter(entry.archive.parts.items()))
    file = mirror / entry.file
    file.parent.mkdir(parents=True)
    names = []
    with tarfile.open(file, "w:xz") as archive:
        for number, (a, b, x) in enumerate(islice(permutations(_ELEMENTS, 3), FILES)):
            names.append(f"{a}{b}{x}3")
            text = _CIF.format(a=a, b=b, x=x, side=3.5 + number / 97).encode()
            member = tarfile.TarInfo(f"{entry.archive.root}/{folder}/{names[-1]}.cif")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    rows = [
        ",".join(column.upstream for column in table.columns),
        *(
            ",".join(
                name if c.kind == "text" else "True" if c.kind == "flag" else "0.5" for c in table.columns
            )
            for name in names[:9]
        ),
    ]
    csv = mirror / table.file
    csv.parent.mkdir(parents=True, exist_ok=True)
    csv.write_text("\n".join(rows) + "\n", encoding="utf-8")
    sha256 = file_sha256(file)
    holds = Archive(entry.archive.root, {part: (folder, FILES)}, {})
    limits = (
        partial(tasks.register, NAME, sha256=sha256, archive=holds),
        partial(tasks.register, TABLE, sha256=file_sha256(csv), n_rows=9),
    )
    return Registered(file, mirror, sha256, limits)


def registered() -> Registered:
    """Return the real one, which must be here."""
    file = data.locate(NAME)
    return Registered(file, file.parent, data.entry(NAME).sha256)
