"""Counts and measured numbers on a page come from code: none is typed into its Markdown."""

from __future__ import annotations

import re

import pytest

from workflow.sources import discover

SOURCES = {source.name: source for source in discover()}
TYPED = re.compile(
    r"\d[, \u2009\u202f]\d{3}(?!\d)|\d\s?±|±\s?\d|(?<![\d.])(?!19\d\d|20\d\d)\d{4,}(?!\d)"
    r"|\d\.\d+\s?(?:m?eV|K|Å|GPa|%)(?![A-Za-z])"
)
"""A thousands separator, a spread, four digits and more that are no year, or a decimal fraction with a unit."""
NO_NUMBERS = re.compile(r"\]\([^)]*\)|https?://\S+|`[^`]*`|<[^>]*>")
"""Addresses, code and tags, whose digits are names."""
BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
"""A block of commands, which a reader types as they stand."""


def typed_numbers(text: str) -> list[str]:
    """Return the lines of a Markdown text that hold a number which belongs to code."""
    text = BLOCK.sub("", text)
    return [line for line in text.splitlines() if TYPED.search(NO_NUMBERS.sub("", line))]


@pytest.mark.parametrize("page", SOURCES)
def test_no_count_is_typed(page: str) -> None:
    cells = SOURCES[page].notebook.cells
    found = [line for cell in cells if cell.cell_type == "markdown" for line in typed_numbers(cell.source)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "of 48,000 compounds",
        "11 691 parameters",
        "0.12 ± 0.01 eV",
        "± 3",
        "trained for 2500 epochs",
        "0.31 eV",
        "to 4.2 % of",
    ],
)
def test_a_typed_number_is_found(text: str) -> None:
    assert typed_numbers(text) == [text]


@pytest.mark.parametrize(
    "text",
    ["known before 2010", "mean ± standard deviation", "a 10 × 10 table, 50 features", "[x](a-48000.ipynb)"],
)
def test_other_numbers_may_stand(text: str) -> None:
    assert typed_numbers(text) == []
