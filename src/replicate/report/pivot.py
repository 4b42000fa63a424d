"""One table for every grid of a record's numbers."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from IPython.display import HTML

from replicate import papers, wording
from replicate.display.html import table
from replicate.evaluation.compare import measured
from replicate.figures.names import METRIC_NAMES, MODEL_NAMES, SPLIT_NAMES
from replicate.records import Record
from replicate.report.say import written

Names = Mapping[str, str] | Iterable[str]


def pivot(
    record: Record,
    metric: str,
    rows: Names,
    columns: Names,
    *,
    form: str | Mapping[str, str] = "",
    printed: str = "",
    corner: str = "",
    note: str = "",
) -> HTML:
    """Return metrics as a table, mean ± standard deviation over seeds.

    Rows without a single number are left out, other numbers that the record lacks are a dash.

    Args:
        metric: key with ``{row}`` and ``{column}`` in it, such as ``"random/{row}/{column}"``.
        rows, columns: what stands in for them → heading (HTML), or the names alone where the book has a name for
            them (models, splits, scores).
        form: how numbers are written, as behind the colon in :func:`say`; one for all, or by column.
        printed: id of published numbers with ``{row}`` and ``{column}``; shown under ours where there is one.
        corner: heading of the rows.
        note: below the table, before profile, test rows and seeds.
    """
    heads, labels = _headings(columns), _headings(rows)
    lines: list[list[str]] = []
    tested: set[int] = set()
    units: dict[str, set[str]] = {column: set() for column in heads}
    published = {target.id: target for target in papers.targets()} if printed else {}
    for row, label in labels.items():
        cells, answered = [label], False
        for column in heads:
            key = _put(metric, row, column)
            found = measured(record, key)
            target = published.get(_put(printed, row, column))
            if found is not None:
                units[column].add(found.unit)
                tested |= {found.n} if found.n else set()
                answered = True
            shape = form if isinstance(form, str) else form.get(column, "")
            cell = wording.MISSING if found is None else written(found, shape)
            if target is not None:
                cell += f'<br><span class="note">printed {target.printed}</span>'
            cells.append(cell)
        if answered:
            lines.append(cells)
    header = [corner]
    for column, head in heads.items():
        unit = next(iter(units[column])) if len(units[column]) == 1 else ""
        header.append(f"{head} ({html.escape(unit)})" if unit else head)
    sizes = ", ".join(wording.count(n) for n in sorted(tested))
    said = [note, f"{record.profile} profile", sizes and f"{sizes} test rows per seed"]
    said.append(f"{wording.number_of(len(record.seeds), 'seed')}, mean ± standard deviation")
    foot = "; ".join(part for part in said if part)
    return HTML(f'{table(header, lines, numeric=range(1, len(header))).data}<p class="rule">{foot}</p>')


def _put(template: str, row: str, column: str) -> str:
    return template.replace("{row}", row).replace("{column}", column)


def _headings(names: Names) -> dict[str, str]:
    """Return name → heading."""
    if isinstance(names, Mapping):
        return dict(names)
    called = MODEL_NAMES | SPLIT_NAMES | METRIC_NAMES
    return {name: called.get(name, name.replace("_", " ")) for name in names}
