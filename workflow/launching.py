"""Launch buttons: Binder and Colab open the paired notebooks, from a branch where each installs what it needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import nbformat

from replicate import paths
from replicate import repository as addresses
from workflow.sources import Source

BRANCH = "launch"


def shows_address(source: Source) -> bool:
    """Return whether a page shows the repository's address, so that it is executed again when that changes."""
    return "first_commands(" in source.path.read_text(encoding="utf-8")


def theme_options(repository: str) -> dict[str, Any]:
    """Return the theme's options: a button to the repository, others that open ``notebooks/<page>.ipynb`` itself.

    Raises:
        ConfigError: the repository is not written as https://github.com/owner/name.
    """
    return {
        "repository_url": addresses.checked(repository),
        "use_repository_button": True,
        "repository_branch": BRANCH,
        "path_to_docs": "notebooks",
        "launch_buttons": {
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
            "notebook_interface": "jupyterlab",
        },
    }


# Not the package's name: a folder called so in the working folder would hide the package.
FOLDER = "replicate-book"

_INSTALL = """\
# Colab starts without this book: clone it and install it, which takes some minutes. Where it is installed, as on
# Binder, this does nothing.
import importlib.util
import os
import subprocess
import sys

if importlib.util.find_spec("replicate") is None:
    if not os.path.isdir("{folder}"):
        clone = ["git", "clone", "--quiet", "--depth", "1", "--branch", "{branch}"]
        subprocess.run([*clone, "{repository}", "{folder}"], check=True)
    wanted = ["--editable", "./{folder}[book]", "--constraint", "{folder}/constraints.txt"]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *wanted], check=True)
    sys.path.insert(0, os.path.abspath("{folder}/src"))  # a kernel that runs does not see new packages in folders
    if "numpy" in sys.modules:
        print("Another numpy was loaded before: restart the session, then run all cells again.")
if os.path.isdir("{folder}"):
    os.chdir("{folder}")"""


def install_cell(repository: str) -> str:
    """Return the code of the cell: a clone, whose constraints pin the versions."""
    return _INSTALL.format(folder=FOLDER, branch=BRANCH, repository=addresses.checked(repository))


def add_install_cells(sources: Iterable[Source], repository: str) -> int:
    """Put the cell before the first code cell of every notebook (``.ipynb``), once, and return their number."""
    code = install_cell(repository)
    written = 0
    for source in sources:
        notebook = nbformat.read(source.path, as_version=4)
        first = next((i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"), None)
        if first is None or notebook.cells[first].source == code:
            continue
        notebook.cells.insert(first, nbformat.v4.new_code_cell(code, id="install"))
        with paths.written_whole(source.path) as temporary:
            nbformat.write(notebook, temporary)
        written += 1
    return written
