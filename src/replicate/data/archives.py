"""Archives of CIF files, read member by member; nothing is ever unpacked to disk."""

from __future__ import annotations

import hashlib
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from replicate.data.registry import Archive
from replicate.errors import DataError

LARGEST_CIF = 16 * 1024 * 1024  # bytes; the largest structure in use has 60 kB
LARGEST_HEADER = 1024 * 1024  # bytes; names and attributes of one member
_BROKEN = (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError)


def read_cifs(path: Path, archive: Archive, part: str) -> Iterator[tuple[str, str]]:
    """Yield (file name without ``.cif``, text) of one part of an archive, in the archive's own order.

    Raises:
        DataError: the archive is truncated or broken, a member's path leads out of it, a member is a link, too
            large or not UTF-8, or the part holds fewer files than registered; names archive and member.
    """
    folder, needed = archive.parts[part]
    found = 0
    for name, content in _members(path, f"{archive.root}/{folder}"):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataError("a CIF file is not UTF-8 text", file=path, value=name) from error
        found += 1
        yield PurePosixPath(name).stem, text
    _enough(found, needed, folder, path)


def all_cifs(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (member name, text) of every CIF file in an archive that nobody registered; errors as above.

    Text that is not UTF-8 keeps its ASCII part: such a file is the reader's to judge, not the archive's end.
    """
    for name, content in _members(path):
        yield name, content.decode("utf-8", errors="replace")


def verify(path: Path, archive: Archive, named: str | Path | None = None) -> None:
    """Check by content that an archive is the registered one: files per part, and the sample's checksums.

    Args:
        path: the archive.
        archive: what it must hold.
        named: what to call it in errors, where that is not its path.

    Raises:
        DataError: as for :func:`read_cifs`, or a file of the sample differs.
    """
    counts = {folder: 0 for folder, _ in archive.parts.values()}
    sample = {f"{archive.root}/{name}": sha256 for name, sha256 in archive.sample.items()}
    for name, content in _members(path, *(f"{archive.root}/{folder}" for folder in counts), named=named):
        counts[str(PurePosixPath(name).parent).removeprefix(f"{archive.root}/")] += 1
        expected = sample.pop(name, None)
        if expected is not None and (found := hashlib.sha256(content).hexdigest()) != expected:
            raise DataError(f"{name}: expected sha256 {expected}, found {found}", file=named or path)
    for folder, needed in archive.parts.values():
        _enough(counts[folder], needed, folder, named or path)
    if sample:
        raise DataError(f"{next(iter(sample))} is not in the archive", file=named or path)


class _Member(tarfile.TarInfo):
    """A member whose long name or attributes cannot fill the memory: tarfile reads those whole."""

    _HEADERS = (
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    )

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in self._HEADERS and self.size > LARGEST_HEADER:
            raise tarfile.ReadError(f"a header of {self.size:,} bytes")
        return super()._proc_member(archive)  # type: ignore[misc]


def _members(path: Path, *folders: str, named: str | Path | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield (member name, content) of the CIF files that lie directly in one of the folders; none named: in any."""
    named = named or path
    wanted = set(folders)
    last = "the first member"
    try:
        with tarfile.open(path, "r|*", tarinfo=_Member) as archive:
            for member in archive:
                last = member.name
                archive.members = []  # type: ignore[attr-defined]  # a growing list nobody looks at again
                place = PurePosixPath(member.name)
                if place.is_absolute() or ".." in place.parts:
                    raise DataError("a member's path leads out of the archive", file=named, value=member.name)
                if (wanted and str(place.parent) not in wanted) or place.suffix != ".cif":
                    continue
                if not member.isfile():
                    raise DataError("a member is a link, not a file", file=named, value=member.name)
                if member.size > LARGEST_CIF:
                    raise DataError(f"{member.size:,} bytes are no CIF file", file=named, value=member.name)
                content = archive.extractfile(member)
                assert content is not None
                yield member.name, content.read()
    except _BROKEN as error:
        raise DataError(f"the archive is broken or truncated after {last}: {error}", file=named) from error


def _enough(found: int, needed: int, folder: str, named: str | Path) -> None:
    if found < needed:
        raise DataError(f"{folder} holds {found:,} CIF files, {needed:,} are needed", file=named)
