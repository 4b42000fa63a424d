"""Files that hold crystals: CIF, POSCAR and pymatgen's JSON, compressed, in archives and in folders.

What a name stands for is decided here without reading a file; :func:`contents` reads one.
"""

from __future__ import annotations

import bz2
import glob
import gzip
import hashlib
import io
import json
import lzma
import os
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

from replicate.data.archives import LARGEST_CIF as LARGEST
from replicate.data.archives import members
from replicate.errors import ConfigError, DataError

if TYPE_CHECKING:
    from pymatgen.core import Structure

    Content: TypeAlias = str | Structure | None

SHARD = 100_000  # structures
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".zip")
_PACKED: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_ENDINGS = (".cif", ".mcif", ".vasp", ".poscar", ".json")
_POSCAR = re.compile(r"(?:POSCAR|CONTCAR)(?:[._-].*)?", re.IGNORECASE)
_BLOCK = re.compile(r"^[ \t]*data_\S", re.IGNORECASE | re.MULTILINE)


def is_archive(name: str) -> bool:
    """Return whether a name is that of an archive with many files."""
    return name.lower().endswith(_ARCHIVES)


def is_cif(text: str) -> bool:
    """Return whether a text is a CIF itself, not the name of a file."""
    return "\n" in text and _BLOCK.search(text) is not None


def is_structure(name: str) -> bool:
    """Return whether a name is that of one structure's file, compressed or not."""
    plain = _unpacked(PurePosixPath(name).name)
    return plain.lower().endswith(_ENDINGS) or _POSCAR.fullmatch(plain) is not None


def list_structures(source: Path) -> list[str]:
    """Return the structure files and archives that a folder holds, or that a text file names line by line.

    In a list a byte order mark, empty lines and lines that begin with ``#`` are no names.

    Raises:
        ConfigError: there are none, or there is no such folder or file.
    """
    if source.is_dir():
        names = [str(path) for path in _files(source) if _is_input(path.name)]
    elif _is_input(source.name):
        names = [str(source)] if source.is_file() else []
    else:
        try:
            names = lines_of(source.read_bytes(), str(source))
        except OSError as error:
            raise ConfigError(f"{source} is no folder and no list of structure files and archives: {error}") from error
    if not names:
        raise ConfigError(
            f"{source} holds no CIF file, no other structure file and no archive ({', '.join(_ARCHIVES)})"
        )
    return names


def passed_over(source: Path) -> list[str]:
    """Return the files of a folder that :func:`list_structures` does not take; hidden ones are not counted."""
    if not source.is_dir():
        return []
    return [str(path) for path in _files(source) if not _is_input(path.name)]


def _is_input(name: str) -> bool:
    return is_structure(name) or is_archive(name)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def lines_of(content: bytes, name: str) -> list[str]:
    """Return the lines of a list: no byte order mark, no empty lines, no ``#`` lines that name no file.

    Raises:
        ConfigError: it is no text.
    """
    text = text_of(content, name).replace("\r\n", "\n").replace("\r", "\n")
    lines = (line.strip() for line in text.split("\n"))
    return [line for line in lines if line and (not line.startswith("#") or os.path.isfile(line))]


def text_of(content: bytes, name: str) -> str:
    """Return a file's content as text, without a byte order mark.

    Raises:
        ConfigError: it is no text.
    """
    coding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(coding)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} is no text: {error}") from error


def deal(names: Iterable[str], size: int = SHARD) -> list[list[str]]:
    """Return shards: each archive is one, and single files go together, ``size`` at a time.

    Raises:
        ConfigError: the size is not positive.
    """
    if size < 1:
        raise ConfigError(f"a shard holds 1 structure or more, not {size}")
    names = list(names)
    files = [name for name in names if not is_archive(name)]
    archives = [[name] for name in names if is_archive(name)]
    return archives + [files[i : i + size] for i in range(0, len(files), size)]


def state_of(names: Iterable[str]) -> str:
    """Return a fingerprint of files that changes when one is edited, renamed, added or deleted; none is opened."""
    state = hashlib.sha256()
    for name in names:
        try:
            status = os.stat(name)
            stamp = f"{status.st_size} {status.st_mtime_ns}"
        except OSError:
            stamp = "not there"
        state.update(f"{name}\0{stamp}\0".encode(errors="surrogateescape"))
    return state.hexdigest()


def expanded(name: str) -> list[str]:
    """Return the files that a folder or a pattern such as ``cifs/*.cif`` stands for; of another name itself."""
    if os.path.isdir(name):
        return list_structures(Path(name))
    if any(sign in name for sign in "*?[") and not os.path.lexists(name):
        return sorted(path for path in glob.glob(name, recursive=True) if os.path.isfile(path)) or [name]
    return [name]


