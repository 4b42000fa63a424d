"""Stamps: whether an executed notebook still is what its source, code, parameters and records would give."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import replicate
from replicate import paths
from replicate.bookbuild.sources import Source


def digest(files: Iterable[Path], above: Path) -> str:
    """Return one hash over the names, relative to ``above``, and contents of files."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.relative_to(above).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@cache
def _package_digest() -> str:
    """Return a hash of the package: code, published numbers and bundled data, all of which change a page."""
    folder = Path(replicate.__file__).parent
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    # How the book is put together changes no number in it.
    return digest((path for path in files if path.parent.name != "bookbuild"), folder)


def _records_digest(source: Source) -> str:
    folders = [paths.results_dir()]
    if source.summary:
        # An experiment's own local record is keyed by its settings; a summary shows everybody's.
        folders.append(paths.work_dir() / "records")
    return "+".join(digest(paths.finished(folder, "*.json"), folder) for folder in folders)


def fingerprint(source: Source, parameters: Mapping[str, object]) -> str:
    """Return a hash of everything the executed page depends on."""
    parts = {
        "source": hashlib.sha256(source.path.read_bytes()).hexdigest(),
        "package": _package_digest(),
        "parameters": dict(parameters),
        "records": _records_digest(source),
        # A mirror can turn a "dataset missing" on the page into a result.
        "mirror": paths.mirror_dir() is not None,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _file(source: Source) -> Path:
    return paths.work_dir() / "stamps" / f"{source.name}.json"


def _content(source: Source, print_: str) -> dict[str, str]:
    return {"inputs": print_, "page": hashlib.sha256(source.output.read_bytes()).hexdigest()}


def is_current(source: Source, print_: str) -> bool:
    """Return whether the page exists, untouched since a run with this fingerprint."""
    try:
        known = json.loads(_file(source).read_text(encoding="utf-8"))
        return bool(known == _content(source, print_))
    except (OSError, ValueError):
        return False


def mark(source: Source, print_: str) -> None:
    """Write down that the page now on disk came from a run with this fingerprint."""
    with paths.written_whole(_file(source)) as temporary:
        temporary.write_text(json.dumps(_content(source, print_)), encoding="utf-8")
