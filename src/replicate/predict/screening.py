"""Ask a crystal model about more structures than one job can take: a table per shard, then one list of the best."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from replicate import paths
from replicate.errors import ConfigError, DataError
from replicate.predict.models import CrystalModel
from replicate.predict.structure_files import contents

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
        model: as for :class:`replicate.predict.models.CrystalModel`.
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
        while part := list(islice(items, AT_ONCE)):
            for name, _, _ in part:
                if name in seen:
                    raise DataError("a structure stands twice in a shard", value=name)
                seen.add(name)
            crystals = [(name, content) for name, content, _ in part if content is not None]
            predictions = network.by_name(crystals, processes=processes)
            rows = [(predictions.get(name) or network.refused(name, problem)).to_row() for name, _, problem in part]
            valued += sum(row["value"] is not None for row in rows)
            rows = [{**row, "id": row["input"], "note": row["warnings"]} for row in rows]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
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
    top = pd.DataFrame()
    first: tuple[str, str] | None = None
    structures = valued = 0
    for path in tables:
        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise DataError(f"not a table of predictions, delete it to make it again: {error}", file=path) from error
        metadata = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
        model, unit = metadata.get("model", ""), metadata.get("unit", "")
        first = first or (model, unit)
        if (model, unit) != first:
            raise DataError(f"predictions of {model}, the others are of {first[0]}", file=path)
        frame = table.to_pandas()
        structures += len(frame)
        frame = frame[frame["value"].notna()]
        valued += len(frame)
        # Equal values in the order of their ids, so that the list does not depend on the shards.
        top = pd.concat([top, frame]) if len(top) else frame
        top = top.sort_values(["value", "id"], ascending=[not highest, True]).head(most)
    with paths.written_whole(output) as temporary:
        top.assign(unit=first[1] if first else "").to_csv(temporary, index=False, float_format="%.6g")
    return structures, valued
