"""Published against reproduced: the verdict rule, written once, and the rows of every comparison table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from replicate import experiments, papers, records
from replicate.models.baselines import BASELINES
from replicate.papers import Target
from replicate.records import Metric, Record

REPRODUCED, CLOSE, NOT_REPRODUCED, NOT_RUN = "reproduced", "close", "not reproduced", "not run"
VERDICTS = (REPRODUCED, CLOSE, NOT_REPRODUCED, NOT_RUN)
CLOSE_WITHIN = 0.10
REDUCED = "reduced budget"

RULE = (
    "reproduced: the published value lies within our mean ± 2 sd over seeds (or within half its last printed "
    "digit), or ours is better; close: within 10 % of the published value; not reproduced: neither; "
    "not run: no full-profile record holds it, for the reason given. By its spread: only the sd makes it reproduced; "
    "the mean is more than 10 % away. On other data: other than the paper's, as the note says."
)


@dataclass(frozen=True)
class Comparison:
    """One published number beside ours, all columns in the published unit.

    Args:
        full_mean, full_sd, seeds, device: from the full-profile record alone; None where there is none.
        this_run: mean of another profile's run; never takes part in the verdict.
        trained: the number comes from models trained here, not from counting rows, from printed values or
            from the authors' weights.
        budget: what the full record's training falls short of the paper's by; empty: nothing.
        by_spread: reproduced by a wide spread over seeds alone (:func:`rests_on_spread`).
        stand_in: the data that stand in for the paper's; empty: none do.
    """

    experiment: str
    paper: str
    where: str
    quantity: str
    unit: str
    published: float
    full_mean: float | None
    full_sd: float | None
    seeds: int | None
    device: str | None
    this_run: float | None
    verdict: str
    note: str
    trained: bool = False
    budget: str = ""
    by_spread: bool = False
    stand_in: str = ""

    @property
    def caveats(self) -> list[str]:
        """What to say beside the verdict, in short."""
        told = {REDUCED: self.budget, "by its spread": self.by_spread, "on other data": self.stand_in}
        return [words for words, holds in told.items() if holds]


def verdict(
    published: float, mean: float, sd: float | None, *, better: str = "equal", half_digit: float = 0.0
) -> str:
    """Judge one number (the rule is :data:`RULE`).

    Args:
        published: the printed value.
        mean, sd: ours over seeds, same unit; ``sd`` None for a single value.
        better: ``lower``, ``higher`` or ``equal`` (neither direction is an improvement).
        half_digit: half of the last printed digit, the rounding of the published value.
    """
    tolerance = max(2 * (sd or 0.0), half_digit) * (1 + 1e-9)
    if abs(mean - published) <= tolerance:
        return REPRODUCED
    if (better == "lower" and mean < published) or (better == "higher" and mean > published):
        return REPRODUCED
    if math.isclose(mean, published, rel_tol=0, abs_tol=CLOSE_WITHIN * abs(published)):
        return CLOSE
    return NOT_REPRODUCED


def rests_on_spread(
    published: float, mean: float, sd: float | None, *, better: str = "equal", half_digit: float = 0.0
) -> bool:
    """Tell whether a number is reproduced though its mean alone is neither close nor better: few seeds, far apart."""
    judged = [verdict(published, mean, one, better=better, half_digit=half_digit) for one in (sd, None)]
    return judged == [REPRODUCED, NOT_REPRODUCED]


def measured(record: Record, name: str) -> Metric | None:
    """Return a metric; ``data/<dataset>/rows`` is how many rows the dataset has, where nothing else was counted."""
    for loaded in record.data:
        if name == f"data/{loaded['name']}/rows" and name not in record.metrics:
            return Metric("", (float(loaded["rows"]),))
    return record.metrics.get(name)


def _value(record: Record | None, target: Target) -> tuple[float | None, float | None, int | None]:
    """Return mean, sd and number of values of a target's metric in a record, in the published unit."""
    metric = measured(record, target.metric) if record else None
    if metric is None:
        return None, None, None
    sd = metric.sd
    return metric.mean * target.scale, None if sd is None else sd * target.scale, len(metric.values)


def compare(target: Target, full: Record | None, local: Record | None = None) -> Comparison:
    """Put one published number beside the full record's and another run's."""
    mean, sd, seeds = _value(full, target)
    trained_here = (target.kind == "trained") and mean is not None
    # Forests and the like train to their end on any machine.
    of_baseline = not BASELINES.keys().isdisjoint(target.metric.split("/"))
    judged, note, by_spread = NOT_RUN, _why_not(target, full), False
    if mean is not None:
        better, half_digit = target.better, target.half_digit
        judged, note = verdict(target.published, mean, sd, better=better, half_digit=half_digit), target.note
        by_spread = rests_on_spread(target.published, mean, sd, better=better, half_digit=half_digit)
    return Comparison(
        experiment=target.experiment,
        paper=target.paper,
        where=target.where,
        quantity=target.quantity,
        unit=target.unit,
        published=target.published,
        full_mean=mean,
        full_sd=sd,
        seeds=seeds,
        device=full.environment["device_name"] if full and mean is not None else None,
        this_run=_value(local, target)[0],
        verdict=judged,
        note=note,
        trained=trained_here,
        budget=full.config.get("budget", "") if full and trained_here and not of_baseline else "",
        by_spread=by_spread,
        stand_in=target.other_data if mean is not None else "",
    )


def _why_not(target: Target, full: Record | None) -> str:
    """Return the reason a number has no full result, in front of its note."""
    built = {experiment.id for experiment in experiments.all_experiments()}
    if target.cannot_run:
        reason = target.cannot_run
    elif target.experiment not in built:
        reason = "experiment not built yet"
    elif full is None:
        reason = "no full-profile record yet"
    elif full.config.get("budget"):
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
            kept = full[name]
            # The full record has its own column.
            local[name] = None if here and kept and here.key == kept.key else here
        rows.append(compare(target, full[name], local[name]))
    return rows


def trained(rows: Sequence[Comparison]) -> list[Comparison]:
    """Return the rows whose number comes from models trained here."""
    return [row for row in rows if row.trained]


def counts(rows: Sequence[Comparison]) -> dict[str, int]:
    """Return how many numbers have each verdict."""
    return {name: sum(row.verdict == name for row in rows) for name in VERDICTS}
