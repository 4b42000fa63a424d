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
from replicate.data.cards import DataCard, Dataset
from replicate.data.clean import CleaningReport, CleaningStep
from replicate.data.lookup import Found, find
from replicate.data.registry import DatasetEntry, entry
from replicate.errors import ConfigError, DataError, StorageError
from replicate.package_digest import package_digest

if TYPE_CHECKING:
    import pandas as pd


def load(name: str, *, download: bool = True) -> Dataset:
    """Return a dataset as a tidy table with its data card and cleaning report.

    A dataset that is a single file (trained weights) gives a table of one row, its sha256, so that a record
    can state what it rests on; :func:`locate` gives its path.

    Args:
        name: as in the registry; ``names()`` lists them.
        download: fetch it if it is not here; never done while ``REPLICATE_OFFLINE`` is set.

    Raises:
        ConfigError: there is no such dataset, or it is an archive of structures.
        MissingDataset: it is not here and could not be downloaded.
        DataError: its file is broken or not the registered one; names file, row and value.
    """
    wanted = entry(name)
    if wanted.form == "archive":
        raise ConfigError(f"{name} is an archive of structures; iterate over data.cifs({name!r})")
    found = find(wanted, download=download)
    table, steps = _read(wanted, found)
    if wanted.n_rows and len(table) != wanted.n_rows:
        raise DataError(f"{len(table):,} rows were read, {wanted.n_rows:,} are registered", file=found.path)
    report = CleaningReport.untouched(len(table) + sum(step.dropped for step in steps)).after(*steps)
    return Dataset(table, _card(wanted, found, report.read), report)


def load_once(name: str) -> Dataset:
    """Return a dataset, read once per process as long as its file stays as it is; not to be changed.

    Errors are those of :func:`load`.
    """
    path = find(entry(name), download=True).path
    state = path.stat()
    return _kept(name, path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=16)
def _kept(name: str, path: Path, size: int, changed: int) -> Dataset:
    return load(name)


def content_digest(name: str) -> str:
    """Return the digest of a dataset's table; it is read only where this state of the package never read this file.

    Errors are those of :func:`load`.
    """
    wanted = entry(name)
    find(wanted, download=True)  # compares the file with its checksum
    state = hashlib.sha256(f"{name} {wanted.sha256} {package_digest()}".encode()).hexdigest()[:16]
    path = paths.work_dir() / "digests" / f"{name}-{state}.txt"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    digest = load_once(name).digest
    with (
        suppress(StorageError),
        paths.written_whole(path) as temporary,
    ):  # it can be had without a disk to write to
        temporary.write_text(digest, encoding="utf-8")
    return digest


def cifs(name: str, part: str | None = None, *, download: bool = True) -> Iterator[tuple[str, str]]:
    """Yield (file name without ``.cif``, CIF text) of the structures in an archive.

    Args:
        name: as in the registry.
        part: which of its folders, None for the first one registered.
        download: as for :func:`load`.

    Raises:
        ConfigError: there is no such archive or part.
        MissingDataset: it is not here and could not be downloaded.
        DataError: the archive is broken, truncated or unsafe; names archive and member.
    """
    wanted = entry(name)
    if wanted.archive is None:
        raise ConfigError(f"{name} is not an archive of structures; use data.load({name!r})")
    known = list(wanted.archive.parts)
    chosen = known[0] if part is None else part
    if chosen not in known:
        raise ConfigError(f"{name} has no part {chosen!r}; there are {', '.join(known)}")
    return read_cifs(find(wanted, download=download).path, wanted.archive, chosen)


def _read(wanted: DatasetEntry, found: Found) -> tuple[pd.DataFrame, tuple[CleaningStep, ...]]:
    # Here: names and places of datasets are asked for where no table is read.
    import pandas as pd

    from replicate.data.finishing import FINISHERS
    from replicate.data.tables import read_parquet, read_table

    if wanted.form == "file":
        return pd.DataFrame({"sha256": [wanted.sha256]}), ()
    if wanted.kind == "bundled":
        return read_parquet(found.path, wanted.columns), ()
    table = read_table(found.path, wanted.columns, wanted.reading)
    steps: tuple[CleaningStep, ...] = ()
    if wanted.finish:
        table, steps = FINISHERS[wanted.finish](table, str(found.path))
    return table[[column.name for column in wanted.columns]], steps


def _card(wanted: DatasetEntry, found: Found, n_rows: int) -> DataCard:
    return DataCard(
        name=wanted.name,
        title=wanted.title,
        columns={column.name: column.means for column in wanted.columns},
        n_rows=n_rows,
        licence=wanted.licence,
        citation=wanted.citation,
        upstream=wanted.upstream,
        version=wanted.version,
        sha256=wanted.sha256,
        kind=found.place,
        licence_text=wanted.licence_text,
    )