def contents(name: str) -> Iterator[tuple[str, Content, str]]:
    """Yield (id, CIF text or structure, problem) of a file's structures; the content of a problem is None.

    A member of an archive has the id ``archive::member``, a block of a CIF file with several ``file::block``.

    Raises:
        DataError: an archive is broken or truncated.
    """
    if is_archive(name):
        for member, content in _members(name):
            yield from _read(f"{name}::{member}", member, content)
        return
    try:
        content = _bytes(name)
    except FileNotFoundError:
        yield name, None, "cannot be read: there is no such file; this model reads CIF files and other structure files"
        return
    except (OSError, ValueError, EOFError, zlib.error, lzma.LZMAError) as error:
        yield name, None, f"cannot be read: {error}"
        return
    yield from _read(name, _unpacked(name), content)


def _unpacked(name: str) -> str:
    stem, ending = os.path.splitext(name)
    return stem if ending.lower() in _PACKED else name


def _bytes(name: str) -> bytes:
    """Return what a file holds, of a compressed one what it was before."""
    opener = _PACKED.get(os.path.splitext(name)[1].lower(), open)
    with open(name, "rb") as file:
        if opener is open and file.peek(2)[:2] == b"\x1f\x8b":
            opener = gzip.open
    with cast(IO[bytes], opener(name, "rb")) as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError(f"it has more than {LARGEST:,} bytes")
    return content


def _members(name: str) -> Iterator[tuple[str, bytes]]:
    """Yield (member, content) of an archive's structure files; of a tar archive its CIF files."""
    if not name.lower().endswith(".zip"):
        yield from members(Path(name))
        return
    try:
        with zipfile.ZipFile(name) as archive:
            for info in archive.infolist():
                place = PurePosixPath(info.filename)
                if info.is_dir() or "__MACOSX" in place.parts or not is_structure(place.name):
                    continue
                size, content = info.file_size, b""
                if size <= LARGEST:
                    with archive.open(info) as file:
                        content = file.read(LARGEST + 1)
                    if (opener := _PACKED.get(place.suffix.lower())) is not None:
                        with opener(io.BytesIO(content), "rb") as packed:
                            content = packed.read(LARGEST + 1)
                if max(size, len(content)) > LARGEST:
                    raise DataError(f"more than {LARGEST:,} bytes are no CIF file", file=name, value=info.filename)
                yield info.filename, content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"the archive is broken or truncated: {error}", file=name) from error


def _read(name: str, plain: str, content: bytes) -> Iterator[tuple[str, Content, str]]:
    """Yield the structures of one file's content; ``plain`` is its name without the ending of a compression."""
    base = PurePosixPath(plain).name
    try:
        if base.lower().endswith(".json"):
            yield from _of_json(name, content)
        elif _POSCAR.fullmatch(base) or base.lower().endswith((".vasp", ".poscar")):
            yield name, _of_poscar(content.decode("utf-8", errors="replace")), ""
        else:
            yield from _blocks(name, content)
    except Exception as error:  # pymatgen raises whatever its parsers meet
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        yield name, None, f"cannot be read: {reason}"


def _of_poscar(text: str) -> Structure:
    from pymatgen.io.vasp import Poscar

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # false names are refused below
        poscar = Poscar.from_str(text)
    if not poscar.true_names:
        raise ValueError("the POSCAR names no elements; write them into its sixth line")
    return poscar.structure


def _of_json(name: str, content: bytes) -> Iterator[tuple[str, Content, str]]:
    """Yield the structures of pymatgen's JSON: one, a list of them, or dictionaries that hold one as ``structure``."""
    from pymatgen.core import Structure

    stored = json.loads(content.decode("utf-8-sig"))
    several = isinstance(stored, list)
    for number, item in enumerate(stored if several else [stored], start=1):
        inner = item.get("structure", item) if isinstance(item, dict) else item
        where = f"{name}::{number}" if several else name
        if not isinstance(inner, dict) or "lattice" not in inner or "sites" not in inner:
            yield where, None, "cannot be read: no pymatgen structure, which has a lattice and sites"
            continue
        yield where, Structure.from_dict(inner), ""


def _blocks(name: str, content: bytes) -> Iterator[tuple[str, Content, str]]:
    """Yield the text of a CIF file, or each of its blocks with a structure where there are several."""
    from replicate.features.cif_sites import holds_sites
    from replicate.features.cif_text import blocks_of, decoded, parted, plain

    text = decoded(content)
    if len(_BLOCK.findall(text)) > 1:
        try:
            parts = [
                (label, part) for label, part in parted(plain(text)) if any(map(holds_sites, blocks_of(part, name)))
            ]
        except DataError:
            parts = []  # what is wrong is told by who reads it
        if len(parts) > 1:
            seen: dict[str, int] = {}
            for label, part in parts:
                seen[label] = count = seen.get(label, 0) + 1
                yield f"{name}::{label if count == 1 else f'{label} ({count})'}", part, ""
            return
    yield name, text, ""
