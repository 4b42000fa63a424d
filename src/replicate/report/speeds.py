"""Committed benchmarks, as pages and the README show them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from replicate import paths
from replicate.wording import count, number_of


def committed() -> Iterator[dict[str, Any]]:
    """Yield the committed benchmarks, one per device: ``machine`` and ``rows``."""
    for path in paths.finished(paths.committed("bench"), "*.json"):
        yield json.loads(path.read_text(encoding="utf-8"))


def rate(per_second: float) -> str:
    """Return how often something is done in a second as text; what takes about a second or longer keeps two digits."""
    return count(per_second) if per_second >= 10 else f"{per_second:.2g}"


def processor(machine: Mapping[str, Any]) -> str:
    """Return the model name of a benchmark's processor or accelerator, without threads and trade marks."""
    return re.sub(r" \(\d+ threads?\)$|\((?:R|TM)\)", "", machine["device_name"])


def place(machine: Mapping[str, Any]) -> str:
    """Return the processor or accelerator, the threads and the version of torch of a benchmark, as text."""
    threads = number_of(machine["threads"], "thread")
    return f"{processor(machine)}, {threads} where a row names no other number, torch {machine['versions']['torch']}"
