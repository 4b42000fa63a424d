"""``make bench`` times the first paint over a line whose slowness does not depend on the machine."""

from pathlib import Path

from playwright.sync_api import Browser

from workflow.bench import paint


def test_a_page_is_painted_when_the_slow_line_has_brought_what_it_needs(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('<link rel="stylesheet" href="style.css"><p>text</p>', encoding="utf-8")
    (tmp_path / "style.css").write_text("/* " + "x" * paint.LINE["downloadThroughput"] + " */", encoding="utf-8")
    with paint.served(tmp_path) as address:
        assert paint.first_paint(browser, f"{address}/page.html") > 1
