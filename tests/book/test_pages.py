"""The built book in a browser: no error, no request to elsewhere, no sideways scroll, no dead link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import isfunction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from replicate import report
from workflow.pages import dead_links, with_tracebacks
from workflow.sources import discover, table_of_contents

PAGES = table_of_contents()
DESKTOP, PHONE = 1280, 390
ON_A_PHONE = {"viewport": {"width": PHONE, "height": 844}, "is_mobile": True, "has_touch": True}
WITHOUT_FORMULAS = {
    f"zeng2019/{page}" for page in ("formation-energy", "critical-temperature", "non-superconductors")
}
"""Pages whose parity plot names no compound: it is of the full record, which keeps no rows."""


def pages_that_call(module: str, functions: list[str]) -> list[str]:
    """Return the pages, in the order of the contents, whose notebook calls one of some functions of a module."""
    call = re.compile(rf"\b{module}\.(?:{'|'.join(functions)})\(")
    calling = {
        source.name
        for source in discover()
        if any(cell.cell_type == "code" and call.search(cell.source) for cell in source.notebook.cells)
    }
    return [name for name in PAGES if name in calling]


# Pages that make a table with `searchable`, themselves or by a function of the display.
SEARCHABLE = pages_that_call(
    "show",
    [
        "searchable",
        *(
            name
            for name, value in ((name, getattr(report, name)) for name in report.__all__)
            if isfunction(value) and "searchable" in value.__code__.co_names
        ),
    ],
)
POINTED = [name for name in pages_that_call("fig", ["parity"]) if name not in WITHOUT_FORMULAS]


def test_no_page_shows_a_traceback(built_book: Path) -> None:
    assert with_tracebacks(built_book) == []


def test_every_page_of_the_contents_is_built(built_book: Path) -> None:
    assert [name for name in PAGES if not (built_book / f"{name}.html").is_file()] == []


@contextmanager
def opened(browser: Browser, file: Path, **context: Any) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a context of its own; give it, its equations drawn, and a list of what goes wrong there."""
    found: list[str] = []

    def judge(url: str) -> None:
        if urlsplit(url).scheme not in ("file", "data", "blob"):
            found.append(f"request to elsewhere: {url}")

    page = browser.new_page(**context)
    page.on("request", lambda request: judge(request.url))
    page.on("requestfailed", lambda request: found.append(f"cannot load {request.url}"))
    page.on("pageerror", lambda error: found.append(f"script error: {error}"))
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.goto(file.as_uri(), wait_until="load")
    if page.locator("script[src*=mathjax]").count():
        page.wait_for_function("window.MathJax?.startup?.promise?.then(() => true)")
    if page.locator(".math").count() and not page.locator("mjx-container").count():
        found.append("equations are not drawn")
    yield page, found
    page.close()


def sideways(page: Page, width: int) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"scrolls sideways: {wide} px on a screen of {width} px"] if wide > width else []


