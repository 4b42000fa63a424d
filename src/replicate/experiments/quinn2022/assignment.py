"""Parents and polymorphs for the formulas of SuperCon, and the crystals they become.

Shape legend: n formulas, 118 elements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from replicate import data
from replicate.data.registry import entry
from replicate.errors import DataError
from replicate.experiments.core import Run
from replicate.experiments.quinn2022.names import POOL, THREE_D
from replicate.features.composition import formulas_of
from replicate.features.crystal import Crystal, from_cif
from replicate.features.graph_building import NEAREST, GraphReport, graphs_of
from replicate.features.graph_store import StoredGraphs, archive_graphs, stored_graphs
from replicate.features.structure_keys import amounts_of
from replicate.parents import Entries, Match, ParentPool, choose, place
from replicate.parents.polymorphs import space_group
from replicate.parents.search import PER_ATOM
from replicate.training.checkpoint import content_key

FORMAT = 1  # raised when the same formulas would get other structures
PARENTS = "parents"  # part of the 3DSC archive: structures of the Materials Project as it found them


@dataclass(frozen=True, eq=False)
class Structures:
    """Known structures, and their compositions to search in.

    Args:
        ids: (structures,) in the Materials Project.
        pool: rows in it are places in ``ids``.
    """

    ids: np.ndarray
    pool: ParentPool


@lru_cache(maxsize=1)
def known_structures(most: int | None = None) -> Structures:
    """Return the structures a parent may have: those the 3DSC took from the Materials Project, and the mirrored ones.

    Args:
        most: the first so many of the mirrored ones; None: all.
    """
    found = [archive_graphs(THREE_D, part=PARENTS).graphs]
    if most != 0:
        found.append(archive_graphs(POOL, most=most).graphs)
    ids = np.array([one for graphs in found for one in graphs.ids])
    amounts = np.concatenate([amounts_of(graphs) for graphs in found])
    first = np.sort(np.unique(ids, return_index=True)[1])
    return Structures(ids[first], ParentPool(amounts[first]))


def compounds_of_parents() -> dict[str, str]:
    """Return id → formula (fractions) of the structures the 3DSC took from the Materials Project."""
    graphs = archive_graphs(THREE_D, part=PARENTS).graphs
    return dict(zip(graphs.ids, formulas_of(np.round(graphs.fractions(), 4)).tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Assigned:
    """What became of n formulas.

    Args:
        parent: (n,) id of the parent structure, empty where there is none.
        compound: (n,) formula of the parent, the same for its polymorphs.
        distance: (n,) share of the atoms that differ, NaN where there is no parent.
        scale: (n,) formula units of the parent per formula.
        polymorphs: (n,) structures of the parent's composition.
        by_type: (n,) booleans: SuperCon's structure type told the polymorph.
    """

    parent: np.ndarray
    compound: np.ndarray
    distance: np.ndarray
    scale: np.ndarray
    polymorphs: np.ndarray
    by_type: np.ndarray

    @property
    def found(self) -> np.ndarray:
        """Return (n,) booleans: there is a parent."""
        return np.asarray(self.parent != "")

    def take(self, rows: np.ndarray) -> Assigned:
        """Return the assignments at ``rows``."""
        return Assigned(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def assign(run: Run, entries: Entries, types: Sequence[str], most: int | None = None) -> Assigned:
    """Return the parent and polymorph of every formula, from the work folder where they were found before.

    Args:
        run: keeps the result as a stage.
        entries: n formulas.
        types: (n,) structure types of SuperCon, empty where there is none.
        most: of the mirrored structures; None: all.
    """
    compositions = entries.compositions
    parts = (
        FORMAT,
        compositions.formulas,
        entries.open.tolist(),
        list(types),
        entry(POOL).sha256,
        entry(THREE_D).sha256,
        most,
    )
    kept = run.stage("quinn2022-parents", parts, partial(_assign, entries, types, most))
    return Assigned(**kept)


def _assign(entries: Entries, types: Sequence[str], most: int | None) -> dict[str, np.ndarray]:
    known = known_structures(most)
    matches = find_all(known.pool, entries)
    several = {
        known.ids[row]
        for match, kind in zip(matches, types, strict=True)
        if match is not None and kind and len(match.rows) > 1
        for row in match.rows
    }
    texts = dict(parent_cifs(several))
    groups: dict[str, int] = {}

    def group_of(name: str) -> int:
        if name not in groups:
            groups[name] = space_group(from_cif(texts[name], name))
        return groups[name]

    formulas = formulas_of(np.round(known.pool.fractions, 4))
    found: dict[str, list[object]] = {name: [] for name in Assigned.__dataclass_fields__}
    for match, kind in zip(matches, types, strict=True):
        if match is None:
            row: tuple[object, ...] = ("", "", np.nan, np.nan, 0, False)
        else:
            name, by_type = choose([str(known.ids[i]) for i in match.rows], kind, group_of)
            compound = str(formulas[match.place])
            row = (name, compound, match.distance, match.scale, len(match.rows), by_type)
        for column, value in zip(found.values(), row, strict=True):
            column.append(value)
    return {name: np.array(column) for name, column in found.items()}


def find_all(pool: ParentPool, entries: Entries, per_atom: float = PER_ATOM) -> list[Match | None]:
    """Return the parent of every formula; equal ones are looked up once."""
    found: dict[tuple[bytes, bool], Match | None] = {}
    matches = []
    for amounts, is_open in zip(entries.compositions.amounts, entries.open.tolist(), strict=True):
        key = (amounts.tobytes(), is_open)
        if key not in found:
            found[key] = pool.find(amounts, open_oxygen=is_open, per_atom=per_atom)
        matches.append(found[key])
    return matches


def parent_cifs(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (id, CIF text) of structures by name, those of the 3DSC first."""
    wanted = set(names)
    for texts in (_texts_of_3dsc().items, partial(data.cifs, POOL)):
        if not wanted:
            return
        for name, text in texts():
            if name in wanted:
                wanted.remove(name)
                yield name, text
                if not wanted:
                    return


