"""A folder each for mirror and cache, and entries that look like the registry's."""

import io
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from replicate.data import lookup
from replicate.data.registry import Archive, DatasetEntry, entry


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "mirror"
    folder.mkdir()
    monkeypatch.setenv("REPLICATE_MIRROR", str(folder))
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user cache, no mirror, and no memory of hosts that did not answer."""
    monkeypatch.setenv("REPLICATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("REPLICATE_MIRROR", raising=False)
    monkeypatch.delenv("REPLICATE_OFFLINE", raising=False)
    monkeypatch.setattr(lookup, "_unreachable", {})
    return tmp_path / "cache"


@pytest.fixture
def small_archive() -> Archive:
    return Archive("repo-1234", {"structures": ("cif", 3)}, {})


@pytest.fixture
def archive_entry(small_archive: Archive) -> DatasetEntry:
    return replace(entry("cmr-cifs"), archive=small_archive)


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that packs members, (name, content), into a tar.xz."""

    def packed(members: list[tuple[str, bytes]]) -> Path:
        path = tmp_path / "small.tar.xz"
        with tarfile.open(path, mode="w:xz") as tar:
            for member, data in members:
                info = tarfile.TarInfo(member)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        return path

    return packed
