"""Every experiment's page, and every chapter's first page, has all its parts, in one order and the same words."""

from __future__ import annotations

import re
from inspect import signature
from itertools import pairwise

import pytest

from replicate import papers, records, report
from replicate.report.links import PAGES
from workflow.sources import Source, discover

SOURCES = {source.name: source for source in discover()}
OWN = "beyond"
EXPERIMENTS = {page: experiment for experiment, page in PAGES.items() if not page.startswith(OWN)}
OWN_PAGES = {page: experiment for experiment, page in PAGES.items() if page.startswith(OWN)}
DRAWN = [
    name
    for name in report.__all__
    if callable(drawn := getattr(report, name)) and signature(drawn).return_annotation == "Figure"
]
FIGURE = rf"^(?:    )?(?:report\.(?:{'|'.join(DRAWN)})|finished)\("
"""A figure of the package, or one that is drawn on the page itself."""
CHAPTERS = [paper.id for paper in papers.papers()]


def cells(source: Source) -> str:
    """Return a notebook's text and code in order, Markdown as it is."""
    return "\n\n".join(cell.source for cell in source.notebook.cells)


def headings(source: Source) -> list[str]:
    text = "\n".join(cell.source for cell in source.notebook.cells if cell.cell_type == "markdown")
    return re.findall(r"^## (.+)$", text, flags=re.MULTILINE)


def in_order(wanted: list[str], text: str) -> list[str]:
    """Return the patterns that do not occur in the text behind the one before."""
    missing, place = [], 0
    for pattern in wanted:
        found = re.compile(pattern, flags=re.MULTILINE).search(text, place)
        if found is None:
            missing.append(pattern)
        else:
            place = found.end()
    return missing


WITH_ANSWER = [page for page in EXPERIMENTS if "answer_card(" in cells(SOURCES[page])]
"""Pages that begin with their answer and show their model; the others still begin with the paper's numbers."""
TRAINED = [
    page for page in WITH_ANSWER if (full := records.full_record(EXPERIMENTS[page])) is None or full.training
]
"""Pages of these whose experiment trains a network."""
WRITTEN = [paper for paper in CHAPTERS if "say(" in cells(SOURCES[f"{paper}/index"])]
"""Chapters whose conclusions stand in their notebooks."""


@pytest.mark.parametrize("page", WITH_ANSWER)
def test_a_page_begins_with_its_answer_and_shows_its_model(page: str) -> None:
    experiment = EXPERIMENTS[page]
    parts = [
        r"^# ",
        rf'^answer_card\(\s*"{experiment}/',
        r"^\*\*The claim\*\* \(\{cite:t\}`",
        r"^\*\*The question here\*\*",
        *([r"^## The model$", r"^\$\$$", r"\bfit\("] if page in TRAINED else []),
        r"^## Data$",
        r"^## The record$",
        r"^# parameters:",
        r"^guard\(globals\(\)\)$",
        r"^record = experiments\.run",
        FIGURE,
        r"^## Limits, and what we had to choose$",
        r"^- ",
        r"^## Every published number$",
        r"^report\.comparison\(record\)$",
        r"^## Run it yourself$",
        rf'^report\.provenance\(record, "{page}"\)$',
    ]
    assert in_order(parts, cells(SOURCES[page])) == []


@pytest.mark.parametrize("page", [*TRAINED, *OWN_PAGES])
def test_the_code_of_a_model_is_shown_and_short(page: str) -> None:
    shown = SOURCES[page].notebook.cells
    first = next(i for i, cell in enumerate(shown) if "## The model" in cell.source.splitlines())
    last = next(i for i, cell in enumerate(shown) if "## Data" in cell.source.splitlines())
    code = [cell for cell in shown[first:last] if cell.cell_type == "code"]
    assert [cell.source for cell in code if cell.metadata.get("tags")] == []
    text = "\n".join(cell.source for cell in code)
    assert re.search(r"^from replicate\.(models|experiments)", text, re.MULTILINE)
    assert "FitConfig(" in text and re.search(r"\bfit\(", text)
    assert [cell.source for cell in code if len(cell.source.splitlines()) > 15] == []


