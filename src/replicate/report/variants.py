"""A variant beside the run that it changes: which settings differ, and which numbers."""

from __future__ import annotations

import html
import statistics

from IPython.display import HTML

from replicate import experiments, wording
from replicate.experiments.changes import changed, differences
from replicate.report.html import searchable
from replicate.results.records import Metric, Record

NO_BASE = (
    "There is no base to compare with: the book's full record was made with other settings. "
    "<code>replicate run {experiment} --profile full</code> trains it."
)


def variant(record: Record) -> HTML | None:
    """Return what a variant changes, and its numbers beside those of the same run without the change.

    None for a run without a change, so that a page shows nothing. The base is trained where there is no record of it;
    only one of the full profile is not, as it would become the book's.
    """
    if not record.change:
        return None
    settings = experiments.base_settings(record)
    names = differences(settings, changed(settings, record.change)).items()
    steps = "".join(
        f"<li><code>{html.escape(path)}</code>: {html.escape(f'{old} → {new}')}</li>" for path, (old, new) in names
    )
    words = f"<code>{html.escape(record.change)}</code>"
    head = f"<p><b>A variant</b>, not the published settings: {words}</p><ul>{steps}</ul>"
    base = experiments.base_record(record)
    if base is None:
        return HTML(f'{head}<p class="note">{NO_BASE.format(experiment=record.experiment)}</p>')
    rows = [[key, *cells] for key, *cells in numbers(base, record)]
    shared = len(base.metrics.keys() & record.metrics.keys()) - len(rows)
    shown = searchable(("number", "base", "variant", "difference"), rows, (1, 2, 3), "Filter by any word").data
    alone = {
        "base": base.metrics.keys() - record.metrics.keys(),
        "variant": record.metrics.keys() - base.metrics.keys(),
    }
    said = [f"Base: {html.escape(base_name(record))}, {wording.number_of(len(base.seeds), 'seed')}"]
    said += [f"{wording.number_of(shared, 'further number')} equal in both"] if shared else []
    said += [f"{wording.number_of(len(keys), 'number')} only in the {which}" for which, keys in alone.items() if keys]
    said += ["differences are taken seed by seed, mean ± standard deviation"]
    return HTML(f'{head}{shown}<p class="rule">{"; ".join(said)}.</p>')


def numbers(base: Record, changed: Record) -> list[tuple[str, str, str, str]]:
    """Return key, base, variant and difference, as text, of each number that differs."""
    rows = []
    for key, metric in changed.metrics.items():
        other = base.metrics.get(key)
        if other is None or _same(other, base, metric, changed):
            continue
        unit = f" {metric.unit}" if metric.unit else ""
        before, after = (wording.spread(one.mean, one.sd) + unit for one in (other, metric))
        rows.append((key, before, after, _difference(other, base, metric, changed) + unit))
    return rows


def base_name(record: Record) -> str:
    """Return in words which settings a variant was changed from."""
    known = experiments.get(record.experiment)
    settings = experiments.base_settings(record)
    if settings is known.on_cpu and settings is not known.config(record.profile):
        return f"the {record.profile} profile with the processor's own settings ({known.budget})"
    return f"the {record.profile} profile"


def _pairs(base: Metric, of_base: Record, metric: Metric, of_variant: Record) -> list[tuple[float, float]]:
    """Return the values of the seeds that both runs have; nothing where a number has no value per seed."""
    each = len(base.values) == len(of_base.seeds) and len(metric.values) == len(of_variant.seeds)
    return list(zip(base.values, metric.values, strict=False)) if each else []


def _same(base: Metric, of_base: Record, metric: Metric, of_variant: Record) -> bool:
    pairs = _pairs(base, of_base, metric, of_variant)
    return all(old == new for old, new in pairs) if pairs else base.values == metric.values


def _difference(base: Metric, of_base: Record, metric: Metric, of_variant: Record) -> str:
    apart = [new - old for old, new in _pairs(base, of_base, metric, of_variant)] or [metric.mean - base.mean]
    sd = statistics.stdev(apart) if len(apart) > 1 else None
    text = wording.spread(statistics.fmean(apart), sd)
    return text if text.startswith("-") else f"+{text}"
