"""What compiled passes work with: threads beside torch's own, and arrays that begin where a cache line does."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import torch


def each(threads: int, work: Callable[[int], Any]) -> list[Any]:
    """Do ``work(thread)`` for every thread, at the same time; with one thread, none is started."""
    others = [_pool(os.getpid(), threads).submit(work, k) for k in range(1, threads)]
    return [work(0), *(one.result() for one in others)]


def rows_of(thread: int, threads: int, n: int) -> tuple[int, int]:
    """Return the range of ``n`` rows that is a thread's."""
    return n * thread // threads, n * (thread + 1) // threads


@cache  # a forked process has none of its parent's threads
def _pool(process: int, threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads - 1, thread_name_prefix="compiled")


_TYPES = {np.dtype(np.float32): torch.float32, np.dtype(np.float64): torch.float64}


def empty(shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """Return an array of torch's: numpy's begin anywhere, and whole vectors then cross a cache line each."""
    return torch.empty(shape, dtype=_TYPES[dtype]).numpy()


def zeros(shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """Return the same, filled with zeros."""
    return torch.zeros(shape, dtype=_TYPES[dtype]).numpy()
