"""What a screening costs, from measured speeds and sizes: core hours, wall time by number of cores, disk."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replicate import data, paths
from replicate.data.structures import to_structure
from replicate.errors import DataError
from replicate.report import speeds
from replicate.screening import SHARD, screen

BENCH = "cpu.json"
_GRAPHS = "crystal graphs, processes: 1"
_PREDICT = re.compile(r"predict with CGCNN Eq\. 5, (\d+) threads?")


@dataclass(frozen=True)
class Speed:
    """Crystals per second and core, from the committed benchmark.

    Args:
        graphs: CIF texts to graphs, measured with one process.
        predict: graphs to values of one network, Eq. 5: what ``threads`` did together, divided by their number.
        machine: the processor.
        threads: with which predictions were measured.
    """

    graphs: float
    predict: float
    machine: str
    threads: int = 1

    @property
    def both(self) -> float:
        """Crystals per second from text to value."""
        return 1 / (1 / self.graphs + 1 / self.predict)


@dataclass(frozen=True)
class Sizes:
    """Bytes per structure, over ``n`` bundled crystals: CIF text, the same gzipped together, a row of the table."""

    cif: float
    packed: float
    row: float
    n: int


@dataclass(frozen=True)
class Cost:
    """What a screening takes: core hours, and GB of CIF text, of packed archives and of tables."""

    structures: int
    shards: int
    core_hours: float
    shard_minutes: float
    cif_gb: float
    packed_gb: float
    tables_gb: float

    def wall_hours(self, cores: int) -> float:
        """Return the hours that so many cores take, a shard each at a time."""
        rounds = -(-self.shards // cores)
        return rounds * self.shard_minutes / 60


def measured_speed(path: Path | None = None) -> Speed:
    """Return the speeds in the committed benchmark of a processor.

    Raises:
        DataError: the file is not there or lacks a row.
    """
    path = path or paths.results_dir() / "bench" / BENCH
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"no benchmark, run `make bench`: {error}", file=path) from error
    graphs = next((row["per_second"] for row in kept["rows"] if row["what"] == _GRAPHS), None)
    predict = next(filter(None, map(_predictions, kept["rows"])), None)
    if graphs is None or predict is None:
        raise DataError("the benchmark lacks a row, run `make bench`", file=path, value=_GRAPHS)
    per_second, threads = predict
    return Speed(graphs, per_second / threads, speeds.processor(kept["machine"]), threads)


def _predictions(row: dict[str, Any]) -> tuple[float, int] | None:
    """Return crystals per second and the number of threads, of a row that measured predictions."""
    found = _PREDICT.fullmatch(row["what"])
    return None if found is None else (float(row["per_second"]), int(found[1]))


def measured_sizes(model: str, n: int = 500) -> Sizes:
    """Return bytes per structure, measured by screening the first ``n`` bundled crystals."""
    table = data.load("faber2015").table[:n]
    with warnings.catch_warnings():
        # Writing a CIF sorts by electronegativity, which noble gases have none of.
        warnings.filterwarnings("ignore", message="No Pauling electronegativity")
        texts = [str(to_structure(text).to(fmt="cif")) for text in table["structure"]]
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, text in zip(table["material_id"], texts, strict=True):
            names.append(str(Path(folder) / f"{name}.cif"))
            Path(names[-1]).write_text(text, encoding="utf-8")
        screen(model, names, Path(folder) / "table.parquet", processes=1)
        written = (Path(folder) / "table.parquet").stat().st_size
    together = "".join(texts).encode()
    return Sizes(
        len(together) / len(texts),
        len(gzip.compress(together)) / len(texts),
        written / len(texts),
        len(texts),
    )


def cost_of(structures: int, speed: Speed, sizes: Sizes, shard: int = SHARD) -> Cost:
    """Return what a screening of so many structures with one network costs."""
    return Cost(
        structures=structures,
        shards=-(-structures // shard),
        core_hours=structures / speed.both / 3600,
        shard_minutes=min(shard, structures) / speed.both / 60,
        cif_gb=structures * sizes.cif / 1e9,
        packed_gb=structures * sizes.packed / 1e9,
        tables_gb=structures * sizes.row / 1e9,
    )
