"""What built pages must not hold: tracebacks, which build without a warning, and dead links within the book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

# The class myst-nb gives an error output, a traceback printed by a cell, and papermill's failure banner.
_TROUBLE = re.compile(r"output traceback|highlight-ipythontb|Traceback \(most recent call last\)|papermill-error-cell")
# Attributes that hold what a browser follows or loads.
_ADDRESSES = ("href", "src", "srcset", "data", "poster")
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


class _Page:
    """Addresses, in the order of the page, and anchors."""

    def __init__(self, file: Path) -> None:
        tree = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        self.anchors: set[str] = set()
        self.addresses: dict[str, None] = {}  # each once
        for tag in tree.find_all(True):
            self.anchors |= {str(tag[name]) for name in filter(tag.has_attr, ("id", "name"))}
            for name in filter(tag.has_attr, _ADDRESSES):
                value = str(tag[name])
                several = [one.split()[0] for one in value.split(",") if one.strip()]
                self.addresses |= dict.fromkeys(several if name == "srcset" else [value.strip()])


def dead_links(html: Path) -> list[DeadLink]:
    """Return the links within a built book that lead to no page, anchor, picture or file of it, page by page.

    Links to elsewhere are not looked at.
    """
    html = html.resolve()
    pages = {
        path: _Page(path) for path in sorted(html.rglob("*.html")) if _NO_PAGES not in path.relative_to(html).parts
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
