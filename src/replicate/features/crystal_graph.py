"""Crystal graphs of many crystals in one flat set of arrays (Xie and Grossman 2018, Fig. 1a and supplement).

Shape legend: N0 crystals, C nodes, e edges, K kinds of site content, 118 elements.

A node is a class of sites that are alike (``features.equivalence``), an edge a class of bonds. Arrays are
small enough to keep whole databases in memory, and are mapped from disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from replicate.errors import ConfigError, DataError
from replicate.features.composition import Compositions, formulas_of, parse
from replicate.features.elements import N_ELEMENTS

_STEP = 1e-4  # of an atomic fraction; compositions closer than this are one


@dataclass(frozen=True, eq=False)
class CrystalGraphs:
    """The graphs of N0 crystals.

    Args:
        ids: N0 names.
        kinds: (K, 118) float32 occupancy of each element in each kind of site.
        n_atoms: (N0,) sites in the cell.
        node_start: (N0 + 1,) first node of each crystal.
        edge_start: (N0 + 1,) first edge of each crystal.
        kind: (C,) kind of each node.
        count: (C,) float32 sites of the cell that each node stands for.
        degree: (C,) edges of each node.
        neighbour: (e,) node at the other end, counted from the crystal's first; edges follow their centre.
        distance: (e,) float32 Å.
        weight: (e,) float32 neighbours each edge counts as.
    """

    ids: tuple[str, ...]
    kinds: np.ndarray
    n_atoms: np.ndarray
    node_start: np.ndarray
    edge_start: np.ndarray
    kind: np.ndarray
    count: np.ndarray
    degree: np.ndarray
    neighbour: np.ndarray
    distance: np.ndarray
    weight: np.ndarray

    def __len__(self) -> int:
        """Return the number N0 of crystals."""
        return len(self.ids)

    def take(self, rows: np.ndarray) -> CrystalGraphs:
        """Return the graphs at positions ``rows``, in that order."""
        rows = np.asarray(rows)
        nodes, node_start = _ranges(self.node_start, rows)
        edges, edge_start = _ranges(self.edge_start, rows)
        return CrystalGraphs(
            tuple(self.ids[i] for i in rows),
            self.kinds,
            self.n_atoms[rows],
            node_start,
            edge_start,
            *(getattr(self, name)[nodes] for name in ("kind", "count", "degree")),
            *(getattr(self, name)[edges] for name in ("neighbour", "distance", "weight")),
        )

    def fractions(self) -> np.ndarray:
        """Return (N0, 118) atomic fractions of the crystals."""
        amounts = np.zeros((len(self), N_ELEMENTS), dtype=np.float64)
        crystal = np.repeat(np.arange(len(self)), np.diff(self.node_start))
        for z in np.flatnonzero(self.kinds.any(axis=0)):
            held = self.kinds[self.kind, z] * self.count
            amounts[:, z] = np.bincount(crystal, weights=held, minlength=len(self))
        return amounts / amounts.sum(axis=1, keepdims=True)

    def save(self, folder: Path) -> None:
        """Write one array file per field, to be read back by :func:`load_graphs`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ARRAYS:
            _write_array(folder / f"{name}.npy", getattr(self, name))
        (folder / "ids.txt").write_text("\n".join(self.ids), encoding="utf-8")


ARRAYS = tuple(field.name for field in fields(CrystalGraphs))[1:]


def _write_array(path: Path, array: np.ndarray) -> None:
    """Write an array as ``np.save`` does, which leaves half of a small one on a full disk and says nothing."""
    array = np.ascontiguousarray(array)
    with open(path, "wb") as file:
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(array))
        file.write(array.data)


def load_graphs(folder: Path) -> CrystalGraphs:
    """Map the graphs that :meth:`CrystalGraphs.save` wrote, each array when it is used; DataError for broken files."""
    try:
        arrays = {
            name: np.load(folder / f"{name}.npy", "r", allow_pickle=False)  # noqa: TID251
            for name in ARRAYS
        }
        ids = tuple((folder / "ids.txt").read_text(encoding="utf-8").split("\n"))
    except (OSError, ValueError) as error:
        raise DataError(f"stored crystal graphs cannot be read: {error}", file=folder) from error
    return CrystalGraphs(ids, **arrays)


def join_graphs(parts: Sequence[CrystalGraphs]) -> CrystalGraphs:
    """Return the graphs of several sets one after the other, kinds of site merged; ConfigError for no set."""
    if not parts:
        raise ConfigError("no crystal graphs to join")
    joined = {name: np.concatenate([getattr(p, name) for p in parts]) for name in ("kinds", *ARRAYS[5:])}
    kinds, kind = np.unique(joined["kinds"], axis=0, return_inverse=True)
    before = np.cumsum([0] + [len(part.kinds) for part in parts])
    kind = np.concatenate([kind.ravel()[b + part.kind] for b, part in zip(before, parts, strict=False)])
    return CrystalGraphs(
        tuple(name for part in parts for name in part.ids),
        n_atoms=np.concatenate([part.n_atoms for part in parts]),
        node_start=_joined_starts([part.node_start for part in parts]),
        edge_start=_joined_starts([part.edge_start for part in parts]),
        **joined | {"kinds": kinds, "kind": kind.astype(np.int32)},
    )


def _joined_starts(starts: Iterable[np.ndarray]) -> np.ndarray:
    lengths = np.concatenate([np.diff(start) for start in starts])
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _ranges(start: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the concatenated index ranges of ``rows`` and where each begins in the result."""
    length = start[rows + 1] - start[rows]
    begin = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    return np.arange(begin[-1]) + np.repeat(start[rows] - begin[:-1], length), begin


def amounts_of(graphs: CrystalGraphs) -> np.ndarray:
    """Return (N0, 118) atoms of each element in the cell."""
    crystal = np.repeat(np.arange(len(graphs)), np.diff(graphs.node_start))
    held = graphs.kinds.sum(axis=1)[graphs.kind] * graphs.count  # less than the sites where some are partly empty
    return graphs.fractions() * np.bincount(crystal, weights=held, minlength=len(graphs))[:, None]


def compositions_of(graphs: CrystalGraphs, file: str, digits: int = 6) -> Compositions:
    """Return the N0 compositions of the cells, amounts to so many digits; ``file`` is named in errors."""
    return parse(formulas_of(np.round(amounts_of(graphs), digits)).tolist(), file=file)


def per_formula_unit(amounts: np.ndarray) -> np.ndarray:
    """Return (N0, 118) whole amounts of cells as those of one formula unit."""
    whole = np.round(amounts).astype(int)
    return whole / np.maximum(np.gcd.reduce(whole, axis=1), 1)[:, None]


def reduced(amounts: np.ndarray) -> np.ndarray:
    """Return (N0,) labels, equal for crystals of one composition whatever the size of the cell."""
    fractions = np.round(amounts / amounts.sum(axis=1, keepdims=True) / _STEP).astype(np.int32)
    return np.unique(fractions, axis=0, return_inverse=True)[1].ravel()


def element_sets(amounts: np.ndarray) -> np.ndarray:
    """Return (N0,) labels, equal for crystals of the same elements: their chemical system."""
    return np.unique(amounts > 0, axis=0, return_inverse=True)[1].ravel()
