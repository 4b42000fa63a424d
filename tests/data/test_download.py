"""Downloads from a server on this machine: whole and right, or an error and nothing kept."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from replicate import data
from replicate.data import download as downloading
from replicate.data import lookup
from replicate.data.download import download
from replicate.data.registry import DatasetEntry
from replicate.errors import DataError, MissingDataset

CONTENT = b"matter, Tc \nNb, 9.2 \n" * 20_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAME = "konno-hosono-2018"


class Handler(BaseHTTPRequestHandler):
    """Serve CONTENT at /whole, half of it at /broken, something else at /other, the given file at /file.

    /moved sends on to /whole, and /away to ``elsewhere``.
    """

    requests = 0
    file = b""
    elsewhere = ""

    def do_GET(self) -> None:
        type(self).requests += 1
        if self.path in ("/moved", "/away"):
            self.send_response(302)
            self.send_header("Location", "/whole" if self.path == "/moved" else type(self).elsewhere)
            self.end_headers()
            return
        bodies = {"/whole": CONTENT, "/broken": CONTENT, "/other": b"<html>", "/file": type(self).file}
        body = bodies.get(self.path)
        if body is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.path == "/broken" else body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(Handler, "requests", 0)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_address[1]}"
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def served(server: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes the registry point one dataset to a path of the server."""

    def serve(path: str, **changes: Any) -> DatasetEntry:
        base = changes.pop("base", data.entry(NAME))
        wanted = replace(base, **{"url": server + path, "sha256": SHA256, "n_rows": 0, **changes})
        monkeypatch.setattr(lookup, "entry", lambda name: wanted)
        return wanted

    return serve


def kept(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def test_a_whole_file_is_kept_and_not_asked_for_twice(served: Any, cache: Path) -> None:
    wanted = served("/whole")
    path = data.fetch(NAME)
    assert path == cache / wanted.file and path.read_bytes() == CONTENT
    assert data.fetch(NAME) == path == data.locate(NAME)
    assert Handler.requests == 1 and kept(cache) == [path]


@pytest.mark.parametrize(
    ("path", "error", "parts"),
    [
        (
            "/broken",
            DataError,
            ("broke off", SHA256, "127.0.0.1", r"found [0-9a-f]{64} in [1-9][0-9,]+ bytes"),
        ),
        ("/other", DataError, (SHA256, hashlib.sha256(b"<html>").hexdigest())),
        ("/nowhere", MissingDataset, ("404",)),
    ],
)
def test_a_download_that_failed_is_named_and_not_kept(
    served: Any, cache: Path, path: str, error: type[DataError], parts: tuple[str, ...]
) -> None:
    served(path)
    with pytest.raises(error) as caught:
        data.fetch(NAME)
    assert type(caught.value) is error and kept(cache) == []
    for part in parts:
        assert re.search(part, str(caught.value))


def test_a_dead_host_is_asked_once(served: Any, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = served("/whole", url="http://127.0.0.1:9/whole")
    for _ in range(2):
        with pytest.raises(MissingDataset, match="127.0.0.1"):
            lookup.find(wanted, download=True)
    assert list(lookup._unreachable) == ["127.0.0.1:9"]


def test_a_wrong_cached_file_is_replaced_by_fetch(served: Any, cache: Path) -> None:
    wanted = served("/whole")
    path = cache / wanted.file
    path.parent.mkdir(parents=True)
    path.write_bytes(b"rubbish")
    with pytest.raises(DataError, match="data fetch"):
        data.locate(NAME)
    assert data.fetch(NAME).read_bytes() == CONTENT


def test_an_archive_is_verified_by_its_content(
    served: Any, cache: Path, pack: Any, archive_entry: DatasetEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pack([(f"repo-1234/cif/{i}.cif", b"data_\n") for i in range(3)])
    monkeypatch.setattr(Handler, "file", whole.read_bytes())
    served("/file", base=archive_entry)
    assert data.fetch("cmr-cifs").name.endswith(".tar.gz")
    kept(cache)[0].unlink()
    monkeypatch.setattr(Handler, "file", pack([("repo-1234/cif/0.cif", b"data_\n")]).read_bytes())
    with pytest.raises(DataError, match="holds 1 CIF files, 3 are needed"):
        data.fetch("cmr-cifs")
    assert kept(cache) == []


def test_a_file_that_moved_on_its_host_is_followed(served: Any, cache: Path) -> None:
    served("/moved")
    assert data.fetch(NAME).read_bytes() == CONTENT and Handler.requests == 2


@pytest.mark.parametrize(
    "elsewhere",
    ["http://localhost:{port}/whole", "//example.org/whole", "https://example.org/x", "file:///etc/passwd"],
)
def test_nobody_sends_us_elsewhere(
    served: Any, cache: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = served("/away")
    address = elsewhere.format(port=str(wanted.url).split(":")[2].split("/")[0])
    monkeypatch.setattr(Handler, "elsewhere", address)
    with pytest.raises(DataError, match="sends on to one that is not registered") as caught:
        data.fetch(NAME)
    assert elsewhere.split("/")[2].split(":")[0] in str(caught.value) and str(wanted.url) in str(caught.value)
    assert Handler.requests == 1 and kept(cache) == []


@pytest.mark.parametrize("url", ["http://github.com/x", "ftp://github.com/x", "file:///etc/passwd"])
def test_data_come_over_https(served: Any, cache: Path, url: str) -> None:
    wanted = served("/whole", url=url)
    with pytest.raises(DataError, match="https only"):
        download(wanted, cache / wanted.file)
    assert kept(cache) == []


def test_a_download_without_end_is_broken_off(
    served: Any, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served("/whole")
    monkeypatch.setattr(downloading, "LARGEST", len(CONTENT) // 2)
    with pytest.raises(DataError, match="more than [0-9,]+ bytes came"):
        data.fetch(NAME)
    assert kept(cache) == []
