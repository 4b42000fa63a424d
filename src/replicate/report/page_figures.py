"""The figures of an experiment's page, drawn from its committed record without running the page.

Of a page only the statements run that a figure's cell asks for by name, each once; no cell above it is executed, and
nothing is trained.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matplotlib.figure import Figure

from replicate import experiments, paths
from replicate.errors import ConfigError
from replicate.report import _PLACES
from replicate.report.links import pages
from replicate.results import records

_IN_PAPER = re.compile(r"Figs?\. (S?\d+[a-z]?)")
_WORDS = 4  # of a caption, as the name of a figure that the paper does not have


@dataclass(frozen=True)
class PageFigure:
    """A figure of a page: its number there, a name, its caption, and its cell among the page's."""

    number: int
    name: str
    caption: str
    cell: int


class Page:
    """The cells of an experiment's page, in a checkout.

    Raises:
        ConfigError: there is no such experiment, or no checkout with its page.
    """

    def __init__(self, experiment: str) -> None:
        if experiment not in pages():
            experiments.get(experiment)  # its error names the closest id
            raise ConfigError(f"{experiment} has no page")
        self.experiment = experiment
        self.path = paths.root() / "notebooks" / f"{pages()[experiment]}.ipynb"
        if not self.path.is_file():
            raise ConfigError(f"figures are drawn by the pages of a checkout; there is no {self.path}")
        cells = json.loads(self.path.read_text(encoding="utf-8"))["cells"]
        self.cells = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
        code = ((i, ast.parse(text).body) for i, (kind, text) in enumerate(self.cells) if kind == "code")
        self.statements = [(i, statement) for i, body in code for statement in body]  # with their cells
        self.values: dict[int, _Names] = {}  # of a statement, once it ran

    @cached_property
    def figures(self) -> list[PageFigure]:
        """The figures that are values of cells."""
        draws = {"finished", *_PLACES["figures"]}
        for _, statement in self.statements:
            if isinstance(statement, ast.FunctionDef) and any(_called(n) in draws for n in ast.walk(statement)):
                draws.add(statement.name)
        last = dict(self.statements)
        cells = [i for i, s in last.items() if isinstance(s, ast.Expr) and _called(s.value) in draws]
        figures: list[PageFigure] = []
        for number, cell in enumerate(cells, start=1):
            kind, text = ([*self.cells, ("", "")])[cell + 1]
            caption = text.split("\n\n")[0].replace("\n", " ") if kind == "markdown" and text[:1] == "*" else ""
            name = _name(caption) or f"figure-{number}"
            name += f"-{number}" * any(name == other.name for other in figures)
            figures.append(PageFigure(number, name, caption.replace("*", ""), cell))
        return figures

    @property
    def names(self) -> str:
        """The names of the figures, as text."""
        return ", ".join(figure.name for figure in self.figures) or "none"

    def figure(self, name: str) -> PageFigure:
        """Return a figure by name or number, or raise ConfigError."""
        named = {key: figure for figure in self.figures for key in (str(figure.number), figure.name)}
        if name not in named:
            raise ConfigError(f"{self.experiment} has no figure {name!r}; it has {self.names}")
        return named[name]

    def draw(self, figure: PageFigure) -> Figure:
        """Return a figure, drawn from the committed full record."""
        start = next(i for i, (cell, _) in enumerate(self.statements) if cell == figure.cell)
        body = [statement for cell, statement in self.statements if cell == figure.cell]
        assert isinstance(body[-1], ast.Expr)
        body[-1] = ast.copy_location(ast.Assign([ast.Name("_", ast.Store())], body[-1].value), body[-1])
        return self._run(body, start)["_"]

    def value(self, name: str, before: int) -> Any:
        """Return what a name stands for at a statement, by running the last before it that binds it; else KeyError."""
        if name == "record" and (full := records.full_record(self.experiment)) is not None:
            return full
        for place in range(before - 1, -1, -1):
            statement = self.statements[place][1]
            if name in _bound(statement):
                if place not in self.values:
                    self.values[place] = self._run([statement], place)
                if name in self.values[place]:
                    return self.values[place][name]
        raise KeyError(name)

    def _run(self, body: list[ast.stmt], place: int) -> _Names:
        """Run statements of the page, which are code of this project, and return the names they saw and bound."""
        names = _Names(self, place)
        module = ast.fix_missing_locations(ast.Module(body, []))
        exec(compile(module, str(self.path), "exec"), names)  # noqa: S102
        return names


class _Names(dict[str, Any]):
    """The names that a statement of a page sees; each is looked up when it is asked for."""

    def __init__(self, page: Page, place: int) -> None:
        super().__init__(__name__=page.experiment)
        self._page, self._place = page, place

    def __missing__(self, name: str) -> Any:
        self[name] = self._page.value(name, self._place)
        return self[name]


def _called(call: ast.AST) -> str:
    """Return the name of the function, or of a module's function, that an expression calls."""
    if not isinstance(call, ast.Call):
        return ""
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds or changes at the top of a page."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    names: set[str] = set()
    for node in ast.walk(statement):
        match node:
            case ast.alias(name=name, asname=other):
                names.add((other or name).partition(".")[0])
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.Subscript(value=value, ctx=ast.Store()) | ast.Attribute(value=value, ctx=ast.Store()):
                names |= {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                names.add(name)  # a method may change its object
    return names


def _name(caption: str) -> str:
    """Return a name from a caption: the paper's figure, or its first words."""
    if shown := _IN_PAPER.search(caption):
        return f"fig-{shown[1].lower()}"
    return "-".join(re.findall(r"[a-z0-9]+", caption.lower())[:_WORDS])
