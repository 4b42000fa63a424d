"""A verdict opens what lies behind its number, for a pointer and a keyboard; without scripts it is a link."""

import json
import re
from pathlib import Path
from statistics import fmean, stdev

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from test_pages import DESKTOP, ON_A_PHONE, PHONE, RULES, opened, sideways, violations

from replicate import paths
from replicate.report.links import row_link
from replicate.results import papers
from replicate.results.verdict import half_width

# A page of an experiment, the board, and a chapter's first page; on each a number of several seeds.
SHOWN = {
    "zeng2019/band-gap": "zeng2019-gap/mae",
    "scoreboard": "zeng2019-tc/mae",
    "zeng2019/index": "zeng2019-metal/auc",
}
BAD = "<img src=x onerror=alert(1)><script>alert(1)</script>"


def verdict(page: Page, number: str) -> Locator:
    return page.locator(f"a.why[data-number='{number}']").first


def drawer(page: Page, number: str) -> Locator:
    """Open the drawer of a number by a click, and return it."""
    verdict(page, number).click()
    dialog = page.locator("dialog.drawer[open]")
    dialog.wait_for()
    return dialog


@pytest.mark.parametrize(("name", "number"), SHOWN.items())
def test_a_drawer_says_what_the_record_says(built_book: Path, browser: Browser, name: str, number: str) -> None:
    target = papers.target(number)
    record = json.loads((paths.results_dir() / f"{target.experiment}.json").read_text(encoding="utf-8"))
    values = record["metrics"][target.metric]["values"]
    with opened(browser, built_book / f"{name}.html") as (page, troubles):
        loaded: list[str] = []
        page.on("request", lambda request: loaded.append(request.url))
        assert page.locator("script[src*='numbers/']").count() == 0, "loaded when it is asked for"
        dialog = drawer(page, number)
        sentence = dialog.locator(".rule").inner_text()
        ours, rest = sentence.split(" over ")
        mean, sd = (float(part.split()[0]) for part in ours.split("±"))
        assert mean == pytest.approx(fmean(values), abs=0.01) and sd == pytest.approx(stdev(values), rel=0.2)
        reach = half_width(stdev(values), len(values)) + target.half_digit
        ends = re.search(r"is (\S+) to ([^;]+);", rest)
        assert ends is not None
        low, high = map(float, ends.groups())
        assert (low, high) == pytest.approx((fmean(values) - reach, fmean(values) + reach), abs=0.01)
        assert f"the printed {target.printed} lies {'inside' if low < target.published < high else 'outside'}" in rest
        assert rest.startswith(f"{len(values)} seeds") and dialog.locator("svg circle").count() == len(values)
        assert verdict(page, number).inner_text() == dialog.locator("[class^=verdict-]").inner_text()
        assert loaded == [(built_book / f"numbers/{target.experiment}.js").as_uri()]
        for link in dialog.locator("dd a[href^='file:']").all():
            copy = Path(str(link.get_attribute("href")).removeprefix("file://"))
            assert json.loads(copy.read_text(encoding="utf-8"))["key"] == record["key"]
        assert dialog.locator("dd a[href^='https://doi.org/10.']").count() and record["key"] in dialog.inner_text()
        assert f"replicate show {number} --verify" in dialog.inner_text()
        assert troubles == []


@pytest.mark.parametrize("name", SHOWN)
def test_a_keyboard_opens_and_closes_a_drawer(built_book: Path, browser: Browser, name: str) -> None:
    with opened(browser, built_book / f"{name}.html") as (page, troubles):
        link, dialog = verdict(page, SHOWN[name]), page.locator("dialog.drawer")
        for close in ("Escape", "Enter"):  # the focus is on the button that closes it
            link.focus()
            page.keyboard.press("Enter")
            expect(dialog).to_be_visible()
            assert page.evaluate("document.querySelector('dialog.drawer').contains(document.activeElement)")
            page.keyboard.press(close)
            expect(dialog).to_be_hidden()
            expect(link).to_be_focused()
        drawer(page, SHOWN[name])
        page.mouse.click(20, 400)  # beside it
        expect(dialog).to_be_hidden()
        assert troubles == []


