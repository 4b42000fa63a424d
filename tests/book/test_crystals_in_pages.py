"""The viewer of crystals in a browser: a drawing without a script, a slider, and 3-D when a reader asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

PAGE = "how/crystal-graph.html"
_BONDS = "(panel) => document.querySelector('figure.crystals').panels[panel].bonds.length"


def drawn_bonds(page: Page, panel: int) -> int:
    lines = page.locator("figure.crystals .crystal").nth(panel).locator(".bond")
    return sum(float(str(line.get_attribute("stroke-width"))) > 0 for line in lines.all())


def test_without_a_script_there_is_a_drawing_and_no_dead_control(built_book: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built_book / PAGE).as_uri())
    expect(page.locator("figure.crystals svg").first).to_be_visible()
    expect(page.locator("figure.crystals input")).to_be_hidden()
    expect(page.locator("figure.crystals .note").first).to_contain_text("Na, 12 neighbours: 6 Cl at")
    context.close()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_reader_turns_crystals_and_counts_bonds(motion, built_book: Path, browser: Browser) -> None:
    asked: list[str] = []
    context = browser.new_context(reduced_motion=motion)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto((built_book / PAGE).as_uri())
    slider, note = page.locator("figure.crystals input"), page.locator("figure.crystals .note").first
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    expect(note).to_contain_text("Na, 6 neighbours: 6 Cl at")
    assert drawn_bonds(page, 0) == 6
    assert not any("3dmol" in url for url in asked), "the viewer is loaded when it is asked for"
    page.locator("figure.crystals button").click()
    expect(page.locator("figure.crystals canvas")).to_have_count(4, timeout=60_000)
    assert page.evaluate(_BONDS, 0) == 6
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(note).to_contain_text("Na, 7 neighbours: 6 Cl at")
    assert page.evaluate(_BONDS, 0) == 18  # a shell of 12 that share the seventh place
    look = "document.querySelector('figure.crystals').panels[0].viewer.getView().slice(4)"
    before = page.evaluate(look)
    page.wait_for_timeout(300)
    assert page.evaluate(look) == before, "nothing turns by itself"
    page.locator(".crystal-canvas").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(look) != before
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


def test_a_page_without_crystals_loads_no_script_for_them(built_book: Path) -> None:
    texts = {page: (built_book / page).read_text(encoding="utf-8") for page in (PAGE, "zeng2019/band-gap.html")}
    assert ["crystals.js" in text for text in texts.values()] == [True, False]
