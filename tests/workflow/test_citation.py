"""``CITATION.cff`` has what reference managers need, and the how-to-cite page says the same as BibTeX."""

import re

import pytest
import yaml

from replicate import paths
from replicate.report.citation import book, newest_record
from replicate.results import papers
from workflow.sphinx_extension import citation

CITED = yaml.safe_load((paths.root() / "CITATION.cff").read_text(encoding="utf-8"))
ENTRY = re.compile(r"@\w+\{(?P<key>[^,]+),\n(?P<fields>.*?)\n\}", re.DOTALL)
FIELD = re.compile(r"^ *(\w+) *= \{(.*)\},?$", re.MULTILINE)


def entries(text: str) -> dict[str, dict[str, str]]:
    """Return key → fields of a BibTeX text."""
    return {entry["key"]: dict(FIELD.findall(entry["fields"])) for entry in ENTRY.finditer(text)}


def test_the_papers_are_cited_as_in_the_book() -> None:
    assert CITED["cff-version"] == "1.2.0"
    assert all(CITED[name] for name in ("message", "title", "authors", "type", "license", "version"))
    listed = entries((paths.root() / "book" / "references.bib").read_text(encoding="utf-8"))
    for paper, reference in zip(papers.papers(), CITED["references"], strict=True):
        ours = listed[paper.id]
        names = " and ".join(f"{one['family-names']}, {one['given-names']}" for one in reference["authors"])
        theirs = {name: reference[name] for name in ("title", "journal", "doi")}
        theirs |= {"author": names, "volume": str(reference["volume"]), "pages": reference["start"]}
        theirs["year"] = str(reference["year"])
        assert {name: ours[name] for name in theirs} == theirs


@pytest.mark.parametrize("address", ["", "https://github.com/someone/some-book"])
def test_the_entry_says_what_the_file_says(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_REPOSITORY", address)
    ((key, entry),) = entries(book()).items()
    assert key == "replicate"
    assert entry.pop("url", "") == address
    assert entry == {
        "author": f"{{{CITED['authors'][0]['name']}}}",
        "title": CITED["title"],
        "year": newest_record()[:4],
        "version": CITED["version"],
        "license": CITED["license"],
    }
    assert re.fullmatch(r"20\d\d", entry["year"])
    assert (f"git clone {address}" in citation()) is bool(address)
