"""The state of the package that a quick number came from."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

# How the book and its jobs are put together changes no number.
_OUTSIDE = ("bookbuild", "workflow")


@cache
def package_digest() -> str:
    """Return a hash of the package: code, published numbers, weights and bundled data, which all decide numbers.

    It is part of the key of quick and smoke records, stages and checkpoints, and of what a page depends on.
    """
    folder = Path(__file__).parent
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and "__pycache__" not in name.parts and name.parts[0] not in _OUTSIDE:
            total.update(name.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]
