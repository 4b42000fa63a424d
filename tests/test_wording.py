"""How numbers are written: one rule for counts, for means over seeds and for shares."""

import pytest

from replicate import wording
from replicate.wording import spread


@pytest.mark.parametrize(
    ("mean", "sd", "digits", "text"),
    [
        (0.3377, 0.0123, 3, "0.338 ± 0.012"), (0.0847, 0.00051, 3, "0.08470 ± 0.00051"),
        (0.9984, 0.0000012, 3, "0.99840 ± 0.00000"),  # two decimals more than asked for, and no further
        (5.3425, 0.1306, 2, "5.34 ± 0.13"),
        (10.26, 0.997, 2, "10.3 ± 1.0"),  # rounding makes the deviation a digit longer
        (1178.4, 12.02, 0, "1,178 ± 12"), (17211.8, 1375.6, 3, "17,212 ± 1,376"), (0.5, None, 2, "0.50"),
        (1.0, 0.0, 3, "1.000 ± 0.000"), (-0.0001, None, 2, "0.00"), (None, None, 3, "–"),
    ],
)  # fmt: skip
def test_two_digits_of_the_deviation_decide(mean, sd, digits, text):
    assert wording.spread(mean, sd, digits) == text


@pytest.mark.parametrize(
    ("mean", "sd", "printed", "text"),
    [
        (0.3377, 0.0123, "0.307", "0.338 ± 0.012"), (17211.8, 1375.6, "17 000", "17,212 ± 1,376"),
        (57.31, 33.14, "75", "57 ± 33"), (0.0, 0.0, "2.6", "0.00 ± 0.00"), (0.226, 0.0012, "0.3", "0.226 ± 0.001"),
        (0.226, 0.000012, "0.3", "0.23 ± 0.00"), (9.96, 0.0996, "10.0", "9.96 ± 0.10"), (78.0, None, "58", "78"),
        (None, None, "58", "–"),
    ],
)  # fmt: skip
def test_a_mean_follows_the_printed_number(mean, sd, printed, text):
    assert spread(mean, sd, like=printed) == text


@pytest.mark.parametrize(
    ("value", "like", "text"),
    [
        (0.3377, "0.307", "0.3377"), (2457.6, "2458", "2,457.6"), (13598.0, "", "13,598"), (123456.7, "", "123,457"),
        (0.00012346, "", "0.0001235"), (None, "58", "–"),
    ],
)  # fmt: skip
def test_a_number_follows_the_printed_one(value: float | None, like: str, text: str) -> None:
    assert wording.number(value, like) == text
