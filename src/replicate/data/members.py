"""``python -m replicate.data.members FILE``: the checksum of every CIF file in an archive, to compare two copies.

Of a registered archive only the files in use are listed, and the sha256 of the whole list is the registry's digest.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from replicate.data.archives import checksum_lines, checksums_of, members
from replicate.data.registry import Archive, entry, names
from replicate.errors import told


def listing(path: Path) -> str:
    """Return ``sha256  path`` lines of an archive's CIF files, sorted by path.

    Raises:
        DataError: the archive is broken or unsafe.
    """
    archive = _registered_as(path)
    return checksum_lines(checksums_of(path, archive) if archive else _checksums(path))


def _checksums(path: Path) -> Iterator[tuple[str, str]]:
    for name, content in members(path):
        yield name, hashlib.sha256(content).hexdigest()


def _registered_as(path: Path) -> Archive | None:
    """Return what the registry says of an archive, known by its top folder."""
    first = next((name for name, _ in members(path)), "")
    known = (entry(name).archive for name in names())
    return next((one for one in known if one is not None and first.startswith(f"{one.root}/")), None)


def main() -> None:
    """List the archive named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m replicate.data.members FILE")
    sys.stdout.write(listing(Path(sys.argv[1])))


if __name__ == "__main__":
    with told("replicate"):
        main()
