"""A small archive of crystals and its table, made here, that a child's registry takes for registered ones."""

import io
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice, permutations
from pathlib import Path

import tasks
from cifs import cif

from replicate import data
from replicate.data.digest import file_sha256
from replicate.data.registry import Archive

NAME, TABLE = "cmr-cifs", "cmr-perovskites-total"
FILES = 300
_ELEMENTS = ("Li", "Na", "K", "Mg", "Ca", "Ti", "Fe", "Zn", "Sn", "O", "F", "Cl")
_SITES = "{a}1 {a} 0 0 0 1\n{b}1 {b} 0.5 0.5 0.5 1\n{x}1 {x} 0.5 0.5 0 1\n{x}2 {x} 0.5 0 0.5 1\n{x}3 {x} 0 0.5 0.5 1\n"
_CELLS = {"text": lambda name: name, "flag": lambda _: "True"}


@dataclass(frozen=True)
class Registered:
    """An archive in a mirror with its table, its checksum, and the calls by which a child's registry knows both."""

    file: Path
    mirror: Path
    sha256: str
    limits: tuple[Callable[[], None], ...]


def make(mirror: Path) -> Registered:
    """Write an archive of cubic perovskites, five atoms each, and a table of some of them."""
    entry, table = data.entry(NAME), data.entry(TABLE)
    assert entry.archive is not None
    part, (folder, _) = next(iter(entry.archive.parts.items()))
    file, csv = mirror / entry.file, mirror / table.file
    names = []
    for path in (file, csv):
        path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(file, "w:xz") as archive:
        for number, (a, b, x) in enumerate(islice(permutations(_ELEMENTS, 3), FILES)):
            names.append(f"{a}{b}{x}3")
            text = cif(sites=_SITES.format(a=a, b=b, x=x), a=3.5 + number / 97).encode()
            member = tarfile.TarInfo(f"{entry.archive.root}/{folder}/{names[-1]}.cif")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    rows = [[_CELLS.get(column.kind, lambda _: "0.5")(name) for column in table.columns] for name in names[:9]]
    lines = [",".join(row) for row in ([column.upstream for column in table.columns], *rows)]
    csv.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sha256 = file_sha256(file)
    holds = Archive(entry.archive.root, {part: (folder, FILES)}, {})
    limits = (
        partial(tasks.register, NAME, sha256=sha256, archive=holds),
        partial(tasks.register, TABLE, sha256=file_sha256(csv), n_rows=9),
    )
    return Registered(file, mirror, sha256, limits)
