"""Tables, numbers and badges as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from IPython.display import HTML

from replicate.report.links import anchor, row_link
from replicate.results.compare import Comparison


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = ()) -> HTML:
    """Return a table in its own scrolling container; cells are HTML, columns in ``numeric`` align right."""
    right = set(numeric)

    def line(cells: Sequence[str], tag: str) -> str:
        kinds = (' class="number"' if place in right else "" for place in range(len(cells)))
        tags = (f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, cells, strict=True))
        return f"<tr>{''.join(tags)}</tr>"

    body = "".join(line(row, "td") for row in rows)
    head = f"<thead>{line(header, 'th')}</thead>"
    return HTML(f'<div class="table-wide"><table>{head}<tbody>{body}</tbody></table></div>')


def searchable(header: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int], hint: str) -> HTML:
    """Return a table that the book's ``tables.js`` gives a filter, with ``hint`` in it, and sortable columns."""
    return HTML(
        f'<div class="searchable" data-placeholder="{html.escape(hint)}">{table(header, rows, numeric).data}</div>'
    )


def literal(text: str) -> str:
    """Return a text from data for use in a Markdown sentence: on one line, every mark of Markdown and HTML escaped."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def badge(verdict: str) -> str:
    """Return a verdict as a coloured word."""
    return f'<span class="verdict-{verdict.replace(" ", "-")}">{verdict}</span>'


def verdict_link(row: Comparison, root: str | None = None) -> str:
    """Return a number's verdict as a link to its row, in whose place the book's ``drawer.js`` shows what is behind it.

    ``root``: way to the root of the book; None: the row stands on this page.
    """
    address = f"#{anchor(row.id)}" if root is None else root + row_link(row.id)
    return f'<a class="why" data-number="{html.escape(row.id)}" href="{address}">{badge(row.verdict)}</a>'
