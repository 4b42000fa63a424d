"""The whole book as one PDF: the built pages, printed by Chromium, with contents, bookmarks and page numbers."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import Destination, Fit

from replicate import paths
from replicate.errors import ConfigError
from workflow import picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, PdfMargins

_STYLE = """<style>
  body { margin: 0; font: 11pt/1.5 sans-serif; color: #222 } h1 { font-weight: 500 } ul { padding: 0 }
  li { list-style: none; display: flex } li.within { padding-left: 1.5em } a { color: inherit; text-decoration: none }
  i { flex: 1; border-bottom: 1px dotted #aaa; margin: 0 .4em .3em }
  footer + footer { break-before: page }
  footer { height: 99vh; display: flex; align-items: end; justify-content: center; font-size: 9pt }
</style>"""
# The PDF has contents of its own, and nothing on paper opens.
_ON_PAPER = """
  #jb-print-toc, details.hide:not([open]) { display: none !important }
  .bd-main .bd-content .bd-article-container { max-width: none; padding: 0 }
  .cell, .cell_output, .output, .searchable, .table-wide, table { break-inside: auto !important }
"""
_SCALE = 0.75  # of a page, so that its panels and tables find the width they have on a screen
DRAWN = "[...document.querySelectorAll('.math')].every(place => place.querySelector('.katex, .katex-error'))"


class _Part(NamedTuple):
    """A page of the book: its file, its title, whether it stands within a chapter, and what Chromium made of it."""

    file: Path
    title: str
    within: bool
    printed: PdfReader


def write(browser: Browser, built: Path, names: Sequence[str], target: Path) -> int:
    """Print pages of a built book, by name, into one PDF and return its number of pages.

    Links from page to page lead within the PDF; those to files beside the pages, which it does not hold, are taken off.

    Raises:
        ConfigError: a page is not built.
    """
    with closing(browser.new_page(color_scheme="light")) as sheet:
        sheet.add_init_script(picture.THEME.format("light"))
        parts = [_printed(sheet, built / f"{name}.html") for name in names]
        length = len(_contents(sheet, parts, [0] * len(parts)).pages)
        firsts = list(accumulate((len(part.printed.pages) for part in parts), initial=length))
        parts = [_Part(Path(), "Contents", False, _contents(sheet, parts, firsts)), *parts]
        numbers = _pdf(sheet, "".join(f"<footer>{number + 1}</footer>" for number in range(firsts[-1])), "7mm")
    firsts = [0, *firsts[:-1]]
    whole = PdfWriter()
    links = list(_links(parts, firsts))
    chapter = None
    for part, first in zip(parts, firsts, strict=True):
        for page in part.printed.pages:
            page.pop("/Annots", None)
        whole.append(part.printed, import_outline=False)
        mark = whole.add_outline_item(title=part.title, page_number=first, parent=chapter if part.within else None)
        chapter = chapter if part.within else mark
    for page, numbered in zip(whole.pages, numbers.pages, strict=True):
        page.merge_page(numbered)
        page.compress_content_streams()
    for at, link in links:
        whole.add_annotation(at, link)
    whole.compress_identical_objects()
    whole.add_metadata({"/Title": parts[1].title})
    with paths.written_whole(target) as temporary:
        whole.write(temporary)
    return len(whole.pages)


def _printed(sheet: Page, file: Path) -> _Part:
    if not file.is_file():
        raise ConfigError(f"{file} is not there: run `make book`")
    sheet.goto(file.as_uri(), wait_until="load")
    sheet.wait_for_function(DRAWN)
    sheet.add_style_tag(content=_ON_PAPER)
    title = sheet.locator("article h1").first.evaluate("one => one.firstChild.textContent")
    within = sheet.locator("nav.bd-links li.toctree-l2.current").count() > 0
    return _Part(file.resolve(), title, within, _pdf(sheet))


def _pdf(sheet: Page, content: str = "", bottom: str = "18mm") -> PdfReader:
    if content:
        sheet.set_content(_STYLE + content)
    margin: PdfMargins = {"top": "14mm", "bottom": bottom, "left": "14mm", "right": "14mm"}
    printed = sheet.pdf(format="A4", print_background=True, margin=margin, scale=1 if content else _SCALE)
    return PdfReader(io.BytesIO(printed))


def _contents(sheet: Page, parts: Sequence[_Part], firsts: Sequence[int]) -> PdfReader:
    lines = (
        f'<li class="{"within" if part.within else ""}"><a href="{part.file.as_uri()}">{html.escape(part.title)}</a>'
        f"<i></i>{first + 1}</li>"
        for part, first in zip(parts, firsts, strict=False)
    )
    return _pdf(sheet, f"<h1>Contents</h1><ul>{''.join(lines)}</ul>")


def _links(parts: Sequence[_Part], firsts: Sequence[int]) -> Iterator[tuple[int, Link]]:
    """Yield the number of a printed page and a link on it, for all links that lead somewhere from within a PDF."""
    starts = {part.file: first for part, first in zip(parts, firsts, strict=True)}
    for part, first in zip(parts, firsts, strict=True):
        for number, page in enumerate(part.printed.pages, first):
            for link in (each.get_object() for each in page.get("/Annots", ())):
                if leads := _target(link, part, first, starts):
                    yield number, Link(rect=tuple(link["/Rect"]), border=[0, 0, 0], **leads)


def _target(link: Any, part: _Part, first: int, starts: dict[Path, int]) -> dict[str, Any]:
    """Return where a link leads, as arguments of ``Link``; nothing for a file that the PDF does not hold."""
    if (name := link.get("/Dest")) is not None:
        place: Destination = part.printed.named_destinations[name]
        number = part.printed.get_destination_page_number(place)
        return {"target_page_index": first + (number or 0), "fit": Fit.xyz(place.left, place.top)}
    address = link["/A"]["/URI"]
    parts = urlsplit(address)
    if parts.scheme != "file":
        return {"url": address}
    start = starts.get(Path(unquote(parts.path)))
    return {} if start is None else {"target_page_index": start, "fit": Fit.fit()}
