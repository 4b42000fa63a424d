"""The real book, built once for all tests of a run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from checkout import copy_workflow
from filelock import FileLock
from playwright.sync_api import Browser

from replicate import paths
from replicate.errors import ConfigError
from workflow import picture


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; skipped with the reason where there is none, but never in CI."""
    with ExitStack() as closing:
        try:
            running = closing.enter_context(picture.started())
        except ConfigError as error:
            pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))
        yield running


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory, worker_id: str, smoke_work: Path) -> Path:
    """The real book's HTML, executed with the smoke profile, warnings as errors; once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    root, outcome = shared / "book-build", shared / "book-build.txt"
    with FileLock(shared / "book-build.lock"):
        if not outcome.is_file():
            outcome.write_text(_build(root, smoke_work), encoding="utf-8")
    problem = outcome.read_text(encoding="utf-8")
    assert not problem, problem
    return root / "_build" / "html"


def _build(root: Path, work: Path) -> str:
    """Build a copy of the book and return what went wrong, nothing when all went well."""
    executed = shutil.ignore_patterns("*.ipynb", ".ipynb_checkpoints")
    shutil.copytree(paths.root() / "book", root / "book", ignore=executed)
    checkpoints = shutil.ignore_patterns(".ipynb_checkpoints")
    shutil.copytree(paths.root() / "notebooks", root / "notebooks", ignore=checkpoints)
    for file in ("_config.yml", "CITATION.cff"):
        shutil.copy(paths.root() / file, root)
    copy_workflow(root)
    environment = {**os.environ, "REPLICATE_ROOT": str(root), "REPLICATE_WORK": str(work), "OMP_NUM_THREADS": "1"}
    cores = str(os.cpu_count() or 1)
    command = [sys.executable, "-m", "workflow", "book", "--profile", "smoke", "--cores", cores]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    return f"{' '.join(command)} failed\n{done.stdout}\n{done.stderr}" if done.returncode else ""
