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
from statistics import fmean
from typing import Any

import replicate
from replicate import data, experiments, repository, wording
from replicate.report import citation
from replicate.report.commands import full_run
from replicate.report.links import row_link
from replicate.results import compare, elsewhere, papers, records
from replicate.results.compare import Comparison
from replicate.results.elsewhere import Elsewhere
from replicate.results.records import Record, commit_note
from replicate.results.verdict import (
    BETTER,
    LEVEL,
    NEAR,
    NOT_REPRODUCED,
    NOT_RUN,
    OTHER_DATA,
    UNDECIDED,
    best_setting,
    reaches,
    standing,
)

_PACKAGE = Path(replicate.__file__).parent
_NOT = {True: "", False: "not "}
_WIDTH, _LABELS = 100, 10  # columns of the text, and of what stands before it


@dataclass(frozen=True, kw_only=True)
class Trace(Comparison):
    """A published number with all that a reader needs to check and cite it.

    Args:
        metric: key in the record; ``values`` are this times ``scale``, one per seed, in the published unit.
        test_rows: how many rows each value is a score of, where it is one.
        interval, near: ends of the interval of one more training, and of what is near the printed value; None where
            neither decides.
        rule: how the verdict follows from the values, in one sentence.
        record, key, version, commit, finished: the committed record's file, its key, its code and date.
        data: name, digest and number of rows of each dataset that was read.
        splits: digests of the metric's splits, one per seed; of all kinds of split where it belongs to none.
        code: file, line and name of what computes the number and of its settings.
        elsewhere: what others report on the same task.
        commands: what makes the number again, and what checks it without training.
        page: address of its row in the book.
        citation: BibTeX entries of the ``paper``, the ``book`` and the ``number``.
    """

    values: tuple[float, ...]
    test_rows: int | None
    interval: tuple[float, float] | None
    near: tuple[float, float] | None
    rule: str
    record: str = ""
    key: str = ""
    version: str = ""
    commit: str | None = None
    finished: str = ""
    data: list[dict[str, Any]] = field(default_factory=list)
    splits: dict[str, list[str]] = field(default_factory=dict)
    code: list[str]
    elsewhere: tuple[Elsewhere, ...]
    commands: dict[str, str]
    page: str
    citation: dict[str, str]

    @property
    def parts(self) -> dict[str, list[str]]:
        """What is to be said of the number, label → texts; parts that it lacks are left out."""
        unit = f" {self.unit}" if self.unit else ""
        each = f" ({', '.join(f'{value:.6g}' for value in self.values)})" if len(self.values) > 1 else ""
        over = f", {wording.number_of(self.test_rows, 'test row')} each" if self.test_rows else ""
        commit = f"commit {self.commit or 'unknown'}" + f" ({commit_note(self.commit)})" * bool(
            commit_note(self.commit)
        )
        source = [f"{self.record}, key {self.key}", commit, f"replicate {self.version}, {self.finished[:10]}"]
        parts = {
            "printed": [f"{self.printed}{unit} ({self.where})"],
            "ours": [f"{self.ours}{unit}{each}" if self.values else wording.MISSING],
            "verdict": [self.verdict, *self.caveats],
            "rule": [self.rule],
            "budget": [self.budget],
            "other data": [self.other_data],
            "note": [self.note * (self.verdict != NOT_RUN)],
            "floor": [self._floor],
            "elsewhere": [str(task) for task in self.elsewhere],
            "metric": [f"{self.metric}{f' × {self.scale:g}' if self.scale != 1 else ''}{over}"],
            "record": source if self.record else ["none"],
            "data": [self._dataset(**read) for read in self.data],
            "splits": [f"{kind}: {', '.join(digests)}" for kind, digests in self.splits.items()],
            "code": self.code,
            "page": [self.page],
            **{label: [command] for label, command in self.commands.items()},
        }
        return {label: texts for label, texts in parts.items() if any(texts)}

    @property
    def _floor(self) -> str:
        """The error that the disagreement of measurements sets, and how many times it ours and the printed one are."""
        if not self.floor:
            return ""
        ours = "" if self.full_mean is None else f" ours is {self.full_mean / self.floor:.1f} times,"
        times = f"{self.published / self.floor:.1f} times it"
        return f"{self.floor:.3g} {self.unit} between measurements of one composition;{ours} the printed value {times}"

    @property
    def ends(self) -> list[str]:
        """The ends of the interval as text, with as many decimals as show on which side the printed value lies."""
        return [_end(value, self) for value in self.interval or ()]

    @property
    def links(self) -> dict[str, str]:
        """Words in the parts → where they lead, from the root of the book."""
        dois = [doi for read in self.data if (doi := data.entry(read["name"]).doi)]
        links = {f"doi:{doi}": f"https://doi.org/{doi}" for doi in dois}
        if self.record:
            links[self.record] = self.record.removeprefix("book/")
        if self.commit and repository.address() and not commit_note(self.commit):
            links[self.commit] = f"{repository.address()}/commit/{self.commit}"
        return links

    @staticmethod
    def _dataset(name: str, digest: str, rows: int) -> str:
        doi = data.entry(name).doi
        return f"{name}, {wording.number_of(rows, 'row')}, {f'doi:{doi}, ' * bool(doi)}digest {digest[:16]}"

    def __str__(self) -> str:
        """Return all of it as text, a line for each part and the citations below."""
        lines = [f"{self.id}: {self.quantity}"]
        for label, texts in self.parts.items():
            wrapped = textwrap.wrap("; ".join(texts), _WIDTH - _LABELS - 2, break_on_hyphens=False)
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
    near, interval = _ranges(row, values) if values and not row.argmin else (None, None)
    commands = {"again": full_run(row.experiment, record), "check": f"replicate show {row.id} --verify"}
    if row.cannot_run or (record and row.verdict == NOT_RUN):
        del commands["again"]  # it would make the record, and the number would not be in it
    return Trace(
        **vars(row),
        values=values,
        test_rows=metric.n if metric else None,
        interval=interval,
        near=near,
        rule=_rule(row, record, values, interval),
        elsewhere=elsewhere.beside(row.id),
        commands=commands,
        code=code_of(row.experiment, record.environment["device"] if record else ""),
        page=row_link(row.id),
        citation={
            "paper": citation.paper(papers.paper(row.paper)),
            "book": book,
            "number": citation.number(row.id, title, note, source.get("finished", "")),
        },
        **source,
    )


