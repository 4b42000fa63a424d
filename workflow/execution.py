"""Execute one notebook through papermill: a whole page, or the page of its last good run and a half-run copy."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import papermill
from jupyter_client.manager import AsyncKernelManager
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from replicate import paths, progress
from replicate.errors import ReplicateError, StorageError
from workflow import ask
from workflow.sources import KERNEL, Source

# Kernels otherwise speak plain TCP on a machine that may be shared, and say so on every start.
_KERNEL_CONFIG = Config(KernelManager={"transport_encryption": "auto"})


class _Kernels(AsyncKernelManager):
    """Starts kernels as forks of the process that has imported what pages need, where there is one."""

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        command = super().format_kernel_cmd(extra_arguments)
        if ask.VARIABLE in os.environ and "-m" in command:
            return [*ask.command(), *command[command.index("-m") + 1 :]]
        return command


class PageError(ReplicateError):
    """A notebook that did not run to its end; names the failing cell, its error and the half-run copy, if any."""


def execute(source: Source, parameters: Mapping[str, object]) -> float:
    """Execute a source to its page, giving only the parameters it declares, and return the seconds it took.

    A failing notebook leaves the page of its last good run, and its half-run copy in the work folder's ``failed/``.

    Raises:
        PageError: a cell failed, or the kernel did.
        StorageError: page or log cannot be written.
    """
    # Kernels of this environment, not of a user's home; and no debugger warning from each of them.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    known = set(source.parameters)
    passed = {name: value for name, value in parameters.items() if name in known}
    log = paths.work_dir() / "logs" / f"{source.name}.log"
    half_run = paths.work_dir() / "failed" / f"{source.name}.ipynb"
    kept, started = "", time.monotonic()
    try:
        half_run.unlink(missing_ok=True)  # an earlier failure's would be taken for this one's
        with paths.written_whole(source.output) as temporary:
            log.parent.mkdir(parents=True, exist_ok=True)
            logging.basicConfig(
                filename=log, filemode="w", level=logging.INFO, format="%(asctime)s %(message)s", force=True
            )
            try:
                _papermill(source, temporary, passed)
            except BaseException:
                # Papermill may have failed before it wrote; where the disk is full, the reason that the notebook
                # stopped for is still told.
                with suppress(OSError):
                    if temporary.is_file() and temporary.stat().st_size:
                        half_run.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copyfile(temporary, half_run)
                        kept = f"half-run copy: {_short(half_run)}, "
                raise
    except StorageError as error:
        raise StorageError(f"{source.name} FAILED: {error}") from error
    except Exception as error:  # whatever else stops a notebook is told in the same way
        raise PageError(
            f"{source.name} FAILED after {spent(time.monotonic() - started)}: {_explain(error)}\n"
            f"  {kept}log: {_short(log)}"
        ) from error
    return time.monotonic() - started


def spent(seconds: float) -> str:
    """Return a duration as a person says it."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"


def _papermill(source: Source, target: Path, parameters: Mapping[str, object]) -> None:
    try:
        _run(source, target, parameters)
    except RuntimeError as error:
        # Between a kernel's choice of its ports and its taking them another process may take one.
        if "before replying to kernel_info" not in str(error):
            raise
        _run(source, target, parameters)


def _run(source: Source, target: Path, parameters: Mapping[str, object]) -> None:
    cells = len(source.notebook.cells)
    papermill.execute_notebook(
        source.path,
        target,
        parameters=dict(parameters) or None,
        kernel_name=KERNEL,
        progress_bar=False,
        log_output=True,
        cwd=paths.root(),
        config=_KERNEL_CONFIG,
        kernel_manager_class=_Kernels,
        on_cell_start=lambda cell, cell_index: progress.report("", cell_index, cells),
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