@pytest.mark.parametrize("page", [*WITH_ANSWER, *OWN_PAGES])
def test_every_figure_has_a_caption(page: str) -> None:
    shown = SOURCES[page].notebook.cells
    bare = [
        cell.source
        for cell, behind in pairwise(shown)
        if cell.cell_type == "code" and re.search(FIGURE, cell.source, re.MULTILINE)
        if not re.match(r"\*[^*]+\.\*(\n|$)", behind.source)
    ]
    assert bare == []


@pytest.mark.parametrize("page", OWN_PAGES)
def test_page_beyond_the_papers_has_all_parts(page: str) -> None:
    parts = [
        r"^# ",
        rf'^say\(\s*"{OWN_PAGES[page]}"',
        r"^\*\*The questions?\*\*",
        r"^## The model$",
        r"\bfit\(",
        r"^## Data$",
        r"^## The record$",
        r"^# parameters:",
        r"^guard\(globals\(\)\)$",
        r"^record = experiments\.run",
        FIGURE,
        r"^## Limits, and what we had to choose$",
        r"^- ",
        r"^## Run it yourself$",
        rf'^report\.provenance\(record, "{page}"\)$',
    ]
    assert in_order(parts, cells(SOURCES[page])) == []


@pytest.mark.parametrize("page", [*EXPERIMENTS, *OWN_PAGES])
def test_no_command_of_a_page_is_typed(page: str) -> None:
    assert "papermill notebooks/" not in cells(SOURCES[page])


def test_what_is_neither_an_experiment_nor_a_summary_is_known() -> None:
    others = {source.name for source in SOURCES.values() if not source.summary} - set(PAGES.values())
    assert {name.split("/")[0] for name in others} <= {"about"}


@pytest.mark.parametrize("paper", WRITTEN)
def test_chapter_page_says_what_each_experiment_came_to(paper: str) -> None:
    source = SOURCES[f"{paper}/index"]
    parts = ["Verdict", "Pages", "Experiment by experiment", "Claims", "What we had to choose", "Data"]
    assert [heading for heading in headings(source) if heading in parts] == parts
    pages = [page for page in SOURCES if page in EXPERIMENTS and page.startswith(f"{paper}/")]
    assert set(pages) <= set(WITH_ANSWER)
    shown = [
        rf"\{{cite:t\}}`{paper}`",
        rf'^report\.verdict_sentences\("{paper}"\)$',
        *(rf'^say\(\s*"{EXPERIMENTS[page]}"' for page in pages),
        rf'^report\.chapter_claims\("{paper}"\)$',
        r"^\| choice \| the paper says \| (the authors' code does \| )?we do \| why \|$",
        rf'^report\.chapter_data\("{paper}"\)$',
    ]
    assert in_order(shown, cells(source)) == []


@pytest.mark.parametrize("paper", CHAPTERS)
def test_chapter_page_links_its_pages_in_the_order_of_the_contents(paper: str) -> None:
    named = re.findall(r"^\| \[[^\]]+\]\(([\w-]+)\.ipynb\)", cells(SOURCES[f"{paper}/index"]), re.MULTILINE)
    wanted = [name.split("/")[1] for name in SOURCES if name in EXPERIMENTS and name.startswith(f"{paper}/")]
    assert named == wanted


def test_a_table_is_no_figure() -> None:
    assert re.search(FIGURE, "report.candidates(best)\nreport.panels(full, record)", re.MULTILINE) is None
    assert re.search(FIGURE, "report.parity(shown)", re.MULTILINE) is not None
    assert re.search(FIGURE, 'axis.plot(x)\nfinished(figure, "A line.")', re.MULTILINE) is not None


def test_a_missing_part_is_told() -> None:
    assert in_order(["^a$", "^b$"], "b\na\n") == ["^b$"]
    assert in_order(["^a$", "^b$"], "a\nx\nb") == []
