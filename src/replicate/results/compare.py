"""Published against reproduced: the rows of every comparison table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from replicate.results import papers, records
from replicate.results.papers import Target
from replicate.results.papers.entries import Kind
from replicate.results.records import Metric, Record
from replicate.results.verdict import (
    NOT_REPRODUCED,
    NOT_RUN,
    OTHER_DATA,
    REPRODUCED,
    UNDECIDED,
    VERDICTS,
    best_setting,
    verdict,
)

REDUCED = "reduced budget"
# Baselines train to their end on any machine, so no budget limits them.
BASELINES = {"mean", "nearest", "forest", "extra-trees", "extra-trees-fractions", "xgboost", "svr", "svc"}
# Where ours comes from → in words, in the order of the counts.
KINDS: dict[Kind, str] = {"trained": "trained here", "recomputed": "recomputed", "cited": "cited from others"}


@dataclass(frozen=True)
class Comparison:
    """One published number beside ours, all columns in the published unit.

    Args:
        kind: ``trained`` here, ``recomputed``, or ``cited`` by the paper from others; the three are never summed.
        full_mean, full_sd, seeds, device: from the full-profile record alone; None where there is none.
        this_run: mean of another profile's run; never takes part in the verdict.
        budget: what the full record's training falls short of the paper's by; empty: nothing.
        other_data: how data or definition differ from the paper's; empty: they do not.
    """

    experiment: str
    paper: str
    where: str
    quantity: str
    kind: Kind
    unit: str
    published: float
    full_mean: float | None
    full_sd: float | None
    seeds: int | None
    device: str | None
    this_run: float | None
    verdict: str
    note: str
    budget: str = ""
    other_data: str = ""

    @property
    def caveats(self) -> list[str]:
        """What to say beside the verdict, in short."""
        few = self.kind == "trained" and self.seeds == 1
        said = {REDUCED: self.budget, "one seed": few}
        return [words for words, holds in said.items() if holds]


def measured(record: Record, name: str) -> Metric | None:
    """Return a metric; ``data/<dataset>/rows`` is how many rows the dataset has, where nothing else was counted."""
    for loaded in record.data:
        if name == f"data/{loaded['name']}/rows" and name not in record.metrics:
            return Metric("", (float(loaded["rows"]),))
    return record.metrics.get(name)


def _values(record: Record | None, target: Target) -> tuple[float, ...]:
    """Return a target's metric over seeds, in the published unit; nothing where the record lacks it."""
    metric = measured(record, target.metric) if record else None
    return tuple(value * target.scale for value in metric.values) if metric else ()


def setting_errors(record: Record, pattern: str) -> dict[float, tuple[float, ...]]:
    """Return setting → errors over seeds of the metrics that match, ``*`` standing for the setting."""
    before, _, after = pattern.partition("*")
    matches = {
        name.removeprefix(before).removesuffix(after): metric.values
        for name, metric in record.metrics.items()
        if name.startswith(before) and name.endswith(after)
    }
    return {float(setting): values for setting, values in matches.items() if setting.isdecimal()}


def compare(target: Target, full: Record | None, local: Record | None = None) -> Comparison:
    """Put one published number beside the full record's and another run's."""
    values = _values(full, target)
    of_baseline = not BASELINES.isdisjoint(target.metric.split("/"))
    short = full is not None and target.kind != "recomputed" and not of_baseline
    budget = full.budget if full and short else ""
    errors = setting_errors(full, target.argmin) if full and target.argmin else {}
    if target.published in errors:
        best, passes = best_setting(errors, target.published)
        values = (best,)
        judged = REPRODUCED if passes else UNDECIDED if budget else NOT_REPRODUCED
    elif values and not target.argmin:
        judged = verdict(
            target.published,
            values,
            better=target.better,
            half_digit=target.half_digit,
            ends_at=target.ends_at,
            budget_met=not budget,
        )
    else:
        values, judged = (), NOT_RUN
    if values and target.other_data:
        judged = OTHER_DATA
    ours = Metric(target.unit, values) if values else None
    here = _values(local, target)
    return Comparison(
        experiment=target.experiment,
        paper=target.paper,
        where=target.where,
        quantity=target.quantity,
        kind=target.kind,
        unit=target.unit,
        published=target.published,
        full_mean=ours.mean if ours else None,
        full_sd=ours.sd if ours else None,
        seeds=len(errors.get(target.published, values)) or None,
        device=full.environment["device_name"] if full and ours else None,
        this_run=Metric(target.unit, here).mean if here else None,
        verdict=judged,
        note=target.note if ours else _why_not(target, full),
        budget=budget if ours else "",
        other_data=target.other_data if ours else "",
    )


def _why_not(target: Target, full: Record | None) -> str:
    """Return the reason a number has no full result, in front of its note."""
    if target.cannot_run:
        reason = target.cannot_run
    elif full is None:
        reason = "no full-profile record yet"
    elif full.budget:
        reason = "not measured within the record's reduced budget"
    else:
        reason = "not measured by this experiment"
    return f"{reason}; {target.note}" if target.note else reason


def scoreboard(experiment: str | None = None, this_run: Record | None = None) -> list[Comparison]:
    """Return one row per published number, of one experiment or of all.

    Args:
        experiment: an experiment id; None: every paper's every number.
        this_run: the record for its experiment's ``this_run`` column, which stays empty for the full record
            itself; by default, and for every other experiment, the latest local run.
    """
    rows = []
    full: dict[str, Record | None] = {}
    local: dict[str, Record | None] = {}
    for target in papers.targets(experiment):
        name = target.experiment
        if name not in full:
            full[name] = records.full_record(name)
            here = this_run if this_run and this_run.experiment == name else records.latest_local(name)
            committed = full[name]
            # The full record has its own column.
            local[name] = None if here and committed and here.key == committed.key else here
        rows.append(compare(target, full[name], local[name]))
    return rows


def of_kind(rows: Sequence[Comparison], kind: str) -> list[Comparison]:
    """Return the rows of one group: ``trained`` here, ``recomputed`` or ``cited``."""
    return [row for row in rows if row.kind == kind]


def counts(rows: Sequence[Comparison]) -> dict[str, int]:
    """Return how many numbers have each verdict."""
    return {name: sum(row.verdict == name for row in rows) for name in VERDICTS}
