"""One line per notebook: alive with seconds on a terminal, a start and an end line elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text


def spent(seconds: float) -> str:
    """Return a duration as a person says it."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"


class Line:
    """The line of one running notebook; set ``step`` to say where it is."""

    def __init__(self, label: str) -> None:
        self.label, self.step, self._start = label, "", time.monotonic()

    @property
    def seconds(self) -> float:
        """Time since the notebook started, in seconds."""
        return time.monotonic() - self._start

    def running(self) -> Text:
        """Return the line as it stands while the notebook runs."""
        step = f"{self.step}, " if self.step else ""
        return Text(f"{self.label} … {step}{spent(self.seconds)}")


@contextmanager
def line(console: Console, label: str) -> Iterator[Line]:
    """Show a notebook's line while the block runs; the caller prints the last word."""
    shown = Line(label)
    if not console.is_terminal:
        console.print(Text(f"{label} …"))
        yield shown
        return
    with Live(get_renderable=shown.running, console=console, refresh_per_second=2, transient=True):
        yield shown
