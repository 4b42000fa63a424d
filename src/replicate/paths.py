"""Where things live: the checkout, committed records, local work, downloaded data."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import platformdirs

from replicate.errors import ConfigError, StorageError, refusal

_PARTIAL = ".partial-"  # how the names of unfinished files and folders start


def root() -> Path:
    """Return the checkout: ``REPLICATE_ROOT``, else the folder above ``src/``, else the working folder.

    Raises:
        ConfigError: ``REPLICATE_ROOT`` names no folder.
    """
    if named := os.environ.get("REPLICATE_ROOT"):
        folder = _from_home(named).resolve()
        if not folder.is_dir():
            raise ConfigError(f"REPLICATE_ROOT names no checkout: {folder} is no folder")
        return folder
    checkout = Path(__file__).resolve().parents[2]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def results_dir() -> Path:
    """Return the folder that full-profile records are written to, in a checkout the book's only numbers."""
    return root() / "book" / "results"


def committed(name: str) -> Path:
    """Return a file or folder of committed results: here, or away from a checkout in the installed package."""
    here, packaged = results_dir() / name, Path(__file__).parent / "committed" / name
    return packaged if packaged.exists() and not here.exists() else here


def work_dir() -> Path:
    """Return the ignored folder of local records, checkpoints and cached features."""
    return _from_home(os.environ.get("REPLICATE_WORK") or root() / ".replicate")


def cache_dir() -> Path:
    """Return the folder of downloads, shared by all checkouts of a user."""
    return _from_home(os.environ.get("REPLICATE_CACHE") or platformdirs.user_cache_dir("replicate"))


def mirror_dir() -> Path | None:
    """Return the folder named by ``REPLICATE_MIRROR``, or None when the variable is unset or empty."""
    named = os.environ.get("REPLICATE_MIRROR")
    return _from_home(named).resolve() if named else None


def _from_home(named: str | Path) -> Path:
    """Return a path with ``~`` replaced by the home folder."""
    try:
        return Path(named).expanduser()
    except RuntimeError as error:
        raise ConfigError(
            f"there is no home folder for {named}; set HOME, or REPLICATE_CACHE and REPLICATE_WORK"
        ) from error


def finished(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder that match a pattern, sorted, without those that are not finished."""
    return sorted(path for path in folder.glob(pattern) if not path.name.startswith(_PARTIAL))


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Yield the path of a temporary file beside ``target``, renamed into place only if the block succeeds.

    A killed process leaves the previous file or none, and a temporary that :func:`finished` passes over and
    that goes when a later process writes into the same folder.

    Raises:
        StorageError: the disk is full, read-only or refuses in another way; names file, reason and remedy.
    """
    with _partial(target, folder=False) as temporary:
        yield temporary
        # mkstemp files are private to the user; a record or a parquet file should not be.
        temporary.chmod(0o644)
        os.replace(temporary, target)


@contextmanager
def folder_written_whole(target: Path) -> Iterator[Path]:
    """Yield a temporary folder beside ``target``, renamed into place only if the block succeeds.

    Where another process has finished the same folder meanwhile, that one stays. Otherwise as
    :func:`written_whole`.
    """
    with _partial(target, folder=True) as temporary:
        yield temporary
        temporary.chmod(0o755)
        try:
            os.rename(temporary, target)
        except OSError:
            if not target.is_dir():
                raise


@contextmanager
def _partial(target: Path, *, folder: bool) -> Iterator[Path]:
    """Yield a temporary, removed afterwards if it is still there, and turn what the disk refuses into an error."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        temporary, lock = _claimed(target, folder)
        try:
            yield temporary
        finally:
            os.close(lock)
            _remove(temporary)
    except OSError as error:
        reason = refusal(error)
        if reason is None:
            raise
        there = str(error.filename or "")
        if there and not Path(there).name.startswith(_PARTIAL) and there != str(target):
            reason += f" ({there})"
        raise StorageError(f"cannot write {target}: {reason}; {_remedy(target)}") from error


def _claimed(target: Path, folder: bool) -> tuple[Path, int]:
    """Return a new temporary and the descriptor that locks it for as long as this process lives."""
    prefix = f"{_PARTIAL}{target.stem[:80]}-"
    while True:
        if folder:
            temporary = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
            lock = os.open(temporary, os.O_RDONLY)
        else:
            lock, name = tempfile.mkstemp(prefix=prefix, suffix=target.suffix, dir=target.parent)
            temporary = Path(name)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            return temporary, lock  # a disk without locks: then nobody sweeps there either
        if temporary.exists():
            return temporary, lock
        os.close(lock)  # swept between its making and its locking


@cache  # once per process: its own leftovers go with it
def _sweep(folder: Path) -> None:
    """Remove what killed processes left in a folder: the temporaries that no living process has locked."""
    for path in folder.glob(f"{_PARTIAL}*"):
        try:
            lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(path)
        except OSError:
            continue
        finally:
            os.close(lock)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _remedy(target: Path) -> str:
    again = "run the command again: what is finished is kept"
    for variable, folder in (("REPLICATE_WORK", work_dir()), ("REPLICATE_CACHE", cache_dir())):
        if target.is_relative_to(folder):
            return f"mend that, or set {variable} to another folder, and {again}"
    return f"mend that and {again}"
