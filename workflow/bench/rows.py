"""A measured speed, the stopwatch, and the machine."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from replicate.results import records
from replicate.training.config import device_name


@dataclass(frozen=True)
class Row:
    """One measurement.

    Args:
        ratio: against the slower peer that ``against`` names.
        gflops: arithmetic done per second, 10⁹ operations; beside the machine's own rate for a matrix product
            it tells whether anything is left to gain from training members together.
    """

    what: str
    per_second: float
    unit: str
    ratio: float | None = None
    against: str = ""
    gflops: float | None = None


def seconds(work: Callable[[], object], repeats: int = 1) -> float:
    """Return the shortest wall time of ``repeats`` calls, s."""
    best = np.inf
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return float(best)


def synchronise(device: torch.device) -> None:
    """Wait for what a GPU still works at."""
    if device.type == "cuda":
        torch.cuda.synchronize()


def machine(device: torch.device) -> dict[str, Any]:
    """Return what a benchmark says about where it ran; ``threads`` holds for rows that name no other number."""
    made = records.environment(device.type, device_name(device), 0.0)
    del made["wall_time_s"]
    return {**made, "threads": torch.get_num_threads(), "cores": os.cpu_count()}
