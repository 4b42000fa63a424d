"""How to cite in BibTeX: the book, a paper, and one number."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from replicate import __version__, paths, repository
from replicate.results.papers import Paper

# As in CITATION.cff, which a package that is installed does not have.
TITLE = "Does it replicate? Four papers on machine-learned materials properties, number by number"
AUTHOR = "{the replicate contributors}"  # a second pair of braces: not a first and a last name


def book() -> str:
    """Return the BibTeX entry of the book; its year is that of the newest committed record, which is what is cited."""
    fields = {
        "author": AUTHOR,
        "title": TITLE,
        "year": newest_record()[:4],
        "version": __version__,
        "license": "MIT",
        "url": repository.address(),
    }
    return _entry("software", "replicate", fields)


def paper(cited: Paper) -> str:
    """Return the BibTeX entry of a paper."""
    fields = {
        "author": " and ".join(cited.authors),
        "title": cited.title,
        "journal": cited.journal,
        "year": str(cited.year),
        "doi": cited.doi,
    }
    return _entry("article", cited.id, fields)


def number(id: str, title: str, note: str, finished: str) -> str:
    """Return the BibTeX entry of one number; ``finished`` is when its record was made, as a date."""
    fields = {
        "author": AUTHOR,
        "title": title,
        "year": finished[:4] or newest_record()[:4],
        "note": note,
        "url": repository.address(),
    }
    fields |= {name: re.sub(r"([%&#_$])", r"\\\1", fields[name]) for name in ("title", "note")}
    return _entry("misc", f"replicate:{id}", fields)


def newest_record() -> str:
    """Return when the newest committed record was finished, empty without records."""
    kept = paths.finished(paths.committed("."), "*.json")
    made = (json.loads(path.read_text(encoding="utf-8"))["environment"]["finished"] for path in kept)
    return max(made, default="")


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    width = max(map(len, fields))
    lines = (f"  {name:{width}} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"
