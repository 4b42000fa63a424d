"""A measured speed, the stopwatch, and what was measured before."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from replicate import paths, records
from replicate.training.config import device_name
from replicate.wording import count, number_of

if TYPE_CHECKING:
    import torch


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


def rate(per_second: float) -> str:
    """Return how often something is done in a second as text; what takes about a second or longer keeps two digits."""
    return count(per_second) if per_second >= 10 else f"{per_second:.2g}"


def machine(device: torch.device) -> dict[str, Any]:
    """Return what a benchmark says about where it ran; ``threads`` holds for rows that name no other number."""
    import torch

    made = records.environment(device.type, device_name(device), 0.0)
    del made["wall_time_s"]
    return {**made, "threads": torch.get_num_threads(), "cores": os.cpu_count()}


def processor(machine: Mapping[str, Any]) -> str:
    """Return the model name of a benchmark's processor or accelerator, without threads and trade marks."""
    return re.sub(r" \(\d+ threads?\)$|\((?:R|TM)\)", "", machine["device_name"])


def place(machine: Mapping[str, Any]) -> str:
    """Return the processor or accelerator, the threads and the version of torch of a benchmark, as text."""
    threads = number_of(machine["threads"], "thread")
    return f"{processor(machine)}, {threads} where a row names no other number, torch {machine['versions']['torch']}"


def committed() -> Iterator[dict[str, Any]]:
    """Yield the committed benchmarks, one per device: ``machine`` and ``rows``."""
    for path in paths.finished(paths.results_dir() / "bench", "*.json"):
        yield json.loads(path.read_text(encoding="utf-8"))
