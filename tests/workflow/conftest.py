"""The rules in a folder of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from running import ROOT


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rules in a folder of their own, without notebooks."""
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path / ".replicate"))
    shutil.copy(ROOT / "Snakefile", tmp_path)
    for folder in ("profiles", "workflow"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "book/_toc.yml", tmp_path / "book")
    return tmp_path
