"""Downloads that cannot be written, caches for reading only, and an archive cut in two: one line, nothing kept."""

import shutil
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import made_archive
import pytest
import tasks
from children import command, done, message
from limits import READ_ONLY, REFUSALS, largest_file
from server import begin, serving

from replicate import data

NAME = "konno-hosono-2018"
ARCHIVE = made_archive.NAME


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a hundred thousand zeros."""

    def zeros(request: BaseHTTPRequestHandler) -> None:
        begin(request, 100_000)
        request.wfile.write(bytes(100_000))

    with serving(zeros) as address:
        yield address


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def alone(env: dict[str, str], cache: Path) -> dict[str, str]:
    """No mirror, a cache of its own."""
    empty = {"REPLICATE_MIRROR": "", "REPLICATE_OFFLINE": "", "NO_PROXY": "127.0.0.1"}
    return env | empty | {"REPLICATE_CACHE": str(cache)}


def finished(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [(lambda _: [partial(largest_file, 5000)], "the file would be larger"), REFUSALS[-1]],
    ids=["no room", "a file in the way"],
)
def test_a_download_that_cannot_be_written(prepare, reason, url, alone, cache):
    limits = [partial(tasks.register, NAME, url=url), *prepare(cache)]
    said = message(command("data", "fetch", NAME, env=alone, limits=limits))
    assert f"cannot write {cache}" in said and reason in said and "set REPLICATE_CACHE" in said
    assert finished(cache) == []


@pytest.mark.parametrize(("prepare", "reason"), READ_ONLY)
def test_a_cache_that_is_for_reading_only(
    prepare, reason, url, alone, cache, tmp_path
) :  # fmt: skip
    """An administrator's shared cache: what lies in it is used, what does not is refused in one line."""
    archive = made_archive.make(tmp_path / "mirror")
    here = cache / data.entry(ARCHIVE).cached_file
    table = data.entry(made_archive.TABLE)
    for file, cached in ((archive.file, here), (archive.mirror / table.file, cache / table.cached_file)):
        cached.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, cached)
    before = finished(cache)
    limits = [*archive.limits, *prepare(cache), partial(tasks.register, NAME, url=url)]
    found = command("data", "fetch", ARCHIVE, env=alone, limits=limits)
    assert found.status == 0 and str(here) in found.out, found.err
    done(tasks.build_graphs, ARCHIVE, 5, env=alone, limits=limits)
    said = message(command("data", "fetch", NAME, env=alone, limits=limits))
    assert f"cannot write {cache}" in said and reason in said and "set REPLICATE_CACHE" in said
    assert finished(cache) == before


@pytest.mark.parametrize("place", ["mirror", "cache"])
def test_an_archive_cut_in_two(place: str, alone: dict[str, str], cache: Path, tmp_path: Path) -> None:
    archive = made_archive.make(tmp_path / "mirror")
    whole = archive.file.read_bytes()
    if place == "mirror":
        file, env = archive.file, alone | {"REPLICATE_MIRROR": str(archive.mirror)}
        words = ("run", "xie2018-perovskites", "--profile", "smoke", "--device", "cpu")
        parts = ("is not the registered file", archive.sha256, "mend the mirror")
    else:
        file, env, words = cache / data.entry(ARCHIVE).cached_file, alone, ("data", "check", "--json")
        parts = ("some datasets differ",)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(whole[: len(whole) // 2])
    ended = command(*words, env=env, limits=archive.limits)
    said = message(ended) + ended.out
    assert str(file) in said and [part for part in parts if part not in said] == []
