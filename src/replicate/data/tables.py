"""Read any of the upstream table formats into typed columns; a bad cell is an error with file, row and value."""

from __future__ import annotations

import ast
import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd

from replicate.data.clean import CleaningStep, examples
from replicate.data.registry import Column, Reading
from replicate.errors import DataError

FLAGS = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}


def read_table(path: Path, columns: Sequence[Column], reading: Reading) -> pd.DataFrame:
    """Return the table of n rows in a file, or in a member of a zip file, with one column per entry of ``columns``.

    The format follows from the suffix: csv, tsv, txt and dat (fields between white space), xlsx, npy.
    Columns of kind "derived" are left to the caller, as are columns nobody asked for.

    Raises:
        DataError: the file is broken, a column is missing, or a cell is empty or of the wrong kind; names file,
            1-based data row and value.
    """
    named = f"{path}:{reading.member}" if reading.member else str(path)
    try:
        content = path.read_bytes()
        if reading.member:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = archive.read(reading.member)
    except KeyError as error:
        raise DataError("the zip file lacks this member", file=named) from error
    except (OSError, zipfile.BadZipFile, EOFError) as error:
        raise DataError(f"the file cannot be read: {error}", file=named) from error
    return typed(texts(content, PurePath(reading.member or path.name).suffix, named, reading), columns, named)


def texts(content: bytes, suffix: str, named: str, reading: Reading) -> pd.DataFrame:
    """Return every cell of a file's content as text, under the names in its header or numbered from 0."""
    if suffix not in _READERS:
        raise DataError(f"there is no reader for {suffix!r} files", file=named)
    try:
        raw = _READERS[suffix](io.BytesIO(content), reading.skip)
    # openpyxl and zipfile, which it stands on, have no common error for a spreadsheet that is none.
    except (ValueError, KeyError, zipfile.BadZipFile, EOFError, pd.errors.EmptyDataError) as error:
        raise DataError(f"the file cannot be read as {suffix}: {error}", file=named) from error
    # Short rows come as None or NaN; an empty cell is judged later, by the column it is in.
    raw = raw.map(lambda cell: cell.strip() if isinstance(cell, str) else "")
    if reading.header:
        if raw.empty:
            raise DataError("the file has no header", file=named)
        raw = raw.set_axis(raw.iloc[0].tolist(), axis=1).iloc[1:].reset_index(drop=True)
    return raw.set_axis([str(name) for name in raw.columns], axis=1)


def typed(raw: pd.DataFrame, columns: Sequence[Column], named: str) -> pd.DataFrame:
    """Return the wanted columns of a table of texts under our names, each converted to its kind; errors as above."""
    wanted = [column for column in columns if column.kind != "derived"]
    for column in wanted:
        count = list(raw.columns).count(column.upstream)
        if count != 1:
            listed = ", ".join(map(str, raw.columns[:20]))
            fault = "is missing" if count == 0 else f"is there {count} times"
            raise DataError(f"column {column.upstream!r} {fault}; there are: {listed}", file=named)
    converted = {column.name: _KINDS[column.kind](raw[column.upstream], column, named) for column in wanted}
    return pd.DataFrame(converted)


def _text(cells: pd.Series, column: Column, named: str) -> pd.Series:
    gap = _gaps(cells, column)
    _refuse(cells, (cells == "").to_numpy() & ~gap, f"column {column.upstream!r} is empty", named)
    return cells.astype(object).mask(gap, None)


def _number(cells: pd.Series, column: Column, named: str) -> pd.Series:
    gap = _gaps(cells, column)
    # float() rounds correctly; pandas' own faster parsers may be off in the last bit.
    values = np.array([_float(cell) for cell in cells.mask(gap, "nan")], dtype=np.float64)
    _refuse(cells, ~np.isfinite(values) & ~gap, f"column {column.upstream!r} holds no number", named)
    return pd.Series(values, index=cells.index)


