"""The state of the package: of what decides numbers, and of all that a page shows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePosixPath

PACKAGE = Path(__file__).parent

# From source file to score. The papers belong to it: three experiments are tested on compounds of their printed tables.
# The schema says what a record holds.
DECIDING = ("data", "evaluation", "experiments", "features", "models", "results", "training")
# Within these: how our scores are held against the papers' and checked, and ensembles only asked for predictions.
_DECIDING_NOTHING = (
    "experiments/verification.py",
    "results/compare.py",
    "results/metric_keys.*",
    "results/records.py",
    "results/verdict.py",
    "models/weights/*.safetensors",
)


@cache
def package_digest(package: Path = PACKAGE) -> str:
    """Return a hash of what decides numbers: code, bundled data, authors' weights and the papers' printed tables.

    It is part of the key of quick and smoke records, stages and checkpoints: a word on a page trains nothing again.
    """

    def decides(name: PurePosixPath) -> bool:
        return name.parts[0] in DECIDING and not any(name.match(pattern) for pattern in _DECIDING_NOTHING)

    return _digest(package, decides)


@cache
def page_digest(package: Path = PACKAGE) -> str:
    """Return a hash of what decides a page: all that decides numbers, and all that shows them."""
    return _digest(package, lambda name: True)


def _digest(package: Path, counts: Callable[[PurePosixPath], bool]) -> str:
    total = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        name = PurePosixPath(path.relative_to(package).as_posix())
        if path.is_file() and "__pycache__" not in name.parts and counts(name):
            total.update(name.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]
