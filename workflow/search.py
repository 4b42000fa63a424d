"""The book's search finds numbers and formulas, also those of tables that a page's code wrote as HTML."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.search.en import SearchEnglish

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_WORD = r"\w*\d(?:[.,]\d\w*)+|\w+"  # 0.039, 4,459 and Mg0.9Al0.1B2 are one word each
_SCRIPT_WORD = _WORD.replace(r"\w", r"[\p{L}\p{N}_]")
_BLOCK = re.compile(r"(?=</?(?:caption|dd|div|dt|figcaption|h\d|li|p|summary|t[dhr]|title)\b)")


class NumberSearch(SearchEnglish):
    """English words, numbers with their decimals, formulas with or without subscripts."""

    js_splitter_code = (
        "var splitQuery = (query) => query"
        ".replace(/[₀-₉]/g, (digit) => digit.charCodeAt(0) - 0x2080)"
        f".match(/{_SCRIPT_WORD}/gu) || [];"
    )

    def split(self, input: str) -> list[str]:
        """Return the words of a text, as the page of the search does with a query."""
        return re.findall(_WORD, input.translate(_SUBSCRIPTS))


def part_cells(app: Any, doctree: nodes.document) -> None:
    """Put a space between the cells of HTML tables, which the index would join to one word."""
    for raw in doctree.findall(nodes.raw):
        if "html" in raw.get("format", ""):
            raw[:] = [nodes.Text(_BLOCK.sub(" ", raw.astext()))]
