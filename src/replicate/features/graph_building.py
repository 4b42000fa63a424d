"""From CIF texts or structures to crystal graphs, in parallel; what cannot be used is reported, not lost.

Shape legend: N0 crystals, N sites, E pairs, all of one chunk.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from replicate.errors import ConfigError, DataError
from replicate.features.crystal import Crystal, from_cif, from_structure
from replicate.features.crystal_graph import CrystalGraphs, join_graphs
from replicate.features.elements import N_ELEMENTS, telling_weights
from replicate.features.equivalence import site_classes
from replicate.features.neighbours import NeighbourRule, Pairs, find_neighbours
from replicate.features.reading import Read
from replicate.processes import allowed

if TYPE_CHECKING:
    from pymatgen.core import Structure

T = TypeVar("T")
NEAREST = NeighbourRule()
CHUNK = 250  # crystals; large enough for array work, small enough for every process to get its share
_WORTH_PROCESSES = 2_000  # starting them takes about a second each


@dataclass(frozen=True)
class Dropped:
    """A crystal that was left out, and why."""

    id: str
    reason: str


@dataclass(frozen=True, eq=False)
class GraphReport:
    """Graphs, and what became of the other crystals.

    Args:
        graphs: of all crystals that could be used, in the order given.
        rows: (N0,) positions of these crystals among all that were given.
        dropped: those left out.
        widened: id → farthest neighbour, Å, for crystals with an atom that lacked neighbours within the rule's radius.
        read: id → what the crystal was taken for.
    """

    graphs: CrystalGraphs
    rows: np.ndarray
    dropped: tuple[Dropped, ...]
    widened: dict[str, float]
    read: dict[str, Read]


class NoCrystalError(ConfigError):
    """None of the crystals could be used; ``dropped`` holds the reason for each."""

    def __init__(self, dropped: tuple[Dropped, ...]) -> None:
        self.dropped = dropped
        super().__init__(f"none of {len(dropped)} crystals could be used; the first: {dropped[0].reason}")


def graphs_from_cifs(
    cifs: Iterable[tuple[str, str]], rule: NeighbourRule = NEAREST, *, processes: int | None = None
) -> GraphReport:
    """Build the graphs of (name, CIF text) pairs; a crystal that cannot be used is reported and left out.

    Args:
        cifs: read once, in chunks, so that an archive streams through.
        rule: who neighbours whom.
        processes: at most; None: 1, for large sets as many as ``REPLICATE_PROCESSES`` says.

    Raises:
        NoCrystalError: no crystal could be used; tells the first reason, and holds all.
        ConfigError: there is no crystal, or ``REPLICATE_PROCESSES`` is no number of processes.
    """
    return graphs_of(list(cifs), _crystal_of_cif, rule, processes)


def graphs_from_structures(
    structures: Iterable[tuple[str, Structure]],
    rule: NeighbourRule = NEAREST,
    *,
    processes: int | None = None,
) -> GraphReport:
    """Build the graphs of (name, pymatgen structure) pairs; otherwise as :func:`graphs_from_cifs`."""
    return graphs_of(list(structures), _crystal_of_structure, rule, processes)


def _crystal_of_cif(item: tuple[str, str]) -> Crystal:
    return from_cif(item[1], item[0])


def _crystal_of_structure(item: tuple[str, Structure]) -> Crystal:
    return from_structure(item[1], item[0])


@dataclass(frozen=True, eq=False)
class _Chunk:
    graphs: CrystalGraphs | None
    used: list[int]
    dropped: list[Dropped]
    widened: dict[str, float]
    read: dict[str, Read]


def graphs_of(
    items: list[T],
    read: Callable[[T], Crystal],
    rule: NeighbourRule = NEAREST,
    processes: int | None = None,
) -> GraphReport:
    """Build the graphs of items whose first part is their name; otherwise as :func:`graphs_from_cifs`.

    Args:
        items: tuples that can be sent to another process.
        read: turns an item into a crystal or raises DataError; a function of a module.
        rule: who neighbours whom.
        processes: at most; None: 1, for large sets as many as ``REPLICATE_PROCESSES`` says.
    """
    if not items:
        raise ConfigError("there is no crystal to build a graph of")
    chunks = list(_chunked(items, CHUNK))
    work = partial(_graphs_of_chunk, read=read, rule=rule)
    workers = min(processes or (allowed() if len(items) >= _WORTH_PROCESSES else 1), len(chunks))
    if workers == 1:
        done = [work(chunk) for chunk in chunks]
    else:
        # A forked child would inherit the locks of torch's threads.
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            done = list(pool.map(work, chunks))
    dropped = tuple(one for part in done for one in part.dropped)
    built = [part.graphs for part in done if part.graphs is not None]
    if not built:
        raise NoCrystalError(dropped)
    rows = np.concatenate([np.array(part.used, dtype=int) + i * CHUNK for i, part in enumerate(done)])
    widened = {name: radius for part in done for name, radius in part.widened.items()}
    read_as = {name: one for part in done for name, one in part.read.items()}
    return GraphReport(join_graphs(built), rows, dropped, widened, read_as)


def _chunked(items: list[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _graphs_of_chunk(items: list[T], *, read: Callable[[T], Crystal], rule: NeighbourRule) -> _Chunk:
    crystals: list[Crystal] = []
    pairs: list[Pairs] = []
    used, dropped, widened = [], [], {}
    for i, item in enumerate(items):
        try:
            crystal = read(item)
            found = find_neighbours(crystal, rule)
        except DataError as error:
            dropped.append(Dropped(str(item[0]), str(error)))  # type: ignore[index]
            continue
        crystals.append(crystal)
        pairs.append(found)
        used.append(i)
        if found.widened is not None:
            widened[crystal.id] = found.widened
    graphs = assemble(crystals, pairs) if crystals else None
    return _Chunk(graphs, used, dropped, widened, {crystal.id: crystal.read for crystal in crystals})


def assemble(crystals: list[Crystal], pairs: list[Pairs]) -> CrystalGraphs:
    """Return the graphs of crystals whose neighbours were found; sites that are alike become one node."""
    n_sites = np.array([len(c) for c in crystals])
    before = np.concatenate([[0], np.cumsum(n_sites)])
    contents = np.zeros((before[-1], N_ELEMENTS), dtype=np.float32)
    site = np.concatenate([c.site + b for c, b in zip(crystals, before, strict=False)])
    element = np.concatenate([c.element for c in crystals])
    # Two entries of one element on one site would overwrite each other in a plain assignment.
    np.add.at(contents, (site, element - 1), np.concatenate([c.occupancy for c in crystals]))
    _, first, kind = np.unique(contents @ telling_weights(), return_index=True, return_inverse=True)
    kinds = contents[first]
    crystal = np.repeat(np.arange(len(crystals)), n_sites)
    centre = np.concatenate([p.centre + b for p, b in zip(pairs, before, strict=False)])
    neighbour = np.concatenate([p.neighbour + b for p, b in zip(pairs, before, strict=False)])
    distance = np.concatenate([p.distance for p in pairs])
    weight = np.concatenate([p.weight for p in pairs])
    classes = site_classes(crystal, kind, centre, neighbour, distance, weight)
    home = crystal[classes.first]
    node_start = np.searchsorted(home, np.arange(len(crystals) + 1)).astype(np.int64)
    edge_start = np.searchsorted(home[classes.centre], np.arange(len(crystals) + 1)).astype(np.int64)
    return CrystalGraphs(
        ids=tuple(c.id for c in crystals),
        kinds=kinds,
        n_atoms=n_sites.astype(np.int32),
        node_start=node_start,
        edge_start=edge_start,
        kind=kind[classes.first].astype(np.int32),
        count=classes.count.astype(np.float32),
        degree=np.bincount(classes.centre, minlength=len(home)).astype(np.int32),
        neighbour=(classes.neighbour - node_start[home[classes.centre]]).astype(np.int32),
        distance=classes.distance.astype(np.float32),
        weight=classes.weight.astype(np.float32),
    )
