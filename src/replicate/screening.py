"""Ask a crystal model about more structures than one job can take: a table per shard, then one list of the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from replicate import paths
from replicate.crystal_prediction import CrystalModel, read_cif
from replicate.data.archives import all_cifs
from replicate.errors import ConfigError, DataError

SHARD = 100_000  # structures
AT_ONCE = 20_000  # structures in memory, as text and as graphs; starting processes for fewer would not pay
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
_COLUMNS = {"id": pa.string(), "value": pa.float32(), "spread": pa.float32(), "note": pa.string()}


def list_structures(source: Path) -> list[str]:
    """Return the CIF files and archives of CIF files that a folder holds, or that a text file names line by line.

    Raises:
        ConfigError: there are none, or there is no such folder or file.
    """
    if source.is_dir():
        names = [
            str(path) for path in sorted(source.rglob("*")) if _is_cif(path.name) or _is_archive(path.name)
        ]
    elif _is_cif(source.name) or _is_archive(source.name):
        names = [str(source)] if source.is_file() else []
    else:
        try:
            names = source.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{source} is no folder and no list of CIF files and archives: {error}"
            ) from error
        names = [name.strip() for name in names if name.strip()]
    if not names:
        raise ConfigError(f"{source} holds no CIF file and no archive ({', '.join(_ARCHIVES)})")
    return names


def _is_cif(name: str) -> bool:
    return name.lower().endswith(".cif")


def _is_archive(name: str) -> bool:
    return name.lower().endswith(_ARCHIVES)


def deal(names: Iterable[str], size: int = SHARD) -> list[list[str]]:
    """Return shards: each archive is one, and CIF files go together, ``size`` at a time.

    Raises:
        ConfigError: the size is not positive.
    """
    if size < 1:
        raise ConfigError(f"a shard holds 1 structure or more, not {size}")
    archives: list[str] = []
    files: list[str] = []
    for name in names:
        (archives if _is_archive(name) else files).append(name)
    return [[name] for name in archives] + [files[i : i + size] for i in range(0, len(files), size)]


def _texts(names: Sequence[str]) -> Iterator[tuple[str, str | None, str]]:
    """Yield (id, CIF text, problem) of a shard's structures; a member's id is ``archive::member``."""
    for name in names:
        if _is_archive(name):
            for member, text in all_cifs(Path(name)):
                yield f"{name}::{member}", text, ""
            continue
        try:
            yield name, read_cif(name), ""
        except (OSError, ValueError) as error:
            yield name, None, f"cannot be read: {error}"


def screen(model: str, names: Sequence[str], output: Path, *, processes: int | None = None) -> int:
    """Predict for every structure of a shard, write a parquet file, and return how many got a value.

    The file has ``id``, ``value``, ``spread`` (over an ensemble's members) and ``note``: a warning, or why there is no
    value. Its metadata name model and unit.

    Args:
        model: as for :class:`replicate.crystal_prediction.CrystalModel`.
        names: CIF files, or archives of them.
        output: written whole.
        processes: that build graphs, at most; None: 1, or as many as ``REPLICATE_PROCESSES`` says.

    Raises:
        ConfigError: the model is unknown, or ``REPLICATE_PROCESSES`` is no number of processes.
        DataError: an archive is missing, broken or truncated, or two structures have one name.
    """
    network = CrystalModel(model)
    schema = pa.schema(list(_COLUMNS.items()), metadata={"model": model, "unit": network.unit})
    valued, seen = 0, set[str]()
    items = _texts(names)
    with paths.written_whole(output) as temporary, pq.ParquetWriter(temporary, schema) as writer:
        while some := list(islice(items, AT_ONCE)):
            ids = [name for name, _, _ in some]
            if len(seen | set(ids)) < len(seen) + len(ids):
                twice = next(name for i, name in enumerate(ids) if name in seen or name in ids[:i])
                raise DataError("a structure stands twice in a shard", value=twice)
            seen |= set(ids)
            texts = [(name, text) for name, text, _ in some if text is not None]
            found = network.predict(texts, processes=processes)
            rows = [
                found[name] if text is not None else network.refused(name, problem)
                for name, text, problem in some
            ]
            valued += sum(row.value is not None for row in rows)
            columns = {
                "id": ids,
                "value": [row.value for row in rows],
                "spread": [row.spread for row in rows],
                "note": ["; ".join(row.warnings) for row in rows],
            }
            writer.write_table(pa.table(columns, schema=schema))
    return valued


def best(tables: Sequence[Path], output: Path, most: int, *, highest: bool = False) -> tuple[int, int]:
    """Write the structures with the lowest values of all shards as CSV, and return (structures, with a value).

    Args:
        tables: from :func:`screen`, one at a time in memory.
        output: CSV with id, value, spread, note and unit, best first.
        most: how many to keep.
        highest: keep the highest values.

    Raises:
        ConfigError: there are no tables.
        DataError: a table is broken, or the tables are of different models.
    """
    if not tables:
        raise ConfigError("there are no tables of predictions to take the best from")
    kept: list[pd.DataFrame] = []
    told: tuple[str, str] | None = None
    structures = valued = 0
    for path in tables:
        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise DataError(
                f"not a table of predictions, delete it to make it again: {error}", file=path
            ) from error
        metadata = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
        here = (metadata.get("model", ""), metadata.get("unit", ""))
        if told is not None and here != told:
            raise DataError(f"predictions of {here[0]}, the others are of {told[0]}", file=path)
        told = here
        frame = table.to_pandas()
        structures += len(frame)
        frame = frame[frame["value"].notna()]
        valued += len(frame)
        kept = [_first(pd.concat([*kept, frame]), most, highest)]
    with paths.written_whole(output) as temporary:
        _first(pd.concat(kept), most, highest).assign(unit=told[1] if told else "").to_csv(
            temporary, index=False, float_format="%.6g"
        )
    return structures, valued


def _first(frame: pd.DataFrame, most: int, highest: bool) -> pd.DataFrame:
    # Equal values in the order of their ids, so that the list does not depend on the shards.
    return frame.sort_values(["value", "id"], ascending=[not highest, True]).head(most)
