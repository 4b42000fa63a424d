"""The edges of a batch as compiled passes read them, and the threads that work on ranges of crystals.

Shape legend: C nodes, e edges, R rows of the bond table, T threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

# Machine code takes half a second to load and, once per machine and version, some four seconds to make; the torch form
# needs five seconds for training on so many crystals.
WORTH = 10_000


@cache
def available() -> bool:
    """Return whether compiled passes can be had here: numba is installed, goes with this numpy and may compile."""
    try:
        import numba
    except ImportError:
        return False
    return not numba.config.DISABLE_JIT


def zeros(shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """Return an array of torch's: numpy's begin anywhere, and whole vectors then cross a cache line each."""
    return torch.zeros(shape, dtype=torch.float32 if dtype == np.float32 else torch.float64).numpy()


def empty(like: np.ndarray) -> np.ndarray:
    """Return such an array of the same shape and type, not filled."""
    return torch.empty_like(torch.from_numpy(like)).numpy()


@cache  # a forked process has none of its parent's threads
def _pool(process: int, threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads - 1, thread_name_prefix="compiled")


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

    index: tuple[np.ndarray, ...]
    weight: np.ndarray
    share: np.ndarray
    shares: tuple[np.ndarray, ...]
    cuts: tuple[int, ...]

    @classmethod
    def survey(
        cls, index: tuple[Tensor, Tensor, Tensor], weight: Tensor, share: Tensor, nodes: int, rows: int
    ) -> FusedEdges:
        """Survey a batch of ``nodes`` nodes and ``rows`` rows of the bond table, once for all convolutions.

        Raises:
            IndexError: an index is out of range, or the centres are not sorted.
        """
        from replicate.models import edge_kernel

        arrays = tuple(column.contiguous().numpy() for column in index)
        n, threads = len(share), torch.get_num_threads()
        cuts = np.linspace(0, n, threads + 1).astype(np.int64)
        parts = share.contiguous().numpy()
        sums = tuple(zeros((k,), parts.dtype) for k in (nodes, nodes, rows))
        if not edge_kernel.survey(*arrays, parts, cuts, np.empty(n, np.int64), *sums):
            raise IndexError("edges name nodes or bonds not in the batch, or are not sorted by centre")
        return cls(arrays, weight.contiguous().numpy(), parts, sums, tuple(cuts.tolist()))

    @property
    def threads(self) -> int:
        """Return T."""
        return len(self.cuts) - 1

    def edges(self, thread: int) -> tuple[int, int]:
        """Return the range of edges that is a thread's."""
        return self.cuts[thread], self.cuts[thread + 1]

    def rows(self, table: np.ndarray, thread: int) -> tuple[int, int]:
        """Return the range of a table's rows that is a thread's."""
        n = len(table)
        return n * thread // self.threads, n * (thread + 1) // self.threads

    def each(self, work: Callable[[int], Any]) -> list[Any]:
        """Do ``work(thread)`` for every thread, at the same time; with one thread, none is started."""
        others = [_pool(os.getpid(), self.threads).submit(work, k) for k in range(1, self.threads)]
        return [work(0), *(other.result() for other in others)]

    def apart(self, table: np.ndarray) -> np.ndarray:
        """Return zeros like a table for every thread (T, ...), for rows that several of them meet."""
        return zeros((self.threads, *table.shape), table.dtype)
