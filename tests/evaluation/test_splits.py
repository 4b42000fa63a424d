"""Splits: disjoint, complete, of exact size, and blind to what they must not share."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replicate.errors import ConfigError
from replicate.evaluation.splits import make_split, shared_with_training


@given(
    sizes=st.lists(st.integers(1, 6), min_size=60, max_size=120),
    seed=st.integers(0, 1000),
    validation=st.sampled_from([0.05, 0.2]),
)
def test_groups_stay_on_one_side(sizes, seed, validation):
    groups = np.repeat(np.arange(len(sizes) + 20), [*sizes, *[1] * 20])
    split = make_split(groups, kind="composition", seed=seed, validation=validation)
    parts = [split.train, split.validation, split.test]
    assert sorted(np.concatenate(parts)) == list(range(len(groups)))
    labels = [set(groups[part]) for part in parts]
    assert not (labels[0] & labels[1] or labels[0] & labels[2] or labels[1] & labels[2])
    assert len(split.test) == round(0.2 * len(groups))
    assert len(split.validation) == round(validation * (len(groups) - len(split.test)))


def test_seeds_draw_different_sets_and_repeat_themselves():
    a, b, again = (make_split(np.arange(100), kind="random", seed=s) for s in (0, 1, 0))
    assert a.digest == again.digest != b.digest


def test_shared_share_is_counted():
    groups = np.array([0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
    split = make_split(np.arange(10), kind="random", seed=3, validation=0.2)
    seen = set(groups[split.train]) | set(groups[split.validation])
    expected = np.mean([groups[i] in seen for i in split.test])
    assert shared_with_training(split, groups) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"test": 0.0}, "between 0 and 1"),
        ({"validation": 1.0}, "between 0 and 1"),
        ({"test": 0.01}, "too few"),
    ],
)
def test_impossible_shares_are_refused(options, message):
    with pytest.raises(ConfigError, match=message):
        make_split(np.arange(20), kind="random", seed=0, **options)


def test_groups_that_cannot_fill_a_set_are_refused():
    with pytest.raises(ConfigError, match="exactly"):
        make_split(np.repeat([0, 1], 50), kind="composition", seed=0)
