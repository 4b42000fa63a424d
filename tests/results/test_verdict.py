"""The verdict rule: a hand-made case for every verdict, and its interval against scipy's."""

import numpy as np
import pytest
from scipy import stats

from replicate.results.verdict import (
    BETTER,
    CLOSE,
    NOT_REPRODUCED,
    REPRODUCED,
    TOO_NOISY,
    UNDECIDED,
    best_setting,
    half_width,
    verdict,
)

FIVE = (-1.0, -0.5, 0.0, 0.5, 1.0)  # sd 0.79: an interval of 2.40 either way


def around(mean: float, scale: float) -> tuple[float, ...]:
    return tuple(mean + scale * one for one in FIVE)


@pytest.mark.parametrize(
    ("published", "values", "better", "half_digit", "expected"),
    [
        (0.307, around(0.320, 0.01), "lower", 0.0005, REPRODUCED),  # 4 % away, interval 0.024
        (0.307, around(0.330, 0.001), "lower", 0.0005, CLOSE),  # 7 % away, beyond the interval
        (0.307, around(0.300, 0.001), "lower", 0.0005, BETTER),  # near, on the good side, beyond the interval
        (0.307, around(0.200, 0.001), "lower", 0.0005, BETTER),
        (0.307, around(0.200, 0.001), "equal", 0.0005, NOT_REPRODUCED),  # no side is good
        (0.307, around(0.300, 0.001), "equal", 0.0005, CLOSE),
        (0.307, around(0.400, 0.001), "lower", 0.0005, NOT_REPRODUCED),
        (0.307, around(0.400, 0.05), "lower", 0.0005, TOO_NOISY),  # interval 0.12
        (0.307, around(0.200, 0.05), "lower", 0.0005, TOO_NOISY),  # on the good side as well
        (1.65, (1.654,), "equal", 0.005, REPRODUCED),  # a single value: the rounding of the printed one
        (1.65, (1.656,), "equal", 0.005, CLOSE),
        (0.0, (0.1,), "equal", 0.05, NOT_REPRODUCED),
        (0.0, (0.04,), "equal", 0.05, REPRODUCED),
        (-2.0, (-2.1,), "equal", 0.05, CLOSE),
        (13000.0, (13412.0,), "equal", 500.0, REPRODUCED),  # "about 13 000"
        (13000.0, (13412.0,), "equal", 0.5, CLOSE),
    ],
)
def test_every_verdict(published, values, better, half_digit, expected):
    assert verdict(published, values, better=better, half_digit=half_digit) == expected


@pytest.mark.parametrize(
    ("published", "mean", "ends_at", "expected"),
    [
        (0.95, 0.947, 1.0, CLOSE),  # 0.003 of the 0.05 to 1
        (0.95, 0.90, 1.0, NOT_REPRODUCED),  # twice the errors, though within 10 % of 0.95
        (0.95, 0.90, None, CLOSE), (95.0, 90.0, 100.0, NOT_REPRODUCED), (0.95, 0.99, 1.0, BETTER),
        (0.62, 0.60, 1.0, CLOSE),
    ],
)  # fmt: skip
def test_a_bounded_score_is_close_by_what_it_lacks(published, mean, ends_at, expected):
    assert verdict(published, around(mean, 1e-4), better="higher", half_digit=0.0005, ends_at=ends_at) == expected


def test_the_rounding_of_the_printed_score_is_never_far():
    """0.97 may be anything from 0.965 to 0.975; ten per cent of what it lacks to 1 is only 0.003."""
    assert verdict(0.97, around(0.966, 1e-5), better="higher", half_digit=0.005, ends_at=1.0) == REPRODUCED


def test_a_shorter_training_leaves_a_miss_undecided_and_nothing_else():
    def judged(values: tuple[float, ...]) -> str:
        return verdict(0.307, values, better="lower", half_digit=0.0005, budget_met=False)

    assert judged(around(0.4, 0.001)) == UNDECIDED
    assert judged(around(0.4, 0.05)) == TOO_NOISY
    assert judged(around(0.33, 0.001)) == CLOSE
    assert judged(around(0.2, 0.001)) == BETTER


@pytest.mark.parametrize("n", [2, 3, 5, 30])
def test_the_interval_is_that_of_one_more_value(n):
    values = np.random.default_rng(n).normal(size=n)
    sd = float(values.std(ddof=1))
    low, high = stats.t.interval(0.95, n - 1, loc=values.mean(), scale=sd * np.sqrt(1 + 1 / n))
    assert half_width(sd, n) == pytest.approx((high - low) / 2, rel=1e-10)
    for published, expected in ((high - 1e-6, TOO_NOISY), (high + 1e-6, NOT_REPRODUCED)):
        # Far from the mean for its size, so that only the interval decides.
        shift = 5.0 - published
        moved = values + shift
        assert abs(moved.mean() - 5.0) > 0.5 or n == 30
        if n < 30:
            assert verdict(published + shift, list(moved)) == expected


def test_a_best_setting_passes_within_one_standard_error():
    errors = {1: (3.0, 3.2), 2: (2.0, 2.4), 3: (2.3, 2.5)}
    assert best_setting(errors, 2) == (2, True)
    assert best_setting(errors, 3) == (2, True)  # 0.2 above 2.2, whose standard error is 0.2
    assert best_setting(errors, 1) == (2, False)
    assert best_setting({1: (3.0,), 2: (2.0,)}, 1) == (2, False)  # one seed has no error
