"""How to cite in BibTeX: the book, a paper, and one number."""

from __future__ import annotations

import json
import re

from replicate import __version__, paths, repository
from replicate.results.papers import Paper

# As in CITATION.cff, which a package that is installed does not have.
TITLE = "Does it replicate? Four papers on machine-learned materials properties, number by number"
AUTHOR = "{the replicate contributors}"  # a second pair of braces: not a first and a last name


def book() -> str:
    """Return the BibTeX entry of the book; its year is that of the newest committed record, which is what is cited."""
    year, url = newest_record()[:4], repository.address()
    return _entry(
        "software", "replicate", author=AUTHOR, title=TITLE, year=year, version=__version__, license="MIT", url=url
    )


def paper(cited: Paper) -> str:
    """Return the BibTeX entry of a paper."""
    names, year = " and ".join(cited.authors), str(cited.year)
    return _entry("article", cited.id, author=names, title=cited.title, journal=cited.journal, year=year, doi=cited.doi)


def number(id: str, title: str, note: str, finished: str) -> str:
    """Return the BibTeX entry of one number; ``finished`` is when its record was made, as a date."""
    title, note = (re.sub(r"([%&#_$])", r"\\\1", text) for text in (title, note))
    year, url = finished[:4] or newest_record()[:4], repository.address()
    return _entry("misc", f"replicate:{id}", author=AUTHOR, title=title, year=year, note=note, url=url)


def newest_record() -> str:
    """Return when the newest committed record was finished, empty without records."""
    files = paths.finished(paths.committed("."), "*.json")
    return max((json.loads(path.read_text(encoding="utf-8"))["environment"]["finished"] for path in files), default="")


def _entry(kind: str, key: str, **fields: str) -> str:
    width = max(map(len, fields))
    lines = (f"  {name:{width}} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"
