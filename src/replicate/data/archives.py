"""Archives of CIF files, read member by member; nothing is ever unpacked to disk."""

from __future__ import annotations

import hashlib
import lzma
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from replicate.data.registry import Archive, bundled_dir
from replicate.errors import DataError

LARGEST_CIF = 16 * 1024 * 1024  # bytes; the largest structure in use has 60 kB
LARGEST_HEADER = 1024 * 1024  # bytes; names and attributes of one member
_HEADERS = (
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
)
_BROKEN = (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError)


def read_cifs(path: Path, archive: Archive, part: str) -> Iterator[tuple[str, str]]:
    """Yield (file name without ``.cif``, text) of the files in use of one part of an archive, in its own order.

    Raises:
        DataError: the archive is truncated or broken, a member's path leads out of it, a member is a link, too
            large or not UTF-8, or the part holds fewer files than registered; names archive and member.
    """
    folder, needed = archive.parts[part]
    count = 0
    for name, content in _registered(path, archive, folder):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataError("a CIF file is not UTF-8 text", file=path, value=name) from error
        count += 1
        yield PurePosixPath(name).stem, text
    _refuse_missing(count, needed, folder, path)


def verify(path: Path, archive: Archive) -> None:
    """Check by content that an archive is the registered one: its files and their number.

    Raises:
        DataError: as for :func:`read_cifs`, or a file differs.
    """
    counts = {folder: 0 for folder, _ in archive.parts.values()}
    sample = dict(archive.sample)
    checksums = []
    for name, checksum in checksums_of(path, archive):
        counts[str(PurePosixPath(name).parent)] += 1
        expected = sample.pop(name, checksum)
        if checksum != expected:
            raise DataError(f"{archive.root}/{name}: expected sha256 {expected}, found {checksum}", file=path)
        checksums.append((name, checksum))
    for folder, needed in archive.parts.values():
        _refuse_missing(counts[folder], needed, folder, path)
    if sample:
        raise DataError(f"{archive.root}/{next(iter(sample))} is not in the archive", file=path)
    if archive.digest and (digest := content_digest(checksums)) != archive.digest:
        raise DataError(
            f"not every CIF file in it is the registered one: expected digest {archive.digest}, found {digest}. "
            "To see which: workflow/scripts/list_archive.py lists the checksums of an archive's files, and `diff` "
            "compares that with the list of another copy",
            file=path,
        )


def checksums_of(path: Path, archive: Archive) -> Iterator[tuple[str, str]]:
    """Yield (path below the root, sha256) of the CIF files in use, in the archive's own order; errors as above."""
    folders = (folder for folder, _ in archive.parts.values())
    for name, content in _registered(path, archive, *folders):
        yield name.removeprefix(f"{archive.root}/"), hashlib.sha256(content).hexdigest()


def checksum_lines(checksums: Iterable[tuple[str, str]]) -> str:
    """Return ``sha256  path`` lines, sorted by path: the same however the archive was packed."""
    return "".join(f"{checksum}  {name}\n" for name, checksum in sorted(checksums))


def content_digest(checksums: Iterable[tuple[str, str]]) -> str:
    """Return the sha256 of the lines that :func:`checksum_lines` gives."""
    return hashlib.sha256(checksum_lines(checksums).encode("utf-8")).hexdigest()


@cache
def _listed(file: str) -> frozenset[str]:
    import pandas as pd

    return frozenset(pd.read_parquet(bundled_dir() / file)["file"])


def _registered(path: Path, archive: Archive, *folders: str) -> Iterator[tuple[str, bytes]]:
    """Yield the members of some folders that are in use."""
    listed = _listed(archive.listed) if archive.listed else None
    for name, content in members(path, *(f"{archive.root}/{folder}" for folder in folders)):
        if listed is None or PurePosixPath(name).stem in listed:
            yield name, content


class _Member(tarfile.TarInfo):
    """A member whose long name or attributes cannot fill the memory: tarfile reads those whole."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _HEADERS and self.size > LARGEST_HEADER:
            raise tarfile.ReadError(f"a header of {self.size:,} bytes")
        return super()._proc_member(archive)  # type: ignore[misc]


def members(path: Path, *folders: str) -> Iterator[tuple[str, bytes]]:
    """Yield (member name, content) of the CIF files that lie directly in one of the folders; none named: in any."""
    wanted = set(folders)
    last = "the first member"
    try:
        with tarfile.open(path, "r|*", tarinfo=_Member) as archive:
            for member in archive:
                last = member.name
                archive.members = []  # type: ignore[attr-defined]  # a growing list nobody looks at again
                place = PurePosixPath(member.name)
                if place.is_absolute() or ".." in place.parts:
                    raise DataError("a member's path leads out of the archive", file=path, value=member.name)
                if (wanted and str(place.parent) not in wanted) or place.suffix.lower() != ".cif":
                    continue
                if not member.isfile():
                    raise DataError("a member is a link, not a file", file=path, value=member.name)
                if member.size > LARGEST_CIF:
                    raise DataError(f"{member.size:,} bytes are no CIF file", file=path, value=member.name)
                content = archive.extractfile(member)
                assert content is not None
                yield member.name, content.read()
    except _BROKEN as error:
        raise DataError(f"the archive is broken or truncated after {last}: {error}", file=path) from error


def _refuse_missing(count: int, needed: int, folder: str, path: Path) -> None:
    if count < needed:
        raise DataError(f"{folder} holds {count:,} CIF files, {needed:,} are needed", file=path)
