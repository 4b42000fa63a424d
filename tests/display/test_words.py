"""Words that follow from numbers."""

from __future__ import annotations

import pytest

from replicate.display import words
from replicate.records import Metric, Record


@pytest.mark.parametrize(
    ("mine", "theirs", "lower", "word"),
    [
        ((2.0, 3.0), (1.0, 2.0), False, "ahead of"),
        ((2.0, 3.0), (1.0, 2.0), True, "behind"),
        ((2.0, 1.0), (1.0, 2.0), False, "level with"),
        ((1.0, 1.0), (1.0, 1.0), False, "level with"),
        ((2.0, 3.0, 0.0), (1.0,), False, "ahead of"),
    ],
)
def test_ahead_is_ahead_for_every_seed(mine, theirs, lower, word):
    assert words.standing(Metric("", mine), Metric("", theirs), lower=lower) == word


def test_published_numbers_come_with_their_verdict():
    score = {"random/periodic-resnet/r2": Metric("", (0.5, 0.5), 100)}
    made = Record(
        "konno2021-preliminary", "full", "k", {}, [], {}, [0, 1], score, environment={"device_name": ""}
    )
    assert words.judged(made, "konno2021-preliminary/r2") == "published 0.92: not reproduced"
    assert words.listed(["a"]) == "a" and words.listed(["a", "b", "c"]) == "a, b and c"
