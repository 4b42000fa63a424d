"""The built book in a browser: no error, no request to elsewhere, no sideways scroll, no dead link, accessible."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from replicate.results import papers
from workflow.pages import dead_links, with_tracebacks
from workflow.sources import discover, table_of_contents

PAGES = table_of_contents()
CHAPTERS = [paper.id for paper in papers.papers()]
DESKTOP, PHONE = 1280, 390
ON_A_PHONE = {"viewport": {"width": PHONE, "height": 844}, "is_mobile": True, "has_touch": True}
# One page of every kind: their colours come from one style sheet.
DARK = ["intro", "scoreboard", "status", "about/glossary", "about/references"]
DARK += [name for paper in CHAPTERS for name in [page for page in PAGES if page.startswith(f"{paper}/")][:2]]
# WCAG 2.1, levels A and AA, and an unbroken order of headings.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "rules": {"heading-order": {"enabled": True}}}
WITHOUT_FORMULAS = {f"zeng2019/{page}" for page in ("formation-energy", "critical-temperature", "non-superconductors")}
"""Pages whose parity plot names no compound: it is of the full record, which keeps no rows."""


def pages_that_call(*functions: str) -> list[str]:
    """Return the pages, in the order of the contents, whose notebook calls one of some functions of ``report``."""
    call = re.compile(rf"\breport\.(?:{'|'.join(functions)})\(")
    calling = {source.name for source in discover() if call.search(source.pair.read_text(encoding="utf-8"))}
    return [name for name in PAGES if name in calling]


# Every experiment's page calls `variant`, and only this one shows one.
_SEARCHABLE = {*pages_that_call("searchable", "full_scoreboard", "metric_dictionary"), "about/change"}
SEARCHABLE = [name for name in PAGES if name in _SEARCHABLE]
_PLOTS = {*pages_that_call("parity")} - WITHOUT_FORMULAS
POINTED = [name for name in PAGES if name in {*_PLOTS, *pages_that_call("element_tables")}]


def test_every_page_is_built_whole(built_book: Path) -> None:
    assert [name for name in PAGES if not (built_book / f"{name}.html").is_file()] == []
    assert with_tracebacks(built_book) == [] and dead_links(built_book) == []


@contextmanager
def opened(browser: Browser, file: Path, theme: str = "light", **context: Any) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a context of its own; give it, its equations drawn, and a list of what goes wrong there."""
    troubles: list[str] = []

    def judge(url: str) -> None:
        if urlsplit(url).scheme not in ("file", "data", "blob"):
            troubles.append(f"request to elsewhere: {url}")

    page = browser.new_page(**{"viewport": {"width": DESKTOP, "height": 900}, **context})
    page.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    page.on("request", lambda request: judge(request.url))
    page.on("requestfailed", lambda request: troubles.append(f"cannot load {request.url}"))
    page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(file.as_uri(), wait_until="load")
    if page.locator("script[src*=mathjax]").count():
        page.wait_for_function("window.MathJax?.startup?.promise?.then(() => true)")
    if page.locator(".math").count() and not page.locator("mjx-container").count():
        troubles.append("equations are not drawn")
    yield page, troubles
    page.close()


def sideways(page: Page, width: int) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"scrolls sideways: {wide} px on a screen of {width} px"] if wide > width else []


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """Return what axe finds on a page, one line per place."""
    response = Axe().run(page, options={"resultTypes": ["violations"], **options}).response
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


# Lazy images load on being scrolled to; ask for them all.
_MISSING_IMAGES = """async () => {
    const images = [...document.images];
    images.forEach(image => { image.loading = "eager"; });
    await Promise.allSettled(images.map(image => image.decode()));
    return images.filter(image => !image.naturalWidth).map(image => `missing image: ${image.src}`);
}"""
_SHARES = "[...document.querySelectorAll('.cell_output img')].map(image => image.clientWidth / image.naturalWidth)"


