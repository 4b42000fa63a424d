"""Fingerprints of files and of table contents."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, as 64 hex digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def table_digest(table: pd.DataFrame) -> str:
    """Return the sha256 of a table's content: column names, kinds, values and their order.

    The same values give the same digest whatever file format, pandas or parquet version they came through:
    numbers enter as little-endian 64-bit floats, texts and whole numbers as JSON, missing values as null.
    """
    digest = hashlib.sha256()
    for name in table.columns:
        kind, content = _canonical(table[name])
        digest.update(json.dumps([str(name), kind, len(table)]).encode())
        digest.update(content)
    return digest.hexdigest()


def _canonical(column: pd.Series) -> tuple[str, bytes]:
    import pandas as pd

    if pd.api.types.is_bool_dtype(column.dtype):
        return "flag", np.asarray(column, dtype=bool).astype("u1").tobytes()
    if pd.api.types.is_float_dtype(column.dtype):
        # Adding 0.0 turns -0.0 into 0.0; a NaN may carry any payload, so all become the same one.
        values = np.asarray(column, dtype="<f8") + 0.0
        return "number", np.where(np.isnan(values), np.float64("nan"), values).astype("<f8").tobytes()
    if pd.api.types.is_integer_dtype(column.dtype):
        return "whole", json.dumps([None if pd.isna(v) else int(v) for v in column]).encode()
    return "text", json.dumps([None if pd.isna(v) else str(v) for v in column], ensure_ascii=False).encode()
