"""Published against reproduced: the rows of every comparison table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

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
from replicate.wording import spread

REDUCED = "reduced budget"
FLOORS = "beyond-floor"  # the experiment whose record holds how far measurements disagree
# Baselines train to their end on any machine, so no budget limits them.
BASELINES = {"mean", "nearest", "forest", "extra-trees", "extra-trees-fractions", "xgboost", "svr", "svc"}
# Where ours comes from → in words, in the order of the counts.
KINDS: dict[Kind, str] = {"trained": "trained here", "recomputed": "recomputed", "cited": "cited from others"}


@dataclass(frozen=True, kw_only=True)
class Comparison(Target):
    """One published number beside ours, all in the published unit.

    Args:
        full_mean, full_sd, seeds, device: from the full-profile record alone; None where there is none.
        this_run: mean of another profile's run; never takes part in the verdict.
        budget: what the full record's training falls short of the paper's by; empty: nothing.
        floor: the error that the disagreement of measurements sets, in the published unit; None: not known.
        note, other_data: the target's, or why there is no result of ours.
    """

    full_mean: float | None
    full_sd: float | None
    seeds: int | None
    device: str | None
    this_run: float | None
    verdict: str
    budget: str
    floor: float | None

    @property
    def ours(self) -> str:
        """Our mean ± standard deviation with the decimals that stand beside the printed value; a dash without one."""
        return spread(self.full_mean, self.full_sd, like=self.printed)

    @property
    def caveats(self) -> list[str]:
        """What to say beside the verdict, in short."""
        few = self.kind == "trained" and self.seeds == 1
        said = {REDUCED: self.budget, "one seed": few}
        return [words for words, holds in said.items() if holds]


def measured(record: Record | None, name: str) -> Metric | None:
    """Return a metric; ``data/<dataset>/rows`` is how many rows the dataset has, where nothing else was counted."""
    if record is None:
        return None
    for loaded in record.data:
        if name == f"data/{loaded['name']}/rows" and name not in record.metrics:
            return Metric("", (float(loaded["rows"]),))
    return record.metrics.get(name)


def _values(record: Record | None, target: Target) -> tuple[float, ...]:
    """Return a target's metric over seeds, in the published unit; nothing where the record lacks it."""
    metric = measured(record, target.metric)
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


def compare(
    target: Target, full: Record | None, local: Record | None = None, floors: Record | None = None
) -> Comparison:
    """Put one published number beside the full record's, another run's, and the floor that measurements set."""
    values = _values(full, target)
    of_baseline = not BASELINES.isdisjoint(target.metric.split("/"))
    short = full is not None and target.kind != "recomputed" and not of_baseline
    budget = full.budget if full and short else ""
    errors = setting_errors(full, target.argmin) if full and target.argmin else {}
    if target.published in errors:
        best, passes = best_setting(errors, target.published)
        values, miss = (best,), UNDECIDED if budget else NOT_REPRODUCED
        judged = REPRODUCED if passes else miss
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
    about_ours = {} if ours else {"note": _why_not(target, full), "other_data": ""}
    return Comparison(
        **{**vars(target), **about_ours},
        full_mean=ours.mean if ours else None,
        full_sd=ours.sd if ours else None,
        seeds=len(errors.get(target.published, values)) or None,
        device=full.environment["device_name"] if full and ours else None,
        this_run=Metric(target.unit, here).mean if here else None,
        verdict=judged,
        budget=budget if ours else "",
        floor=_floor(target, floors),
    )


def _floor(target: Target, floors: Record | None) -> float | None:
    """Return the error, in the published unit, that no model of compositions can go below; None: not known."""
    score = measured(floors, f"{target.measurements}/floor_{target.metric.rpartition('/')[2]}")
    return score.mean * target.scale if score else None


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

    ``this_run`` is the record of its experiment's column of that name, which stays empty for the full record itself; by
    default, and for every other experiment, it is the latest local run.
    """
    full = cache(records.full_record)

    @cache
    def local(name: str) -> Record | None:
        run = this_run if this_run and this_run.experiment == name else records.latest_local(name)
        committed = full(name)
        # The full record has its own column.
        return None if run and committed and run.key == committed.key else run

    asked = ((target, target.experiment) for target in papers.targets(experiment))
    return [compare(target, full(name), local(name), full(FLOORS)) for target, name in asked]


def by_importance(rows: Sequence[Comparison]) -> list[Comparison]:
    """Return what the papers are known for first, then numbers trained for, recomputed and cited ones.

    Within each of these, papers stand in the order of the chapters and numbers in that of their paper's file.
    """
    headline = [id for paper in papers.papers() for id in paper.headline]
    places = {id: place for place, id in enumerate(headline)}
    kinds = list(KINDS)
    return sorted(rows, key=lambda row: (places.get(row.id, len(headline)), kinds.index(row.kind)))


def of_kind(rows: Sequence[Comparison], kind: str) -> list[Comparison]:
    """Return the rows of one group: ``trained`` here, ``recomputed`` or ``cited``."""
    return [row for row in rows if row.kind == kind]


def counts(rows: Sequence[Comparison]) -> Counter[str]:
    """Return how many numbers have each verdict, in the order of the verdicts; those that none has are left out."""
    verdicts = Counter(row.verdict for row in rows)
    return Counter({name: verdicts[name] for name in VERDICTS if verdicts[name]})


def counts_by_kind(rows: Sequence[Comparison]) -> dict[str, Counter[str]]:
    """Return where ours come from, in words → the counts of these numbers, of which there is at least one."""
    groups = {words: counts(of_kind(rows, kind)) for kind, words in KINDS.items()}
    return {words: numbers for words, numbers in groups.items() if numbers}
