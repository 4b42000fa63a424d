"""The built book in a browser: no error, no request to elsewhere, no sideways scroll, no dead link, accessible."""

import re
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from chromium import DESKTOP, ON_A_PHONE, PAGES, PHONE, REQUESTS, SEARCHABLE, opened, pages_that_call
from PIL import Image
from playwright.sync_api import Browser, Page

from replicate import paths
from replicate.results import papers
from workflow.pages import dead_links, with_tracebacks

CONTENTS = yaml.safe_load((paths.root() / "book" / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [paper.id for paper in papers.papers()]
# One page of every kind: their colours come from one style sheet.
DARK = ["intro", "scoreboard", "status", "about/glossary", "about/references"]
DARK += [name for paper in CHAPTERS for name in [page for page in PAGES if page.startswith(f"{paper}/")][:2]]
LIGHT = 900_000
"""Bytes that a page and its style sheets, scripts and fonts have at most, uncompressed, without pictures."""
# WCAG 2.1, levels A and AA, and an unbroken order of headings.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "rules": {"heading-order": {"enabled": True}}}
WITHOUT_FORMULAS = {f"zeng2019/{page}" for page in ("formation-energy", "critical-temperature", "non-superconductors")}
"""Pages whose parity plot names no compound: it is of the full record, which keeps no rows."""

_PLOTS = {*pages_that_call("parity")} - WITHOUT_FORMULAS
POINTED = [name for name in PAGES if name in {*_PLOTS, *pages_that_call("element_tables")}]


def test_every_page_is_built_whole(built_book: Path) -> None:
    assert [name for name in PAGES if not (built_book / f"{name}.html").is_file()] == []
    assert with_tracebacks(built_book) == [] and dead_links(built_book) == []


def sideways(page: Page, width: int) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"scrolls sideways: {wide} px on a screen of {width} px"] if wide > width else []


def loaded(page: Page, book: Path) -> int:
    """Return how many bytes a page loaded, pictures left out."""
    files = {Path(unquote(urlsplit(address).path)) for address in REQUESTS[page]}
    assert any(file.suffix == ".css" for file in files)
    return sum(file.stat().st_size for file in files if file.is_file() and book / "_images" not in file.parents)


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
        assert loaded(page, built_book) < LIGHT
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


@pytest.mark.parametrize("system", ["light", "dark"])
def test_figures_are_as_dark_as_their_page(built_book: Path, browser: Browser, system: str) -> None:
    """Without a choice of the reader's the page is as dark as the system, and the figures are as dark as the page."""
    with closing(browser.new_page(color_scheme=system)) as page:
        page.goto((built_book / "zeng2019" / "band-gap.html").as_uri())
        other = {"light": "dark", "dark": "light"}[system]
        for theme in (system, other):
            figure = page.locator(".cell_output img").last
            with Image.open(BytesIO(figure.screenshot())) as picture:
                ground = picture.convert("L").resize((1, 1)).getpixel((0, 0))
            assert page.evaluate("document.documentElement.dataset.theme") == theme
            assert (ground > 128) == (theme == "light")
            page.evaluate(f"document.documentElement.dataset.theme = '{other}'")


@pytest.mark.parametrize(("query", "there"), [("0.039", "xie2018/formation-energy"), ("MgB2", "zeng2019/held-out")])
def test_search_finds_what_stands_in_tables(built_book: Path, browser: Browser, query: str, there: str) -> None:
    with closing(browser.new_page()) as page:
        page.goto(f"{(built_book / 'search.html').as_uri()}?q={query}")
        page.locator("#search-results li a").first.wait_for()
        links = page.locator("#search-results li a").evaluate_all("links => links.map(link => link.pathname)")
        assert any(link.endswith(f"/{there}.html") for link in links)


@pytest.mark.parametrize("name", PAGES)
def test_page_on_a_phone(built_book: Path, browser: Browser, name: str) -> None:
    with opened(browser, built_book / f"{name}.html", **ON_A_PHONE) as (page, troubles):
        troubles += page.evaluate(_MISSING_IMAGES)  # loads them all; they may be what is too wide
        troubles += sideways(page, PHONE)
        assert troubles == []
        assert min(page.evaluate(_SHARES), default=1) > 0.64, "letters of a picture are too small to read"


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


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_in_its_head_where_it_stands_and_what_it_says(built_book: Path, name: str) -> None:
    head = BeautifulSoup((built_book / f"{name}.html").read_text(encoding="utf-8"), "html.parser").head
    assert head is not None and head.title is not None
    (said,) = (str(tag["content"]) for tag in head.select("meta[name=description]"))
    assert 40 <= len(said) <= 200 and "<" not in said
    paper = papers.paper(name.split("/")[0]) if name.split("/")[0] in CHAPTERS else None
    if paper and not name.endswith("/index"):
        captions = {part["caption"].partition(" (")[0]: part for part in CONTENTS["parts"]}
        (chapter,) = (words for words, part in captions.items() if part["chapters"][0]["file"] == f"{paper.id}/index")
        assert f" · {chapter} " in head.title.get_text()


def test_nothing_moves_for_those_who_ask_for_that(built_book: Path, browser: Browser) -> None:
    moving = (
        "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0.001)"
    )
    numbers = []
    for wish in ("no-preference", "reduce"):
        with opened(browser, built_book / "scoreboard.html", reduced_motion=wish) as (page, _):
            numbers.append(page.evaluate(f"{moving}.length"))
    assert numbers[0] > 0 == numbers[1]


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
            assert title and title.strip() in {text.strip() for text in listed}
            assert ", predicted " in title or ": " in title


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
