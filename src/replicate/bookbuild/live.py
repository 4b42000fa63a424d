"""What a run of the rules is doing: one live line per running job on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TimeRemainingColumn
from rich.text import Text

from replicate import progress
from replicate.bookbuild.warm import Job
from replicate.errors import one_line

SHOWN = 40  # characters of what a job is doing


def label(command: Sequence[str]) -> str:
    """Return a job's name, such as ``page zeng2019/metals``; empty for what is no job, such as a kernel.

    Args:
        command: the words after ``python -m``.
    """
    if "--" not in command:
        return ""
    words = command[command.index("--") + 1 :]
    name = words[0]
    if command[1] == "train":  # -- experiment profile device group groups output
        name += f" {words[3]}/{words[4]}"
    return f"{command[1]} {name}"


class Watch:
    """Hears what jobs report, shows it, and keeps why any of them failed.

    A live line has the job's name, what it is doing, and of that (a network, a page) the share done and the time left.

    Args:
        console: where the lines go; live ones only where it is a terminal.
    """

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console()
        self.failures: dict[str, str] = {}
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

    def __enter__(self) -> Watch:
        if self.live:
            self._shown.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self._shown.stop()

    def hear(self, job: Job, report: Mapping[str, Any]) -> None:
        """Take in a job's report."""
        name = label(job.command)
        if not name:
            return
        if "begun" in report:
            self.begin(name)
        elif "ended" in report:
            if report["ended"]:
                self.failures[name] = reason(report["error"])
            self.end(name)
        else:
            self.say(name, report["text"], report["step"], report["steps"])

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
        """Show a line that Snakemake or a job printed; on a terminal what a job is doing goes into its live line."""
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
    """Yield a function for the progress lines of work in this process: a terminal shows them in one live line.

    Args:
        name: of the work, at the head of the live line.
        console: where the lines go.
    """
    with Watch(console) as watch:
        if not watch.live:
            yield lambda line: print(f"  {line}", flush=True)
            return

        def hear(text: str, step: int = 0, steps: int = 0) -> None:
            watch.say(name, text, step, steps)
            watch.refresh()

        watch.begin(name)
        progress.watch(hear)
        try:
            yield hear
        finally:
            progress.unwatch(hear)
            watch.end(name)


def reason(error: str) -> str:
    """Return the line of a job's error output that says why it failed: of a page the first, of a traceback the last."""
    lines = [line for line in error.splitlines() if line.strip()] or ["it was killed"]
    said = next((line for line in lines if " FAILED" in line), lines[-1])
    return one_line(said.removeprefix("replicate: ").strip())


def unmade(
    pages: Iterable[str],
    failures: Mapping[str, str],
    needs: Callable[[str], Iterable[str]],
    here: Callable[[str], bool],
) -> list[str]:
    """Return one line per page that was not made, with the reason.

    Args:
        pages: those asked for.
        failures: of the jobs, by label.
        needs: page → labels of the jobs that it waits for.
        here: page → whether it was made.
    """
    lines = []
    for page in pages:
        if (own := failures.get(f"page {page}")) is not None:
            lines.append(
                f"page {page} was not made: {own.removeprefix(page).removeprefix(' FAILED').strip()}"
            )
        elif failed := [name for name in needs(page) if name in failures]:
            lines.append(f"page {page} was not made: {failed[0]} failed: {failures[failed[0]]}")
        elif not here(page):
            lines.append(f"page {page} was not made: it was not begun")
    return lines
