"""A measured speed, the stopwatch, and what was measured before."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from replicate import paths


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


def committed() -> Iterator[dict[str, Any]]:
    """Yield the committed benchmarks, one per device: ``machine`` and ``rows``."""
    for path in paths.finished(paths.results_dir() / "bench", "*.json"):
        yield json.loads(path.read_text(encoding="utf-8"))
