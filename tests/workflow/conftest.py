"""Checkouts in miniature, with and without notebooks."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
from checkout import ROOT, copy_workflow

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


class Project:
    """A checkout in miniature: ``notebooks/``, ``book/``, a table of contents, and the rules."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "book").mkdir()
        copy_workflow(root)
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
    """The command of this environment, whatever PATH says; it has no `python -m` entry."""
    return str(Path(sys.executable).with_name("jupyter-book"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path / ".replicate"))
    return Project(tmp_path)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rules in a folder of their own, without notebooks."""
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path / ".replicate"))
    copy_workflow(tmp_path)
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "book/_toc.yml", tmp_path / "book")
    return tmp_path
