"""Find a dataset's file: bundled with the package, in the mirror, in the user cache, or by download.

A file is compared with the registry's sha256 before anyone reads it, wherever it was found.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from replicate import paths
from replicate.data.archives import verify
from replicate.data.cards import Place
from replicate.data.digest import file_sha256
from replicate.data.download import UnreachableError, download
from replicate.data.registry import DatasetEntry, bundled_dir, entry, names
from replicate.errors import DataError, MissingDataset

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


@dataclass(frozen=True)
class Found:
    """A verified file and the place it was found in."""

    path: Path
    place: Place


def places(wanted: DatasetEntry) -> dict[Place, Path]:
    """Return the paths a dataset may lie at, in the order of the look-up."""
    if wanted.kind == "bundled":
        return {"bundled": bundled_dir() / wanted.file}
    found: dict[Place, Path] = {}
    if (mirror := paths.mirror_dir()) is not None:
        found["mirror"] = mirror / wanted.file
    found["download"] = paths.cache_dir() / wanted.cached_file
    return found


def available(name: str) -> bool:
    """Return whether a dataset is here, so that it loads without a download.

    Raises:
        ConfigError: there is no such dataset.
    """
    return any(path.is_file() for path in places(entry(name)).values())


def locate(name: str, *, download: bool = False) -> Path:
    """Return the verified file of a dataset.

    Args:
        name: as in the registry.
        download: fetch it if it is not here and ``REPLICATE_OFFLINE`` is not set.

    Raises:
        ConfigError: there is no such dataset.
        MissingDataset: it is not here, and could not or was not to be downloaded.
        DataError: the file is not the registered one.
    """
    return find(entry(name), download=download).path


def fetch(name: str) -> Path:
    """Return the verified file of a dataset, downloading it into the user cache if it is not here.

    A cached file that is not the registered one is replaced.

    Raises:
        ConfigError: there is no such dataset.
        MissingDataset: it could not be downloaded.
        DataError: what came is truncated or not the registered file.
    """
    wanted = entry(name)
    cached = places(wanted).get("download")
    if cached is not None and cached.is_file() and _difference(wanted, "download", cached):
        cached.unlink(missing_ok=True)
    _unreachable.clear()
    return find(wanted, download=True).path


def find(wanted: DatasetEntry, *, download: bool) -> Found:
    """Return file and place of a dataset; errors as for :func:`locate`."""
    for place, path in places(wanted).items():
        if path.is_file():
            if problem := _difference(wanted, place, path):
                raise DataError(problem)
            return Found(path, place)
    reason = _obtained(wanted, allowed=download)
    if reason is None:
        return Found(places(wanted)["download"], "download")
    raise MissingDataset(_missing(wanted, reason))


def check(chosen: Iterable[str] | None = None) -> list[CheckRow]:
    """Return for every dataset, or the chosen ones, where it is, and whether it is the registered one.

    Raises:
        ConfigError: there is no dataset of a name.
    """
    rows = []
    for name in names() if chosen is None else chosen:
        wanted = entry(name)
        here = [(place, path) for place, path in places(wanted).items() if path.is_file()]
        place, problem = (here[0][0], _difference(wanted, *here[0])) if here else ("", "not here")
        rows.append(CheckRow(name, place, not problem, problem))
    return rows


def _obtained(wanted: DatasetEntry, *, allowed: bool) -> str | None:
    """Download a dataset into the cache, or return why that was not done."""
    if wanted.url is None:
        return "the installation is incomplete, this file comes with the package"
    if not allowed:
        return "not tried"
    if os.environ.get("REPLICATE_OFFLINE", "0") not in ("", "0"):
        return "not tried, REPLICATE_OFFLINE is set"
    host = wanted.url.split("/")[2]
    if host in _unreachable:
        return _unreachable[host]
    try:
        download(wanted, places(wanted)["download"])
    except UnreachableError as error:
        reason = f"{wanted.url} could not be read: {error}"
        if error.no_answer:
            _unreachable[host] = reason
        return reason
    return None


def _difference(wanted: DatasetEntry, place: Place, path: Path) -> str:
    """Return how a file differs from the registered one, empty if it does not; asked once while it stays as is."""
    try:
        state = path.stat()
        key = (path, state.st_size, state.st_mtime_ns, wanted.sha256)
        if key not in _compared:
            _compared[key] = _compare(wanted, place, path)
    except OSError as error:
        return f"dataset {wanted.name!r}: {path} cannot be read: {error.strerror}"
    return _compared[key]


def _compare(wanted: DatasetEntry, place: Place, path: Path) -> str:
    if wanted.archive is not None and place == "download":
        # GitHub packs an archive anew for each request, so its bytes are nobody's to pin.
        try:
            verify(path, wanted.archive)
        except DataError as error:
            return str(error)
        return ""
    found = file_sha256(path)
    if found == wanted.sha256:
        return ""
    mend = {
        "bundled": "reinstall the package",
        "mirror": "mend the mirror or unset REPLICATE_MIRROR",
        "download": f"run `replicate data fetch {wanted.name}`",
    }[place]
    return (
        f"dataset {wanted.name!r}: {path} is not the registered file: "
        f"expected sha256 {wanted.sha256}, found {found}; {mend}"
    )


def _missing(wanted: DatasetEntry, reason: str) -> str:
    looked = []
    if wanted.url is not None and paths.mirror_dir() is None:
        looked.append("the mirror (REPLICATE_MIRROR is not set)")
    titles = {"bundled": "the package", "mirror": "the mirror", "download": "the user cache"}
    looked += [f"{titles[place]} ({path})" for place, path in places(wanted).items()]
    how = (
        f"set REPLICATE_MIRROR to a folder that holds {wanted.file}, or run "
        f"`replicate data fetch {wanted.name}` with network access"
        if wanted.url is not None
        else "reinstall the package"
    )
    return (
        f"dataset {wanted.name!r} is not here. Looked in: {', '.join(looked)}. "
        f"Download: {reason}. To get it: {how}."
    )