@pytest.mark.parametrize("name", SHOWN)
def test_the_permalink_is_copied_and_leads_to_the_row(built_book: Path, browser: Browser, name: str) -> None:
    with opened(browser, built_book / f"{name}.html", permissions=["clipboard-read", "clipboard-write"]) as (page, _):
        dialog = drawer(page, SHOWN[name])
        permalink = dialog.locator(".permalink a")
        address = f"{built_book.as_uri()}/{row_link(SHOWN[name])}"
        assert permalink.get_attribute("href") == permalink.inner_text() == address
        dialog.locator(".permalink button").click()
        expect(dialog.locator(".permalink button")).to_have_text("copied")
        assert page.evaluate("navigator.clipboard.readText()") == address
        if (built_book / row_link(SHOWN[name]).split("#")[0]).is_file():
            permalink.click()
            page.wait_for_url(address)
            expect(page.locator("tr:has(:target)")).to_contain_text(papers.target(SHOWN[name]).printed)
            expect(page.locator("tr:has(:target)")).to_be_in_viewport()


def test_without_scripts_a_verdict_leads_to_its_row(built_book: Path, browser: Browser) -> None:
    with opened(browser, built_book / "scoreboard.html") as (page, _):
        address = f"{built_book.as_uri()}/{row_link('zeng2019-gap/mae')}"
        assert page.evaluate("(link) => link.href", verdict(page, "zeng2019-gap/mae").element_handle()) == address
    page = browser.new_page(java_script_enabled=False)
    page.goto((built_book / "scoreboard.html").as_uri())
    verdict(page, "zeng2019-gap/mae").click()
    page.wait_for_url(address)
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_drawer_is_accessible_in_both_themes(built_book: Path, browser: Browser, theme: str) -> None:
    with opened(browser, built_book / "zeng2019/band-gap.html", theme) as (page, troubles):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        dialog = drawer(page, SHOWN["zeng2019/band-gap"])
        for entry in dialog.locator("summary").all():
            entry.click()
        for entry in dialog.locator("pre").all():
            expect(entry).to_be_visible()
        assert troubles == [] and violations(page, RULES) == []
        page.emulate_media(media="print")
        expect(dialog).to_be_hidden()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_drawer_fits_the_screen(built_book: Path, browser: Browser, width: int) -> None:
    context = ON_A_PHONE if width == PHONE else {}
    with opened(browser, built_book / "scoreboard.html", **context) as (page, _):
        dialog = drawer(page, SHOWN["scoreboard"])
        box = dialog.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
        assert dialog.evaluate("(box) => box.scrollWidth <= box.clientWidth") and sideways(page, width) == []


def test_markup_behind_a_number_is_shown_as_text(built_book: Path, browser: Browser) -> None:
    with opened(browser, built_book / "scoreboard.html") as (page, troubles):
        drawer(page, SHOWN["scoreboard"])
        page.keyboard.press("Escape")
        told = dict.fromkeys(("quantity", "rule", "printed", "unit", "where"), BAD)
        told |= {"part data": [BAD], "commands": {BAD: BAD}, "cite": {BAD: BAD}}
        told |= {"caveats": [BAD], "verdict": "close", "links": {}, "values": [1.0, 2.0]}
        told |= {"published": 1.5, "interval": [1, 2], "near": [1, 2], "ends": [BAD, BAD]}
        content = {"parts": ["data"], "shared": {}, "own": {SHOWN["scoreboard"]: told}}
        page.evaluate("(content) => drawer.numbers(content)", content)
        dialog = drawer(page, SHOWN["scoreboard"])
        assert dialog.locator("img, script").count() == 0 and dialog.inner_text().count("alert(1)") > 6
        assert troubles == []
