"""The scoreboard's tables and picture: every number with a link, and nothing typed by hand."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from bs4 import BeautifulSoup

from replicate import papers, records, report
from replicate.evaluation.compare import counts, of_kind, scoreboard
from replicate.report.html import mean_and_sd
from replicate.report.links import row_link


@pytest.fixture(scope="module")
def picture() -> BeautifulSoup:
    return BeautifulSoup(report.scoreboard_picture(scoreboard()).data, "html.parser")


def test_the_picture_links_every_number_that_was_trained_for(picture: BeautifulSoup) -> None:
    # A half-filled mark is two shapes, and two links.
    links = dict.fromkeys(str(a["href"]) for a in picture.select("svg a"))
    assert sorted(links) == sorted(row_link(t.id) for t in papers.targets() if t.kind == "trained")


@pytest.mark.parametrize(
    ("mean", "sd", "printed", "text"),
    [
        (0.3377, 0.0123, "0.307", "0.338 ± 0.012"),
        (0.991, 0.002, "0.99", "0.991 ± 0.002"),
        (17211.8, 1375.6, "17 000", "17,212 ± 1,376"),
        (57.31, 33.14, "75", "57 ± 33"),
        (0.0, 0.0, "2.6", "0.00 ± 0.00"),
        (0.226, 0.0012, "0.3", "0.226 ± 0.001"),
        (0.226, 0.000012, "0.3", "0.23 ± 0.00"),
        (9.96, 0.0996, "10.0", "9.96 ± 0.10"),
        (78.0, None, "58", "78"),
        (None, None, "58", "–"),
    ],
)
def test_a_deviation_has_two_digits_at_most(
    mean: float | None, sd: float | None, printed: str, text: str
) -> None:
    assert mean_and_sd(mean, sd, printed) == text


def test_panels_are_the_papers_and_count_their_numbers(picture: BeautifulSoup) -> None:
    for paper, figure in zip(papers.papers(), picture.select("figure"), strict=True):
        found = counts([row for row in of_kind(scoreboard(), "trained") if row.paper == paper.id])
        shown = {mark["title"]: int(mark.get_text()) for mark in figure.select(".mark")}
        assert shown == {name: n for name, n in found.items() if n}
        assert paper.short in figure.get_text()
        assert str(figure.svg["aria-label"]).startswith("Ours over published")


def test_the_picture_takes_ink_and_letters_from_the_page(picture: BeautifulSoup) -> None:
    text = str(picture)
    assert "#1b1f24" not in text and "DejaVu" not in text and "currentColor" in text
    ids = Counter(re.findall(r' id="([^"]+)"', text))
    # Markers and clip paths of one shape are the same in every panel.
    assert not {name for name, n in ids.items() if n > 1 and not re.fullmatch(r"[mp][0-9a-f]{10}", name)}


def test_rows_of_the_scoreboard_lead_to_rows_of_the_pages() -> None:
    for paper in papers.papers():
        table = BeautifulSoup(report.full_scoreboard(paper.id).data, "html.parser")
        wanted = [row_link(target.id) for target in papers.targets() if target.paper == paper.id]
        assert [row.a["href"] for row in table.select("tbody tr")] == wanted


def test_an_experiment_without_printed_numbers_says_so() -> None:
    record = records.full_record("quinn2022-ionization")
    assert record is not None
    assert "prints no number" in str(report.comparison(record).data)
