"""The notebook sources: which there are, in which order they run, and whether they are fit to commit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
import nbformat

from replicate import paths
from replicate.errors import ConfigError
from replicate.notebook import DECLARED, assigned_names

KERNEL = "python3"


@dataclass(frozen=True)
class Source:
    """One notebook source: ``notebooks/<name>.ipynb``, executed to ``book/<name>.ipynb``."""

    name: str

    @property
    def path(self) -> Path:
        """The source without outputs."""
        return paths.root() / "notebooks" / f"{self.name}.ipynb"

    @property
    def pair(self) -> Path:
        """The same cells as percent-format text, which is what a reviewer reads."""
        return self.path.with_suffix(".py")

    @property
    def output(self) -> Path:
        """The executed page; ignored by git."""
        return paths.root() / "book" / f"{self.name}.ipynb"

    @property
    def summary(self) -> bool:
        """Whether the page shows other notebooks' results, so that it runs after them."""
        return "/" not in self.name or self.name.endswith("/index")

    @cached_property
    def notebook(self) -> nbformat.NotebookNode:
        """The parsed source."""
        return nbformat.read(self.path, as_version=4)

    @property
    def parameter_cells(self) -> list[nbformat.NotebookNode]:
        """The cells papermill takes for the parameters cell; one, or none where there is nothing to set."""
        return [cell for cell in self.notebook.cells if "parameters" in cell.metadata.get("tags", [])]

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters the notebook declares."""
        return [name for cell in self.parameter_cells for name in assigned_names(cell.source)]


def discover() -> list[Source]:
    """Return every source in running order: experiments as in the contents, then chapters, then summaries.

    Raises:
        ConfigError: a name that Snakemake would take for a pattern, or that no line can show.
    """
    folder = paths.root() / "notebooks"
    names = [
        path.relative_to(folder).with_suffix("").as_posix()
        for path in folder.rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    ]
    for name in names:
        if set(name) & set("{}") or not name.isprintable():
            raise ConfigError(f"notebooks/{name}.ipynb: a notebook's name has no braces and no control characters")
    place = {name: position for position, name in enumerate(table_of_contents())}
    sources = [Source(name) for name in sorted(names)]
    return sorted(
        sources, key=lambda source: (source.summary, "/" not in source.name, place.get(source.name, len(place)))
    )


def select(sources: list[Source], only: list[str]) -> list[Source]:
    """Return the sources named, all when none is named, or raise ConfigError."""
    known = {source.name for source in sources}
    for name in only:
        if name not in known:
            raise ConfigError(f"no notebook named {name!r}; there are: {', '.join(sorted(known))}")
    return [source for source in sources if source.name in only] if only else sources


def table_of_contents() -> list[str]:
    """Return the pages of ``book/_toc.yml`` in reading order, without suffixes."""
    contents = (paths.root() / "book" / "_toc.yml").read_text(encoding="utf-8")
    return re.findall(r"^[ -]*(?:root|file): *(\S+)", contents, re.MULTILINE)


def problems(source: Source) -> list[str]:
    """Return what keeps a source from being committed: outputs, lost tags, a foreign kernel, a stale pair."""
    found = []
    cells = [cell for cell in source.notebook.cells if cell.cell_type == "code"]
    if any(cell.outputs or cell.execution_count is not None for cell in cells):
        found.append("holds outputs or execution counts")
    kernel = source.notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != KERNEL:
        found.append(f"its kernel is {kernel!r}, not {KERNEL!r}: it would not start elsewhere")
    tagged = source.parameter_cells
    if len(tagged) > 1 or any(not cell.source.startswith(DECLARED) for cell in tagged):
        found.append(f"needs at most one cell tagged 'parameters', starting with '{DECLARED}'")
    if not tagged and any(cell.source.startswith(DECLARED) for cell in cells):
        found.append("its parameters cell has lost the tag 'parameters'")
    if not source.pair.is_file():
        found.append(f"has no pair {source.pair.name}")
    elif _plain(jupytext.read(source.pair)) != _plain(source.notebook):
        found.append(f"differs from {source.pair.name}: run `make notebooks`")
    return found


def _plain(notebook: nbformat.NotebookNode) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(cell.cell_type, cell.source.strip(), tuple(cell.metadata.get("tags", ()))) for cell in notebook.cells]
