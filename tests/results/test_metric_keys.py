"""The dictionary of metric keys describes every number of every committed record, each pattern once."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest

from replicate import experiments, report
from replicate.results import papers, records
from replicate.results.compare import measured
from replicate.results.metric_keys import meanings, pattern_of

FULL = {q.id: full for q in experiments.questions() if (full := records.full_record(q.id)) is not None}
KEYS = {experiment: [*full.metrics] for experiment, full in FULL.items()}


@pytest.mark.parametrize("experiment", KEYS)
def test_every_key_of_a_record_is_described(experiment: str) -> None:
    assert [key for key in KEYS[experiment] if not meanings()[pattern_of(key)]] == []


def test_a_pattern_describes_what_none_before_it_does() -> None:
    keys = [key for of in KEYS.values() for key in of]
    first = {pattern_of(key) for key in keys}
    hidden = [p for p in meanings() if p not in first and any(fnmatchcase(key, p) for key in keys)]
    assert hidden == []


def test_every_published_number_has_a_meaning() -> None:
    for target in papers.targets():
        if measured(FULL.get(target.experiment), target.metric) is not None:
            assert meanings()[pattern_of(target.metric)]


def test_the_table_shows_each_pattern_once_with_unit_number_and_an_example(rows_of) -> None:
    rows = {row[0]: row[1:] for row in rows_of(report.metric_dictionary())}
    assert len(rows) == len(rows_of(report.metric_dictionary()))
    assert sum(int(row[2]) for row in rows.values()) == sum(map(len, KEYS.values()))
    _, unit, _, example = rows["*/test/tc_sd"]
    assert unit == "K" and re.search(r"/test/tc_sd .*\d K", example)
