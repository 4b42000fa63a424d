"""The look-up: bundled, mirror, cache; what is wrong is named with both checksums, what is missing with a way to it."""

import hashlib
from pathlib import Path

import pytest

from replicate import data
from replicate.data import lookup
from replicate.errors import DataError, MissingDataset

NAME = "konno-hosono-2018"
FILE = data.entry(NAME).file


def put(folder: Path, content: bytes) -> Path:
    path = folder / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_bundled_needs_neither_mirror_nor_network(cache: Path) -> None:
    assert data.available("zhuo2018-gap") and data.locate("zhuo2018-gap").is_file()
    assert data.fetch("zhuo2018-gap") == data.locate("zhuo2018-gap")


@pytest.mark.parametrize("mirrored", [False, True])
def test_missing_dataset_says_where_it_was_looked_for_and_how_to_get_it(cache, tmp_path, mirrored, monkeypatch):
    monkeypatch.setenv("REPLICATE_OFFLINE", "1")
    if mirrored:
        monkeypatch.setenv("REPLICATE_MIRROR", str(tmp_path))
    with pytest.raises(MissingDataset) as caught:
        data.load(NAME)
    mirror = str(tmp_path / FILE) if mirrored else "REPLICATE_MIRROR is not set"
    way = f"replicate data fetch {NAME}"
    for part in (repr(NAME), mirror, str(cache / FILE), "REPLICATE_OFFLINE is set", way):
        assert part in str(caught.value)
    assert not data.available(NAME)


def test_locate_does_not_download(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "download", lambda *_: pytest.fail("a download was tried"))
    with pytest.raises(MissingDataset):
        data.locate(NAME)
    with pytest.raises(MissingDataset):
        data.load(NAME, download=False)


@pytest.mark.parametrize("place", ["mirror", "cache"])
def test_wrong_checksum_names_the_file_and_both_sums(place, tmp_path, monkeypatch):
    monkeypatch.delenv("REPLICATE_MIRROR", raising=False)
    monkeypatch.setenv(f"REPLICATE_{place.upper()}", str(tmp_path))
    path = put(tmp_path, b"matter, Tc\nNb, 9.2\n")
    with pytest.raises(DataError) as caught:
        data.load(NAME)
    message = str(caught.value)
    assert str(path) in message and data.entry(NAME).sha256 in message
    assert hashlib.sha256(path.read_bytes()).hexdigest() in message
    row = next(row for row in data.check() if row.name == NAME)
    assert row.where and not row.ok and str(path) in row.problem


def test_a_mended_file_is_looked_at_again(mirror: Path) -> None:
    path = put(mirror, b"wrong")
    with pytest.raises(DataError):
        data.locate(NAME)
    path.write_bytes(b"wrong again")
    with pytest.raises(DataError, match="found [0-9a-f]{64}"):
        data.locate(NAME)


def test_check_lists_every_dataset_once(cache: Path) -> None:
    rows = data.check()
    assert [row.name for row in rows] == data.names()
    for row in rows:
        bundled = data.entry(row.name).kind == "bundled"
        assert (row.where, row.ok) == (("bundled", True) if bundled else ("", False))
        assert row.problem == ("" if bundled else "not here")
