"""How long commands and pages take to start, against the import of the libraries that training needs."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from replicate import paths
from workflow.bench.rows import Row

IMPORT = "import torch, sklearn, pandas"
_REPLICATE = ("-c", "from replicate.cli import main; main()")
_FIRST = "from workflow.bench.startup import first_batch; first_batch"
# What is started → its arguments to Python.
STARTS: dict[str, tuple[str, ...]] = {
    "replicate --help": (*_REPLICATE, "--help"),
    "replicate list": (*_REPLICATE, "list"),
    "replicate report": (*_REPLICATE, "report"),
    "replicate predict, one formula": (*_REPLICATE, "predict", "atcnn/band-gap", "NaCl"),
    "page of committed records": ("notebooks/scoreboard.py",),
    "page of committed records, with a picture": ("notebooks/intro.py",),
    "a batch of CGCNN Eq. 5, nothing compiled yet": ("-c", f"{_FIRST}(kept=False)"),
    "a batch of CGCNN Eq. 5, compiled before": ("-c", f"{_FIRST}(kept=True)"),
}
RUNS = 5


def processor_seconds(arguments: Sequence[str]) -> float:
    """Return the median time (s) that the processor works for Python with some arguments, for it and the system.

    Not the time on the wall: that is the disk's and the neighbours'.
    """
    spent = []
    # The first run compiles modules to bytecode and fills the disk's cache.
    for _ in range(RUNS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], cwd=paths.root(), check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(spent[1:])


def first_batch(*, kept: bool) -> None:
    """Work through one batch in the compiled form, with the machine code that lies in the cache or with none."""
    with tempfile.TemporaryDirectory() as folder:
        if not kept:
            os.environ["REPLICATE_CACHE"] = folder
        import torch

        from replicate import data
        from replicate.data.structures import to_structure
        from replicate.features.graph_building import graphs_from_structures
        from replicate.models.cgcnn import CGCNN
        from replicate.models.configs import CGCNNConfig
        from replicate.models.fused_edges import WORTH
        from replicate.models.graph_batch import GraphSet

        table = data.load("faber2015").table[:4]
        structures = [(str(i), to_structure(text)) for i, text in enumerate(table["structure"])]
        graphs = GraphSet(graphs_from_structures(structures).graphs)
        model = CGCNN(CGCNNConfig(), 0)
        model.expect(WORTH)
        model(graphs[torch.arange(len(graphs))]).sum().backward()


def bench_startup() -> list[Row]:
    """Time the start of commands and of pages against the import of the libraries that train."""
    unit, peer = "starts/s", 1 / processor_seconds(("-c", IMPORT))
    rows = [Row(f"start: {IMPORT}", peer, unit)]
    for what, arguments in STARTS.items():
        rate = 1 / processor_seconds(arguments)
        rows.append(Row(f"start: {what}", rate, unit, rate / peer, "the import of torch, scikit-learn, pandas"))
    return rows
