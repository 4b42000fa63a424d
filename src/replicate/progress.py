"""What a process is doing and how far it is: for whoever watches it, and as live lines on a terminal."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TimeRemainingColumn
from rich.text import Text

SHOWN = 40  # characters of what a job is doing
# Called with what is being done ("" for the same as before), and how many of how many steps of it are done.
Watcher = Callable[[str, int, int], None]
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Have a function told of everything that this process reports from now on."""
    _watchers.append(watcher)


def unwatch(watcher: Watcher) -> None:
    """Tell a function no more."""
    _watchers.remove(watcher)


def report(text: str = "", step: int = 0, steps: int = 0) -> None:
    """Tell the watchers what is being done, and how many of how many steps (epochs, cells) of it are done."""
    for watcher in _watchers:
        watcher(text, step, steps)


class LiveLines:
    """Live lines at the foot of a terminal; on another console lines are printed one below the other."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console()
        self._tasks: dict[str, TaskID] = {}
        self._shown = Progress(
            "{task.description}",
            "{task.fields[text]}",
            BarColumn(bar_width=20),
            TaskProgressColumn(),
            TimeRemainingColumn(compact=True),
            console=self.console,
            auto_refresh=False,
            transient=True,
        )

    @property
    def live(self) -> bool:
        """Whether lines can be live."""
        return self.console.is_terminal

    def __enter__(self) -> Self:
        if self.live:
            self._shown.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self._shown.stop()

    def begin(self, name: str) -> None:
        """Give a job a line."""
        self._tasks[name] = self._shown.add_task(Text(name).markup, total=None, text="")

    def end(self, name: str) -> None:
        """Take a job's line away."""
        if name in self._tasks:
            self._shown.remove_task(self._tasks.pop(name))

    def say(self, name: str, text: str, step: int = 0, steps: int = 0) -> None:
        """Show what a job is doing ("": the same as before), and how many of how many steps of it are done."""
        if name not in self._tasks:
            return
        number = self._tasks[name]
        task = self._shown.tasks[self._shown.task_ids.index(number)]
        if text:
            self._shown.update(number, text=Text(text[:SHOWN]).markup)
        if step <= 1 or task.total != steps:  # something new, or something that goes on where it was cut
            self._shown.reset(number)
            task.total = steps or None
        self._shown.update(number, completed=step)

    def line(self, text: str) -> None:
        """Show a line that a job printed; on a terminal what a job is doing goes into its live line."""
        for name in self._tasks if self.live else ():
            if text.startswith(f"{name}: "):
                self.say(name, text.removeprefix(f"{name}: "))
                return
        self.console.print(Text(text), soft_wrap=True)

    def refresh(self) -> None:
        """Draw the live lines anew."""
        if self.live:
            self._shown.refresh()


@contextmanager
def shown(name: str, console: Console | None = None) -> Iterator[Callable[[str], None]]:
    """Yield a function for the progress lines of work in this process: a terminal has one live line, with its name."""
    with LiveLines(console) as lines:
        if not lines.live:
            yield lambda line: print(f"  {line}", flush=True)
            return

        def hear(text: str, step: int = 0, steps: int = 0) -> None:
            lines.say(name, text, step, steps)
            lines.refresh()

        lines.begin(name)
        watch(hear)
        try:
            yield hear
        finally:
            unwatch(hear)
            lines.end(name)


@contextmanager
def counted(total: int, what: str) -> Iterator[Callable[[int], None] | None]:
    """Yield a function for how many inputs are done, which shows rate and time left on stderr; None where few are."""
    if total <= 1_000:
        yield None
        return
    since, tenths = time.monotonic(), 0
    with LiveLines(Console(stderr=True)) as lines:
        lines.begin(what)

        def hear(done: int) -> None:
            nonlocal tenths
            rate = done / max(time.monotonic() - since, 1e-9)
            lines.say(what, f"{done:,} of {total:,}, {rate:,.0f} a second", done, total)
            lines.refresh()
            if not lines.live and done * 10 // total > tenths:
                tenths = done * 10 // total
                left = (total - done) / rate if rate else math.inf
                print(f"{done:,} of {total:,} {what}, {rate:,.0f} a second, {left:.0f} s left", file=sys.stderr)

        yield hear
