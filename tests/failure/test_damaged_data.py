"""Downloads that arrive changed, cut or nowhere, and archives cut in two: one line and nothing kept."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import made_archive
import pytest
import tasks
from children import command, done, message
from limits import READ_ONLY, REFUSALS, Limits, largest_file
from made_archive import Registered

from replicate import data

NAME = "konno-hosono-2018"
ARCHIVE = made_archive.NAME


@pytest.fixture
def server() -> Iterator[Callable[[bytes], str]]:
    """Return a function from some bytes to the address on this machine that serves them."""
    served: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(served[self.path])))
            self.end_headers()
            self.wfile.write(served[self.path])

        def log_message(self, format: str, *args: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def serve(content: bytes) -> str:
        path = f"/{len(served)}"
        served[path] = content
        return f"http://127.0.0.1:{listening.server_address[1]}{path}"

    yield serve
    listening.shutdown()
    listening.server_close()


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


def test_a_changed_download(server: Any, alone: dict[str, str], cache: Path) -> None:
    url = server(b"matter, Tc\nNb, 92\n")
    said = message(command("data", "fetch", NAME, env=alone, limits=[partial(tasks.register, NAME, url=url)]))
    assert "not the registered file" in said and data.entry(NAME).sha256 in said and url in said
    assert finished(cache) == []


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [(lambda _: [partial(largest_file, 5000)], "the file would be larger"), REFUSALS[-1]],
    ids=["no room", "a file in the way"],
)
def test_a_download_that_cannot_be_written(
    prepare: Callable[[Path], Limits], reason: str, server: Any, alone: dict[str, str], cache: Path
) -> None:
    limits = [partial(tasks.register, NAME, url=server(bytes(100_000))), *prepare(cache)]
    said = message(command("data", "fetch", NAME, env=alone, limits=limits))
    assert f"cannot write {cache}" in said and reason in said and "set REPLICATE_CACHE" in said
    assert finished(cache) == []


@pytest.mark.parametrize(("prepare", "reason"), READ_ONLY)
def test_a_cache_that_is_for_reading_only(
    prepare: Callable[[Path], Limits],
    reason: str,
    server: Any,
    alone: dict[str, str],
    cache: Path,
    tmp_path: Path,
) -> None:
    """An administrator's shared cache: what lies in it is used, what does not is refused in one line."""
    archive = made_archive.make(tmp_path / "mirror")
    here = cache / data.entry(ARCHIVE).cached_file
    table = data.entry(made_archive.TABLE)
    for file, cached in ((archive.file, here), (archive.mirror / table.file, cache / table.cached_file)):
        cached.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, cached)
    before = finished(cache)
    limits = [*archive.limits, *prepare(cache), partial(tasks.register, NAME, url=server(b"x"))]
    found = command("data", "fetch", ARCHIVE, env=alone, limits=limits)
    assert found.status == 0 and str(here) in found.out, found.err
    done(tasks.build_graphs, ARCHIVE, 5, env=alone, limits=limits)
    said = message(command("data", "fetch", NAME, env=alone, limits=limits))
    assert f"cannot write {cache}" in said and reason in said and "set REPLICATE_CACHE" in said
    assert finished(cache) == before


@pytest.fixture(params=["made here", "real"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Registered:
    """An archive of CIF files, in a mirror with its table."""
    if request.param == "made here":
        return made_archive.make(tmp_path / "whole")
    if not data.available(ARCHIVE):
        pytest.skip(f"{ARCHIVE}: not here; set REPLICATE_MIRROR or fetch it")
    return made_archive.registered()


def cut_in_two(archive: Registered, target: Path) -> Path:
    """Write the first half of an archive."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(archive.file, "rb") as whole, open(target, "wb") as half:
        half.write(whole.read(archive.file.stat().st_size // 2))
    return target


def test_an_archive_cut_in_two_in_the_mirror(
    archive: Registered, env: dict[str, str], tmp_path: Path
) -> None:
    mirror = tmp_path / "mirror"
    table = Path(data.entry(made_archive.TABLE).file)
    (mirror / table).parent.mkdir(parents=True)
    shutil.copy(archive.mirror / table, mirror / table)
    file = cut_in_two(archive, mirror / data.entry(ARCHIVE).file)
    own = env | {"REPLICATE_MIRROR": str(mirror), "REPLICATE_CACHE": str(tmp_path / "cache")}
    run = ("run", "xie2018-perovskites", "--profile", "smoke", "--device", "cpu")
    said = message(command(*run, env=own, limits=archive.limits))
    assert f"{file} is not the registered file" in said and archive.sha256 in said
    assert "mend the mirror" in said


def test_an_archive_cut_in_two_in_the_cache(archive: Registered, alone: dict[str, str], cache: Path) -> None:
    file = cut_in_two(archive, cache / data.entry(ARCHIVE).cached_file)
    ended = command("data", "check", "--json", env=alone, limits=archive.limits)
    assert message(ended).startswith("replicate: some datasets differ")
    assert (
        f"broken or truncated after {data.entry(ARCHIVE).archive.root}/" in ended.out
        and str(file) in ended.out
    )


def test_an_archive_cut_in_two_on_its_way(
    archive: Registered, server: Any, alone: dict[str, str], cache: Path, tmp_path: Path
) -> None:
    url = server(cut_in_two(archive, tmp_path / "sent" / "half").read_bytes())
    limits = [*archive.limits, partial(tasks.register, ARCHIVE, url=url)]
    said = message(command("data", "fetch", ARCHIVE, env=alone, limits=limits))
    assert "broken or truncated after" in said and url in said and finished(cache) == []
