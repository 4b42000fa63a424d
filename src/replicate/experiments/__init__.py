"""Every experiment that this package runs, the papers' and our own; ``get`` and ``run`` are the way in."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from replicate import papers, records
from replicate.errors import ConfigError, MissingDataset
from replicate.experiments.core import Experiment, Say, silent
from replicate.experiments.core import run as _run
from replicate.papers import Question
from replicate.records import Record
from replicate.settings import PROFILES

__all__ = ["PROFILES", "Experiment", "all_experiments", "get", "questions", "run", "run_or_full"]

_OWN = "beyond"
_CHAPTERS = ("zeng2019", "xie2018", "konno2021", "quinn2022", _OWN)


@cache
def _registry() -> dict[str, Experiment]:
    found: dict[str, Experiment] = {}
    for chapter in _CHAPTERS:
        for experiment in import_module(f"replicate.experiments.{chapter}").EXPERIMENTS:
            found[experiment.id] = experiment
    return found


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


def run(
    experiment: str,
    profile: str = "quick",
    *,
    seeds: int = 0,
    device: str = "auto",
    refresh: bool = False,
    paper_budget: bool = False,
    say: Say = silent,
) -> Record:
    """Return the record of an experiment by id, training only if none matches (see ``core.run``)."""
    return _run(
        get(experiment),
        profile,
        seeds=seeds,
        device=device,
        refresh=refresh,
        paper_budget=paper_budget,
        say=say,
    )


def run_or_full(
    experiment: str,
    profile: str = "quick",
    *,
    seeds: int = 0,
    device: str = "auto",
    refresh: bool = False,
    say: Say = silent,
    note: Say = print,
) -> Record:
    """Return what :func:`run` returns, or, where its data are not here, the committed full record, and say so.

    For pages whose every profile needs a download. ``say`` receives progress, ``note`` the one sentence that
    the record is not of the profile asked for.

    Raises:
        MissingDataset: the data are not here, and there is no full record either.
    """
    try:
        return run(experiment, profile, seeds=seeds, device=device, refresh=refresh, say=say)
    except MissingDataset as error:
        kept = records.full_record(experiment)
        if kept is None:
            raise
        note(f"The {profile} profile did not run, this is the full record: {error}")
        return kept
