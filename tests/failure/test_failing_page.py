"""A notebook that fails in the middle, through the command: its cell is named, the other one runs, the exit tells."""

from __future__ import annotations

from pathlib import Path

import nbformat
from children import as_module, run


def write(root: Path, name: str, *cells: str) -> Path:
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return root / "book" / f"{name}.ipynb"


def test_the_command_names_the_cell_and_runs_the_others(tmp_path: Path) -> None:
    broken = write(tmp_path, "paper/a-broken", "print('before')", "rows = 1 / 0", "print('after')")
    sound = write(tmp_path, "paper/b-sound", "print('here')")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "_toc.yml").write_text("format: jb-book\nroot: intro\n", encoding="utf-8")
    env = {"REPLICATE_ROOT": str(tmp_path), "REPLICATE_WORK": str(tmp_path / ".replicate")}
    ended = run(as_module, "replicate.bookbuild", ("execute", "--profile", "smoke"), env=env)
    assert ended.status == 1
    assert "1 of 2 notebooks failed: paper/a-broken" in ended.err
    assert "In [2] “rows = 1 / 0” … ZeroDivisionError: division by zero" in ended.out
    assert not broken.exists() and "here" in sound.read_text(encoding="utf-8")
    assert "before" in (tmp_path / ".replicate/failed/paper/a-broken.ipynb").read_text(encoding="utf-8")
