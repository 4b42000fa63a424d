"""One printed number, traced: target, record, rule, verdict, data, code, page and citation."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import replicate
from replicate import experiments, wording
from replicate.report import citation
from replicate.report.links import row_link
from replicate.results import compare, papers, records
from replicate.results.compare import Comparison
from replicate.results.records import Record, commit_note
from replicate.results.verdict import LEVEL, NEAR, NOT_RUN, OTHER_DATA, best_setting, reaches

_PACKAGE = Path(replicate.__file__).parent
_WIDTH, _LABELS = 100, 10  # columns of the text, and of what stands before it


@dataclass(frozen=True, kw_only=True)
class Trace(Comparison):
    """A published number with all that a reader needs to check and cite it.

    Args:
        metric: key in the record; ``values`` are this times ``scale``, one per seed, in the published unit.
        test_rows: how many rows each value is a score of, where it is one.
        rule: how the verdict follows from the values.
        record, key, version, commit, finished: the committed record's file, its key, its code and date.
        data: name, digest and number of rows of each dataset that was read.
        splits: digests of the metric's splits, one per seed; of all kinds of split where it belongs to none.
        code: file, line and name of what computes the number and of its settings.
        page: address of its row in the book.
        citation: BibTeX entries of the ``paper``, the ``book`` and the ``number``.
    """

    values: tuple[float, ...]
    test_rows: int | None
    rule: str
    record: str = ""
    key: str = ""
    version: str = ""
    commit: str | None = None
    finished: str = ""
    data: list[dict[str, Any]] = field(default_factory=list)
    splits: dict[str, list[str]] = field(default_factory=dict)
    code: list[str]
    page: str
    citation: dict[str, str]

    def __str__(self) -> str:
        """Return all of it as text, a line for each part and the citations below."""
        unit = f" {self.unit}" if self.unit else ""
        each = f" ({', '.join(f'{value:.6g}' for value in self.values)})" if len(self.values) > 1 else ""
        over = f", {wording.number_of(self.test_rows, 'test row')} each" if self.test_rows else ""
        caveats = "".join(f"; {words}" for words in self.caveats)
        note = commit_note(self.commit) if self.record else ""
        commit = f"commit {self.commit or 'unknown'}" + f" ({note})" * bool(note)
        source = f"{self.record}, key {self.key}; {commit}; replicate {self.version}, {self.finished[:10]}"
        rows = {
            "printed": f"{self.printed}{unit} ({self.where})",
            "ours": f"{self.ours}{unit}{each}" if self.values else "–",
            "verdict": f"{self.verdict}{caveats}",
            "rule": self.rule,
            "budget": self.budget,
            "other data": self.other_data,
            "note": "" if self.verdict == NOT_RUN else self.note,
            "metric": f"{self.metric}{f' × {self.scale:g}' if self.scale != 1 else ''}{over}",
            "record": source if self.record else "none",
            "data": "; ".join(f"{d['name']}, {d['rows']:,} rows, digest {d['digest'][:16]}" for d in self.data),
            "splits": "; ".join(f"{kind}: {', '.join(digests)}" for kind, digests in self.splits.items()),
            "code": "; ".join(self.code),
            "page": self.page,
        }
        lines = [f"{self.id}: {self.quantity}"]
        for label, text in rows.items():
            if text:
                wrapped = textwrap.wrap(text, _WIDTH - _LABELS - 2, break_on_hyphens=False) or [""]
                lines += [f"  {label if not i else '':{_LABELS}} {line}" for i, line in enumerate(wrapped)]
        return "\n".join([*lines, "", *self.citation.values()])


def show(number: str) -> Trace:
    """Return a printed number with its record, verdict, data, code, page and citation.

    Args:
        number: id, such as ``zeng2019-metal/auc``; ``replicate report --json`` has them all.

    Raises:
        ConfigError: there is none; names the nearest.
    """
    experiment = papers.target(number).experiment
    return next(trace for trace in traces(experiment) if trace.id == number)


def traces(experiment: str | None = None) -> list[Trace]:
    """Return the printed numbers of one experiment, or of all, in the order of the scoreboard."""
    book, record = citation.book(), cache(records.full_record)
    return [_trace(row, record(row.experiment), book) for row in compare.scoreboard(experiment)]


def _trace(row: Comparison, record: Record | None, book: str) -> Trace:
    metric = compare.measured(record, row.metric)
    source: dict[str, Any] = {}
    if record:
        kind, environment = row.metric.partition("/")[0], record.environment
        source = {
            "record": f"book/results/{row.experiment}.json",
            "key": record.key,
            "version": environment["versions"].get("replicate", ""),
            "commit": environment["git_commit"],
            "finished": environment["finished"],
            "data": record.data,
            "splits": {kind: record.splits[kind]} if kind in record.splits else record.splits,
        }
    values = tuple(value * row.scale for value in metric.values) if metric and row.verdict != NOT_RUN else ()
    seeds = f" over {wording.number_of(row.seeds, 'seed')}" if row.seeds else ""
    note = (
        f"{row.ours} {row.unit}".rstrip() + f"{seeds}, printed {row.printed} ({row.where}): {row.verdict}; "
        f"metric {row.metric}, record {source.get('key', '')}, commit {source.get('commit')}"
    )
    title = f"{row.quantity} of {row.experiment}, re-run"
    return Trace(
        **vars(row),
        values=values,
        test_rows=metric.n if metric else None,
        rule=_rule(row, record, values),
        code=code_of(row.experiment, record.environment["device"] if record else ""),
        page=row_link(row.id),
        citation={
            "paper": citation.paper(papers.paper(row.paper)),
            "book": book,
            "number": citation.number(row.id, title, note, source.get("finished", "")),
        },
        **source,
    )


def _rule(row: Comparison, record: Record | None, values: Sequence[float]) -> str:
    """Return how the verdict of a number follows from its values."""
    if row.verdict == NOT_RUN:
        return f"not run: {row.note}"
    if row.verdict == OTHER_DATA:
        return "data or definition differ, so the number is shown and not judged"
    errors = compare.setting_errors(record, row.argmin) if record and row.argmin else {}
    if row.published in errors:
        best, passes = best_setting(errors, row.published)
        return (
            f"lowest mean validation error at {best:g}; that of {row.printed} is "
            f"{'' if passes else 'not '}within one standard error of it"
        )
    near, inside = reaches(row.published, values, row.half_digit, row.ends_at)
    away = abs((row.full_mean or 0.0) - row.published)
    of = "of the printed value" if row.ends_at is None else "of what it lacks to the end of the scale"
    reach = f"{LEVEL:.0%} interval of one more training"
    if len(values) == 1:
        reach = "half of the last digit, for a single value"
    return (
        f"the mean is {away:.3g} from the printed value; "
        f"near is up to {near:.3g} ({NEAR:.0%} {of}, at least half of its last digit); "
        f"inside is up to {inside:.3g} ({reach}); "
        f"{'no side' if row.better == 'equal' else row.better} is better"
    )


@cache
def code_of(experiment: str, device: str = "") -> list[str]:
    """Return file, line and name of what runs an experiment, of its full settings on a device, and of their class."""
    known = experiments.get(experiment)
    module, _, name = known.function.partition(":")
    config = known.config("full", device)
    kind = type(config)
    chapter = kind.__module__.rpartition(".")[0]
    loaded = sorted(name for name in sys.modules if name.startswith("replicate.experiments."))
    loaded.sort(key=lambda name: not name.startswith(chapter))
    constants = ((m, n) for m in loaded for n, value in vars(sys.modules[m]).items() if value is config)
    places = [(f"replicate.experiments.{module}", name), *islice(constants, 1), (kind.__module__, kind.__name__)]
    return [_place(*place) for place in places]


def _place(module: str, name: str) -> str:
    """Return ``file:line name`` of a function, class or constant of this package."""
    folder = _PACKAGE.parent.joinpath(*module.split("."))
    file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    lines = file.read_text(encoding="utf-8").splitlines()
    starts = re.compile(rf"(?:def |class )?{name}\b")
    line = next((i for i, text in enumerate(lines, 1) if starts.match(text)), None)
    at = f":{line}" if line else ""
    return f"src/{file.relative_to(_PACKAGE.parent).as_posix()}{at} {name}"
