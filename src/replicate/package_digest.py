"""The state of the package: of what decides numbers, and of all that a page shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath

PACKAGE = Path(__file__).parent

# From source file to score. The papers belong to it: three experiments are tested on compounds of their printed tables.
# The schema says what a record holds.
DECIDING = (
    "data",
    "evaluation",
    "experiments",
    "features",
    "models",
    "papers",
    "training",
    "record_schema.json",
)
# Within these: how our scores are held against the papers', and ensembles that are only asked for predictions.
_DECIDING_NOTHING = ("evaluation/compare.py", "evaluation/verdict.py", "models/weights/*.safetensors")


@cache
def package_digest(package: Path = PACKAGE) -> str:
    """Return a hash of what decides numbers: code, bundled data, authors' weights and the papers' printed tables.

    It is part of the key of quick and smoke records, stages and checkpoints: a word on a page trains nothing again.
    """
    return _digest(
        package,
        (
            name
            for name in _files(package)
            if name.parts[0] in DECIDING and not any(name.match(one) for one in _DECIDING_NOTHING)
        ),
    )


@cache
def page_digest(package: Path = PACKAGE) -> str:
    """Return a hash of what decides a page: all that decides numbers, and all that shows them."""
    return _digest(package, _files(package))


def _files(package: Path) -> list[PurePosixPath]:
    names = (path.relative_to(package) for path in sorted(package.rglob("*")) if path.is_file())
    return [PurePosixPath(name.as_posix()) for name in names if "__pycache__" not in name.parts]


def _digest(package: Path, names: Iterable[PurePosixPath]) -> str:
    total = hashlib.sha256()
    for name in names:
        content = hashlib.sha256((package / name).read_bytes()).digest()
        total.update(name.as_posix().encode() + b"\0" + content)
    return total.hexdigest()[:16]
