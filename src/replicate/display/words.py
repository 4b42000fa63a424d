"""How numbers are put into sentences, whichever way they fall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from replicate import papers, records
from replicate.evaluation.compare import REDUCED, Comparison, compare
from replicate.figures.names import spread
from replicate.records import Metric, Record


def percent(metric: Metric, digits: int = 0) -> str:
    """Return a share as ``mean ± sd %``."""
    return f"{spread(Metric('', tuple(100 * v for v in metric.values), metric.n), digits)} %"


def counted(metric: Metric) -> str:
    """Return a count as ``mean ± sd``, or a whole number where it is a single one."""
    return spread(metric, 0)


def comparison_of(record: Record, target: str, instead: Metric | None = None) -> Comparison:
    """Return a published number beside what a record has under its metric.

    Args:
        record, target: the record, and the published number's id.
        instead: another metric of the record to judge, in the unit of the number's own.
    """
    t = papers.target(target)
    return compare(t, record if instead is None else replace(record, metrics={t.metric: instead}))


def judged(record: Record, target: str, instead: Metric | None = None) -> str:
    """Return ``published 0.92: close``, from the same arguments as :func:`comparison_of`."""
    t = papers.target(target)
    printed = f"published {t.printed} {t.unit}".rstrip()
    row = comparison_of(record, target, instead)
    if row.full_mean is None:
        return printed
    return f"{printed}: {', '.join([row.verdict, *(one for one in row.caveats if one != REDUCED)])}"


def standing(mine: Metric, theirs: Metric, *, lower: bool = False) -> str:
    """Return ``ahead of``, ``behind`` or ``level with``: ahead is better for every seed.

    Args:
        mine, theirs: a score of two models, seed by seed on the same rows.
        lower: smaller values are better.
    """
    # Where one model has fewer seeds, those they share are compared.
    better = [(a < b) if lower else (a > b) for a, b in zip(mine.values, theirs.values, strict=False)]
    worse = [(a > b) if lower else (a < b) for a, b in zip(mine.values, theirs.values, strict=False)]
    if all(better):
        return "ahead of"
    return "behind" if all(worse) else "level with"


def times(value: float, reference: float) -> str:
    """Return how many times as large a value is as a reference, in words that also fit a reference of zero."""
    return f"{value / reference:.1f} times" if reference else "more than any multiple of"


def listed(parts: list[str]) -> str:
    """Return parts joined as in prose: ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def shortfall(record: Record) -> str:
    """Return the sentence that says what a record falls short of the full budget by, empty where by nothing."""
    return f" This record was made with less than the full budget: {record.budget}." if record.budget else ""


def chapter_verdict(
    written: Mapping[str, Callable[[Record], str]], leads: Mapping[str, str] | None = None
) -> str:
    """Return a chapter's verdict, one paragraph per experiment with a full record.

    Args:
        written: experiment → what a reader may conclude from its record.
        leads: experiment → the words its paragraph begins with; None: its text has them.
    """
    found = ((name, write, records.full_record(name)) for name, write in written.items())
    lines, told = [], set()
    for name, write, record in found:
        if record is None:
            continue
        short = shortfall(record)
        # A chapter's experiments often fall short in the same way: said in full once.
        lines.append(
            (f"**{leads[name]}.** " if leads else "")
            + write(record)
            + (" This record was made with the same smaller budget as one above." if short in told else short)
        )
        told |= {short} - {""}
    return "\n\n".join(lines) or "No full-profile record of this chapter yet."
