"""What others report on the same tasks: public numbers with rows, split and source, beside ours and never judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from replicate.errors import ConfigError
from replicate.results import papers


@dataclass(frozen=True)
class Elsewhere:
    """The public scores of one task.

    Args:
        quantity, metric, unit: what was scored; ``unit`` is that of the printed numbers it stands ``beside``.
        rows: of the whole list; None: not told.
        split: how test rows were drawn.
        source: where the scores stand, with version or DOI.
        beside: ids of printed numbers.
        scores: model → score as it is given there.
    """

    id: str
    quantity: str
    metric: str
    unit: str
    rows: int | None
    split: str
    source: str
    beside: tuple[str, ...]
    scores: Mapping[str, str]

    def __str__(self) -> str:
        """Return what was scored on what, the scores and their source."""
        rows = f"{self.rows:,} rows, " if self.rows else ""
        unit = f" in {self.unit}" if self.unit else ""
        scores = ", ".join(f"{model} {score}" for model, score in self.scores.items())
        return f"{self.metric}{unit}, {self.quantity}, {rows}{self.split}: {scores} ({self.source})"


@cache
def tasks() -> tuple[Elsewhere, ...]:
    """Return every task, or raise ConfigError for an entry that names a number, a source or a score that is none."""
    file = resources.files("replicate.results") / "elsewhere.yaml"
    raw: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    known = {target.id: target for target in papers.targets()}
    entries = []
    for entry in raw["tasks"]:
        where = f"elsewhere.yaml: {entry.get('id')}"
        if entry["source"] not in raw["sources"]:
            raise ConfigError(f"{where}: there is no source {entry['source']!r}")
        for id in entry["beside"]:
            if id not in known:
                raise ConfigError(f"{where}: there is no published number {id!r}")
            if known[id].unit != entry["unit"]:
                raise ConfigError(f"{where}: {id} is in {known[id].unit!r}, not in {entry['unit']!r}")
        for model, score in entry["scores"].items():
            if not isinstance(score, str) or not float(score) > 0:
                raise ConfigError(f"{where}: {model} has no score in quotes: {score!r}")
        shared = {"source": raw["sources"][entry["source"]], "beside": tuple(entry["beside"])}
        entries.append(Elsewhere(**{**entry, **shared}))
    return tuple(entries)


def beside(number: str) -> tuple[Elsewhere, ...]:
    """Return the tasks to show with a printed number, such as ``xie2018-formation/eq5-mae``."""
    return tuple(task for task in tasks() if number in task.beside)
