"""A small project to execute, and the real book built once for all tests of a run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import jupytext
import nbformat
import pytest
from filelock import FileLock
from playwright.sync_api import Browser

from replicate import paths
from replicate.bookbuild import picture
from replicate.errors import ConfigError
from replicate.workflow.plan import make_plan

CHECKOUT = paths.root()
# It has no `python -m` entry; take the one beside this Python, whatever PATH says.
JUPYTER_BOOK = str(Path(sys.executable).with_name("jupyter-book"))

HEAD = """# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Sample

# %% tags=["parameters"]
# parameters: how to run
profile = "quick"

# %%
"""


def copy_rules(root: Path) -> None:
    """Copy what Snakemake reads into a checkout in miniature."""
    shutil.copy(CHECKOUT / "Snakefile", root)
    for folder in ("profiles", "workflow"):
        shutil.copytree(CHECKOUT / folder, root / folder)


class Project:
    """A checkout in miniature: ``notebooks/``, ``book/``, a table of contents, and the rules."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "book").mkdir()
        copy_rules(root)
        self.contents([])

    def contents(self, pages: list[str]) -> None:
        lines = ["format: jb-book", "root: intro", "chapters:", *(f"  - file: {page}" for page in pages)]
        (self.root / "book" / "_toc.yml").write_text("\n".join(lines), encoding="utf-8")

    def write(self, name: str, code: str) -> Path:
        """Write a notebook pair whose last cell is ``code``."""
        path = self.root / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = jupytext.reads(HEAD + code, "py:percent")
        nbformat.write(notebook, path)
        jupytext.write(notebook, path.with_suffix(".py"), fmt="py:percent")
        return path


@pytest.fixture
def jupyter_book() -> str:
    """The command of this environment."""
    return JUPYTER_BOOK


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of the smoke profile, drawn up once: the imports it takes are seconds in every new process."""
    folder = tmp_path_factory.mktemp("plans")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPLICATE_WORK", str(folder))
        for profile in ("smoke", "quick"):
            make_plan(profile, "cpu")
    return folder / "flow" / "plans"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path / ".replicate"))
    return Project(tmp_path)


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
    copy_rules(root)
    environment = {
        **os.environ,
        "REPLICATE_ROOT": str(root),
        "REPLICATE_WORK": str(work),
        "OMP_NUM_THREADS": "1",
    }
    cores = str(os.cpu_count() or 1)
    command = [sys.executable, "-m", "replicate.bookbuild", "book", "--profile", "smoke", "--cores", cores]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    return f"{' '.join(command)} failed\n{done.stdout}\n{done.stderr}" if done.returncode else ""
