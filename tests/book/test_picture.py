"""The README's picture holds every panel of the start page, and says which counts it shows."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from replicate import report
from replicate.results.compare import counts, of_kind, scoreboard
from workflow import picture


def test_the_picture_says_what_the_page_shows(tmp_path: Path, browser: Browser) -> None:
    rows = scoreboard()
    start, end = ('<!doctype html><meta charset="utf-8"><article>', '<div style="height: 3000px"></div></article>')
    page, taken = tmp_path / "intro.html", tmp_path / "book.png"
    page.write_text(f"{start}{report.scoreboard_picture(rows).data}{end}", encoding="utf-8")
    wanted = counts(of_kind(rows, "trained"))
    assert picture.take(browser, page, taken) == picture.shown_counts(taken) == wanted
    with Image.open(taken) as image:
        # As far as the last panel, not the whole page.
        assert image.width == 1920 and 900 < image.height < 12_000
        assert image.convert("L").getextrema() != (255, 255)
