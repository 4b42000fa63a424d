"""Which page of the book belongs to which experiment, and links to it from tables and pictures."""

from __future__ import annotations

import html
from functools import cache

from replicate import experiments


@cache
def pages() -> dict[str, str]:
    """Return the notebook of each experiment, as in the table of contents."""
    return {question.id: question.page for question in experiments.questions()}


def anchor(target: str) -> str:
    """Return the name of a published number's row on its experiment's page."""
    # A dot would end the name where scripts look it up.
    return "number-" + target.split("/", 1)[1].replace("/", "-").replace(".", "-")


def row_link(target: str) -> str:
    """Return the address of a published number's row, from a page at the root of the book."""
    return f"{pages()[target.split('/', 1)[0]]}.html#{anchor(target)}"


def page_link(experiment: str, root: str = "") -> str:
    """Return an experiment's id as a link to its page, from a page at the root of the book or ``root`` away from it."""
    name = f"<code>{html.escape(experiment)}</code>"
    return f'<a href="{root}{pages()[experiment]}.html">{name}</a>' if experiment in pages() else name
