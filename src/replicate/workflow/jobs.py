"""The jobs of the graph; each writes its output whole, so that a killed one leaves nothing to mistake for it.

Every job is a process, so each imports only what it needs: torch alone takes seconds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from replicate import paths
from replicate.errors import MissingDataset
from replicate.workflow.plan import MISSING


def _write(output: Path, content: dict[str, Any]) -> None:
    with paths.written_whole(output) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _say(line: str) -> None:
    print(line, flush=True)


def fetch_data(name: str, output: Path) -> None:
    """Find a dataset, or download it, and compare it with its checksum; that it is not to be had is written down.

    An experiment without its data says so on its page, and the others go on.

    Raises:
        DataError: the file that is here is not the registered one.
    """
    from replicate import data

    sha256 = data.entry(name).sha256
    try:
        data.locate(name, download=True)
    except MissingDataset as error:
        _say(f"data {name}: not here")
        _write(output, {MISSING: str(error), "sha256": sha256})
        return
    _write(output, {"sha256": sha256})


def build_graphs(name: str, output: Path, processes: int) -> None:
    """Build the crystal graphs of a table, or of every part of an archive, with so many processes at most.

    Raises:
        DataError: the table or archive is broken.
    """
    from replicate import data
    from replicate.features.graph_store import archive_graphs, table_graphs

    entry = data.entry(name)
    try:
        if entry.archive is None:
            stored = [table_graphs(name)]
        else:
            # The first part has no name of its own in a store's key.
            parts = [None, *list(entry.archive.parts)[1:]]
            stored = [archive_graphs(name, part=part, processes=processes) for part in parts]
    except MissingDataset as error:
        _write(output, {MISSING: str(error)})
        return
    made = [{"digest": s.digest, "crystals": len(s.graphs), "dropped": len(s.dropped)} for s in stored]
    _say(f"graphs {name}: {sum(len(s.graphs) for s in stored):,} crystals")
    _write(output, {"stores": made})


def train(experiment: str, profile: str, device: str, group: int, groups: int, output: Path) -> None:
    """Train one seed group; its checkpoints stay in the work folder."""
    from replicate.experiments.groups import train_group

    label = f"train {experiment} {group}/{groups}"
    seeds = train_group(
        experiment, profile, group, groups, device=device, say=lambda line: _say(f"{label}: {line}")
    )
    _write(output, {"seeds": seeds})


def make_record(experiment: str, profile: str, device: str, output: Path) -> None:
    """Make an experiment's record, or find it, and write down which one it is.

    Raises:
        MissingDataset: with the full profile; a smaller one leaves it to the page to say so.
        ReplicateError: the run failed.
    """
    from replicate import experiments

    try:
        found = experiments.run(
            experiment, profile, device=device, say=lambda line: _say(f"record {experiment}: {line}")
        )
    except MissingDataset as error:
        if profile == "full":
            raise
        _say(f"record {experiment}: not run, its data are not here")
        _write(output, {MISSING: str(error)})
        return
    _say(f"record {found.describe()}")
    _write(output, {"key": found.key})
