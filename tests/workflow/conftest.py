"""Checkouts in miniature, with and without notebooks."""

import shutil
import sys
from pathlib import Path

import pytest
from checkout import ROOT, copy_workflow, write_contents, write_notebook


class Project:
    """A checkout in miniature: ``notebooks/``, ``book/``, a table of contents, and the rules."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "book").mkdir()
        copy_workflow(root)
        self.contents([])

    def contents(self, pages: list[str]) -> None:
        write_contents(self.root, pages)

    def write(self, name: str, code: str) -> Path:
        return write_notebook(self.root, name, code)


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
