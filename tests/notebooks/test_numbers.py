"""Numbers on a page come from records, its sentences hold on them, and printed scores stand beside ours."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

from replicate.report import say
from replicate.results import papers
from workflow.sources import discover

SOURCES = {source.name: source for source in discover()}
TREES = {name: ast.parse(source.pair.read_text(encoding="utf-8")) for name, source in SOURCES.items()}
TYPED = re.compile(
    r"\d[, \u2009\u202f]\d{3}(?!\d)|\d\s?±|±\s?\d|(?<![\d.])(?!19\d\d|20\d\d)\d{4,}(?!\d)"
    r"|\d\.\d+\s?(?:m?eV|K|Å|GPa|%)(?![A-Za-z])"
)
"""A thousands separator, a spread, four digits and more that are no year, or a decimal fraction with a unit."""
NO_NUMBERS = re.compile(r"^```.*?^```|\]\([^)\n]*\)|https?://\S+|`[^`\n]*`|<[^>\n]*>", re.DOTALL | re.MULTILINE)
"""Blocks of commands, addresses, code and tags, whose digits are names."""
SCORES = {"parity": ("mae", "rmse", "r", "r2"), "roc": ("auc",)}


def calls(page: str, *names: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield (name, call) of the calls of some functions, or of methods or a module's functions of that name."""
    for node in ast.walk(TREES[page]):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in names:
                yield name, node


def keywords(call: ast.Call) -> dict[str | None, Any]:
    return {word.arg: word.value for word in call.keywords}


def experiments_of(page: str) -> list[str]:
    """Return the experiments that a page runs."""
    runs = [call.args[0] for _, call in calls(page, "run", "run_or_full") if call.args]
    return [first.value for first in runs if isinstance(first, ast.Constant)]


@pytest.mark.parametrize("page", SOURCES)
def test_no_count_is_typed(page: str) -> None:
    texts = [cell.source for cell in SOURCES[page].notebook.cells if cell.cell_type == "markdown"]
    assert [match[0] for text in texts for match in TYPED.finditer(NO_NUMBERS.sub("", text))] == []


def sentences(page: str) -> list[ast.Call]:
    """Return the sentences of a page that are written down, not made in a loop."""
    return [call for _, call in calls(page, "say") if isinstance(call.args[1], ast.Constant)]


@pytest.mark.parametrize("page", [*filter(sentences, SOURCES)])
def test_every_sentence_of_a_page_holds(page: str, full_record) -> None:
    """Fails where a new record contradicts a sentence, which must then be written anew."""
    for call in sentences(page):
        of, text = call.args
        experiment = of.value if isinstance(of, ast.Constant) else experiments_of(page)[0]
        holds = ast.literal_eval(keywords(call).get("holds", ast.Constant("")))
        sentence = say(full_record(experiment), ast.literal_eval(text), holds).data
        assert "Not so in this" not in sentence, sentence


@pytest.mark.parametrize("page", [page for page in SOURCES if any(calls(page, *SCORES))])
def test_a_printed_score_is_shown_beside_ours(page: str) -> None:
    """In a parity plot or a ROC curve whose score the paper prints."""
    printed = {target.metric for target in papers.targets() if target.experiment in experiments_of(page)}
    for figure, call in calls(page, *SCORES):
        key = ast.literal_eval(call.args[1])
        if any(f"{key}/{score}" in printed for score in SCORES[figure]):
            assert "published" in keywords(call), ast.unparse(call)
