"""The edges of a batch as compiled passes read them, and the threads that work on ranges of crystals.

Shape legend: C nodes, e edges, R rows of the bond table, T threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch import Tensor

from replicate.models.threads import each, rows_of, zeros

# Machine code takes half a second to load and, once per machine and version, some four seconds to make; the torch form
# needs five seconds for training on so many crystals.
WORTH = 10_000


@cache
def available() -> bool:
    """Return whether compiled passes can be had here: numba is installed, goes with this numpy and may compile."""
    if find_spec("numba") is None:
        return False
    try:
        import numba
    except ImportError:
        return False
    return not numba.config.DISABLE_JIT


@dataclass(frozen=True, eq=False)
class FusedEdges:
    """The edges of a batch as the compiled passes read them.

    Args:
        index: (e,) centre, neighbour and row of the bond table of each edge, sorted by centre.
        weight: (e,) neighbours each edge counts as.
        share: (e,) share of each edge in the batch's mean.
        shares: the same added up for each centre (C,), neighbour (C,) and row (R,).
        cuts: (T + 1,) edges between which no other thread's nodes are met.
    """

    index: tuple[np.ndarray, np.ndarray, np.ndarray]
    weight: np.ndarray
    share: np.ndarray
    shares: tuple[np.ndarray, np.ndarray, np.ndarray]
    cuts: tuple[int, ...]

    @classmethod
    def of(
        cls, index: tuple[Tensor, Tensor, Tensor], weight: Tensor, share: Tensor, nodes: int, rows: int
    ) -> FusedEdges:
        """Survey a batch of ``nodes`` nodes and ``rows`` rows of the bond table, once for all convolutions.

        Raises:
            IndexError: an index is out of range, or the centres are not sorted.
        """
        from replicate.models import edge_kernel

        arrays = [one.contiguous().numpy() for one in index]
        n, threads = len(share), torch.get_num_threads()
        cuts = np.linspace(0, n, threads + 1).astype(np.int64)
        parts = share.contiguous().numpy()
        sums = [zeros((k,), parts.dtype) for k in (nodes, nodes, rows)]
        if not edge_kernel.survey(*arrays, parts, cuts, np.empty(n, np.int64), *sums):
            raise IndexError("edges name nodes or bonds not in the batch, or are not sorted by centre")
        return cls(
            (arrays[0], arrays[1], arrays[2]),
            weight.contiguous().numpy(),
            parts,
            (sums[0], sums[1], sums[2]),
            tuple(cuts.tolist()),
        )

    @property
    def threads(self) -> int:
        """Return T."""
        return len(self.cuts) - 1

    def edges(self, thread: int) -> tuple[int, int]:
        """Return the range of edges that is a thread's."""
        return self.cuts[thread], self.cuts[thread + 1]

    def rows(self, table: np.ndarray, thread: int) -> tuple[int, int]:
        """Return the range of a table's rows that is a thread's."""
        return rows_of(thread, self.threads, len(table))

    def each(self, work: Callable[[int], Any]) -> list[Any]:
        """Do ``work(thread)`` for every thread, at the same time."""
        return each(self.threads, work)

    def apart(self, table: np.ndarray) -> np.ndarray:
        """Return zeros like a table for every thread (T, ...), for rows that several of them meet."""
        return zeros((self.threads, *table.shape), table.dtype)


def together(parts: np.ndarray) -> np.ndarray:
    """Return the sum of what every thread found (T, ...)."""
    return parts[0] if len(parts) == 1 else parts.sum(0)
