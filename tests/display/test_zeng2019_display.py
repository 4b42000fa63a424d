"""The ATCNN chapter's verdict: every experiment has its sentences, and each says how its numbers fell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from replicate import display as show
from replicate import experiments, papers, records
from replicate.display.commands import core_hours
from replicate.display.verdict_zeng2019 import _WRITTEN
from replicate.display.words import chapter_verdict, shortfall
from replicate.display.zeng2019 import squared
from replicate.records import Metric, Record


def full(name: str) -> Record:
    record = records.full_record(name)
    assert record is not None
    return record


def test_every_experiment_of_the_chapter_has_its_place() -> None:
    questions = [e.id for e in papers.questions() if e.paper == "zeng2019"]
    assert list(_WRITTEN) == questions
    assert len(show.zeng2019_verdict().data.split("\n\n")) == len(questions)


def test_a_shortfall_is_told_in_full_once() -> None:
    text = show.zeng2019_verdict().data
    for name in _WRITTEN:
        short = shortfall(full(name))
        assert not short or text.count(f"{short}\n") + text.endswith(short) == 1
    assert chapter_verdict({}) == "No full-profile record of this chapter yet."


@pytest.mark.parametrize("view", ["features-seen", "plane-named"])
@pytest.mark.parametrize(
    ("values", "word"),
    [((0.9, 0.8), ": above the"), ((0.1, 0.0), ": not above the"), ((0.9, 0.0), ": not for every")],
)
def test_element_features_are_held_against_the_largest_random_draw(
    values: tuple[float, ...], word: str, view: str
) -> None:
    record = full("zeng2019-elements")
    key = f"{view}/trained/neighbour_agreement"
    made = replace(record, metrics={**record.metrics, key: Metric("", values)})
    assert word in _WRITTEN["zeng2019-elements"](made)


def test_a_classifier_of_metals_is_said_to_be_where_it_is() -> None:
    record = full("zeng2019-metal")
    write = _WRITTEN["zeng2019-metal"]
    better = replace(record, metrics={**record.metrics, "random/forest/auc": Metric("", (0.5,) * 5)})
    assert "ahead of a random forest" in write(better)
    assert "behind a random forest" in write(record) or "level with a random forest" in write(record)


def test_a_printed_correlation_is_squared_with_its_rounding() -> None:
    value, low, high = squared("zeng2019-gap/r")
    assert (round(value, 4), round(low, 4), round(high, 4)) == (0.8836, 0.8742, 0.893)
    below = show.squared_sentence("zeng2019-gap/r", "zeng2019-gap/svr-r2")
    above = show.squared_sentence("zeng2019-tc/r", "zeng2019-tc/xgboost-r2")
    assert "**0.88**" in below and "below the 0.90" in below and "above the 0.92" in above


def test_core_hours_follow_from_seconds_and_epochs() -> None:
    cells = show.zeng2019_choices().data
    record = full("zeng2019-tc")
    network = experiments.get("zeng2019-tc").config("full").networks[0]
    hours = core_hours(record, "random/atcnn", network.fit.epochs)
    if hours is not None:
        assert (
            f"{network.fit.epochs} epochs of {len(record.seeds)} networks take {hours:.1f} core-hours"
            in cells
        )


def test_what_the_groups_average_to_stands_beside_both_printed_totals() -> None:
    text = show.table1_average(
        "ATCNN-I", papers.target("zeng2019-tc/mae"), papers.stated("zeng2019/tc-mae-text")
    )
    assert "4.27 K (Table 1) and 4.12 K (Results)" in text and "**4.42 K**" in text
    assert "cannot both be right" in show.impossible_pair()
