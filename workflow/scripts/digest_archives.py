"""Compute what the registry says of the content of each archive of CIF files.

Usage:
    REPLICATE_MIRROR=DIR python workflow/scripts/digest_archives.py [--out DIR]

Reads the mirror's archives, whose own sha256 the registry has, and prints the digests that belong into registry.yaml;
about a minute. Where upstream holds more than the mirror, the list of the files in use is written to DIR (default: the
package's bundled files) unless the one in place says the same.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pandas as pd

from replicate import paths
from replicate.data import entry, locate, names, registry
from replicate.data.archives import checksums_of, content_digest


def write_list(target: Path, files: list[str]) -> None:
    """Write the names of the files in use, sorted, unless the file in place holds the same."""
    table = pd.DataFrame({"file": sorted(PurePosixPath(file).stem for file in files)})
    if target.is_file() and pd.read_parquet(target).equals(table):
        print(f"    {target.name}: unchanged")
        return
    with paths.written_whole(target) as temporary:
        table.to_parquet(
            temporary, index=False, compression="zstd", compression_level=19, use_dictionary=False,
            column_encoding={"file": "DELTA_BYTE_ARRAY"},
        )  # fmt: skip
    print(f"    {target.name}: written, {target.stat().st_size:,} bytes")


def main() -> None:
    """Print the digest of every registered archive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=registry.bundled_dir())
    arguments = parser.parse_args()
    for name in names():
        archive = entry(name).archive
        if archive is None:
            continue
        found = dict(checksums_of(locate(name), replace(archive, listed="")))
        print(f"{name}: {len(found):,} files\n      digest: {content_digest(found.items())}")
        if archive.listed:
            write_list(arguments.out / archive.listed, list(found))


if __name__ == "__main__":
    main()
