"""What a page owes to those who see it otherwise: contrast, alternative texts, order of headings, a visible focus."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from workflow.sources import table_of_contents

PAGES = table_of_contents()
# One page of every kind: their colours come from one style sheet.
DARK = ["intro", "scoreboard", "status", "about/glossary", "about/references"]
DARK += [
    name
    for chapter in ("zeng2019", "xie2018", "konno2021", "quinn2022")
    for name in [page for page in PAGES if page.startswith(f"{chapter}/")][:2]
]
# WCAG 2.1, levels A and AA, and an unbroken order of headings.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "rules": {"heading-order": {"enabled": True}},
}
CONTRAST = {"runOnly": ["color-contrast"]}


def opened(browser: Browser, file: Path, theme: str) -> Page:
    """Return a page in one theme."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    page.goto(file.as_uri(), wait_until="load")
    return page


def violations(browser: Browser, file: Path, theme: str, options: dict[str, Any]) -> list[str]:
    """Return what axe finds on a page in one theme, one line per place."""
    page = opened(browser, file, theme)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    response = Axe().run(page, options={"resultTypes": ["violations"], **options}).response
    page.close()
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_page_keeps_the_rules(built_book: Path, browser: Browser, name: str) -> None:
    assert violations(browser, built_book / f"{name}.html", "light", RULES) == []


@pytest.mark.parametrize("name", DARK)
def test_contrast_in_the_dark(built_book: Path, browser: Browser, name: str) -> None:
    assert violations(browser, built_book / f"{name}.html", "dark", CONTRAST) == []


@pytest.mark.parametrize("name", PAGES)
def test_pictures_say_what_they_show(built_book: Path, name: str) -> None:
    page = BeautifulSoup((built_book / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    assert page.html is not None and page.html["lang"] == "en"
    pictures = page.select("article img")
    # MyST-NB's own text for a picture without one is its file's name.
    silent = [
        image["src"] for image in pictures if not re.match(r"\S+ \S+ \S+ \S+", str(image.get("alt", "")))
    ]
    assert silent == []
    assert [
        svg for svg in page.select("article svg.figure, article figure svg") if not svg.get("aria-label")
    ] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_keyboard_focus_is_visible(built_book: Path, browser: Browser, theme: str) -> None:
    page = opened(browser, built_book / "scoreboard.html", theme)
    seen = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        kind, style, width = page.evaluate(_FOCUS)
        seen.add(kind)
        assert (style != "none" and width >= 1) or kind == "BODY", (
            f"{kind} has the focus and does not show it"
        )
    assert {"A", "BUTTON", "INPUT"} <= seen
    page.close()


_FOCUS = """() => {
    const e = document.activeElement, s = getComputedStyle(e);
    const ring = s.boxShadow !== "none" ? 2 : 0;
    return [e.tagName, ring ? "shadow" : s.outlineStyle, Math.max(ring, parseFloat(s.outlineWidth) || 0)];
}"""
