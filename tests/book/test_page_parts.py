"""Every experiment's page, and every chapter's first page, has all its parts, in one order and the same words."""

import re
from inspect import signature
from itertools import pairwise

import pytest

from replicate import report
from replicate.report.links import pages
from replicate.results import papers, records
from workflow.sources import Source, discover

PAGES = pages()

SOURCES = {source.name: source for source in discover()}
OWN = {page: experiment for experiment, page in PAGES.items() if page.startswith("beyond")}
EXPERIMENTS = {page: experiment for experiment, page in PAGES.items() if page not in OWN}
TRAINED = [
    page for page, name in (EXPERIMENTS | OWN).items() if (full := records.full_record(name)) is None or full.training
]
"""Pages whose experiment trains a network."""
DRAWN = [
    name
    for name in report.__all__
    if callable(drawn := getattr(report, name)) and signature(drawn).return_annotation == "Figure"
]
FIGURE = rf"^(?:    )?(?:report\.(?:{'|'.join(DRAWN)})|finished)\("
"""A figure of the package, or one that is drawn on the page itself."""
CHAPTERS = [paper.id for paper in papers.papers()]


def text_of(source: Source) -> str:
    """Return a notebook's text and code in order, Markdown as it is."""
    return "\n\n".join(cell.source for cell in source.notebook.cells)


def missing(wanted: list[str], text: str) -> list[str]:
    """Return the patterns that do not occur in the text behind the one before."""
    absent, place = [], 0
    for pattern in wanted:
        match = re.compile(pattern, flags=re.MULTILINE).search(text, place)
        if match is None:
            absent.append(pattern)
        else:
            place = match.end()
    return absent


@pytest.mark.parametrize("page", [*EXPERIMENTS, *OWN])
def test_a_page_has_all_parts(page: str) -> None:
    """A page beyond the papers has no printed number, thus no card, no claim and no table of numbers."""
    if page in OWN:
        head = [rf'^say\(\s*"{OWN[page]}"', r"^\*\*The questions?\*\*"]
    else:
        head = [
            rf'^answer_card\(\s*"{EXPERIMENTS[page]}/',
            r"^\*\*The claim\*\* \(\{cite:t\}`",
            r"^\*\*The question here\*\*",
        ]
    equations = [] if page in OWN else [r"^\$\$$"]
    parts = [
        r"^# ",
        *head,
        *([r"^## The model$", *equations, r"\bfit\("] if page in TRAINED else []),
        r"^## Data$",
        r"^## The record$",
        r"^# parameters:",
        r"^guard\(globals\(\)\)$",
        r"^record = experiments\.run",
        FIGURE,
        r"^## Limits, and what we had to choose$",
        r"^- ",
        *([] if page in OWN else [r"^## Every published number$", r"^report\.comparison\(record\)$"]),
        r"^## Run it yourself$",
        rf'^report\.provenance\(record, "{page}"\)$',
    ]
    text = text_of(SOURCES[page])
    assert missing(parts, text) == []
    assert "papermill notebooks/" not in text, "commands are written by code"


@pytest.mark.parametrize("page", TRAINED)
def test_the_code_of_a_model_is_shown_and_short(page: str) -> None:
    cells = SOURCES[page].notebook.cells
    first = next(i for i, cell in enumerate(cells) if "## The model" in cell.source.splitlines())
    last = next(i for i, cell in enumerate(cells) if "## Data" in cell.source.splitlines())
    code = [cell for cell in cells[first:last] if cell.cell_type == "code"]
    assert [cell.source for cell in code if cell.metadata.get("tags")] == []
    text = "\n".join(cell.source for cell in code)
    assert re.search(r"^from replicate\.(models|experiments)", text, re.MULTILINE)
    assert "FitConfig(" in text and re.search(r"\bfit\(", text)
    assert [cell.source for cell in code if len(cell.source.splitlines()) > 15] == []


@pytest.mark.parametrize("page", [*EXPERIMENTS, *OWN])
def test_every_figure_has_a_caption(page: str) -> None:
    bare = [
        cell.source
        for cell, behind in pairwise(SOURCES[page].notebook.cells)
        if cell.cell_type == "code" and re.search(FIGURE, cell.source, re.MULTILINE)
        if not re.match(r"\*[^*]+\.\*(\n|$)", behind.source)
    ]
    assert bare == []


@pytest.mark.parametrize("paper", CHAPTERS)
def test_a_chapter_page_says_what_each_experiment_came_to(paper: str) -> None:
    source = SOURCES[f"{paper}/index"]
    text, pages = text_of(source), [page for page in SOURCES if EXPERIMENTS.get(page, "").startswith(paper)]
    linked = re.findall(r"^\| \[[^\]]+\]\(([\w-]+)\.ipynb\)", text, re.MULTILINE)
    assert [f"{paper}/{name}" for name in linked] == pages, "in the order of the contents"
    parts = ["Verdict", "Pages", "Experiment by experiment", "Claims", "What we had to choose", "Data"]
    assert missing([rf"^## {part}$" for part in parts], text) == []
    shown = [
        rf"\{{cite:t\}}`{paper}`",
        rf'^report\.verdict_sentences\("{paper}"\)$',
        *(rf'^say\(\s*"{EXPERIMENTS[page]}"' for page in pages),
        rf'^report\.chapter_claims\("{paper}"\)$',
        r"^\| choice \| the paper says \| (the authors' code does \| )?we do \| why \|$",
        rf'^report\.chapter_data\("{paper}"\)$',
    ]
    assert missing(shown, text) == []
