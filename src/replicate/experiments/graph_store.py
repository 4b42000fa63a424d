"""Crystal graphs of whole archives and tables, built once and mapped from the work folder afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import islice, starmap
from pathlib import Path

from replicate import data, paths
from replicate.data.registry import entry
from replicate.data.structures import to_structure
from replicate.errors import DataError
from replicate.features.crystal_graph import CrystalGraphs, load_graphs
from replicate.features.graph_building import NEAREST, Dropped, GraphReport, graphs_from_structures
from replicate.features.neighbours import NeighbourRule

FORMAT = 2  # raised when the same crystals would give other arrays


@dataclass(frozen=True, eq=False)
class StoredGraphs:
    """Graphs of a dataset, mapped from disk, and what was left out or widened when they were built."""

    graphs: CrystalGraphs  # one per usable crystal, in the order of the dataset
    digest: str  # of the dataset, the rule and the format
    dropped: tuple[Dropped, ...]
    widened: dict[str, float]  # id → farthest neighbour, Å, where the rule's radius held too few


def archive_graphs(
    name: str,
    rule: NeighbourRule = NEAREST,
    *,
    part: str | None = None,
    most: int | None = None,
    processes: int | None = None,
) -> StoredGraphs:
    """Return the graphs of an archive of CIF files, or of the first ``most`` in it, built by so many processes."""

    def build() -> GraphReport:
        return graphs_from_structures(islice(data.cifs(name, part), most), rule, processes=processes)

    return stored_graphs(f"{name}-{part}" if part else name, entry(name).sha256, rule, build, most)


def table_graphs(name: str, rule: NeighbourRule = NEAREST, *, most: int | None = None) -> StoredGraphs:
    """Return the graphs of a table with ``material_id`` and ``structure``, or of its first ``most`` rows."""
    dataset = data.load(name)
    table = dataset.table[:most]

    def build() -> GraphReport:
        pairs = zip(table["material_id"], table["structure"], strict=True)
        return graphs_from_structures(((str(i), to_structure(s)) for i, s in pairs), rule, processes=1)

    return stored_graphs(name, dataset.digest, rule, build, most)


def stored_graphs(
    name: str, digest: str, rule: NeighbourRule, build: Callable[[], GraphReport], most: int | None = None
) -> StoredGraphs:
    """Return graphs from the work folder, building and keeping them first where they are not there.

    ``name`` is the readable part of the folder's name, ``digest`` of all they are made from, the first ``most`` of it.
    """
    if most:
        name, digest = f"{name}-{most}", f"{digest}:{most}"
    key = hashlib.sha256(json.dumps([digest, asdict(rule), FORMAT]).encode()).hexdigest()[:16]
    folder = paths.work_dir() / "graphs" / f"{name}-{rule.kind}-{key}"
    if not folder.is_dir():
        _write(folder, build())
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problem = f"stored crystal graphs cannot be read, delete the folder to build them again: {error}"
        raise DataError(problem, file=folder) from error
    return StoredGraphs(load_graphs(folder), key, tuple(starmap(Dropped, report["dropped"])), report["widened"])


def _write(folder: Path, report: GraphReport) -> None:
    with paths.folder_written_whole(folder) as temporary:
        report.graphs.save(temporary)
        content = {"dropped": [[crystal.id, crystal.reason] for crystal in report.dropped], "widened": report.widened}
        (temporary / "report.json").write_text(json.dumps(content), encoding="utf-8")
