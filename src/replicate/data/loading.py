"""From a registry entry to a dataset in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from replicate import paths
from replicate.data.archives import read_cifs
from replicate.data.cards import Dataset
from replicate.data.clean import CleaningReport, CleaningStep
from replicate.data.lookup import find
from replicate.data.registry import DatasetEntry, entry
from replicate.errors import ConfigError, DataError, StorageError
from replicate.package_digest import package_digest

if TYPE_CHECKING:
    import pandas as pd


def load(name: str, *, download: bool = True) -> Dataset:
    """Return a dataset of the registry as a tidy table with its data card and cleaning report.

    A dataset that is a single file (trained weights) gives a table of one row, its sha256, so that a record can state
    what it rests on. ``download``: fetch it if it is not here and ``REPLICATE_OFFLINE`` is not set.

    Raises:
        ConfigError: there is no such dataset, or it is an archive of structures.
        MissingDataset: it is not here and could not be downloaded.
        DataError: its file is broken or not the registered one; names file, row and value.
    """
    registered = entry(name)
    if registered.form == "archive":
        raise ConfigError(f"{name} is an archive of structures; iterate over data.cifs({name!r})")
    path, _ = find(registered, download=download)
    table, steps = _read(registered, path)
    if registered.n_rows and len(table) != registered.n_rows:
        problem = f"{len(table):,} rows were read, {registered.n_rows:,} are registered"
        raise DataError(problem, file=path)
    report = CleaningReport(len(table) + sum(step.dropped for step in steps), steps)
    return Dataset(table, registered, report)


def load_once(name: str) -> Dataset:
    """Return a dataset, not to be changed, read once per process as long as its file stays as it is; else as `load`."""
    path, _ = find(entry(name), download=True)
    state = path.stat()
    return _load_state(name, path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=16)
def _load_state(name: str, path: Path, size: int, changed: int) -> Dataset:
    return load(name)


def content_digest(name: str) -> str:
    """Return the digest of a dataset's table, which is read once per state of package and file; errors as of `load`."""
    registered = entry(name)
    find(registered, download=True)  # compares the file with its checksum
    state = hashlib.sha256(f"{name} {registered.sha256} {package_digest()}".encode()).hexdigest()[:16]
    path = paths.work_dir() / "digests" / f"{name}-{state}.txt"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    digest = load_once(name).digest
    # It can be had without a disk to write to.
    with suppress(StorageError), paths.written_whole(path) as temporary:
        temporary.write_text(digest, encoding="utf-8")
    return digest


def cifs(name: str, part: str | None = None, *, download: bool = True) -> Iterator[tuple[str, str]]:
    """Yield (file name without ``.cif``, CIF text) of an archive's part, by default the first one registered.

    Raises:
        ConfigError: there is no such archive or part.
        MissingDataset: it is not here and could not be downloaded.
        DataError: the archive is broken, truncated or unsafe; names archive and member.
    """
    registered = entry(name)
    if registered.archive is None:
        raise ConfigError(f"{name} is not an archive of structures; use data.load({name!r})")
    known = list(registered.archive.parts)
    chosen = known[0] if part is None else part
    if chosen not in known:
        raise ConfigError(f"{name} has no part {chosen!r}; there are {', '.join(known)}")
    return read_cifs(find(registered, download=download)[0], registered.archive, chosen)


def _read(registered: DatasetEntry, path: Path) -> tuple[pd.DataFrame, tuple[CleaningStep, ...]]:
    # Here: names and places of datasets are asked for where no table is read.
    import pandas as pd

    from replicate.data.tables import FINISHERS, read_parquet, read_table

    if registered.form == "file":
        return pd.DataFrame({"sha256": [registered.sha256]}), ()
    if registered.kind == "bundled":
        return read_parquet(path, registered.columns), ()
    table = read_table(path, registered.columns, registered.reading)
    steps: tuple[CleaningStep, ...] = ()
    if registered.finish:
        table, steps = FINISHERS[registered.finish](table, str(path))
    return table[[column.name for column in registered.columns]], steps
