"""Tables in a browser: they filter and sort, fit a phone and are printed whole."""

import re
from pathlib import Path

import pytest
from chromium import ON_A_PHONE, PHONE, SEARCHABLE, opened, overflowing, pages_that_call
from playwright.sync_api import Browser

from replicate.results import papers

CHAPTERS = [paper.id for paper in papers.papers()]
# Pages with many columns.
WIDE = ["scoreboard", "about/own-data", "konno2021/preliminary", "xie2018/perovskites"]
WIDE += [f"zeng2019/{page}" for page in ("band-gap", "metals", "non-superconductors")]
# The scoreboard, and of each chapter the first page that compares.
COMPARED = ["scoreboard"]
COMPARED += [next(name for name in pages_that_call("comparison") if name.startswith(f"{id}/")) for id in CHAPTERS]


@pytest.mark.parametrize("name", WIDE)
def test_no_table_is_wider_than_its_column_on_a_desktop(built_book: Path, browser: Browser, name: str) -> None:
    with opened(browser, built_book / f"{name}.html") as (page, _):
        assert page.locator("article table").count() > 0 and overflowing(page) == []


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


def test_numbers_are_chosen_by_verdict_paper_and_group_and_stand_in_the_address(built_book, browser):
    with opened(browser, built_book / "scoreboard.html") as (page, _):
        (table,) = page.locator(".searchable:visible").all()
        shown, pressed = table.locator("tbody tr:visible"), table.locator("button.chip[aria-pressed=true]")
        verdicts = shown.locator("[class^=verdict-]")
        for name in ("reproduced", "too noisy"):
            table.locator(f"button.chip[value='{name}']").click()
        assert set(verdicts.all_inner_texts()) == {"reproduced", "too noisy"} and "verdict=too+noisy" in page.url
        for facet, name in {"paper": CHAPTERS[0], "group": "trained"}.items():
            chip = table.locator(f"button.chip[value='{name}']")
            said = int(chip.inner_text().split()[-1])
            chip.click()
            assert 0 < shown.count() == said and f"{facet}={name}" in page.url
            chosen = {row.get_attribute(f"data-{facet}") for row in shown.all()}
            assert chosen == {name}
        table.locator("input").fill("MAE")
        before = shown.count()
        page.reload()
        assert 0 < shown.count() == before and pressed.count() == 4
        for chip in pressed.all()[::-1]:
            chip.click()
        for words, wanted in {
            "reproduced": "reproduced",
            "not reproduced": "not reproduced",
            "noisy": "too noisy",
        }.items():
            table.locator("input").fill(words)
            assert wanted in set(verdicts.all_inner_texts()) <= {wanted, "other data"}, words


def test_what_is_chosen_is_printed_whole(built_book: Path, browser: Browser) -> None:
    targets = papers.targets()
    cited = [target for target in targets if target.kind == "cited"]
    for chosen, wanted in {"": targets, "?group=cited": cited}.items():
        with opened(browser, built_book / "scoreboard.html", address=chosen) as (page, _):
            page.emulate_media(media="print")
            rows = page.locator(".searchable tbody tr:visible")
            assert rows.count() == len(wanted) > 0
            # No box around them ends before they do.
            assert rows.last.evaluate(_CUT) == [] and overflowing(page) == []


_CUT = """(row) => {
    const boxes = [];
    for (let e = row.parentElement; e !== document.documentElement; e = e.parentElement)
        if (getComputedStyle(e).overflowY !== "visible" && e.scrollHeight > e.clientHeight + 1) boxes.push(e.className);
    return boxes;
}"""


@pytest.mark.parametrize("name", COMPARED)
def test_on_a_phone_a_number_and_its_verdict_are_in_sight(built_book: Path, browser: Browser, name: str) -> None:
    with opened(browser, built_book / f"{name}.html", **ON_A_PHONE) as (page, _):
        outside = page.locator("table.stacked tbody tr").evaluate_all(_OUTSIDE, PHONE)
        assert page.locator("table.stacked tbody tr").count() > 0 and outside == []


_OUTSIDE = """(rows, width) => rows.filter(row => [...row.cells].some(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const { left, right } = range.getBoundingClientRect();
    return left < 0 || right > width || getComputedStyle(cell, "::before").content === "none" && cell !== row.cells[0];
})).map(row => row.innerText)"""
