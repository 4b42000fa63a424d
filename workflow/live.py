"""What a run of the rules is doing: one live line per running job on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console

from replicate.errors import one_line
from replicate.progress import LiveLines


def label(command: Sequence[str]) -> str:
    """Return a job's name, such as ``page zeng2019/metals``, by the words after ``python -m``; empty for a kernel."""
    if "--" not in command:
        return ""
    words = command[command.index("--") + 1 :]
    name = words[0]
    if command[1] == "train":  # -- experiment profile device group groups output
        name += f" {words[3]}/{words[4]}"
    return f"{command[1]} {name}"


class Watch(LiveLines):
    """Hears what jobs report, shows it in live lines, and keeps why any of them failed."""

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


def unmade(page: str, failures: Mapping[str, str], needs: Iterable[str]) -> str:
    """Return the line that says why a page was not made, by the failures of jobs and the jobs it waits for."""
    said = "it was not begun"
    if (own := failures.get(f"page {page}")) is not None:
        said = own.removeprefix(page).removeprefix(" FAILED").strip()
    elif failed := next((name for name in needs if name in failures), None):
        said = f"{failed} failed: {failures[failed]}"
    return f"page {page} was not made: {said}"
