"""Markup in the data is shown on a page as text: in no table, sentence or card does it become HTML."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from IPython.display import HTML, Markdown
from markdown_it import MarkdownIt

from replicate import data, display, paths, records
from replicate.display.html import literal, searchable
from replicate.records import Record

BAD = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'`*[x](javascript:alert(1))&amp;"


class Tags(HTMLParser):
    """Collects the tags and the addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag, *(name for name, _ in attrs), *(str(value) for _, value in attrs)]


def rendered(piece: object) -> str:
    """Return a piece of a page as HTML, the way a notebook and the book make it."""
    if isinstance(piece, Markdown):
        return MarkdownIt("commonmark", {"html": True}).render(str(piece.data))
    return str(piece.data) if isinstance(piece, HTML) else ""


def harmful(piece: object) -> list[str]:
    found = Tags(rendered(piece)).found
    return [word for word in found if word in ("script", "img", "onerror") or word.startswith("javascript:")]


def poisoned(value: Any) -> Any:
    """Return a record's arrays with markup behind every text."""
    if isinstance(value, str):
        return value + BAD
    if isinstance(value, dict):
        return {key: poisoned(inner) for key, inner in value.items()}
    return [poisoned(inner) for inner in value] if isinstance(value, list) else value


def pieces() -> list[Callable[[Record], object]]:
    """Return the functions that make a piece of a page from a record alone."""
    found = []
    for name in display.__all__:
        function = getattr(display, name)
        if callable(function):
            asked = list(inspect.signature(function).parameters.values())
            rest = [p for p in asked[1:] if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
            if asked and asked[0].annotation in ("Record", Record) and not rest:
                found.append(function)
    return found


def test_no_row_of_a_record_becomes_markup() -> None:
    """Every function is tried on every committed record; what it cannot use it refuses, as on a page."""
    shown, refused = set(), set()
    for path in sorted(paths.results_dir().glob("*.json")):
        record = records.load(path)
        environment = {**record.environment, "device_name": BAD}
        bad = replace(record, arrays=poisoned(copy.deepcopy(record.arrays)), environment=environment)
        for piece in pieces():
            try:
                good = piece(record)
            except Exception:  # it belongs to another experiment
                continue
            assert harmful(good) == []
            try:
                made = piece(bad)
            except Exception:  # a formula that is none stops the page
                refused.add(piece.__name__)
                continue
            assert harmful(made) == [], f"{piece.__name__} of {record.experiment}"
            if "alert(1)" in rendered(made):
                shown.add(piece.__name__)
    # The mark does reach the pages, or nothing would be shown by this test.
    assert {"candidate_table", "outliers", "cleaning_steps", "dropped"} <= shown, (shown, refused)


def test_no_word_of_a_data_card_becomes_markup() -> None:
    dataset = data.load("zhuo2018-gap")
    columns = {BAD: BAD}
    card = replace(dataset.card, name=BAD, title=BAD, licence=BAD, citation=BAD, columns=columns)
    made = display.data_card(replace(dataset, card=card))
    assert harmful(made) == [] and rendered(made).count("alert(1)") >= 5


@pytest.mark.parametrize(
    "text", [BAD, "a|b", "$x$", "# x", "- x", "&lt;", "![x](y)", "<http://x>", "a\n\n# b"]
)
def test_a_literal_text_stays_as_it_is(text: str) -> None:
    shown = MarkdownIt("commonmark", {"html": True}).render(f"said {literal(text)} here")
    assert Tags(shown).found == ["p"]
    parser = HTMLParser()
    words: list[str] = []
    parser.handle_data = words.append  # type: ignore[method-assign]
    parser.feed(shown)
    assert "".join(words).strip() == f"said {' '.join(text.split())} here"


def test_the_hint_of_a_filter_stays_an_attribute() -> None:
    assert harmful(searchable(["a"], [["1"]], (), f'"><{BAD}')) == []
