"""Spread against error, on predictions whose calibration is known."""

import numpy as np
import pytest

from replicate.evaluation.calibration import reliability, spread_scale, spread_scores


@pytest.fixture
def normal():
    """Return errors drawn with known standard deviations, (n,) each."""
    draw = np.random.default_rng(0)
    spread = draw.uniform(1, 10, 20_000)
    return draw.normal(scale=spread), spread


def test_spreads_that_are_the_errors_standard_deviations_cover_95_percent(normal):
    error, spread = normal
    scores = spread_scores(error, spread)
    assert scores["within_2sd"] == pytest.approx(0.954, abs=0.01)
    assert 0.3 < scores["rank_correlation"] < 0.7
    assert spread_scale(error, spread) == pytest.approx(1, abs=0.03)


def test_a_scale_mends_spreads_that_are_too_small(normal):
    error, spread = normal
    scale = spread_scale(error, spread / 7)
    assert scale == pytest.approx(7, rel=0.03)
    scores = spread_scores(error, spread / 7, scale)
    assert scores["within_2sd"] < 0.3 < 0.9 < scores["within_2sd_scaled"]


def test_members_that_all_agree_tell_nothing():
    scores = spread_scores(np.array([1.0, -2.0, 3.0]), np.zeros(3))
    assert scores["rank_correlation"] == 0 and scores["within_2sd"] == 0


def test_reliability_bins_hold_every_row_once_and_rise_with_the_spread(normal):
    error, spread = normal
    bins = np.array(reliability(error, spread))
    assert bins[:, 2].sum() == len(error) and (np.diff(bins[:, 0]) > 0).all()
    assert np.allclose(bins[:, 0], bins[:, 1], rtol=0.1)
    assert len(reliability(error[:3], spread[:3])) == 3
