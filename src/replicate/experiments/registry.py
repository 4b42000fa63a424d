"""Every experiment by id, the papers' and our own."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from replicate.errors import ConfigError
from replicate.experiments.core import Experiment
from replicate.results import papers
from replicate.results.papers import Question

_OWN = "beyond"


@cache
def _registry() -> dict[str, Experiment]:
    names = (*(paper.id for paper in papers.papers()), _OWN)
    chapters = [import_module(f"replicate.experiments.{name}") for name in names]
    return {experiment.id: experiment for chapter in chapters for experiment in chapter.EXPERIMENTS}


def all_experiments() -> Iterator[Experiment]:
    """Yield every experiment in the order of the book."""
    yield from _registry().values()


def questions() -> tuple[Question, ...]:
    """Return what the experiments answer, those of the papers and those beyond them, in the order of the book."""
    own: tuple[Question, ...] = import_module(f"replicate.experiments.{_OWN}").QUESTIONS
    return (*papers.questions(), *own)


def get(experiment: str) -> Experiment:
    """Return an experiment by id.

    Raises:
        ConfigError: there is none; names the closest id.
    """
    known = _registry()
    if experiment not in known:
        close = difflib.get_close_matches(experiment, known, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"
        raise ConfigError(f"no experiment {experiment!r}{hint}")
    return known[experiment]
