"""From CIF texts or structures to crystal graphs, in parallel; what cannot be used is reported, not lost.

Shape legend: N0 crystals, N sites, E pairs, all of one chunk.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from replicate.errors import ConfigError, DataError
from replicate.features.crystal import Crystal, crystal_of
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


def graphs_from_structures(
    structures: Iterable[tuple[str, str | Structure]], rule: NeighbourRule = NEAREST, *, processes: int | None = None
) -> GraphReport:
    """Build the graphs of pairs of a name and a CIF text or pymatgen structure as :func:`graphs_of`."""
    return graphs_of(list(structures), crystal_of, rule, processes)


def graphs_of(
    items: list[T], read: Callable[[T], Crystal], rule: NeighbourRule = NEAREST, processes: int | None = None
) -> GraphReport:
    """Build the graphs of items; one that cannot be used is reported and left out.

    Args:
        items: tuples whose first part is a name, and that can be sent to another process.
        read: turns an item into a crystal or raises DataError; a function of a module.
        rule: who neighbours whom.
        processes: at most; None: 1, for large sets as many as ``REPLICATE_PROCESSES`` says.

    Raises:
        NoCrystalError: no crystal could be used; names the first reason, and holds all.
        ConfigError: there is no crystal, or ``REPLICATE_PROCESSES`` is no number of processes.
    """
    if not items:
        raise ConfigError("there is no crystal to build a graph of")
    chunks = [items[i : i + CHUNK] for i in range(0, len(items), CHUNK)]
    work = partial(_chunk_report, read=read, rule=rule)
    workers = min(processes or (allowed() if len(items) >= _WORTH_PROCESSES else 1), len(chunks))
    if workers == 1:
        reports = list(map(work, chunks))
    else:
        # A forked child would inherit the locks of torch's threads.
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            reports = list(pool.map(work, chunks))
    dropped = tuple(crystal for report in reports for crystal in report.dropped)
    if len(dropped) == len(items):
        raise NoCrystalError(dropped)
    return GraphReport(
        join_graphs([report.graphs for report in reports if len(report.rows)]),
        np.concatenate([report.rows + i * CHUNK for i, report in enumerate(reports)]),
        dropped,
        {name: radius for report in reports for name, radius in report.widened.items()},
        {name: crystal for report in reports for name, crystal in report.read.items()},
    )


def _chunk_report(items: list[T], *, read: Callable[[T], Crystal], rule: NeighbourRule) -> GraphReport:
    crystals: list[Crystal] = []
    pairs: list[Pairs] = []
    rows: list[int] = []
    dropped: list[Dropped] = []
    for row, item in enumerate(items):
        try:
            crystal = read(item)
            pairs.append(find_neighbours(crystal, rule))
        except DataError as error:
            dropped.append(Dropped(str(item[0]), str(error)))  # type: ignore[index]
        else:
            crystals.append(crystal)
            rows.append(row)
    widened = {c.id: p.widened for c, p in zip(crystals, pairs, strict=True) if p.widened is not None}
    read_as = {crystal.id: crystal.read for crystal in crystals}
    graphs = assemble(crystals, pairs) if crystals else None
    return GraphReport(graphs, np.array(rows, dtype=int), tuple(dropped), widened, read_as)  # type: ignore[arg-type]


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
        kinds=contents[first],
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
