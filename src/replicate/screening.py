"""Ask a crystal model about more structures than one job can take: a table per shard, then one list of the best."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from replicate import paths
from replicate.crystal_prediction import CrystalModel
from replicate.errors import ConfigError, DataError
from replicate.features.reading import Read
from replicate.structure_files import SHARD, contents, deal, list_structures, passed_over

__all__ = ["SHARD", "best", "deal", "list_structures", "passed_over", "screen"]

AT_ONCE = 20_000  # structures in memory, as text and as graphs; starting processes for fewer would not pay
_COLUMNS = {
    "id": pa.string(),
    "value": pa.float32(),
    "spread": pa.float32(),
    "note": pa.string(),
    "formula": pa.string(),
    "sites": pa.int32(),
    "space_group": pa.string(),
    "assumed": pa.string(),
}


def screen(model: str, names: Sequence[str], output: Path, *, processes: int | None = None) -> int:
    """Predict for every structure of a shard, write a parquet file, and return how many got a value.

    The file has ``id``, ``value``, ``spread`` (over an ensemble's members), ``note``: a warning, or why there is no
    value, and what was read: ``formula`` of the cell, ``sites``, ``space_group``, ``assumed``. Its metadata name model
    and unit.

    Args:
        model: as for :class:`replicate.crystal_prediction.CrystalModel`.
        names: structure files, or archives of them.
        output: written whole.
        processes: that build graphs, at most; None: 1, or as many as ``REPLICATE_PROCESSES`` says.

    Raises:
        ConfigError: the model is unknown, or ``REPLICATE_PROCESSES`` is no number of processes.
        DataError: an archive is missing, broken or truncated, or two structures have one name.
    """
    network = CrystalModel(model)
    schema = pa.schema(list(_COLUMNS.items()), metadata={"model": model, "unit": network.unit})
    valued, seen = 0, set[str]()
    items = (item for name in names for item in contents(name))
    with paths.written_whole(output) as temporary, pq.ParquetWriter(temporary, schema) as writer:
        while some := list(islice(items, AT_ONCE)):
            ids = [name for name, _, _ in some]
            if len(seen | set(ids)) < len(seen) + len(ids):
                twice = next(name for i, name in enumerate(ids) if name in seen or name in ids[:i])
                raise DataError("a structure stands twice in a shard", value=twice)
            seen |= set(ids)
            crystals = [(name, content) for name, content, _ in some if content is not None]
            found = network.predict(crystals, processes=processes)
            rows = [
                found[name] if content is not None else network.refused(name, problem)
                for name, content, problem in some
            ]
            read = [row.read or Read("") for row in rows]
            valued += sum(row.value is not None for row in rows)
            columns = {
                "id": ids,
                "value": [row.value for row in rows],
                "spread": [row.spread for row in rows],
                "note": ["; ".join(row.warnings) for row in rows],
                "formula": [one.formula for one in read],
                "sites": [one.sites for one in read],
                "space_group": [one.space_group or "" for one in read],
                "assumed": ["; ".join(one.assumed) for one in read],
            }
            writer.write_table(pa.table(columns, schema=schema))
    return valued


def best(tables: Sequence[Path], output: Path, most: int, *, highest: bool = False) -> tuple[int, int]:
    """Write the structures with the lowest values of all shards as CSV, and return (structures, with a value).

    Args:
        tables: from :func:`screen`, one at a time in memory.
        output: CSV with the tables' columns and the unit, best first.
        most: how many to keep.
        highest: keep the highest values.

    Raises:
        ConfigError: there are no tables, or none are to be kept.
        DataError: a table is broken, or the tables are of different models.
    """
    if not tables:
        raise ConfigError("there are no tables of predictions to take the best from")
    if most < 1:
        raise ConfigError(f"most is a whole number above 0, not {most}")
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
