"""What the children do."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from replicate import data, experiments, paths
from replicate.data import registry
from replicate.experiments.graph_store import archive_graphs, table_graphs
from replicate.experiments.groups import train_group
from replicate.results import records
from replicate.training import fit
from replicate.training.checkpoint import save_checkpoint


def write_parquet(name: str) -> None:
    """Write a bundled table as the script that rebuilds them does."""
    from workflow.scripts import build_bundled

    build_bundled.write(name, data.load(name).table, paths.work_dir())


def build_graphs(name: str, most: int) -> None:
    """Build the graph store of a bundled table of structures, or of an archive of CIF files."""
    if data.entry(name).form == "archive":
        archive_graphs(name, most=most)
    else:
        table_graphs(name, most=most)


def train(experiment: str) -> None:
    """Run an experiment at smoke size with a checkpoint after every epoch."""
    torch.set_num_threads(1)
    fit.CHECKPOINT_SECONDS, fit.CHECKPOINT_REST = -1.0, 0.0
    experiments.run(experiment, "smoke", device="cpu")


def train_groups(experiment: str, groups: int) -> None:
    """Train a seed per group at smoke size, checkpoints after every epoch, and gather the record."""
    torch.set_num_threads(1)
    fit.CHECKPOINT_SECONDS, fit.CHECKPOINT_REST = -1.0, 0.0
    for group in range(1, groups + 1):
        train_group(experiment, "smoke", group, groups, seeds=groups, device="cpu")
    experiments.run(experiment, "smoke", seeds=groups, device="cpu")


def fetch(name: str) -> None:
    """Download a dataset into the user cache."""
    data.fetch(name)


def screen_shards(model: str, source: str) -> None:
    """Screen CIF files in small shards, those without a table only, and write the list of the best."""
    torch.set_num_threads(1)
    from replicate.predict import screening
    from replicate.predict.structure_files import deal, list_structures

    screening.AT_ONCE = 2  # so that a table is written in parts
    tables = []
    for number, shard in enumerate(deal(list_structures(Path(source)), 4)):
        tables.append(paths.work_dir() / f"{number}.parquet")
        if not tables[-1].is_file():
            screening.screen(model, shard, tables[-1], processes=1)
    screening.best(tables, paths.work_dir() / "best.csv", 5)


def save_state(target: str, n: int) -> None:
    """Write a checkpoint of n weights into the work folder."""
    save_checkpoint(paths.work_dir() / target, {"weights": torch.zeros(n)})


def save_records(sources: list[str], target: str, times: int) -> None:
    """Write one record after the other to the same file of the work folder."""
    loaded = [records.load(Path(source)) for source in sources]
    for number in range(times):
        records.save(loaded[number % len(loaded)], paths.work_dir() / target)


def write_when_told(target: str, go: str) -> None:
    """Begin to write a file, and end it once another file is there."""
    with paths.written_whole(Path(target)) as temporary:
        while not Path(go).exists():
            time.sleep(0.01)
        temporary.write_text("whole", encoding="utf-8")


def register(name: str, **changed: Any) -> None:
    """Change what the registry of this process says about a dataset."""
    registry._entries()[name] = replace(registry.entry(name), **changed)
