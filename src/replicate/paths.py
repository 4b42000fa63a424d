"""Where things live: the checkout, committed records, local work, downloaded data."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs


def root() -> Path:
    """Return the checkout: ``REPLICATE_ROOT``, else the folder above ``src/``, else the working folder."""
    if named := os.environ.get("REPLICATE_ROOT"):
        return Path(named).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[2]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def results_dir() -> Path:
    """Return the folder of committed full-profile records, the book's only numbers."""
    return root() / "book" / "results"


def work_dir() -> Path:
    """Return the ignored folder of local records, checkpoints and cached features."""
    return Path(os.environ.get("REPLICATE_WORK") or root() / ".replicate").expanduser()


def cache_dir() -> Path:
    """Return the folder of downloads, shared by all checkouts of a user."""
    return Path(os.environ.get("REPLICATE_CACHE") or platformdirs.user_cache_dir("replicate")).expanduser()


def mirror_dir() -> Path | None:
    """Return the folder named by ``REPLICATE_MIRROR``, or None when the variable is unset or empty."""
    named = os.environ.get("REPLICATE_MIRROR")
    return Path(named).expanduser().resolve() if named else None


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``target`` and rename it into place only if the block succeeds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp files are private to the user; a record or a parquet file should not be.
        temporary.chmod(0o644)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
