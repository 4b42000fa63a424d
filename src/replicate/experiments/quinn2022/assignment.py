"""Parents and polymorphs for the formulas of SuperCon, and the crystals they become."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from itertools import chain

import numpy as np
import pandas as pd

from replicate import data
from replicate.data.registry import entry
from replicate.errors import DataError
from replicate.experiments.core import Run
from replicate.experiments.graph_store import StoredGraphs, archive_graphs, stored_graphs
from replicate.experiments.quinn2022.specs import POOL, THREE_D
from replicate.features.composition import formulas_of
from replicate.features.crystal import Crystal, from_cif
from replicate.features.crystal_graph import amounts_of
from replicate.features.graph_building import NEAREST, GraphReport, graphs_of
from replicate.features.open_amounts import Entries
from replicate.features.parents import Match, ParentPool, choose, place
from replicate.features.parents.polymorphs import space_group
from replicate.features.parents.search import PER_ATOM
from replicate.settings import content_key

FORMAT = 1  # raised when the same formulas would get other structures
PARENTS = "parents"  # part of the 3DSC archive: structures of the Materials Project as it has them
COLUMNS = ("parent", "compound", "distance", "scale", "polymorphs", "by_type")


@lru_cache(maxsize=1)
def known_structures(most: int | None = None) -> tuple[np.ndarray, ParentPool]:
    """Return the ids of the structures a parent may have, and their compositions by place in them.

    Args:
        most: besides those that the 3DSC took, so many of the mirrored Materials Project; None: all.
    """
    parts = [archive_graphs(THREE_D, part=PARENTS).graphs]
    if most != 0:
        parts.append(archive_graphs(POOL, most=most).graphs)
    ids = np.concatenate([graphs.ids for graphs in parts])
    amounts = np.concatenate([amounts_of(graphs) for graphs in parts])
    first = np.sort(np.unique(ids, return_index=True)[1])
    return ids[first], ParentPool(amounts[first])


def compounds_of_parents() -> dict[str, str]:
    """Return id → formula (fractions) of the structures the 3DSC took from the Materials Project."""
    graphs = archive_graphs(THREE_D, part=PARENTS).graphs
    return dict(zip(graphs.ids, formulas_of(np.round(graphs.fractions(), 4)).tolist(), strict=True))


def assign(run: Run, entries: Entries, types: Sequence[str], most: int | None = None) -> pd.DataFrame:
    """Return the parent and polymorph of n formulas with SuperCon's structure types, empty where unknown, as a stage.

    Columns: ``parent``, the id of its structure, empty without one; ``compound``, its formula, the same for its
    polymorphs; ``distance``, the share of atoms that differ; ``scale``, formula units of the parent per formula;
    ``polymorphs``, structures of the parent's composition; ``by_type``, whether SuperCon's type decided between them.
    """
    formulas, is_open = entries.compositions.formulas, entries.open.tolist()
    parts = (FORMAT, formulas, is_open, list(types), entry(POOL).sha256, entry(THREE_D).sha256, most)
    return pd.DataFrame(run.stage("quinn2022-parents", parts, partial(_assign, entries, types, most)))


def _assign(entries: Entries, types: Sequence[str], most: int | None) -> dict[str, np.ndarray]:
    ids, pool = known_structures(most)
    matches = find_all(pool, entries)
    several = [
        ids[match.rows].tolist()
        for match, kind in zip(matches, types, strict=True)
        if match is not None and kind and len(match.rows) > 1
    ]
    texts = dict(parent_cifs(set(chain.from_iterable(several))))

    @cache
    def group_of(name: str) -> int:
        return space_group(from_cif(texts[name], name))

    formulas = formulas_of(np.round(pool.fractions, 4))
    rows: list[tuple[object, ...]] = []
    for match, kind in zip(matches, types, strict=True):
        if match is None:
            rows.append(("", "", np.nan, np.nan, 0, False))
        else:
            name, by_type = choose(ids[match.rows].tolist(), kind, group_of)
            compound = str(formulas[match.place])
            rows.append((name, compound, match.distance, match.scale, len(match.rows), by_type))
    return {name: np.array(column) for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)}


def find_all(pool: ParentPool, entries: Entries, per_atom: float = PER_ATOM) -> list[Match | None]:
    """Return the parent of every formula; equal ones are looked up once."""

    @cache
    def find(amounts: bytes, is_open: bool) -> Match | None:
        return pool.find(np.frombuffer(amounts), open_oxygen=is_open, per_atom=per_atom)

    pairs = zip(entries.compositions.amounts.astype(float), entries.open.tolist(), strict=True)
    return [find(amounts.tobytes(), is_open) for amounts, is_open in pairs]


def parent_cifs(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (id, CIF text) of structures by name, those of the 3DSC first."""
    wanted = set(names)
    for name, text in chain(_texts_of_3dsc().items(), data.cifs(POOL)) if wanted else ():
        if name in wanted:
            wanted.remove(name)
            yield name, text
            if not wanted:
                return


@cache
def _texts_of_3dsc() -> dict[str, str]:
    """Return id → CIF text of the structures the 3DSC took, which several stages need."""
    return dict(data.cifs(THREE_D, PARENTS))


def crystal_graphs(name: str, digest: str, entries: Entries, assigned: pd.DataFrame) -> StoredGraphs:
    """Return the graphs of n formulas, all with a parent, on their parents' structures, stored under a name.

    Formulas whose atoms do not all have a site are among the dropped; ``digest`` is that of the formulas.
    """
    parents, scales = assigned["parent"].tolist(), assigned["scale"]

    def build() -> GraphReport:
        texts = dict(parent_cifs(parents))
        formulas, amounts = entries.compositions.formulas, entries.compositions.amounts
        cifs = [texts[parent] for parent in parents]
        columns = (formulas, cifs, parents, amounts, scales.tolist(), entries.open.tolist())
        return graphs_of(list(zip(*columns, strict=True)), _placed)

    key = content_key(FORMAT, digest, parents, np.round(scales, 6).tolist())
    return stored_graphs(name, key, NEAREST, build)


def _placed(item: tuple[str, str, str, np.ndarray, float, bool]) -> Crystal:
    formula, text, parent, amounts, scale, is_open = item
    crystal = from_cif(text, parent)
    held = np.bincount(crystal.element - 1, weights=crystal.occupancy, minlength=len(amounts))
    try:
        placed = place(crystal, amounts, scale, held / held.sum(), open_oxygen=is_open)
    except DataError as error:
        raise DataError(f"{error.problem} of {parent}", file=formula, value=error.value) from None
    return replace(placed, id=formula)
