"""A variant beside the run that it changes: which settings differ, and which numbers."""

from __future__ import annotations

import html
from operator import sub

from IPython.display import HTML

from replicate import experiments, wording
from replicate.experiments.changes import changed, differences
from replicate.report.html import searchable
from replicate.results.records import Metric, Record

COLUMNS = ("number", "base", "variant", "difference")
NO_BASE = (
    "There is no base to compare with: the book's full record was made with other settings. "
    "This trains it: replicate run {experiment} --profile full"
)


def variant(record: Record) -> HTML | None:
    """Return what a variant changes, and its numbers beside those of the same run without the change.

    None for a run without a change, so that a page shows nothing. The base is trained where there is no record of it;
    only one of the full profile is not, as it would become the book's.
    """
    if not record.change:
        return None
    settings = experiments.base_settings(record)
    steps = "".join(
        f"<li><code>{html.escape(path)}</code>: {html.escape(f'{old} → {new}')}</li>"
        for path, (old, new) in differences(settings, changed(settings, record.change)).items()
    )
    words = f"<code>{html.escape(record.change)}</code>"
    head = f"<p><b>A variant</b>, not the published settings: {words}</p><ul>{steps}</ul>"
    base = experiments.base_record(record)
    if base is None:
        return HTML(f'{head}<p class="note">{NO_BASE.format(experiment=record.experiment)}</p>')
    rows = numbers(base, record)
    theirs, ours = base.metrics.keys(), record.metrics.keys()
    counts = {
        "equal in both": len(theirs & ours) - len(rows),
        "only in the base": len(theirs - ours),
        "only in the variant": len(ours - theirs),
    }
    said = [f"Base: {html.escape(base_name(record))}, {wording.number_of(len(base.seeds), 'seed')}"]
    said += [f"{wording.number_of(n, 'number')} {where}" for where, n in counts.items() if n]
    said += ["differences are taken seed by seed, mean ± standard deviation"]
    caption = "Numbers of the base and of the variant"
    shown = searchable(COLUMNS, rows, (1, 2, 3), "Filter by any word", caption=caption).data
    return HTML(f'{head}{shown}<p class="rule">{"; ".join(said)}.</p>')


def numbers(base: Record, changed: Record) -> list[tuple[str, str, str, str]]:
    """Return the :data:`COLUMNS`, as text, of each number that differs, by the seeds that both have."""
    rows = []
    for key, new in changed.metrics.items():
        old = base.metrics.get(key, new)
        each = (len(old.values), len(new.values)) == (len(base.seeds), len(changed.seeds))
        n = min(len(base.seeds), len(changed.seeds)) if each else None
        if old.values[:n] != new.values[:n]:
            values = tuple(map(sub, new.values[:n], old.values[:n])) if each else (new.mean - old.mean,)
            unit = f" {new.unit}" if new.unit else ""
            before, after, apart = (wording.spread(m.mean, m.sd) for m in (old, new, Metric(new.unit, values)))
            rows.append((key, before + unit, after + unit, "+" * (apart[0] != "-") + apart + unit))
    return rows


def base_name(record: Record) -> str:
    """Return in words which settings a variant was changed from."""
    known = experiments.get(record.experiment)
    own = f" with the processor's own settings ({known.budget})"
    return f"the {record.profile} profile" + own * (experiments.base_settings(record) is known.on_cpu)
