"""How long commands and pages take to start, against the import of the libraries that training needs."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence

from replicate import paths
from replicate.bench_rows import Row

IMPORT = "import torch, sklearn, pandas"
_REPLICATE = ("-c", "from replicate.cli import main; main()")
# What is started → its arguments to Python.
STARTS: dict[str, tuple[str, ...]] = {
    "replicate --help": (*_REPLICATE, "--help"),
    "replicate list": (*_REPLICATE, "list"),
    "replicate report": (*_REPLICATE, "report"),
    "replicate predict, one formula": (*_REPLICATE, "predict", "atcnn/band-gap", "NaCl"),
    "page of committed records": ("notebooks/scoreboard.py",),
    "page of committed records, with a picture": ("notebooks/intro.py",),
}
RUNS = 5


def processor_seconds(arguments: Sequence[str], runs: int = RUNS) -> float:
    """Return the median time (s) that the processor works for Python with some arguments, for it and the system.

    Not the time on the wall: that is the disk's and the neighbours'.
    """
    command = [sys.executable, *arguments]
    spent = []
    # The first run compiles modules to bytecode and fills the disk's cache.
    for _ in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=paths.root(), check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(spent[1:])


def bench_startup() -> list[Row]:
    """Time the start of commands and of pages against the import of the libraries that train."""
    unit, peer = "starts/s", 1 / processor_seconds(("-c", IMPORT))
    rows = [Row(f"start: {IMPORT}", peer, unit)]
    for what, arguments in STARTS.items():
        rate = 1 / processor_seconds(arguments)
        rows.append(
            Row(f"start: {what}", rate, unit, rate / peer, "the import of torch, scikit-learn, pandas")
        )
    return rows