def _texts_of_3dsc() -> dict[str, str]:
    """Return id → CIF text of the structures the 3DSC took, which are asked for again and again."""
    path = data.locate(THREE_D, download=True)
    return _read_texts(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read_texts(path: Path, changed: int) -> dict[str, str]:
    return dict(data.cifs(THREE_D, PARENTS))


def crystal_graphs(name: str, digest: str, entries: Entries, assigned: Assigned) -> StoredGraphs:
    """Return the graphs of formulas on the structures of their parents, built where they are not kept.

    Formulas whose atoms do not all find a site are among the dropped.

    Args:
        name: readable part of the folder's name.
        digest: of the formulas.
        entries: n formulas, all with a parent.
        assigned: their parents.
    """

    def build() -> GraphReport:
        texts = dict(parent_cifs(assigned.parent.tolist()))
        amounts = entries.compositions.amounts
        items = [
            (formula, texts[parent], parent, row, scale, is_open)
            for formula, parent, row, scale, is_open in zip(
                entries.compositions.formulas,
                assigned.parent.tolist(),
                amounts,
                assigned.scale.tolist(),
                entries.open.tolist(),
                strict=True,
            )
        ]
        return graphs_of(items, _placed)

    key = content_key(FORMAT, digest, assigned.parent.tolist(), np.round(assigned.scale, 6).tolist())
    return stored_graphs(name, key, NEAREST, build)


def _placed(item: tuple[str, str, str, np.ndarray, float, bool]) -> Crystal:
    formula, text, parent, amounts, scale, is_open = item
    crystal = from_cif(text, parent)
    held = np.bincount(crystal.element - 1, weights=crystal.occupancy, minlength=len(amounts))
    try:
        placed = place(crystal, amounts, scale, held / held.sum(), open_oxygen=is_open).crystal
    except DataError as error:
        raise DataError(f"{error.problem} of {parent}", file=formula, value=error.value) from None
    return Crystal(formula, placed.lattice, placed.positions, placed.site, placed.element, placed.occupancy)
