"""Intervals from resampled groups, against cases that can be worked out."""

import numpy as np
import pytest

from replicate.evaluation.bootstrap import grouped_means, interval


def test_one_group_leaves_nothing_to_chance():
    drawn = grouped_means(np.arange(6.0)[None], ["a"] * 6, draws=50)
    assert np.allclose(drawn, 2.5)


def test_rows_alone_scatter_as_the_standard_error_says():
    values = np.random.default_rng(1).normal(size=(1, 2_000))
    drawn = grouped_means(values, np.arange(2_000))
    assert drawn.std() == pytest.approx(values.std() / np.sqrt(2_000), rel=0.1)
    low, high = interval(drawn[:, 0])
    assert low < values.mean() < high


def test_rows_that_err_together_widen_the_interval():
    per_group = np.random.default_rng(2).normal(size=100)
    values = np.repeat(per_group, 20)[None]
    together = grouped_means(values, np.repeat(np.arange(100), 20)).std()
    apart = grouped_means(values, np.arange(2_000)).std()
    assert together > 3 * apart


def test_differences_are_paired():
    """Two models that err alike differ by a constant, however the rows fall."""
    first = np.random.default_rng(3).normal(size=500)
    drawn = grouped_means(np.stack([first, first + 0.5]), np.arange(500) // 5)
    assert np.allclose(drawn[:, 1] - drawn[:, 0], 0.5)
