"""What built pages must not hold: tracebacks, which build without a warning, and dead links within the book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# The class myst-nb gives an error output, a traceback printed by a cell, and papermill's failure banner.
_TROUBLE = re.compile(r"output traceback|highlight-ipythontb|Traceback \(most recent call last\)|papermill-error-cell")
# What a browser follows or loads, by tag.
_ADDRESSES = {
    "a": ("href",),
    "area": ("href",),
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
}
# The theme keeps templates of pages there.
_NO_PAGES = "_static"


def with_tracebacks(html: Path) -> list[Path]:
    """Return the pages below a built book's folder that show an error, sorted."""
    return sorted(page for page in html.rglob("*.html") if _TROUBLE.search(page.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class DeadLink:
    """A link of a page that leads nowhere, and why."""

    page: Path
    target: str
    reason: str


class _Page(HTMLParser):
    """Collects addresses and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: dict[str, None] = {}  # in the order of the page, each once
        self.anchors: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        for name in _ADDRESSES.get(tag, ()):
            if name not in given:
                continue
            several = [one.split()[0] for one in given[name].split(",") if one.strip()]
            self.addresses |= dict.fromkeys(several if name == "srcset" else [given[name].strip()])


def dead_links(html: Path) -> list[DeadLink]:
    """Return the links within a built book that lead to no page, anchor, picture or file of it, page by page.

    Links to elsewhere are not looked at.
    """
    html = html.resolve()
    pages = {
        path: _Page(path.read_text(encoding="utf-8"))
        for path in sorted(html.rglob("*.html"))
        if _NO_PAGES not in path.relative_to(html).parts
    }
    return [
        DeadLink(path, address, reason)
        for path, page in pages.items()
        for address in page.addresses
        for reason in _problems(html, path, address, pages)
    ]


def _problems(html: Path, page: Path, address: str, pages: dict[Path, _Page]) -> Iterator[str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        yield "no address"
        return
    if parts.scheme or parts.netloc:
        return
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.is_relative_to(html):
        yield "outside the book"
    elif not target.is_file():
        yield "no such file"
    elif parts.fragment and target in pages and not {parts.fragment, unquote(parts.fragment)} & pages[target].anchors:
        yield "no such place on the page"
