"""From the start page any published number leads, within three clicks, to its row, its command and its record."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from replicate import experiments, paths
from replicate.report.links import anchor, pages, row_link
from replicate.results import papers, records
from replicate.results.compare import of_kind, scoreboard
from workflow.sources import discover, table_of_contents

PAGES = pages()


@cache
def parsed(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def links(page: Path, within: str = "") -> Mapping[str, Tag]:
    return {str(a["href"]): a for a in parsed(page).select(f"{within} a[href]")}


def test_every_experiment_has_its_page() -> None:
    assert set(PAGES) == {experiment.id for experiment in experiments.questions()}
    sources = {source.name: source.pair.read_text(encoding="utf-8") for source in discover()}
    assert set(PAGES.values()) <= sources.keys() & set(table_of_contents())
    assert [page for name, page in PAGES.items() if f'"{name}"' not in sources[page]] == []


def test_the_start_page_leads_to_every_number(built_book: Path) -> None:
    start = built_book / "intro.html"
    assert "url=intro.html" in (built_book / "index.html").read_text(encoding="utf-8")
    assert "scoreboard.html" in links(start, "article")
    # The picture has what a network was trained for, the table everything.
    trained = [target for target in papers.targets() if target.kind == "trained"]
    for page, within, wanted in (
        (start, "article svg", trained),
        (built_book / "scoreboard.html", "article td", papers.targets()),
    ):
        there = links(page, within)
        assert [target.id for target in wanted if row_link(target.id) not in there] == []


def test_marks_of_the_picture_say_what_they_are(built_book: Path) -> None:
    marks = links(built_book / "intro.html", "article svg")
    for row in of_kind(scoreboard(), "trained"):
        said = str(marks[row_link(row.id)]["aria-label"])
        assert row.quantity in said and row.printed in said and said.endswith(row.verdict)


@pytest.mark.parametrize("experiment", [question.id for question in papers.questions()])
def test_a_row_stands_beside_command_and_record(built_book: Path, experiment: str) -> None:
    page = built_book / f"{PAGES[experiment]}.html"
    rows = {target: parsed(page).find(id=anchor(target.id)) for target in papers.targets(experiment)}
    for target, place in rows.items():
        line = place.find_parent("tr") if isinstance(place, Tag) else None
        assert line is not None and target.printed in line.get_text(), target.id
    # A long command goes on in the next line.
    text = parsed(page).get_text().replace(" \\\n  ", " ")
    assert re.search(rf"papermill notebooks/{PAGES[experiment]}\.ipynb \S+ -p profile smoke -p device \w+", text)
    record = paths.results_dir() / f"{experiment}.json"
    full = records.full_record(experiment)
    rest = f" --device {full.environment['device']} --refresh" if full else ""
    assert f"replicate run {experiment} --profile full{rest}\n" in text
    offered = [link for link in links(page, "article") if link.endswith(f"results/{experiment}.json")]
    assert len(offered) == record.is_file()
    for link in offered:
        copy = (page.parent / unquote(urlsplit(link).path)).resolve()
        assert json.loads(copy.read_text(encoding="utf-8"))["experiment"] == experiment
