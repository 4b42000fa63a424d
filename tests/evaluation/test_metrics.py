"""Scores against hand-computed values and the reduced arrays against the rows they came from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replicate.evaluation import metrics


def test_regression_by_hand():
    target, prediction = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0, 5.0])
    scores = metrics.regression_metrics(target, prediction)
    assert scores["mae"] == pytest.approx(0.75)
    assert scores["rmse"] == pytest.approx(np.sqrt(5 / 4))
    assert scores["r2"] == pytest.approx(1 - 5 / 5)
    assert scores["r"] == pytest.approx(np.corrcoef(target, prediction)[0, 1])


def test_a_constant_prediction_has_no_correlation():
    assert metrics.regression_metrics(np.arange(4.0), np.ones(4))["r"] == 0


@pytest.mark.filterwarnings("error")
def test_rounding_of_a_constant_prediction_is_no_correlation():
    nearly = np.array([8, 8, 8, 8], dtype=np.float32) + np.array([0, 1, 2, 3], dtype=np.float32) * 2e-6
    assert metrics.regression_metrics(np.arange(4.0), nearly)["r"] == 0


def test_classification_by_hand():
    label = np.array([0, 0, 0, 1, 1])
    probability = np.array([0.1, 0.6, 0.2, 0.5, 0.4])
    scores = metrics.classification_metrics(label, probability)
    assert scores["recall"] == 0.5
    assert scores["specificity"] == pytest.approx(2 / 3)
    assert scores["precision"] == 0.5
    assert scores["auc"] == pytest.approx(4 / 6)
    assert metrics.confusion(label, probability) == [[2, 1], [1, 1]]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=2, max_size=40))
def test_no_ranking_has_a_larger_auc_than_its_precision_and_recall_admit(rows):
    label, value = (np.array(column) for column in zip(*rows, strict=True))
    if label.all() or not label.any():
        return
    sizes = int(label.sum()), int((~label).sum())
    auc = metrics.classification_metrics(label, value / 10)["auc"]
    for called in (value >= threshold for threshold in np.unique(value)):
        right = (called & label).sum()
        if right:
            assert auc <= metrics.largest_auc(right / called.sum(), right / sizes[0], *sizes) + 1e-12


def test_the_bound_on_the_auc_is_reached():
    # Above the cut one of two is right; all that is right there ranks first, and so it is below the cut.
    label, value = np.array([1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.3, 0.2, 0.1])
    scores = metrics.classification_metrics(label, value)
    assert (scores["precision"], scores["recall"]) == (0.5, 0.5)
    assert scores["auc"] == pytest.approx(metrics.largest_auc(0.5, 0.5, 2, 3)) == 1 - 0.5 / 3


@given(st.integers(1, 300), st.integers(0, 99))
def test_no_pair_is_lost_in_the_histogram(n, seed):
    rng = np.random.default_rng(seed)
    target, prediction = rng.normal(size=n), 2 * rng.normal(size=n)
    packed = metrics.parity_histogram(target, prediction, bins=20, limits=(-1.0, 1.0))
    assert sum(count for _, _, count in packed["cells"]) == n


def test_histogram_cells_lie_where_the_pairs_are():
    packed = metrics.parity_histogram(np.array([0.0, 1.0]), np.array([0.0, 0.55]), bins=10, limits=(0, 1))
    assert sorted(map(tuple, packed["cells"])) == [(0, 0, 1), (9, 5, 1)]


def test_roc_points_of_a_perfect_and_a_useless_score():
    label = np.array([0, 1] * 50)
    assert metrics.roc_points(label, label.astype(float))[1:] == [1.0] * 100
    useless = metrics.roc_points(label, np.zeros(100))
    assert useless[50] == pytest.approx(0.5)
