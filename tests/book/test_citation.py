"""``CITATION.cff`` has what reference managers need, and the how-to-cite page says the same as BibTeX."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup

from replicate import papers, paths
from replicate.bookbuild import citation
from replicate.bookbuild.sphinx_extension import add_citation

CITED = yaml.safe_load((paths.root() / citation.FILE).read_text(encoding="utf-8"))
ENTRY = re.compile(r"@\w+\{(?P<key>[^,]+),\n(?P<fields>.*?)\n\}", re.DOTALL)
FIELD = re.compile(r"^ *(\w+) *= \{(.*)\},?$", re.MULTILINE)


def entries(text: str) -> dict[str, dict[str, str]]:
    """Return key → fields of a BibTeX text."""
    return {found["key"]: dict(FIELD.findall(found["fields"])) for found in ENTRY.finditer(text)}


def test_the_file_has_what_its_format_requires() -> None:
    assert CITED["cff-version"] == "1.2.0"
    assert all(CITED[name] for name in ("message", "title", "authors", "type", "license", "version"))
    for reference in CITED["references"]:
        assert {"type", "title", "authors", "journal", "year", "doi"} <= set(reference)


def test_the_papers_are_cited_as_in_the_book() -> None:
    listed = entries((paths.root() / "book" / "references.bib").read_text(encoding="utf-8"))
    assert len(CITED["references"]) == len(papers.papers())
    for paper, reference in zip(papers.papers(), CITED["references"], strict=True):
        ours = listed[paper.id]
        names = " and ".join(f"{one['family-names']}, {one['given-names']}" for one in reference["authors"])
        assert names == ours["author"]
        for name in ("title", "journal", "doi"):
            assert reference[name] == ours[name]
        told = (str(reference["volume"]), reference["start"], str(reference["year"]))
        assert told == (ours["volume"], ours["pages"], ours["year"])


@pytest.mark.parametrize("address", ["", "https://github.com/someone/some-book"])
def test_the_entry_says_what_the_file_says(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_REPOSITORY", address)
    ((key, entry),) = entries(citation.bibtex()).items()
    assert key == "replicate"
    assert entry.pop("url", "") == address
    assert entry == {
        "author": f"{{{CITED['authors'][0]['name']}}}",
        "title": CITED["title"],
        "year": citation.newest_record()[:4],
        "version": CITED["version"],
        "license": CITED["license"],
    }
    assert re.fullmatch(r"20\d\d", entry["year"])
    assert (f"git clone {address}" in citation.as_markdown()) is bool(address)


def test_the_page_shows_it() -> None:
    """By the substitution that the extension gives to all pages."""

    class Config:
        myst_substitutions: dict[str, Any] = {}

    config = Config()
    add_citation(None, config)  # type: ignore[arg-type]
    assert config.myst_substitutions == {"citation": citation.as_markdown()}
    page = (paths.root() / "book" / "about" / "how-to-cite.md").read_text(encoding="utf-8")
    assert page.count("{{ citation }}") == 1 and "```" not in page


def test_the_built_page_shows_it(built_book: Path) -> None:
    text = BeautifulSoup(
        (built_book / "about" / "how-to-cite.html").read_text(encoding="utf-8"), "html.parser"
    )
    ((key, entry),) = entries(text.article.get_text()).items()
    assert (key, entry["title"]) == ("replicate", CITED["title"])
