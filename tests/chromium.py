"""Pages of the built book, opened in a browser, and which of them have what."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, Page, TimeoutError

from workflow import picture
from workflow.pdf import DRAWN
from workflow.sources import discover, table_of_contents

PAGES = table_of_contents()
DESKTOP, PHONE = 1280, 390
ON_A_PHONE = {"viewport": {"width": PHONE, "height": 844}, "is_mobile": True, "has_touch": True}


def pages_that_call(*functions: str) -> list[str]:
    """Return the pages, in the order of the contents, whose notebook calls one of some functions of ``report``."""
    call = re.compile(rf"\breport\.(?:{'|'.join(functions)})\(")
    calling = {source.name for source in discover() if call.search(source.pair.read_text(encoding="utf-8"))}
    return [name for name in PAGES if name in calling]


# Every experiment's page calls `variant`, and only this one shows one.
_SEARCHABLE = {*pages_that_call("searchable", "full_scoreboard", "metric_dictionary"), "about/change"}
SEARCHABLE = [name for name in PAGES if name in _SEARCHABLE]


REQUESTS: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()
"""What an open page has asked for: a browser keeps no list of what it reads from a disk."""


@contextmanager
def opened(
    browser: Browser, file: Path, theme: str = "light", address: str = "", **context: Any
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a context of its own; give it, its equations drawn, and a list of what goes wrong there."""
    troubles: list[str] = []
    requests: list[str] = []

    def judge(url: str) -> None:
        if urlsplit(url).scheme not in ("file", "data", "blob"):
            troubles.append(f"request to elsewhere: {url}")

    page = browser.new_page(**{"viewport": {"width": DESKTOP, "height": 900}, **context})
    page.add_init_script(picture.THEME.format(theme))
    page.on("request", lambda request: (judge(request.url), requests.append(request.url)))
    page.on("requestfailed", lambda request: troubles.append(f"cannot load {request.url}"))
    page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(file.as_uri() + address, wait_until="load")
    try:
        page.wait_for_function(DRAWN, timeout=10_000)
    except TimeoutError:
        troubles.append("equations are not drawn")
    troubles += [f"no equation: {text}" for text in page.locator(".katex-error").all_inner_texts()]
    REQUESTS[page] = requests
    yield page, troubles
    page.close()


# Tables whose box would have to scroll sideways, by what they begin with.
_OVERFLOWING = """() => [...document.querySelectorAll("article table")].filter(table => {
    const box = table.closest(".table-wide, .pst-scrollable-table-container, .output") ?? table.parentElement;
    return table.checkVisibility() && box.scrollWidth > box.clientWidth + 1;
}).map(table => `wider than its column: ${table.innerText.slice(0, 60)}`)"""


def overflowing(page: Page) -> list[str]:
    """Return the tables that are wider than their column."""
    tables: list[str] = page.evaluate(_OVERFLOWING)
    return tables
