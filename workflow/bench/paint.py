"""How soon a reader sees something of the published pages, over a slow line and from a server without compression."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from replicate import paths
from replicate.errors import ConfigError
from workflow import picture
from workflow.bench.rows import Row

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = ("intro", "scoreboard", "zeng2019/critical-temperature")
PATIENCE = 3.0  # seconds that a reader waits
# 1.6 Mbit/s down, 0.75 up, and 150 ms there and back.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
RUNS = 3


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # one connection for many files, as servers have it

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder to this machine and hand out its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def first_paint(browser: Browser, address: str) -> float:
    """Return the time (s) until the first text or picture of a page stands, with an empty cache, over the slow line."""
    with closing(browser.new_context()) as context:
        page = context.new_page()
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", LINE)
        page.goto(address, wait_until="load")
        return page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000


def bench_paint() -> list[Row]:
    """Time the first paint of some pages of the built book; ConfigError where none is built, or there is no browser."""
    built = paths.root() / "_build" / "html"
    if not built.is_dir():
        raise ConfigError(f"no book in {built}: run `make book`")
    rows = []
    with picture.started() as browser, served(built) as address:
        for name in PAGES:
            spent = statistics.median(first_paint(browser, f"{address}/{name}.html") for _ in range(RUNS))
            what = f"first paint of {name} at 1.6 Mbit/s"
            rows.append(Row(what, 1 / spent, "paints/s", PATIENCE / spent, f"a wait of {PATIENCE:g} s"))
    return rows
