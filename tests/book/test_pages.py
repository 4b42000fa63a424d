"""The built book in a browser: no error, no request to elsewhere, no sideways scroll, no dead link."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from replicate.bookbuild.pages import with_tracebacks
from replicate.bookbuild.sources import table_of_contents

PAGES = table_of_contents()
DESKTOP, PHONE = 1280, 390


def test_no_page_shows_a_traceback(built_book: Path) -> None:
    assert with_tracebacks(built_book) == []


def test_every_page_of_the_contents_is_built(built_book: Path) -> None:
    assert [name for name in PAGES if not (built_book / f"{name}.html").is_file()] == []


@pytest.mark.parametrize(
    "trouble",
    [
        '<div class="output traceback highlight-ipythontb notranslate">',
        "<pre>Traceback (most recent call last):</pre>",
        '<span id="papermill-error-cell">',
    ],
)
def test_a_traceback_is_found(tmp_path: Path, trouble: str) -> None:
    (tmp_path / "sound.html").write_text("<p>all is well</p>", encoding="utf-8")
    broken = tmp_path / "chapter" / "broken.html"
    broken.parent.mkdir()
    broken.write_text(f"<body>{trouble}</body>", encoding="utf-8")
    assert with_tracebacks(tmp_path) == [broken]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        found = next(filter(None, map(shutil.which, names)), playwright.chromium.executable_path)
        if not Path(found).exists():
            reason = f"no browser: none of {', '.join(names)} is installed"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
        # The pages are our own, and containers rarely allow the sandbox.
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


def troubles(browser: Browser, file: Path) -> list[str]:
    """Return what is wrong with a page when opened on a desktop and turned to a phone's width."""
    found: list[str] = []

    def judge(url: str) -> None:
        if urlsplit(url).scheme not in ("file", "data", "blob"):
            found.append(f"request to elsewhere: {url}")

    page = browser.new_page(viewport={"width": DESKTOP, "height": 900})
    page.on("request", lambda request: judge(request.url))
    page.on("requestfailed", lambda request: found.append(f"cannot load {request.url}"))
    page.on("pageerror", lambda error: found.append(f"script error: {error}"))
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.goto(file.as_uri(), wait_until="load")
    if page.locator("script[src*=mathjax]").count():
        page.wait_for_function("window.MathJax?.startup?.promise?.then(() => true)")
    if page.locator(".math").count() and not page.locator("mjx-container").count():
        found.append("equations are not drawn")
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"scrolls sideways: {wide} px on a screen of {width} px")
    found += page.evaluate(_MISSING_IMAGES)
    page.close()
    return found


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


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>all is well</p>", ""),
        ("<script src='http://127.0.0.1:9/x.js'></script>", "request to elsewhere"),
        ("<img src='gone.png'>", "missing image"),
        ("<script>missing()</script>", "script error"),
        ("<div style='width: 900px'>wide</div>", "scrolls sideways: 9"),
        ("<span class='math'>x</span>", "equations are not drawn"),
    ],
)
def test_a_trouble_is_found(browser: Browser, tmp_path: Path, html: str, told: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta name=viewport content='width=device-width'>{html}", "utf-8")
    found = troubles(browser, page)
    assert any(told in trouble for trouble in found) if told else found == []


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(built_book: Path, name: str) -> None:
    page = built_book / f"{name}.html"
    dead = []
    for link in re.findall(r'<a [^>]*href="([^"]+)"', page.read_text(encoding="utf-8")):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not target.is_file() or (
            parts.fragment and f'id="{parts.fragment}"' not in target.read_text(encoding="utf-8")
        ):
            dead.append(link)
    assert dead == []


def test_candidates_can_be_filtered_and_sorted(built_book: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 900})
    page.goto((built_book / "zeng2019" / "screening.html").as_uri(), wait_until="load")
    table = page.locator(".searchable")
    rows = table.locator("tbody tr:visible")
    before = rows.count()
    assert before > 20
    table.locator("input").fill("O")
    first = rows.first.inner_text()
    assert rows.count() > 0 and "o" in first.lower()
    table.locator("input").fill("no such compound")
    assert rows.count() == 0 and table.locator("[role=status]").inner_text().startswith("0 of")
    table.locator("input").fill("")
    assert rows.count() == before
    heading = table.locator("th button", has_text="predicted Tc")
    heading.click()
    column = [float(row.locator("td").nth(2).inner_text()) for row in rows.all()[:10]]
    assert column == sorted(column)
    heading.click()
    assert float(rows.first.locator("td").nth(2).inner_text()) == max(
        float(text) for text in table.locator("tbody tr td:nth-child(3)").all_inner_texts()
    )
    page.close()
