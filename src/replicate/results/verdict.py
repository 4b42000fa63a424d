"""The verdict rule: when a published number counts as reproduced, and the names of what else it may be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev

REPRODUCED, CLOSE, BETTER, TOO_NOISY = "reproduced", "close", "better", "too noisy"
NOT_REPRODUCED, UNDECIDED, OTHER_DATA, NOT_RUN = "not reproduced", "undecided", "other data", "not run"
VERDICTS = (REPRODUCED, BETTER, CLOSE, TOO_NOISY, NOT_REPRODUCED, UNDECIDED, OTHER_DATA, NOT_RUN)
NEAR = 0.10
LEVEL = 0.95

RULE = (
    "Near: within 10 % of the published value; for a score that ends at 1, within 10 % of what it lacks to 1; always "
    "within half of its last significant digit. Inside: the published value lies in the 95 % prediction interval of "
    "one more training, mean ± t·sd·√(1 + 1/n) over n seeds, widened by that half digit; a single value has no "
    "spread. Reproduced: near and inside. Better: on the good side, not inside. Close: near, not inside. Too noisy: "
    "inside, not near. Not reproduced: neither, with the paper's data and budget. Undecided: neither, but our training "
    "was shorter than the paper's. Other data: data or definition differ; shown, never judged. Not run: for the reason "
    "given. A best setting is reproduced when its mean validation error is within one standard error of the lowest."
)


def half_width(sd: float, n: int, level: float = LEVEL) -> float:
    """Return half of the prediction interval of one more value, t(n−1)·sd·√(1 + 1/n), from n ≥ 2 values."""
    from scipy.special import stdtrit  # a tenth of the start-up time of scipy.stats

    return float(stdtrit(n - 1, (1 + level) / 2)) * sd * math.sqrt(1 + 1 / n)


def reaches(
    published: float, values: Sequence[float], half_digit: float = 0.0, ends_at: float | None = None
) -> tuple[float, float]:
    """Return how far from a published number a mean is still near, and how far still inside; as for :func:`verdict`."""
    n = len(values)
    reference = published if ends_at is None else ends_at - published
    inside = half_digit + (half_width(stdev(values), n) if n > 1 else 0.0)
    return max(NEAR * abs(reference), half_digit), inside


def standing(
    published: float, values: Sequence[float], half_digit: float = 0.0, ends_at: float | None = None
) -> tuple[bool, bool]:
    """Return whether the mean of the values is near a published number, and whether inside; as for :func:`verdict`."""
    away, rounding = abs(fmean(values) - published), 1 + 1e-9
    near, inside = reaches(published, values, half_digit, ends_at)
    return away <= near * rounding, away <= inside * rounding


def verdict(
    published: float,
    values: Sequence[float],
    *,
    better: str = "equal",
    half_digit: float = 0.0,
    ends_at: float | None = None,
    budget_met: bool = True,
) -> str:
    """Judge one number (the rule is :data:`RULE`).

    Args:
        published: the printed value.
        values: ours, one per seed, in the same unit; at least one.
        better: ``lower``, ``higher`` or ``equal`` (neither direction is an improvement).
        half_digit: half of the last significant digit of the printed value.
        ends_at: best value of a bounded score, 1 or 100 %; None: not bounded.
        budget_met: whether our training was as long as the paper's.
    """
    mean = fmean(values)
    near, inside = standing(published, values, half_digit, ends_at)
    if inside:
        return REPRODUCED if near else TOO_NOISY
    if (better == "lower" and mean < published) or (better == "higher" and mean > published):
        return BETTER
    if near:
        return CLOSE
    return NOT_REPRODUCED if budget_met else UNDECIDED


def best_setting(errors: Mapping[float, Sequence[float]], published: float) -> tuple[float, bool]:
    """Return the setting with the lowest mean error, and whether the published one is within one standard error of it.

    ``errors``: setting → validation errors over seeds; the published setting among them.
    """
    means = {setting: fmean(values) for setting, values in errors.items()}
    best = min(means, key=lambda setting: means[setting])
    n = len(errors[best])
    standard_error = stdev(errors[best]) / math.sqrt(n) if n > 1 else 0.0
    return best, means[published] <= means[best] + standard_error * (1 + 1e-9)
