"""How numbers are written: one rule for counts, for means over seeds and for shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from replicate import wording
from replicate.records import Metric
from replicate.report.html import mean_and_sd
from replicate.report.names import spread
from workflow.sources import discover


@pytest.mark.parametrize(
    ("mean", "sd", "digits", "text"),
    [
        (0.3377, 0.0123, 3, "0.338 ± 0.012"),
        (0.0847, 0.00051, 3, "0.08470 ± 0.00051"),
        (0.9984, 0.0000012, 3, "0.99840 ± 0.00000"),  # two decimals more than asked for, and no further
        (5.3425, 0.1306, 2, "5.34 ± 0.13"),
        (10.26, 0.997, 2, "10.3 ± 1.0"),  # rounding makes the deviation a digit longer
        (1178.4, 12.02, 0, "1,178 ± 12"),
        (17211.8, 1375.6, 3, "17,212 ± 1,376"),
        (0.5, None, 2, "0.50"),
        (1.0, 0.0, 3, "1.000 ± 0.000"),
        (-0.0001, None, 2, "0.00"),
        (None, None, 3, "–"),
    ],
)
def test_two_digits_of_the_deviation_decide(
    mean: float | None, sd: float | None, digits: int, text: str
) -> None:
    assert wording.spread(mean, sd, digits) == text


@pytest.mark.parametrize(
    ("value", "like", "text"),
    [
        (0.3377, "0.307", "0.3377"),
        (13598.0, "13,598", "13,598"),
        (2457.6, "2458", "2,457.6"),
        (13598.0, "", "13,598"),
        (123456.7, "", "123,457"),
        (0.00012346, "", "0.0001235"),
        (None, "58", "–"),
    ],
)
def test_a_number_follows_the_printed_one(value: float | None, like: str, text: str) -> None:
    assert wording.number(value, like) == text


def test_every_helper_writes_the_same() -> None:
    metric = Metric("K", (4.1, 4.3, 4.5))
    assert spread(metric) == wording.spread(metric.mean, metric.sd) == "4.30 ± 0.20"
    assert wording.percent(0.455, 1) == "45.5 %"
    assert mean_and_sd(17211.8, 1375.6, "17 000") == "17,212 ± 1,376"
    assert (wording.count(999), wording.count(1000)) == ("999", "1,000")
    assert (wording.number_of(1, "seed"), wording.number_of(1200, "epoch")) == ("1 seed", "1,200 epochs")


def test_no_page_or_figure_writes_a_deviation_by_itself() -> None:
    package = Path(wording.__file__).parent
    files = [path for path in package.rglob("*.py") if path != Path(wording.__file__)]
    texts = {path.relative_to(package).as_posix(): path.read_text(encoding="utf-8") for path in files}
    texts |= {source.name: source.pair.read_text(encoding="utf-8") for source in discover()}
    assert len(texts) > 100 and [name for name, text in texts.items() if "} ± {" in text] == []
