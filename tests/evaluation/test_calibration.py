"""Spread against error, on predictions whose calibration is known."""

import numpy as np
import pytest

from replicate.evaluation.calibration import (
    conformal_width,
    interval_scores,
    reliability,
    scaled_width,
    spread_scale,
    spread_scores,
    spread_width,
)
from replicate.evaluation.distances import expected_errors, widths_by_distance


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


def test_conformal_intervals_hold_nine_of_ten_whatever_the_errors():
    """Over many draws of few calibration rows, at least 90 % of new rows and at most 1/c more."""
    draw = np.random.default_rng(1)
    for errors in (draw.normal(size=(4000, 40)), draw.exponential(size=(4000, 40)), draw.standard_cauchy((4000, 40))):
        inside = [abs(row[0]) <= conformal_width(row[1:]) for row in errors]
        assert 0.9 - 0.01 < np.mean(inside) < 0.9 + 1 / 39 + 0.01  # two standard deviations of 4,000 draws


def test_the_largest_of_nine_errors_is_a_bound_and_fewer_have_none():
    assert conformal_width(np.array([-9.0, *range(8)])) == 9
    assert conformal_width(np.arange(8.0)) == np.inf == conformal_width(np.array([]))
    nothing = widths_by_distance(expected_errors(np.zeros(5), np.ones(5)), np.array([0.0, 1.0]))
    assert interval_scores(np.array([1.0, 1e9]), nothing)["coverage"] == 1 and np.isinf(nothing).all()


def test_spreads_that_are_standard_deviations_need_no_calibration_and_others_are_mended(normal):
    error, spread = normal
    assert interval_scores(error, spread_width(spread))["coverage"] == pytest.approx(0.9, abs=0.01)
    assert interval_scores(error, spread_width(spread / 7))["coverage"] < 0.3
    seen, new = slice(0, 2000), slice(2000, None)
    mended = scaled_width(error[seen], spread[seen] / 7, spread[new] / 7)
    assert interval_scores(error[new], mended)["coverage"] == pytest.approx(0.9, abs=0.02)
    assert np.isfinite(scaled_width(error[seen], 0 * spread[seen], 0 * spread[new])).all()


def test_widths_by_distance_hold_nine_of_ten_near_and_far_where_one_width_does_not():
    draw = np.random.default_rng(2)
    distance = draw.choice([0.0, 0.4], size=20_000, p=[0.9, 0.1])
    error = draw.normal(scale=np.where(distance > 0, 5.0, 1.0))
    seen, new = slice(0, 2000), slice(2000, None)
    far = distance[new] > 0
    one = np.full(len(far), conformal_width(error[seen]))
    assert interval_scores(error[new], one)["coverage"] == pytest.approx(0.9, abs=0.02)
    assert interval_scores(error[new][far], one[far])["coverage"] < 0.5
    each = widths_by_distance(expected_errors(distance[seen], np.abs(error[seen])), distance[new])
    for some in (far, ~far):
        assert interval_scores(error[new][some], each[some])["coverage"] == pytest.approx(0.9, abs=0.04)


def test_interval_scores_by_hand():
    scores = interval_scores(np.array([0.5, -2.0, 3.0]), np.array([1.0, 1.0, 4.0]))
    assert scores == pytest.approx({"coverage": 2 / 3, "width": 4, "interval_score": 4 + 20 / 3})