def _ranges(row: Comparison, values: Sequence[float]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of what is near the printed value, and of the interval of one more training around our mean."""
    near, inside = reaches(row.published, values, row.half_digit, row.ends_at)
    mean = fmean(values)
    return (row.published - near, row.published + near), (mean - inside, mean + inside)


def _rule(row: Comparison, record: Record | None, values: Sequence[float], interval: tuple[float, float] | None) -> str:
    """Return in one sentence, with a number's own values, how its verdict follows from them."""
    if row.verdict == NOT_RUN:
        return f"not run: {row.note}"
    why = {
        BETTER: f", since {row.better} is better",
        NOT_REPRODUCED: ", with the paper's data and budget",
        UNDECIDED: ", since our training was shorter",
    }
    judged = row.verdict + why.get(row.verdict, "")
    if row.verdict == OTHER_DATA:
        judged = "shown and not judged, since data or definition differ"
    errors = compare.setting_errors(record, row.argmin) if record and row.argmin else {}
    if row.published in errors or interval is None:
        best, passes = best_setting(errors, row.published)
        return (
            f"lowest mean validation error at {best:g}; that of the printed {row.printed} is "
            f"{_NOT[passes]}within one standard error of it: {judged}"
        )
    ours = f"{row.ours} {row.unit}".rstrip()
    is_near, inside = standing(row.published, values, row.half_digit, row.ends_at)
    reach, _ = reaches(row.published, values, row.half_digit, row.ends_at)
    if len(values) == 1:
        said = f"{ours}, a single value, {_NOT[inside]}within half of the last digit of the printed {row.printed}"
    else:
        low, high = (_end(value, row) for value in interval)
        said = (
            f"{ours} over {wording.number_of(len(values), 'seed')}; the {wording.percent(LEVEL)} interval of one more "
            f"training is {low} to {high}; the printed {row.printed} lies {'inside' if inside else 'outside'}"
        )
    if len(values) == 1 and reach == row.half_digit:
        return f"{said}: {judged}"
    of = f"{wording.percent(NEAR)} of " + ("it" if row.ends_at is None else f"what it lacks to {row.ends_at:g}")
    if reach == row.half_digit:
        of = "half of its last digit"
    return f"{said}; ours is {_NOT[is_near]}within {of}: {judged}"


def _end(value: float, row: Comparison) -> str:
    """Return an end of an interval with as many decimals as show on which side of the printed value it lies."""
    digits = len(row.ours.partition(" ")[0].partition(".")[2])
    side = (value > row.published) - (value < row.published)
    while digits < 9 and (round(value, digits) > row.published) - (round(value, digits) < row.published) != side:
        digits += 1
    return f"{value:z,.{digits}f}"


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
