"""Checkouts in miniature."""

from __future__ import annotations

import shutil
from pathlib import Path

from replicate import paths

ROOT = paths.root()


def copy_workflow(folder: Path) -> None:
    """Copy the rules and the code that runs them."""
    shutil.copytree(ROOT / "workflow", folder / "workflow", ignore=shutil.ignore_patterns("__pycache__"))
