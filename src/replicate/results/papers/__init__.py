"""Every number the papers print that a reproduction can answer, with its unit and where it stands.

One YAML file per paper, checked against ``schema.json`` when it is first asked for.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from replicate.errors import ConfigError
from replicate.results.papers.entries import Claim, Paper, Question, Stated, Target
from replicate.results.papers.loading import PaperFile, paper_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Claim", "Paper", "Question", "Stated", "Target",
    "claims", "paper", "papers", "questions", "stated", "table", "target", "targets",
]  # fmt: skip

_Number = TypeVar("_Number", Target, Stated)


def papers() -> tuple[Paper, ...]:
    """Return the papers in the order of the book's chapters."""
    return tuple(file.paper for file in paper_files())


def paper(id: str) -> Paper:
    """Return one paper, or raise ConfigError naming those there are."""
    return _file(id).paper


def questions() -> tuple[Question, ...]:
    """Return what the experiments of the papers answer, in the order of the chapters."""
    return tuple(question for file in paper_files() for question in file.questions)


def targets(experiment: str | None = None) -> tuple[Target, ...]:
    """Return the printed numbers of one experiment, or of all, or raise ConfigError."""
    _check_experiment(experiment)
    return tuple(t for file in paper_files() for t in file.targets if experiment in (None, t.experiment))


def target(id: str) -> Target:
    """Return one printed number by id, such as ``zeng2019-gap/mae``, or raise ConfigError naming the nearest."""
    return _by_id(targets(), id, "published")


def claims(experiment: str | None = None) -> tuple[Claim, ...]:
    """Return the statements of one experiment, or of all, or raise ConfigError."""
    _check_experiment(experiment)
    return tuple(c for file in paper_files() for c in file.claims if experiment in (None, c.experiment))


def stated(id: str) -> Stated:
    """Return a number that no run can answer, such as ``zeng2019/script-epochs``, or raise ConfigError."""
    return _by_id((number for file in paper_files() for number in file.stated), id, "stated")


def table(paper: str, name: str) -> pd.DataFrame:
    """Return a printed table, such as ``table3``; ``attrs`` holds its ``caption``, ``units`` and ``note``."""
    import pandas as pd

    tables = _file(paper).tables
    if name not in tables:
        raise ConfigError(f"{paper} has no table {name!r}; it has {_listed(tables)}")
    raw = tables[name]
    frame = pd.DataFrame(raw["rows"], columns=raw["columns"])
    units, note = dict(raw.get("units", {})), raw.get("note", "")
    frame.attrs = {"caption": raw["caption"], "units": units, "note": note}
    return frame


def _file(id: str) -> PaperFile:
    files = {file.paper.id: file for file in paper_files()}
    if id not in files:
        raise ConfigError(f"there is no paper {id!r}; there are {_listed(files)}")
    return files[id]


def _by_id(numbers: Iterable[_Number], id: str, kind: str) -> _Number:
    by_id = {number.id: number for number in numbers}
    if id not in by_id:
        own = [name for name in by_id if name.startswith(f"{id}/")]  # an experiment was named
        near = own or difflib.get_close_matches(id, by_id, n=1)
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise ConfigError(f"there is no {kind} number {id!r}{hint}")
    return by_id[id]


def _check_experiment(id: str | None) -> None:
    known = [question.id for question in questions()]
    if id is not None and id not in known:
        raise ConfigError(f"there is no experiment {id!r}; there are {_listed(known)}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
