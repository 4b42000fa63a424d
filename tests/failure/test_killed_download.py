"""A fetch killed in mid-download leaves nothing under the file's name, and the next one gets all of it."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import tasks
from children import Ended, done, kill_again_and_again, report
from test_killed_build import content, leftovers

from replicate import data
from replicate.data.download import CHUNK

NAME = "konno-hosono-2018"
CONTENT = bytes(range(256)) * (CHUNK // 256) * 20
PAUSE = 0.02  # seconds between two parts


class Slow(BaseHTTPRequestHandler):
    """Sends CONTENT in parts, with a pause before each."""

    def do_GET(self) -> None:
        with contextlib.suppress(OSError):  # whoever asked was killed
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            for start in range(0, len(CONTENT), CHUNK):
                time.sleep(PAUSE)
                self.wfile.write(CONTENT[start : start + CHUNK])
                self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_address[1]}/slow"
    listening.shutdown()
    listening.server_close()


def test_a_fetched_file_is_whole_or_not_there(url: str, tmp_path: Path, env: dict[str, str]) -> None:
    cache = tmp_path / "cache"
    nowhere_else = {"REPLICATE_MIRROR": "", "REPLICATE_OFFLINE": "", "NO_PROXY": "127.0.0.1"}
    env = env | nowhere_else | {"REPLICATE_CACHE": str(cache)}
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    limits = [partial(tasks.register, NAME, url=url, sha256=sha256)]

    def arriving() -> bool:
        return any(path.stat().st_size for path in leftovers(cache))

    torn = 0

    def look(_: Ended) -> None:
        nonlocal torn
        assert len(leftovers(cache)) <= 1, "each fetch sweeps what the one before it left"
        torn += arriving()
        found = content(cache)
        assert list(found.values()) in ([], [sha256])
        for file in found:
            (cache / file).unlink()

    landed = kill_again_and_again(
        tasks.fetch,
        NAME,
        env=env,
        longest=len(CONTENT) / CHUNK * PAUSE,
        look=look,
        limits=limits,
        begun=arriving,
    )
    report(f"{landed} kills, {torn} of them left a part of the file")
    assert torn
    done(tasks.fetch, NAME, env=env, limits=limits)
    assert content(cache) == {data.entry(NAME).cached_file: sha256} and not leftovers(cache)
