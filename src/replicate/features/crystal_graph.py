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
from replicate.features.elements import N_ELEMENTS

_ARRAYS = (
    "kinds",
    "n_atoms",
    "node_start",
    "edge_start",
    "kind",
    "count",
    "degree",
    "neighbour",
    "distance",
    "weight",
)


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
            self.kind[nodes],
            self.count[nodes],
            self.degree[nodes],
            self.neighbour[edges],
            self.distance[edges],
            self.weight[edges],
        )

    def fractions(self) -> np.ndarray:
        """Return (N0, 118) atomic fractions of the crystals."""
        amounts = np.zeros((len(self), N_ELEMENTS), dtype=np.float64)
        crystal = np.repeat(np.arange(len(self)), np.diff(self.node_start))
        for z in np.flatnonzero(self.kinds.any(axis=0)):
            amounts[:, z] = np.bincount(
                crystal, weights=self.kinds[self.kind, z] * self.count, minlength=len(self)
            )
        return amounts / amounts.sum(axis=1, keepdims=True)

    def save(self, folder: Path) -> None:
        """Write one array file per field, to be read back by :func:`load_graphs`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _ARRAYS:
            _write_array(folder / f"{name}.npy", getattr(self, name))
        (folder / "ids.txt").write_text("\n".join(self.ids), encoding="utf-8")


def _write_array(path: Path, array: np.ndarray) -> None:
    """Write an array as ``np.save`` does, which leaves half of a small one on a full disk and says nothing."""
    array = np.ascontiguousarray(array)
    with open(path, "wb") as file:
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(array))
        file.write(array.data)


def load_graphs(folder: Path) -> CrystalGraphs:
    """Map the graphs that :meth:`CrystalGraphs.save` wrote; nothing is read before it is used.

    Raises:
        DataError: a file is missing or broken.
    """
    try:
        arrays = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)  # noqa: TID251
            for name in _ARRAYS
        }
        ids = tuple((folder / "ids.txt").read_text(encoding="utf-8").split("\n"))
    except (OSError, ValueError) as error:
        raise DataError(f"stored crystal graphs cannot be read: {error}", file=folder) from error
    return CrystalGraphs(ids, **arrays)


def join_graphs(parts: Sequence[CrystalGraphs]) -> CrystalGraphs:
    """Return the graphs of several sets one after the other, kinds of site merged.

    Raises:
        ConfigError: there is nothing to join.
    """
    if not parts:
        raise ConfigError("no crystal graphs to join")
    kinds, kind = np.unique(np.concatenate([p.kinds for p in parts]), axis=0, return_inverse=True)
    before = np.cumsum([0] + [len(p.kinds) for p in parts])
    return CrystalGraphs(
        tuple(name for p in parts for name in p.ids),
        kinds,
        np.concatenate([p.n_atoms for p in parts]),
        _joined_starts([p.node_start for p in parts]),
        _joined_starts([p.edge_start for p in parts]),
        np.concatenate([kind.ravel()[b + p.kind] for b, p in zip(before, parts, strict=False)]).astype(
            np.int32
        ),
        *(
            np.concatenate([getattr(p, f.name) for p in parts])
            for f in fields(CrystalGraphs)
            if f.name in ("count", "degree", "neighbour", "distance", "weight")
        ),
    )


def _joined_starts(starts: Iterable[np.ndarray]) -> np.ndarray:
    lengths = np.concatenate([np.diff(s) for s in starts])
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _ranges(start: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the concatenated index ranges of ``rows`` and where each begins in the result."""
    length = start[rows + 1] - start[rows]
    begin = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    return np.arange(begin[-1]) + np.repeat(start[rows] - begin[:-1], length), begin
