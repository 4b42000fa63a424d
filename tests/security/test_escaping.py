"""Markup in the data is shown on a page as text: in no table, sentence or card does it become HTML."""

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from IPython.display import HTML, Markdown
from markdown_it import MarkdownIt

from replicate import data, paths, report
from replicate.data.registry import Column
from replicate.report.html import literal, searchable, verdict_link
from replicate.report.links import pages
from replicate.report.trace import show
from replicate.results import compare, records
from replicate.results.records import Record
from workflow import browser
from workflow.sources import discover

PAGES = pages()

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
    """Return a piece of a page as HTML, the way a notebook and the book make it; a plain text ends in Markdown."""
    if isinstance(piece, HTML):
        return str(piece.data)
    words = piece.values() if isinstance(piece, dict) else piece if isinstance(piece, list) else [piece]
    texts = [str(piece.data)] if isinstance(piece, Markdown) else [word for word in words if isinstance(word, str)]
    return MarkdownIt("commonmark", {"html": True}).render("\n\n".join(texts))


def harmful(piece: object) -> list[str]:
    found = Tags(rendered(piece)).found
    return [word for word in found if word in ("script", "img", "onerror") or word.startswith("javascript:")]


# Texts of a record: the keys and places that lead to them; "*" is every item of a list, KEYS the keys themselves.
Field = tuple[str | int, ...]
KEYS = "keys"

# What a function takes behind the record; for one experiment, or for all.
ARGUMENTS: dict[str, tuple[Any, ...] | dict[str, tuple[Any, ...]]] = {
    "pivot": ("random/{row}/{column}", None, ("mae", "auc")),
    "provenance": ("chapter/page",),
}
# Fields that hold no text of data: names of our own features, and counts written as text.
OWN = re.compile(r"order/.*|cleaning/.*\[[12]\]")
# Where the mark must be seen, or nothing would be shown by the test.
SEEN = {"claim_results", "cleaning_steps", "dropped", "joins", "pivot", "provenance"}


def fields(value: Any, path: Field = ()) -> Iterator[Field]:
    """Yield the fields of a record's arrays, those of a list of rows once."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        if path in (("left-out",), ("joins",), ("parents/kinds",)):
            yield (*path, KEYS)
        for key, inner in value.items():
            yield from fields(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from fields(inner, (*path, place if "*" in path else "*"))


def poisoned(value: Any, path: Field) -> Any:
    """Return a record's arrays with markup behind the texts of one field."""
    if not path:
        return value + BAD
    first, *rest = path
    if first == KEYS:
        return {key + BAD: inner for key, inner in value.items()}
    if isinstance(value, dict):
        return {key: poisoned(inner, tuple(rest)) if key == first else inner for key, inner in value.items()}
    return [poisoned(row, tuple(rest)) if first in ("*", at) else row for at, row in enumerate(value)]


def shown_on() -> dict[str, list[str]]:
    """Return function → experiments on whose pages it is shown, for functions that make HTML of a record.

    A figure's only HTML is the list of its marks; tests/report shows that it stays text.
    """
    texts = {source.name: source.pair.read_text(encoding="utf-8") for source in discover()}
    found = {}
    for name in report.__all__:
        function = getattr(report, name)
        if not callable(function):
            continue
        asked = inspect.signature(function)
        first = next(iter(asked.parameters.values()), None)
        if first and first.annotation in ("Record", Record) and asked.return_annotation != "Figure":
            found[name] = [id_ for id_, page in PAGES.items() if re.search(rf"\b{name}\(", texts[page])]
    return found


def with_rows_dropped(record: Record) -> Record:
    """Return a record as if a formula of its data could not be read, if it says that all can."""
    if "dropped" not in record.arrays:
        return record
    dropped = {**record.arrays["dropped"], "rows": [[7, "Xx2", "no element Xx"]]}
    return replace(record, arrays={**record.arrays, "dropped": dropped})


full_record = cache(records.full_record)  # some functions read the committed records anew for every field


SHOWN_ON = shown_on()


