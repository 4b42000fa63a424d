"""Execute notebooks through papermill: skip what is current, write whole files, keep going past a failure."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import papermill
from papermill.exceptions import PapermillExecutionError
from rich.console import Console
from rich.text import Text
from traitlets.config import Config

from replicate import paths
from replicate.bookbuild import progress, stamp
from replicate.bookbuild.sources import KERNEL, Source

# Kernels otherwise speak plain TCP on a machine that may be shared, and say so on every start.
_KERNEL_CONFIG = Config(KernelManager={"transport_encryption": "auto"})

# What a notebook is given where nothing else is asked for.
DEFAULTS: Mapping[str, object] = {"profile": "quick", "device": "auto"}


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook.

    Args:
        status: ``ran``, ``current`` (nothing to do) or ``failed``.
        problem: the failing cell and its error, where it failed.
    """

    source: Source
    status: str
    seconds: float = 0.0
    problem: str = ""


def execute(
    sources: Sequence[Source],
    parameters: Mapping[str, object],
    *,
    console: Console | None = None,
    force: bool = False,
) -> list[Outcome]:
    """Execute each source whose page is not current, giving each only the parameters it declares.

    A failing notebook leaves the page of its last good run, its half-run copy in the work folder's
    ``failed/``, and the others run on.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    # Kernels of this environment, not of a user's home; and no debugger warning from each of them.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    outcomes = []
    for number, source in enumerate(sources, start=1):
        label = f"[{number}/{len(sources)}] {source.name}"
        outcome = _one(source, parameters, label, console, force)
        outcomes.append(outcome)
        word = {"ran": progress.spent(outcome.seconds), "current": "unchanged"}.get(outcome.status)
        console.print(Text(f"{label} … {word or f'FAILED after {progress.spent(outcome.seconds)}'}"))
        if outcome.problem:
            console.print(Text(outcome.problem), style="red")
    return outcomes


def _one(
    source: Source, parameters: Mapping[str, object], label: str, console: Console, force: bool
) -> Outcome:
    known = set(source.parameters)
    passed = {name: value for name, value in parameters.items() if name in known}
    print_ = stamp.fingerprint(source, passed)
    if not force and stamp.is_current(source, print_):
        return Outcome(source, "current")
    log = paths.work_dir() / "logs" / f"{source.name}.log"
    half_run = paths.work_dir() / "failed" / f"{source.name}.ipynb"
    with progress.line(console, label) as line:
        cells = len(source.notebook.cells) + bool(passed)

        def report(cell: int) -> None:
            line.step = f"cell {cell}/{cells}"

        try:
            with paths.written_whole(source.output) as temporary, _logged(log, report):
                try:
                    _papermill(source, temporary, passed)
                except BaseException:
                    half_run.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(temporary, half_run)
                    raise
        except Exception as error:  # whatever stops one notebook, the others still run
            problem = f"  {_explain(error)}\n  half-run copy: {_short(half_run)}, log: {_short(log)}"
            return Outcome(source, "failed", line.seconds, problem)
    half_run.unlink(missing_ok=True)
    stamp.mark(source, print_)
    return Outcome(source, "ran", line.seconds)


def _papermill(source: Source, target: Path, parameters: Mapping[str, object]) -> None:
    papermill.execute_notebook(
        source.path,
        target,
        parameters=dict(parameters) or None,
        kernel_name=KERNEL,
        progress_bar=False,
        log_output=True,
        cwd=paths.root(),
        config=_KERNEL_CONFIG,
        extra_arguments=["--log-level=CRITICAL"],
    )


def _explain(error: Exception) -> str:
    if isinstance(error, PapermillExecutionError):
        # Cell numbers shift by what papermill inserts; the execution count is what Jupyter shows.
        first = next((text for text in error.source.splitlines() if text.strip()), "")
        return f"In [{error.exec_count}] “{first.strip()}” … {error.ename}: {error.evalue}"
    return f"{type(error).__name__}: {error}"


def _short(path: Path) -> Path:
    return path.relative_to(paths.root()) if path.is_relative_to(paths.root()) else path


class _CellWatch(logging.Handler):
    """Reads the number of the running cell from papermill's log, the only place it is told."""

    def __init__(self, report: Callable[[int], None]) -> None:
        super().__init__()
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        if found := re.match(r"Executing Cell (\d+)", record.getMessage()):
            self._report(int(found[1]))


@contextmanager
def _logged(log: Path, report: Callable[[int], None]) -> Iterator[None]:
    """Send papermill's log to a file and its cell numbers to ``report``, nothing to the terminal."""
    log.parent.mkdir(parents=True, exist_ok=True)
    logger = logging.getLogger("papermill")
    file = logging.FileHandler(log, mode="w", encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    handlers: list[logging.Handler] = [file, _CellWatch(report)]
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.INFO)
    logger.propagate = False
    for handler in handlers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            logger.removeHandler(handler)
        file.close()
        logger.setLevel(level)
        logger.propagate = propagate
