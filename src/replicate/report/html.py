"""Tables, numbers and badges as HTML."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from IPython.display import HTML

from replicate.report.links import anchor, row_link
from replicate.results.compare import Comparison

_RIGHT = ' class="number"'


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    numeric: Iterable[int] = (),
    *,
    caption: str = "",
    facets: Iterable[Mapping[str, str]] = (),
    stacked: bool = False,
) -> HTML:
    """Return a table in its own scrolling container; cells and header are HTML, columns in ``numeric`` align right.

    Args:
        caption: what the table shows, in plain text, for those who cannot see what stands around it.
        facets: for each row what its ``data-`` attributes say, as :func:`searchable` reads them.
        stacked: on a phone a row becomes a block of labelled values instead of a line to scroll along.
    """
    right = set(numeric)

    def line(cells: Sequence[str], marks: str = "") -> str:
        tags = []
        for place, cell in enumerate(cells):
            label = f' data-label="{_attribute(header[place])}"' if stacked else ""
            tags.append(f"<td{_RIGHT * (place in right)}{label}>{cell}</td>")
        return f"<tr{marks}>{''.join(tags)}</tr>"

    told = ("".join(f' data-{name}="{html.escape(value)}"' for name, value in of_row.items()) for of_row in facets)
    body = "".join(line(row, next(told, "")) for row in rows)
    heads = (f'<th scope="col"{_RIGHT * (place in right)}>{head}</th>' for place, head in enumerate(header))
    said = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    kind = ' class="stacked"' if stacked else ""
    return HTML(
        f'<div class="table-wide"><table{kind}>{said}<thead><tr>{"".join(heads)}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _attribute(text: str) -> str:
    """Return HTML as the text of an attribute, without its tags."""
    return html.escape(html.unescape(re.sub(r"<[^>]+>", " ", text)))


def searchable(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    numeric: Iterable[int],
    hint: str,
    *,
    caption: str,
    facets: Iterable[Mapping[str, str]] = (),
    chips: Mapping[str, Mapping[str, str]] | None = None,
    stacked: bool = False,
) -> HTML:
    """Return a table that the book's ``tables.js`` gives a filter, with ``hint`` in it, and sortable columns.

    ``chips``: facet → its values, each with the words on its button, in the order of the buttons.
    """
    shown = table(header, rows, numeric, caption=caption, facets=facets, stacked=stacked).data
    choice = f' data-chips="{html.escape(json.dumps(chips))}"' if chips else ""
    return HTML(f'<div class="searchable" data-placeholder="{html.escape(hint)}"{choice}>{shown}</div>')


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
