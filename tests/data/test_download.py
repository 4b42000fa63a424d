"""Downloads from a server on this machine: whole and right, or an error and nothing kept."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from server import begin, serving

from replicate import data
from replicate.data import download as downloading
from replicate.data import lookup
from replicate.data.download import download
from replicate.data.registry import DatasetEntry
from replicate.errors import DataError, MissingDataset

CONTENT = b"matter, Tc \nNb, 9.2 \n" * 20_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAME = "konno-hosono-2018"


@dataclass
class Site:
    """Serves CONTENT at /whole, half of it at /broken, something else at /other, a file at /file.

    /moved sends on to /whole, and /away to ``elsewhere``.
    """

    address: str = ""
    requests: int = 0
    file: bytes = b""
    elsewhere: str = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.requests += 1
        bodies = {"/whole": CONTENT, "/broken": CONTENT, "/other": b"<html>", "/file": self.file}
        if request.path in ("/moved", "/away"):
            request.send_response(302)
            request.send_header("Location", "/whole" if request.path == "/moved" else self.elsewhere)
            request.end_headers()
        elif body := bodies.get(request.path):
            begin(request, len(body))
            request.wfile.write(body[: len(body) // 2] if request.path == "/broken" else body)
        else:
            request.send_error(404)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    site = Site()
    with serving(site.answer) as site.address:
        yield site


@pytest.fixture
def served(site: Site, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes the registry point one dataset to a path of the server."""

    def serve(path: str, **changes: Any) -> DatasetEntry:
        base = changes.pop("base", data.entry(NAME))
        wanted = replace(base, **{"url": site.address + path, "sha256": SHA256, "n_rows": 0, **changes})
        monkeypatch.setattr(lookup, "entry", lambda name: wanted)
        return wanted

    return serve


def kept(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def test_a_whole_file_is_kept_and_not_asked_for_twice(served: Any, site: Site, cache: Path) -> None:
    wanted = served("/whole")
    path = data.fetch(NAME)
    assert path == cache / wanted.file and path.read_bytes() == CONTENT
    assert data.fetch(NAME) == path == data.locate(NAME)
    assert site.requests == 1 and kept(cache) == [path]


@pytest.mark.parametrize(
    ("path", "error", "parts"),
    [
        (
            "/broken",
            DataError,
            ("broke off", SHA256, "127.0.0.1", "found [0-9a-f]{64} in [1-9][0-9,]+ bytes"),
        ),
        ("/other", DataError, (SHA256, hashlib.sha256(b"<html>").hexdigest())),
        ("/nowhere", MissingDataset, ("404",)),
    ],
)
def test_a_download_that_failed_is_named_and_not_kept(served, cache, path, error, parts):
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


def test_an_archive_is_verified_by_its_content(served, site, cache, pack, archive_entry):
    site.file = pack([(f"repo-1234/cif/{i}.cif", b"data_\n") for i in range(3)]).read_bytes()
    served("/file", base=archive_entry)
    assert data.fetch("cmr-cifs").name.endswith(".tar.gz")
    kept(cache)[0].unlink()
    site.file = pack([("repo-1234/cif/0.cif", b"data_\n")]).read_bytes()
    with pytest.raises(DataError, match="holds 1 CIF files, 3 are needed"):
        data.fetch("cmr-cifs")
    assert kept(cache) == []


def test_a_file_that_moved_on_its_host_is_followed(served: Any, site: Site) -> None:
    served("/moved")
    assert data.fetch(NAME).read_bytes() == CONTENT and site.requests == 2


@pytest.mark.parametrize(
    "elsewhere",
    ["http://localhost:{port}/whole", "//example.org/whole", "https://example.org/x", "file:///etc/passwd"],
)
def test_nobody_sends_us_elsewhere(served: Any, site: Site, cache: Path, elsewhere: str) -> None:
    wanted = served("/away")
    site.elsewhere = elsewhere.format(port=site.address.rpartition(":")[2])
    with pytest.raises(DataError, match="sends on to one that is not registered") as caught:
        data.fetch(NAME)
    assert elsewhere.split("/")[2].split(":")[0] in str(caught.value) and str(wanted.url) in str(caught.value)
    assert site.requests == 1 and kept(cache) == []


@pytest.mark.parametrize("url", ["http://github.com/x", "ftp://github.com/x", "file:///etc/passwd"])
def test_data_come_over_https(served: Any, cache: Path, url: str) -> None:
    wanted = served("/whole", url=url)
    with pytest.raises(DataError, match="https only"):
        download(wanted, cache / wanted.file)
    assert kept(cache) == []


def test_a_download_without_end_is_broken_off(served, cache, monkeypatch):
    served("/whole")
    monkeypatch.setattr(downloading, "LARGEST", len(CONTENT) // 2)
    with pytest.raises(DataError, match="more than [0-9,]+ bytes came"):
        data.fetch(NAME)
    assert kept(cache) == []
