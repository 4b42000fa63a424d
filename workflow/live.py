"""What a run of the rules is doing: one live line per running job on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console

from replicate.errors import one_line
from replicate.progress import LiveLines


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


class Watch(LiveLines):
    """Hears what jobs report, shows it in live lines, and keeps why any of them failed.

    Args:
        console: where the lines go.
    """

    def __init__(self, console: Console | None = None) -> None:
        super().__init__(console)
        self.failures: dict[str, str] = {}

    def hear(self, command: Sequence[str], report: Mapping[str, Any]) -> None:
        """Take in a job's report."""
        name = label(command)
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
            lines.append(f"page {page} was not made: {own.removeprefix(page).removeprefix(' FAILED').strip()}")
        elif failed := [name for name in needs(page) if name in failures]:
            lines.append(f"page {page} was not made: {failed[0]} failed: {failures[failed[0]]}")
        elif not here(page):
            lines.append(f"page {page} was not made: it was not begun")
    return lines
