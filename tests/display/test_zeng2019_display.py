"""The ATCNN chapter's verdict: every experiment has its sentences, and each says how its numbers fell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from replicate import display as show
from replicate import papers, records
from replicate.display.verdict_zeng2019 import _WRITTEN
from replicate.display.words import chapter_verdict, shortfall
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