@pytest.mark.parametrize(("name", "ids"), SHOWN_ON.items(), ids=SHOWN_ON)
def test_no_text_of_a_record_becomes_markup(name, ids, monkeypatch):
    """Each function runs through on the committed records of its pages, whatever one field of theirs holds."""
    monkeypatch.setattr(records, "full_record", full_record)
    assert ids, f"no page shows {name}: take it away, or show it"
    found = [with_rows_dropped(record) for id_ in ids if (record := full_record(id_)) is not None]
    if not found:
        pytest.skip(f"no full record of {', '.join(ids)} yet")
    seen = False
    for record in found:
        given = ARGUMENTS.get(name, ())
        arguments = given if isinstance(given, tuple) else given[record.experiment]
        function = getattr(report, name)
        assert harmful(function(record, *arguments)) == []
        environment = {**record.environment, "device_name": BAD}
        metrics = {key: replace(metric, unit=BAD) for key, metric in record.metrics.items()}
        elsewhere = replace(record, key="", environment=environment, metrics=metrics)
        made = [function(elsewhere, *arguments)]
        assert harmful(made[0]) == []
        for field in dict.fromkeys(fields(record.arrays)):
            if OWN.fullmatch(f"{field[0]}[{field[-1]}]"):
                continue
            bad = replace(record, arrays=poisoned(record.arrays, field))
            made.append(function(bad, *arguments))
            assert harmful(made[-1]) == [], f"{name} of {record.experiment}: {field}"
        seen |= any("alert(1)" in rendered(piece) for piece in made)
    assert seen == (name in SEEN)


def test_no_word_of_a_data_card_becomes_markup() -> None:
    dataset = data.load("zhuo2018-gap")
    columns = (Column(BAD, BAD),)
    card = replace(dataset.card, name=BAD, title=BAD, licence=BAD, citation=BAD, columns=columns)
    made = report.data_card(replace(dataset, card=card))
    assert harmful(made) == [] and rendered(made).count("alert(1)") >= 5


@pytest.mark.parametrize("text", [BAD, "a|b", "$x$", "# x", "- x", "&lt;", "![x](y)", "<http://x>", "a\n\n# b"])
def test_a_literal_text_stays_as_it_is(text: str) -> None:
    shown = MarkdownIt("commonmark", {"html": True}).render(f"said {literal(text)} here")
    assert Tags(shown).found == ["p"]
    parser = HTMLParser()
    words: list[str] = []
    parser.handle_data = words.append
    parser.feed(shown)
    assert "".join(words).strip() == f"said {' '.join(text.split())} here"


def test_the_hint_of_a_filter_stays_an_attribute() -> None:
    shown = searchable(["a"], [["1"]], (), f'"><{BAD}', caption=BAD)
    assert harmful(shown) == [] and "alert(1)" in rendered(shown)


def test_the_name_of_a_number_stays_an_attribute() -> None:
    """Its verdict is a link that carries the name."""
    row = replace(compare.scoreboard("zeng2019-gap")[0], id=f"zeng2019-gap/{BAD}", verdict="close")
    assert harmful(HTML(verdict_link(row))) == []
    assert harmful(HTML(verdict_link(row, "../"))) == []


def test_what_lies_behind_a_number_is_text_in_its_script(tmp_path: Path) -> None:
    """The script is one call with JSON in it; drawer.js, below, inserts no HTML, and links lead where they should."""
    trace = replace(show("zeng2019-gap/mae"), note=BAD, quantity=BAD, budget=BAD, rule=BAD)
    browser._write(tmp_path / "a.js", "drawer.numbers", browser.number_of(trace))
    text = (tmp_path / "a.js").read_text(encoding="utf-8")
    told = json.loads(text.removeprefix("drawer.numbers(").removesuffix(");\n"))
    assert text.isascii() and told["quantity"] == told["rule"] == BAD and BAD in told["part note"]
    assert all(re.match(r"https://doi\.org/10\.|results/", address) for address in told["links"].values())


@pytest.mark.parametrize("name", ["tables.js", "reach.js", "equations.js", "crystals.js", "drawer.js"])
def test_the_books_scripts_insert_no_html(name: str) -> None:
    text = (paths.root() / "book" / "_assets" / name).read_text(encoding="utf-8")
    words = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "srcdoc"]
    assert [word for word in words if word in text] == [] and "textContent" in text


def test_only_the_books_own_scripts_are_shipped() -> None:
    book = paths.root() / "book"
    scripts = {path.relative_to(book).as_posix() for path in book.rglob("*.js")}
    scripts = {name for name in scripts if "_build" not in name.split("/")}
    own = {f"_assets/{name}.js" for name in ("tables", "reach", "predict", "equations", "crystals", "drawer")}
    assert scripts == own | {"_assets/katex/katex.min.js", "_assets/3dmol/3Dmol-min.js"}
