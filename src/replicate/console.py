"""What a command prints: a table for people, JSON for programs; neither loses a letter on its way through a pipe."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replicate.errors import one_line

if TYPE_CHECKING:
    from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
PIPE_WIDTH = 160  # columns; piped output has no width of its own, and 80 columns would fold every cell


def console(widest: int = 0) -> Console:
    """Return the console of standard output; where nobody looks at its width, the longest name of a table has room."""
    from rich.console import Console

    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        return Console()
    return Console(width=PIPE_WIDTH + max(0, widest - 40))


def print_json(rows: Sequence[dict[str, Any]]) -> None:
    """Print rows as JSON that is valid whatever the locale can write; what is no number is null."""
    # A file's name may hold bytes that are no text; their escapes are right in JSON, other encodings' are not.
    print(json.dumps([_finite(row) for row in rows], indent=1, ensure_ascii=not _utf8(), allow_nan=False))


def _utf8() -> bool:
    return (sys.stdout.encoding or "ascii").lower().replace("-", "") == "utf8"


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def print_rows(rows: Sequence[dict[str, Any]], as_json: bool, columns: Sequence[str], title: str) -> None:
    """Print rows as JSON (all keys) or as a table of some columns, the first one whole wherever there is room."""
    if as_json:
        print_json(rows)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    cells = [[one_line(cell(row[name])) for name in columns] for row in rows]
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in cells:
        # As texts: file names and warnings are no markup.
        table.add_row(*map(Text, row))
    console(max((len(row[0]) for row in cells), default=0)).print(table)


def cell(value: Any) -> str:
    """Return a value as a table shows it."""
    if value is None:
        return "–" if _utf8() else "-"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1e4 else f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
