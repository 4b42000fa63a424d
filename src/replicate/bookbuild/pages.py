"""What the built pages must not hold: a notebook with a traceback builds without any warning."""

from __future__ import annotations

import re
from pathlib import Path

# The class myst-nb gives an error output, a traceback printed by a cell, and papermill's failure banner.
_TROUBLE = re.compile(
    r"output traceback|highlight-ipythontb|Traceback \(most recent call last\)|papermill-error-cell"
)


def with_tracebacks(html: Path) -> list[Path]:
    """Return the pages below a built book's folder that show an error, sorted."""
    return sorted(page for page in html.rglob("*.html") if _TROUBLE.search(page.read_text(encoding="utf-8")))
