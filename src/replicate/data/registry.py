"""The registry: one entry per dataset, read from ``registry.yaml`` when first asked for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import starmap
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import yaml

from replicate.errors import ConfigError

Form = Literal["table", "file", "archive"]
_AS_STATED = ("title", "version", "licence", "citation", "quotable", "finish")


@dataclass(frozen=True)
class Column:
    """One column of a table and how it is read.

    Args:
        name: its name in our table.
        means: unit and meaning, for the data card.
        source: its name upstream, or its position where the file has no header; empty: our name.
        kind: text, number (float), flag (bool) or derived (made by the entry's ``finish``).
        missing: upstream texts that stand for "no value"; any other gap is an error.
        negated: the upstream flag says the opposite.
    """

    name: str
    means: str = ""
    source: str = ""
    kind: Literal["text", "number", "flag", "derived"] = "number"
    missing: tuple[str, ...] = ()
    negated: bool = False

    @property
    def upstream(self) -> str:
        """Its name in the upstream file."""
        return self.source or self.name


@dataclass(frozen=True)
class Reading:
    """How a file becomes rows: the member of a zip archive, lines to skip, whether names head the columns."""

    member: str | None = None
    skip: int = 0
    header: bool = True


@dataclass(frozen=True)
class Archive:
    """What an archive of CIF files must hold.

    Args:
        root: its top folder.
        parts: part name → (folder below the root, number of CIF files).
        sample: path below the root → sha256; a changed file among them is named at once.
        digest: of the content of all these files (:func:`replicate.data.archives.content_digest`), checked where
            the archive's own bytes are not ours to pin; empty: not known.
        listed: bundled file that names the files in use, where the archive holds more; empty: all are.
    """

    root: str
    parts: Mapping[str, tuple[str, int]]
    sample: Mapping[str, str]
    digest: str = ""
    listed: str = ""


@dataclass(frozen=True)
class DatasetEntry:
    """Everything the registry says about a dataset; ``url`` is None for what the package bundles.

    ``kind`` is how users come by it: "bundled" with the package, or "download" (or a mirror).
    ``file`` is the path below the mirror and the cache, or the name of the bundled file. ``quotable`` says whether
    its terms let single rows be shown on a page.
    """

    name: str
    title: str
    form: Form
    kind: Literal["bundled", "download"]
    file: str
    sha256: str
    url: str | None
    upstream: str
    version: str
    licence: str
    citation: str
    licence_text: str = ""
    quotable: bool = True
    n_rows: int = 0
    digest: str = ""
    columns: tuple[Column, ...] = ()
    reading: Reading = field(default_factory=Reading)
    finish: str = ""
    archive: Archive | None = None

    @property
    def n_files(self) -> int:
        """Structures in an archive, 0 for a table."""
        return 0 if self.archive is None else sum(n for _, n in self.archive.parts.values())

    @property
    def doi(self) -> str:
        """The DOI in its citation; empty without one."""
        named = re.search(r"doi:(\S+?)[,.;]?(?:\s|$)", self.citation)
        return named[1] if named else ""

    @property
    def cached_file(self) -> str:
        """Path below the cache; a downloaded archive is gzipped, whatever the mirror's copy is."""
        return self.file.replace(".tar.xz", ".tar.gz") if self.form == "archive" else self.file


def names() -> list[str]:
    """Return the names of all datasets, in the order of the registry."""
    return list(_entries())


def entry(name: str) -> DatasetEntry:
    """Return the registry's entry for a dataset; ConfigError with the nearest names where there is none."""
    known = _entries()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "`replicate data list` names them all"
        raise ConfigError(f"there is no dataset named {name!r}; {hint}")
    return known[name]


def bundled_dir() -> Path:
    """Return the folder of tables that come with the package."""
    return Path(str(resources.files("replicate.data"))) / "bundled"


@cache
def _entries() -> dict[str, DatasetEntry]:
    folder = resources.files("replicate.data")
    listed = yaml.safe_load(folder.joinpath("registry.yaml").read_text(encoding="utf-8"))
    texts = yaml.safe_load(folder.joinpath("bundled", "licences.yaml").read_text(encoding="utf-8"))
    return {
        name: _entry(name, listed["sources"], listed["files"], texts, fields)
        for name, fields in listed["datasets"].items()
    }


def _entry(
    name: str, sources: dict[str, Any], files: dict[str, Any], texts: dict[str, str], fields: dict[str, Any]
) -> DatasetEntry:
    """Return one entry; the keys of a dataset win over those of its file and of its source."""
    file = files[fields["file"]] if "file" in fields else fields
    source = sources[file["source"]]
    stated = {key: value for key, value in {**source, **fields}.items() if key in _AS_STATED}
    bundled = "package" in source
    url = None if bundled else _address(source, file)
    form: Form = "table" if "columns" in fields else "file"
    archive = None
    if about := fields.get("archive"):
        root = f"{source['repository'].rsplit('/', 1)[1]}-{source['version']}"
        parts = {part: (where["folder"], where["files"]) for part, where in about["parts"].items()}
        archive = Archive(root, parts, about["sample"], about["digest"], about.get("listed", ""))
    return DatasetEntry(
        name=name,
        form="archive" if archive else form,
        kind="bundled" if bundled else "download",
        file=f"{name}.parquet" if bundled else fields["file"],
        sha256=file.get("sha256", ""),
        url=url,
        upstream=url or f"{source['repository']} (package {source['package']} {source['version']})",
        licence_text=texts[source["package"]] if bundled else "",
        n_rows=fields.get("rows", 0),
        digest=fields.get("digest", ""),
        columns=tuple(starmap(_column, fields.get("columns", {}).items())),
        reading=Reading(**fields.get("reading", {})),
        archive=archive,
        **stated,
    )


def _column(name: str, about: dict[str, Any]) -> Column:
    rest = {key: value for key, value in about.items() if key not in {"from", "missing"}}
    return Column(name, source=str(about.get("from", "")), missing=tuple(about.get("missing", ())), **rest)


def _address(source: dict[str, Any], file: dict[str, Any]) -> str:
    """Return where GitHub serves the file, or the whole tree, of the pinned commit."""
    repository, commit = source["repository"], source["version"]
    if "path" not in file:
        return f"{repository}/archive/{commit}.tar.gz"
    raw = repository.replace("https://github.com/", "https://raw.githubusercontent.com/")
    return f"{raw}/{commit}/{quote(file['path'])}"
