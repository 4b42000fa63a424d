"""How to cite this book: ``CITATION.cff`` as BibTeX, with the year and, where the build is told one, the address."""

from __future__ import annotations

import json

import yaml

from replicate import paths, repository

FILE = "CITATION.cff"


def bibtex() -> str:
    """Return the BibTeX entry.

    Without a release date the year is that of the newest committed record, which is what a citation is of.
    """
    cited = yaml.safe_load((paths.root() / FILE).read_text(encoding="utf-8"))
    fields = {
        # A second pair of braces: not a first and a last name.
        "author": " and ".join(f"{{{author['name']}}}" for author in cited["authors"]),
        "title": cited["title"],
        "year": str(cited.get("date-released", ""))[:4] or newest_record()[:4],
        "version": str(cited["version"]),
        "license": cited["license"],
        "url": repository.told(),
    }
    width = max(map(len, fields))
    lines = (f"  {name:{width}} = {{{value}}}" for name, value in fields.items() if value)
    return "@software{replicate,\n" + ",\n".join(lines) + "\n}"


def newest_record() -> str:
    """Return when the newest committed record was finished, empty without records."""
    kept = paths.finished(paths.results_dir(), "*.json")
    made = (json.loads(path.read_text(encoding="utf-8"))["environment"]["finished"] for path in kept)
    return max(made, default="")


def as_markdown() -> str:
    """Return the entry as a block of the how-to-cite page, and below it how to get the files, with an address."""
    blocks = [f"```bibtex\n{bibtex()}\n```"]
    if address := repository.told():
        blocks.append(f"The files: `git clone {address}`.")
    return "\n\n".join(blocks)
