"""One table for every grid of a record's numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from IPython.display import HTML

from replicate import wording
from replicate.report.html import table
from replicate.report.names import METRIC_NAMES, MODEL_NAMES, SPLIT_NAMES
from replicate.report.sentences import written
from replicate.results import papers
from replicate.results.compare import measured
from replicate.results.records import Record

Names = Mapping[str, str] | Iterable[str]


def pivot(
    record: Record,
    metric: str,
    rows: Names | None,
    columns: Names,
    *,
    groups: Names = ("",),
    form: str | Mapping[str, str] = "",
    printed: str = "",
    corner: str = "",
    sample: str = "test rows",
    note: str = "",
) -> HTML:
    """Return metrics as a table, mean ± standard deviation over seeds.

    Rows without a single number are left out, other numbers that the record lacks are a dash.

    Args:
        metric: key with ``{row}``, ``{column}`` and ``{group}`` in it, such as ``"random/{row}/{column}"``.
        rows, columns: what stands in for them → heading (HTML), or the names alone where the book has a name for
            them (models, splits, scores); for None, every row of the record.
        groups: blocks of rows, such as the kinds of split; their heading stands once, before the first row.
        form: how numbers are written, as behind the colon in :func:`say`; one for all, or by column.
        printed: shown under ours: id of published numbers with ``{row}`` and ``{column}`` in it, or of an experiment,
            whose numbers are found by their metric.
        corner: heading of the rows.
        sample: what the scores are averages over; their numbers stand below the table.
        note: below the table, before profile, test rows and seeds.
    """
    heads, blocks = _headings(columns), _headings(groups)
    labels = _headings(_rows(record, metric, heads, blocks) if rows is None else rows)
    published = {target.id: target for target in papers.targets()} if printed else {}
    published |= {f"{t.experiment}:{t.metric}": t for t in published.values() if t.kind != "cited"}
    lines: list[list[str]] = []
    tested: set[int] = set()
    units: dict[str, set[str]] = {column: set() for column in heads}
    for group, block in blocks.items():
        first = [f"<b>{block}</b>"] if groups != ("",) else []
        for row, label in labels.items():
            keys = {column: _put(metric, row, column, group) for column in heads}
            metrics = {column: measured(record, key) for column, key in keys.items()}
            if not any(metrics.values()):
                continue
            cells = [*first, label]
            first = [""] * len(first)
            for column, score in metrics.items():
                shape = form if isinstance(form, str) else form.get(column, "")
                cell = wording.MISSING if score is None else written(score, shape)
                target = published.get(_put(printed, row, column, group)) or published.get(f"{printed}:{keys[column]}")
                if target is not None:
                    cell += f'<br><span class="note">printed {target.printed}</span>'
                if score is not None:
                    units[column].add(score.unit)
                    tested |= {score.n} if score.n else set()
                cells.append(cell)
            lines.append(cells)
    header = [corner] if groups == ("",) else ["", corner]
    left = len(header)
    for column, head in heads.items():
        unit = next(iter(units[column])) if len(units[column]) == 1 else ""
        header.append(f"{head} ({html.escape(unit)})" if unit else head)
    sizes = ", ".join(wording.count(n) for n in sorted(tested))
    said = [note, f"{record.profile} profile", sizes and sample and f"{sizes} {sample} per seed"]
    said.append(f"{wording.number_of(len(record.seeds), 'seed')}, mean ± standard deviation")
    foot = "; ".join(part for part in said if part)
    shown = table(header, lines, numeric=range(left, len(header)), caption=f"Scores of {record.experiment}").data
    return HTML(f'{shown}<p class="rule">{foot}</p>')


def _put(template: str, row: str, column: str, group: str) -> str:
    """Return a key; a column may be a part of a key with ``{row}`` in it."""
    return template.replace("{column}", column).replace("{row}", row).replace("{group}", group)


def _rows(record: Record, metric: str, columns: Iterable[str], groups: Iterable[str]) -> list[str]:
    """Return what stands for ``{row}`` in the keys of a record, in its order."""
    keys = {
        re.escape(_put(metric, "{row}", column, group)).replace(r"\{row\}", "([^/]+)", 1)
        for column in columns
        for group in groups
    }
    pattern = re.compile("|".join(keys))
    matches = (pattern.fullmatch(key) for key in record.metrics)
    return list(dict.fromkeys(next(filter(None, match.groups())) for match in matches if match))


def _headings(names: Names) -> dict[str, str]:
    """Return name → heading."""
    if isinstance(names, Mapping):
        return dict(names)
    called = MODEL_NAMES | SPLIT_NAMES | METRIC_NAMES
    return {name: called.get(name, name.replace("_", " ")) for name in names}
