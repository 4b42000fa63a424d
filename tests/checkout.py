"""Checkouts in miniature."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import jupytext
import nbformat

from replicate import paths

ROOT = paths.root()
PARAMETERS = '# parameters: how to run\nprofile = "quick"'


def copy_workflow(folder: Path) -> None:
    """Copy the rules and the code that runs them."""
    shutil.copytree(ROOT / "workflow", folder / "workflow", ignore=shutil.ignore_patterns("__pycache__"))


def write_contents(root: Path, pages: Iterable[str]) -> None:
    """Write the contents of a book that begins with a page ``intro``."""
    lines = ["format: jb-book", "root: intro", "chapters:", *(f"  - file: {page}" for page in pages)]
    (root / "book" / "_toc.yml").write_text("\n".join(lines), encoding="utf-8")


def write_notebook(root: Path, name: str, code: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook pair: a heading, a cell of parameters, and ``code``."""
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f'# %% [markdown]\n# # Sample\n\n# %% tags=["parameters"]\n{parameters}\n\n# %%\n{code}'
    notebook = jupytext.reads(text, "py:percent")
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    jupytext.write(notebook, path.with_suffix(".py"), fmt="py:percent")
    return path
