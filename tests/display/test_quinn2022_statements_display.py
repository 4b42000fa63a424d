"""Iron-based in two readings, families and forest that the text names: what is said follows the numbers."""

from __future__ import annotations

import re

import pytest

from replicate import display as show
from replicate.records import Metric, Record


def record(name, metrics):
    found = {key: Metric("", tuple(map(float, values)), 100) for key, values in metrics.items()}
    return Record(
        f"quinn2022-{name}", "full", "k", {}, [], {}, [0, 1], found, environment={"device_name": "a processor"}
    )  # fmt: skip


def rows(made):
    lines = re.findall(r"<tr>(.*?)</tr>", made.data)
    return [[re.sub(r"<[^>]+>", " ", cell).strip() for cell in line.split("</td>")] for line in lines[1:]]


def test_a_printed_pair_needs_a_spread_of_tc():
    """R² = 1 − MSE/variance with MSE = MAE²: all errors of 6.4 K, and a spread that leaves R² at 0.83."""
    assert show.least_spread(6.4, 0.83) == pytest.approx(15.52, abs=0.01)
    least = show.least_spread(2.0, 0.75)
    assert 1 - 2.0**2 / least**2 == pytest.approx(0.75)


def test_the_spread_there_is_stands_beside_the_one_that_is_needed():
    spreads = {"random": 30, "cuprate": 28, "any-iron": 18, "iron-based": 11, "low-tc": 6}
    made = show.spread_table(record("regression", {f"{k}/test/tc_sd": [v, v] for k, v in spreads.items()}))
    assert [row[5] for row in rows(made)] == ["yes", "yes", "yes", "no", "yes"]
    assert rows(made)[3][3:5] == ["15.5", "11.0 ± 0.0"]
    assert not rows(show.spread_table(record("regression", {})))


def test_both_readings_of_iron_are_judged():
    metrics = {
        "data/any-iron/rows": [1100],
        "any-iron/any-iron/mae": [6.3, 6.5],
        "any-iron/any-iron/r2": [0.8, 0.84],
    }
    metrics |= {"any-iron/combined/r2": [0.7, 0.75], "iron-based/iron-based/mae": [20, 20.1]}
    published, wide, narrow = rows(show.iron_readings(record("regression", metrics)))
    assert published[2:5] == ["6.4", "0.83", "0.73"]
    assert wide[1] == "1,100" and re.sub(" +", " ", wide[2]) == "6.40 ± 0.14 reproduced"
    assert "not reproduced" in narrow[2] and narrow[3:] == ["–", "–", "–", "–", ""]


def test_the_families_are_held_against_the_class_mean():
    scores = {"mae": [2, 3], "class_mean_mae": [20, 21], "tc": [30, 31], "mean_error": [-1, -1]}
    text = show.families_sentence(
        record("regression", {f"diborides/low-tc/{k}": v for k, v in scores.items()})
    ).data
    assert (
        "wrong by **2.50 ± 0.71 K**" in text
        and "mean of the class is wrong by 20.5" in text
        and "BiO" not in text
    )
    assert "Neither family" in show.families_sentence(record("regression", {})).data


def test_the_cited_forest_is_said_to_be_missing_or_shown():
    one = record("thresholds", {"stanev-10K/forest/accuracy": [0.9, 0.92]})
    assert "91.0 ± 1.4 % (published 90 %: reproduced)" in show.stanev_sentence(one).data
    assert "0.880" in show.stanev_sentence(record("regression", {"stanev-10K/forest/r2": [0.88, 0.88]})).data
    assert "not trained in this profile" in show.stanev_sentence(record("regression", {})).data