def _float(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _flag(cells: pd.Series, column: Column, named: str) -> pd.Series:
    values = cells.str.lower().map(FLAGS)
    _refuse(cells, values.isna().to_numpy(), f"column {column.upstream!r} is neither true nor false", named)
    return values.astype(bool) ^ column.negated


def _gaps(cells: pd.Series, column: Column) -> np.ndarray:
    return cells.isin(column.missing).to_numpy()


def _refuse(cells: pd.Series, bad: np.ndarray, problem: str, named: str) -> None:
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise DataError(problem, file=named, row=row + 1, value=cells.iloc[row])


def _delimited(**options: Any) -> Callable[[io.BytesIO, int], pd.DataFrame]:
    options |= {"header": None, "dtype": str, "keep_default_na": False, "encoding": "utf-8"}

    def read(file: io.BytesIO, skip: int) -> pd.DataFrame:
        # The header is read as a row like any other: only so does pandas refuse rows that are too long.
        return pd.read_csv(file, skiprows=skip, **options)

    return read


def _spreadsheet(file: io.BytesIO, skip: int) -> pd.DataFrame:
    return pd.read_excel(
        file, header=None, dtype=str, keep_default_na=False, na_filter=False, skiprows=skip, engine="openpyxl"
    )


def _array(file: io.BytesIO, skip: int) -> pd.DataFrame:
    array = np.load(file, allow_pickle=False)  # noqa: TID251
    if array.ndim != 2:
        raise ValueError(f"an array of shape {array.shape} is no table")
    return pd.DataFrame(array[skip:].astype(str).astype(object))


_spaced = _delimited(sep=r"\s+", quoting=csv.QUOTE_NONE)
_READERS: dict[str, Callable[[io.BytesIO, int], pd.DataFrame]] = {
    ".csv": _delimited(),
    ".tsv": _delimited(sep="\t", quoting=csv.QUOTE_NONE),
    ".txt": _spaced,
    ".dat": _spaced,
    ".xlsx": _spreadsheet,
    ".npy": _array,
}
_KINDS: dict[str, Callable[[pd.Series, Column, str], pd.Series]]
_KINDS = {"text": _text, "number": _number, "flag": _flag}


def read_parquet(path: Path, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a bundled table, whose columns are typed already; DataError where it is broken or lacks a column."""
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise DataError(f"the file cannot be read as parquet: {error}", file=path) from error
    names = [column.name for column in columns]
    if missing := [name for name in names if name not in table.columns]:
        raise DataError(f"column {missing[0]!r} is missing; there are: {', '.join(table.columns)}", file=path)
    return table[names]


# What a single source needs beyond plain columns: three functions, named by the registry's ``finish``.
FIRST_YEAR, LAST_YEAR = 1911, 2021  # the discovery of superconductivity; the last year in the datasheet

Finish = Callable[[pd.DataFrame, str], tuple[pd.DataFrame, tuple[CleaningStep, ...]]]


def journal_year(table: pd.DataFrame, named: str) -> tuple[pd.DataFrame, tuple[CleaningStep, ...]]:
    """Add ``year`` (nullable whole number): the first year in brackets in ``journal``.

    Where a translation is cited too, the original comes first.
    """
    year = table["journal"].str.extract(r"\(\s*(\d{4})\s*\)", expand=False).astype(float)
    impossible = ((year < FIRST_YEAR) | (year > LAST_YEAR)).to_numpy()
    rule = f"year of the journal outside {FIRST_YEAR}–{LAST_YEAR}, set to missing"
    step = CleaningStep(rule, 0, examples(table, impossible, "journal"), int(impossible.sum()))
    return table.assign(year=year.mask(impossible).astype("Int64")), (step,)


def space_group(table: pd.DataFrame, named: str) -> tuple[pd.DataFrame, tuple[CleaningStep, ...]]:
    """Split ``formula,number`` into ``formula`` and ``space_group`` (nullable whole number)."""
    parts = table["formula"].str.extract(r"^([^,]+?)(?:,\s*(\d+))?$")
    unreadable = parts[0].isna().to_numpy()
    _refuse(table["formula"], unreadable, "this is neither a formula nor formula,space group", named)
    number = parts[1].astype(float).astype("Int64")
    return table.assign(formula=parts[0].astype(object), space_group=number), ()


def voigt_reuss_hill(table: pd.DataFrame, named: str) -> tuple[pd.DataFrame, tuple[CleaningStep, ...]]:
    """Replace the moduli ``K_VRH`` and ``G_VRH``, written as dictionaries, by their ``vrh`` value in GPa."""
    moduli = {name: np.full(len(table), np.nan) for name in ("K_VRH", "G_VRH")}
    for name, values in moduli.items():
        for row, cell in enumerate(table[name]):
            try:
                values[row] = np.nan if cell is None else float(ast.literal_eval(cell)["vrh"])
            except (ValueError, SyntaxError, KeyError, TypeError) as error:
                problem = "a modulus must be a dictionary with 'vrh'"
                raise DataError(problem, file=named, row=row + 1, value=cell) from error
    return table.assign(**moduli), ()


FINISHERS: dict[str, Finish] = {
    function.__name__: function for function in (journal_year, space_group, voigt_reuss_hill)
}