def troubles(browser: Browser, file: Path) -> list[str]:
    """Return what is wrong with a page when opened on a desktop, its window then made as narrow as a phone."""
    with opened(browser, file, viewport={"width": DESKTOP, "height": 900}) as (page, found):
        for width in (DESKTOP, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            found += sideways(page, width)
        return found + page.evaluate(_MISSING_IMAGES)


def troubles_on_a_phone(browser: Browser, file: Path) -> list[str]:
    """Return what is wrong with a page when opened on a phone: also letters in pictures too small to read."""
    with opened(browser, file, **ON_A_PHONE) as (page, found):
        found += page.evaluate(_MISSING_IMAGES)  # loads them all; they may be what is too wide
        found += sideways(page, PHONE)
        shares = page.evaluate(
            "[...document.querySelectorAll('.cell_output img')].map((one) => one.clientWidth / one.naturalWidth)"
        )
        return found + [
            f"a picture is shrunk to {share:.2f} of its size" for share in shares if share <= 0.38
        ]


# Lazy images load on being scrolled to; ask for them all.
_MISSING_IMAGES = """async () => {
    const images = [...document.images];
    images.forEach(image => { image.loading = "eager"; });
    await Promise.allSettled(images.map(image => image.decode()));
    return images.filter(image => !image.naturalWidth).map(image => `missing image: ${image.src}`);
}"""


@pytest.mark.parametrize("name", PAGES)
def test_page_in_a_browser(built_book: Path, browser: Browser, name: str) -> None:
    assert troubles(browser, built_book / f"{name}.html") == []


@pytest.mark.parametrize("name", PAGES)
def test_page_on_a_phone(built_book: Path, browser: Browser, name: str) -> None:
    assert troubles_on_a_phone(browser, built_book / f"{name}.html") == []


def test_links_lead_somewhere(built_book: Path) -> None:
    assert dead_links(built_book) == []


@pytest.mark.parametrize(
    ("mark", "pages"), [("searchable", SEARCHABLE), ("pointed", POINTED)], ids=["searchable", "pointed"]
)
def test_tables_and_plots_with_a_script_are_on_the_pages_that_call_for_them(
    built_book: Path, mark: str, pages: list[str]
) -> None:
    """A page that loses one fails here, and so does one that the tests below do not know of."""
    texts = {name: (built_book / f"{name}.html").read_text(encoding="utf-8") for name in PAGES}
    assert len(pages) > 5
    assert [name for name, text in texts.items() if f'class="{mark}"' in text] == pages


@pytest.mark.parametrize("name", SEARCHABLE)
def test_searchable_tables_filter_and_sort(built_book: Path, browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 900})
    page.goto((built_book / f"{name}.html").as_uri(), wait_until="load")
    tables = page.locator(".searchable:visible").all()  # not what is folded away
    assert tables
    for table in tables:
        rows, told = table.locator("tbody tr:visible"), table.locator("[role=status]")
        before = rows.count()
        assert told.inner_text() == f"{before} of {before} rows"
        word = rows.last.locator("td").first.inner_text().split()[0]
        table.locator("input").fill(word)
        kept = rows.all_inner_texts()
        assert kept and all(word.lower() in text.lower() for text in kept)
        table.locator("input").fill("no such word")
        assert rows.count() == 0 and told.inner_text() == f"0 of {before} rows"
        table.locator("input").fill("")
        assert rows.count() == before
        for column, heading in enumerate(table.locator("th button").all()):
            cells = table.locator(f"tbody td:nth-child({column + 1})")
            heading.click()
            up = [number for text in cells.all_inner_texts() if (number := leading_number(text)) is not None]
            assert up == sorted(up)
            heading.click()
            down = [
                number for text in cells.all_inner_texts() if (number := leading_number(text)) is not None
            ]
            assert down == sorted(up, reverse=True)
            assert heading.locator("..").get_attribute("aria-sort") == "descending"
    page.close()


@pytest.mark.parametrize("name", POINTED)
def test_marks_of_a_parity_plot_tell_their_formula_under_the_pointer(
    built_book: Path, browser: Browser, name: str
) -> None:
    page = browser.new_page(viewport={"width": DESKTOP, "height": 900})
    page.goto((built_book / f"{name}.html").as_uri(), wait_until="load")
    plots = page.locator("figure.pointed").all()
    assert plots
    for plot in plots:
        mark = plot.locator(".mark").last  # the last drawn lies above the others
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        assert box is not None
        told = page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y).closest('.mark')?.querySelector('title').textContent",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert told and ", predicted " in told
    page.close()


def leading_number(text: str) -> float | None:
    """Return the number a cell starts with, digits grouped by three or not, or None for words and dashes."""
    found = re.match(r"[+−-]?(?:\d{1,3}(?:[ ,]\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?", text.strip())
    return float(re.sub("[ ,]", "", found[0].replace("−", "-"))) if found else None


def test_search_finds_pages_without_a_server(built_book: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": DESKTOP, "height": 900})
    page.goto((built_book / "status.html").as_uri(), wait_until="load")
    page.keyboard.press("Control+k")
    page.locator("input[type=search]:focus").fill("perovskite")
    page.keyboard.press("Enter")
    results = page.locator("#search-results ul.search li a")
    results.first.wait_for()
    found = {urlsplit(str(link.get_attribute("href"))).path for link in results.all()}
    assert "xie2018/perovskites.html" in found
    results.first.click()
    page.wait_for_load_state()
    assert "perovskite" in page.locator("main").inner_text().lower()
    page.close()