@pytest.mark.parametrize("name", PAGES)
def test_page_on_a_desktop(built_book: Path, browser: Browser, name: str) -> None:
    """Also in a window then made as narrow as a phone."""
    with opened(browser, built_book / f"{name}.html") as (page, troubles):
        wrong = [*troubles]  # before axe asks for style sheets, which a browser refuses to a file
        wrong += violations(page, RULES)
        for width in (DESKTOP, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            wrong += sideways(page, width)
        assert wrong + page.evaluate(_MISSING_IMAGES) == []


@pytest.mark.parametrize("name", DARK)
def test_contrast_in_the_dark(built_book: Path, browser: Browser, name: str) -> None:
    with opened(browser, built_book / f"{name}.html", "dark") as (page, _):
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert violations(page, {"runOnly": ["color-contrast"]}) == []


@pytest.mark.parametrize("name", PAGES)
def test_page_on_a_phone(built_book: Path, browser: Browser, name: str) -> None:
    with opened(browser, built_book / f"{name}.html", **ON_A_PHONE) as (page, troubles):
        troubles += page.evaluate(_MISSING_IMAGES)  # loads them all; they may be what is too wide
        troubles += sideways(page, PHONE)
        assert troubles == []
        assert min(page.evaluate(_SHARES), default=1) > 0.38, "letters of a picture are too small to read"


@pytest.mark.parametrize("name", PAGES)
def test_pictures_say_what_they_show(built_book: Path, name: str) -> None:
    page = BeautifulSoup((built_book / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    assert page.html is not None and page.html["lang"] == "en"
    # MyST-NB's own text for a picture without one is its file's name.
    texts = {image["src"]: str(image.get("alt", "")) for image in page.select("article img")}
    assert [src for src, text in texts.items() if not re.match(r"\S+ \S+ \S+ \S+", text)] == []
    drawings = page.select("article svg.figure, article figure svg")
    assert [svg for svg in drawings if not svg.get("aria-label")] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_keyboard_focus_is_visible(built_book: Path, browser: Browser, theme: str) -> None:
    kinds = set()
    with opened(browser, built_book / "scoreboard.html", theme) as (page, _):
        for _ in range(90):
            page.keyboard.press("Tab")
            kind, ring = page.evaluate(_FOCUS)
            kinds.add(kind)
            assert ring >= 1 or kind == "BODY", f"{kind} has the focus and does not show it"
    assert {"A", "BUTTON", "INPUT"} <= kinds


_FOCUS = """() => {
    const e = document.activeElement, s = getComputedStyle(e);
    const outline = s.outlineStyle === "none" ? 0 : parseFloat(s.outlineWidth) || 0;
    return [e.tagName, Math.max(s.boxShadow === "none" ? 0 : 2, outline)];
}"""


@pytest.mark.parametrize(("mark", "pages"), [("searchable", SEARCHABLE), ("pointed", POINTED)])
def test_tables_and_plots_with_a_script_are_on_the_pages_that_call_for_them(built_book, mark, pages):
    """A page that loses one fails here, and so does one that the tests below do not know of."""
    texts = {name: (built_book / f"{name}.html").read_text(encoding="utf-8") for name in PAGES}
    assert len(pages) > 5 and [name for name, text in texts.items() if f'class="{mark}"' in text] == pages


def leading_numbers(texts: list[str]) -> list[float]:
    """Return the numbers that cells start with, digits grouped by three or not; words and dashes are left out."""
    pattern = re.compile(r"[+−-]?(?:\d{1,3}(?:[ ,]\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?")
    matches = filter(None, (pattern.match(text.strip()) for text in texts))
    return [float(re.sub("[ ,]", "", match[0].replace("−", "-"))) for match in matches]


@pytest.mark.parametrize("name", SEARCHABLE)
def test_searchable_tables_filter_and_sort(built_book: Path, browser: Browser, name: str) -> None:
    with opened(browser, built_book / f"{name}.html", viewport={"width": PHONE, "height": 900}) as (page, _):
        tables = page.locator(".searchable:visible").all()  # not what is folded away
        assert tables
        for table in tables:
            rows, status, field = (table.locator(at) for at in ("tbody tr:visible", "[role=status]", "input"))
            before = rows.count()
            assert status.inner_text() == f"{before} of {before} rows"
            word = rows.last.locator("td").first.inner_text().split()[0]
            field.fill(word)
            texts = rows.all_inner_texts()
            assert texts and all(word.lower() in text.lower() for text in texts)
            field.fill("no such word")
            assert rows.count() == 0 and status.inner_text() == f"0 of {before} rows"
            field.fill("")
            assert rows.count() == before
            for column, heading in enumerate(table.locator("th button").all()):
                cells = table.locator(f"tbody td:nth-child({column + 1})")
                heading.click()
                up = leading_numbers(cells.all_inner_texts())
                heading.click()
                assert up == sorted(up)
                assert leading_numbers(cells.all_inner_texts()) == sorted(up, reverse=True)
                assert heading.locator("..").get_attribute("aria-sort") == "descending"


def test_verdicts_are_chosen_by_name_and_stand_in_the_address(built_book: Path, browser: Browser) -> None:
    with opened(browser, built_book / "scoreboard.html") as (page, _):
        table = page.locator(".searchable:visible").first
        for name in ("reproduced", "too noisy"):
            table.locator(f"button.chip[value='{name}']").click()
        shown = table.locator("tbody tr:visible")
        verdicts = set(shown.locator("[class^=verdict-]").all_inner_texts())
        assert verdicts == {"reproduced", "too noisy"} and "verdict=too+noisy" in page.url
        table.locator("input").fill("MAE")
        before = shown.count()
        page.reload()
        assert 0 < shown.count() == before and table.locator("button.chip[aria-pressed=true]").count() == 2


@pytest.mark.parametrize("name", POINTED)
def test_marks_show_what_they_are_under_the_pointer(built_book, browser, name):
    with opened(browser, built_book / f"{name}.html") as (page, _):
        plots = page.locator("figure.pointed").all()
        assert plots
        for plot in plots:
            mark = plot.locator(".mark").last  # the last drawn lies above the others
            mark.scroll_into_view_if_needed()
            box = mark.bounding_box()
            assert box is not None
            title = page.evaluate(
                "([x, y]) => document.elementFromPoint(x, y).closest('.mark')?.querySelector('title').textContent",
                [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
            )
            # A measured and a predicted value, or a sentence of an element that stands in the list below too.
            listed = plot.locator("xpath=following-sibling::details[1]//li").all_text_contents()
            assert title in listed and (", predicted " in title or ": " in title)


def test_search_finds_pages_without_a_server(built_book: Path, browser: Browser) -> None:
    with opened(browser, built_book / "status.html") as (page, _):
        page.keyboard.press("Control+k")
        page.locator("input[type=search]:focus").fill("perovskite")
        page.keyboard.press("Enter")
        results = page.locator("#search-results ul.search li a")
        results.first.wait_for()
        paths = {urlsplit(str(link.get_attribute("href"))).path for link in results.all()}
        assert "xie2018/perovskites.html" in paths
        results.first.click()
        page.wait_for_load_state()
        assert "perovskite" in page.locator("main").inner_text().lower()
