"""Find a dataset's file: bundled with the package, in the mirror, in the user cache, or by download.

A file is compared with the registry's sha256 before anyone reads it, wherever it was found.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from replicate import paths
from replicate.data.archives import verify
from replicate.data.digest import file_sha256
from replicate.data.download import UnreachableError, download
from replicate.data.registry import DatasetEntry, bundled_dir, entry, names
from replicate.errors import DataError, MissingDataset

Place = Literal["bundled", "mirror", "download"]
# Hosts that did not answer in this process: nobody waits for the same time-out twice.
_unreachable: dict[str, str] = {}
# (path, size, time of change, expected sha256) → how the file differs, so that each is read once for this.
_compared: dict[tuple[Path, int, int, str], str] = {}


@dataclass(frozen=True)
class CheckRow:
    """Whether a dataset is here and is the one that was registered; ``where`` is empty if it is not here."""

    name: str
    where: str
    ok: bool
    problem: str


def places(registered: DatasetEntry) -> dict[Place, Path]:
    """Return the paths a dataset may lie at, in the order of the look-up."""
    if registered.kind == "bundled":
        return {"bundled": bundled_dir() / registered.file}
    cached = paths.cache_dir() / registered.cached_file
    if (mirror := paths.mirror_dir()) is None:
        return {"download": cached}
    return {"mirror": mirror / registered.file, "download": cached}


def available(name: str) -> bool:
    """Return whether a dataset is here, so that it loads without a download; ConfigError where there is none."""
    return any(path.is_file() for path in places(entry(name)).values())


def locate(name: str, *, download: bool = False) -> Path:
    """Return the verified file of a dataset, fetched if it is not here, to be fetched and not ``REPLICATE_OFFLINE``.

    Raises:
        ConfigError: there is no such dataset.
        MissingDataset: it is not here, and could not or was not to be downloaded.
        DataError: the file is not the registered one.
    """
    return find(entry(name), download=download)[0]


def fetch(name: str) -> Path:
    """Return the verified file of a dataset, downloaded if it is not here or a cached one is not the registered one.

    Errors are those of :func:`locate`.
    """
    registered = entry(name)
    cached = places(registered).get("download")
    if cached is not None and cached.is_file() and _difference(registered, "download", cached):
        cached.unlink(missing_ok=True)
    _unreachable.clear()
    return find(registered, download=True)[0]


def find(registered: DatasetEntry, *, download: bool) -> tuple[Path, Place]:
    """Return file and place of a dataset; errors as for :func:`locate`."""
    for place, path in places(registered).items():
        if path.is_file():
            if problem := _difference(registered, place, path):
                raise DataError(problem)
            return path, place
    if reason := _not_downloaded(registered, allowed=download):
        raise MissingDataset(_missing(registered, reason))
    return places(registered)["download"], "download"


def check(chosen: Iterable[str] | None = None) -> list[CheckRow]:
    """Return for every dataset, or the chosen ones, where it is and whether it is the registered one.

    Raises:
        ConfigError: there is no dataset of a name.
    """
    rows = []
    for name in names() if chosen is None else chosen:
        registered = entry(name)
        here = [(place, path) for place, path in places(registered).items() if path.is_file()]
        place, problem = (here[0][0], _difference(registered, *here[0])) if here else ("", "not here")
        rows.append(CheckRow(name, place, not problem, problem))
    return rows


def _not_downloaded(registered: DatasetEntry, *, allowed: bool) -> str:
    """Download a dataset into the cache, or return why that was not done."""
    if registered.url is None:
        return "the installation is incomplete, this file comes with the package"
    if not allowed:
        return "not tried"
    if os.environ.get("REPLICATE_OFFLINE", "0") not in ("", "0"):
        return "not tried, REPLICATE_OFFLINE is set"
    host = registered.url.split("/")[2]
    if host in _unreachable:
        return _unreachable[host]
    try:
        download(registered, places(registered)["download"])
    except UnreachableError as error:
        reason = f"{registered.url} could not be read: {error}"
        if error.no_answer:
            _unreachable[host] = reason
        return reason
    return ""


def _difference(registered: DatasetEntry, place: Place, path: Path) -> str:
    """Return how a file differs from the registered one, empty if it does not; asked once while it stays as is."""
    try:
        state = path.stat()
        key = (path, state.st_size, state.st_mtime_ns, registered.sha256)
        if key not in _compared:
            _compared[key] = _compare(registered, place, path)
    except OSError as error:
        return f"dataset {registered.name!r}: {path} cannot be read: {error.strerror}"
    return _compared[key]


def _compare(registered: DatasetEntry, place: Place, path: Path) -> str:
    if registered.archive is not None and place == "download":
        # GitHub packs an archive anew for each request, so its bytes are nobody's to pin.
        try:
            verify(path, registered.archive)
        except DataError as error:
            return str(error)
        return ""
    sha256 = file_sha256(path)
    if sha256 == registered.sha256:
        return ""
    mend = {
        "bundled": "reinstall the package",
        "mirror": "mend the mirror or unset REPLICATE_MIRROR",
        "download": f"run `replicate data fetch {registered.name}`",
    }[place]
    return (
        f"dataset {registered.name!r}: {path} is not the registered file: "
        f"expected sha256 {registered.sha256}, found {sha256}; {mend}"
    )


def _missing(registered: DatasetEntry, reason: str) -> str:
    titles = {"bundled": "the package", "mirror": "the mirror", "download": "the user cache"}
    looked = [f"{titles[place]} ({path})" for place, path in places(registered).items()]
    how = "reinstall the package"
    if registered.url is not None:
        how = f"set REPLICATE_MIRROR to a folder that holds {registered.file}, or run "
        how += f"`replicate data fetch {registered.name}` with network access"
        if paths.mirror_dir() is None:
            looked.insert(0, "the mirror (REPLICATE_MIRROR is not set)")
    where = f"dataset {registered.name!r} is not here. Looked in: {', '.join(looked)}"
    return f"{where}. Download: {reason}. To get it: {how}."
