"""Archives are read without unpacking; unsafe, broken and incomplete ones are refused by name."""

import hashlib
import re
import tarfile
from dataclasses import replace
from typing import Any

import pytest

from replicate.data import archives, entry, lookup
from replicate.data.archives import content_digest, read_cifs, verify
from replicate.data.registry import Archive
from replicate.errors import DataError
from workflow.scripts import list_archive
from workflow.scripts.list_archive import listing

CIF = b"data_x\n_cell_length_a 4.0\n"
GOOD = [(f"repo-1234/cif/mp-{i}.cif", CIF + b"# %d\n" % i) for i in range(3)]


def test_only_the_part_is_read(pack: Any, small_archive: Archive) -> None:
    others = [
        ("repo-1234/README.md", b"#"),
        ("repo-1234/elsewhere/mp-9.cif", CIF),
        ("repo-1234/cif/notes.txt", b""),
    ]
    found = dict(read_cifs(pack(GOOD + others), small_archive, "structures"))
    assert list(found) == ["mp-0", "mp-1", "mp-2"] and found["mp-2"].endswith("# 2\n")


LINKS = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
HEADERS = (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE)


@pytest.mark.parametrize(
    ("kind", "size", "problem"),
    [
        *((kind, 0, "not a file") for kind in LINKS),
        (tarfile.REGTYPE, 10**12, "1,000,000,000,000 bytes are no CIF file"),
        *((kind, 10**12, "a header of 1,000,000,000,000 bytes") for kind in HEADERS),
    ],
)
def test_what_is_no_file_or_huge_is_refused_before_it_is_read(tmp_path, small_archive, kind, size, problem):
    member = tarfile.TarInfo("repo-1234/cif/mp-4.cif")
    member.type, member.size, member.linkname = kind, size, "repo-1234/cif/mp-0.cif"
    path = tmp_path / "special.tar"
    path.write_bytes(member.tobuf(tarfile.GNU_FORMAT) + bytes(10_240))
    with pytest.raises(DataError, match=problem):
        list(read_cifs(path, small_archive, "structures"))


@pytest.mark.parametrize("share", [0, 0.05, 0.5, 0.95])
def test_a_truncated_archive_is_refused(pack: Any, small_archive: Archive, share: float) -> None:
    noise = b"".join(hashlib.sha256(b"%d" % i).hexdigest().encode() for i in range(2000))
    path = pack([*GOOD, ("repo-1234/cif/noise.cif", noise)])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)] or b"<html>")
    with pytest.raises(DataError, match="broken or truncated") as caught:
        list(read_cifs(path, small_archive, "structures"))
    assert str(path) in str(caught.value)


OUTSIDE = ("../../mp-7.cif", "/etc/mp-7.cif", "repo-1234/cif/../../../mp-7.cif")


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        *(([*GOOD, (name, CIF)], f"leads out.*{re.escape(name)}") for name in OUTSIDE),
        ([*GOOD, ("repo-1234/cif/mp-4.cif", b"\xff\xfe")], "UTF-8"),
        (GOOD[:2], "holds 2 CIF files, 3 are needed"),
    ],
)
def test_unsafe_unreadable_and_missing_files_are_refused(pack, small_archive, tmp_path, members, problem):
    path = pack(members)
    with pytest.raises(DataError, match=problem) as caught:
        list(read_cifs(path, small_archive, "structures"))
    assert str(path) in str(caught.value) and list(tmp_path.iterdir()) == [path]


@pytest.fixture
def sampled(small_archive: Archive) -> Archive:
    """An archive of three files, one of them in the sample."""
    sums = {name.removeprefix("repo-1234/"): hashlib.sha256(content).hexdigest() for name, content in GOOD}
    sample = {"cif/mp-1.cif": sums["cif/mp-1.cif"]}
    return replace(small_archive, sample=sample, digest=content_digest(sums.items()))


def flipped(members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Change one bit of the last member."""
    *others, (name, content) = members
    return [*others, (name, content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])]


def test_verify_finds_a_changed_file_in_the_sample_and_outside(pack: Any, sampled: Archive) -> None:
    verify(pack(GOOD), sampled)
    verify(pack(GOOD[::-1]), sampled)
    for number, problem in ((1, "mp-1.cif: expected sha256 0000"), (5, "mp-5.cif is not in the archive")):
        with pytest.raises(DataError, match=problem):
            verify(pack(GOOD), replace(sampled, sample={f"cif/mp-{number}.cif": "0" * 64}))
    with pytest.raises(DataError, match="not every CIF file in it is the registered one") as caught:
        verify(pack(flipped(GOOD)), sampled)
    assert sampled.digest in str(caught.value)
    with pytest.raises(DataError, match="not every CIF file"):
        verify(pack([*GOOD, ("repo-1234/cif/mp-7.cif", CIF)]), sampled)


def test_a_changed_file_in_the_cache_is_found_by_the_check(pack, sampled, cache, monkeypatch):
    wanted = replace(entry("cmr-cifs"), archive=sampled)
    monkeypatch.setattr(lookup, "names", lambda: ["cmr-cifs"])
    monkeypatch.setattr(lookup, "entry", lambda _: wanted)
    cached = lookup.places(wanted)["download"]
    cached.parent.mkdir(parents=True)
    for members, ok in ((GOOD, True), (flipped(GOOD), False)):
        pack(members).replace(cached)
        (row,) = lookup.check()
        assert row.ok is ok and (ok or "not every CIF file" in row.problem), row


def test_files_that_are_not_in_use_are_left_out(pack, sampled, monkeypatch):
    monkeypatch.setattr(archives, "_listed", lambda _: frozenset({"mp-0", "mp-1", "mp-2"}))
    listed = replace(sampled, listed="those.parquet")
    path = pack([("repo-1234/cif/mp-00.cif", b"\xff"), *GOOD, ("repo-1234/cif/mp-7.cif", CIF)])
    verify(path, listed)
    assert [name for name, _ in read_cifs(path, listed, "structures")] == ["mp-0", "mp-1", "mp-2"]
    with pytest.raises(DataError, match="holds 2 CIF files, 3 are needed"):
        verify(pack(GOOD[1:]), listed)


def test_the_listing_of_a_registered_archive_has_its_digest(pack, sampled, monkeypatch):
    monkeypatch.setattr(list_archive, "names", lambda: ["small"])
    monkeypatch.setattr(list_archive, "entry", lambda _: replace(entry("cmr-cifs"), archive=sampled))
    lines = listing(pack([("repo-1234/elsewhere/mp-9.cif", CIF), *GOOD[::-1]]))
    assert [line.split("  ")[1] for line in lines.splitlines()] == [f"cif/mp-{i}.cif" for i in range(3)]
    assert hashlib.sha256(lines.encode()).hexdigest() == sampled.digest
