"""List the checksum of every CIF file in an archive, to compare two copies.

Usage:
    python workflow/scripts/list_archive.py FILE

Of a registered archive only the files in use are listed, and the sha256 of the whole list is the registry's digest.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from replicate.data import entry, names
from replicate.data.archives import checksum_lines, checksums_of, members
from replicate.errors import exit_on_error


def listing(path: Path) -> str:
    """Return ``sha256  path`` lines of an archive's CIF files, sorted by path.

    Raises:
        DataError: the archive is broken or unsafe.
    """
    first = next((name for name, _ in members(path)), "")
    registered = (archive for name in names() if (archive := entry(name).archive) is not None)
    archive = next((archive for archive in registered if first.startswith(f"{archive.root}/")), None)
    if archive is not None:
        return checksum_lines(checksums_of(path, archive))
    return checksum_lines((name, hashlib.sha256(content).hexdigest()) for name, content in members(path))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with exit_on_error("list_archive"):
        sys.stdout.write(listing(Path(sys.argv[1])))
