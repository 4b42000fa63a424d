"""How early a ranking brings what is sought: rankings whose scores are known, and weights that repeat rows."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from replicate.evaluation.ranking import ranking_scores

N, SOUGHT = 1000, 50
POSITIVE = np.arange(N) < SOUGHT


def _scores(ranked: np.ndarray) -> dict[str, float]:
    return {name: float(value[0]) for name, value in ranking_scores(POSITIVE, ranked).items()}


def test_a_perfect_ranking() -> None:
    scores = _scores(-np.arange(N, dtype=float))
    share = SOUGHT / N
    assert scores == pytest.approx({"average_precision": 1, "enrichment": 1 / share, "precision_first": 0.5, "auc": 1})


def test_a_reversed_ranking() -> None:
    scores = _scores(np.arange(N, dtype=float))
    # The k-th of the 50 comes at place 950 + k.
    precision = np.mean([k / (N - SOUGHT + k) for k in range(1, SOUGHT + 1)])
    expected = {"average_precision": precision, "enrichment": 0, "precision_first": 0, "auc": 0}
    assert scores == pytest.approx(expected)


def test_a_ranking_that_tells_nothing_is_chance() -> None:
    share = SOUGHT / N
    expected = {"average_precision": share, "enrichment": 1, "precision_first": share, "auc": 0.5}
    assert _scores(np.zeros(N)) == pytest.approx(expected)
    shuffled = [_scores(np.random.default_rng(seed).random(N)) for seed in range(300)]
    means = {name: np.mean([scores[name] for scores in shuffled]) for name in expected}
    assert means["auc"] == pytest.approx(0.5, abs=0.01)
    assert means["enrichment"] == pytest.approx(1, abs=0.2)
    # A finite list is a little above its share: about ln(n) / n more.
    assert share < means["average_precision"] < share + 0.02


def test_scores_with_ties_are_those_of_scikit_learn() -> None:
    draw = np.random.default_rng(0)
    ranked = draw.integers(0, 20, N) + 3.0 * POSITIVE
    scores = _scores(ranked)
    assert scores["average_precision"] == pytest.approx(average_precision_score(POSITIVE, ranked))
    assert scores["auc"] == pytest.approx(roc_auc_score(POSITIVE, ranked))


def test_a_weight_is_a_number_of_copies() -> None:
    draw = np.random.default_rng(1)
    ranked, weight = draw.integers(0, 50, N) + 5.0 * POSITIVE, draw.integers(0, 4, (3, N))
    weighted = ranking_scores(POSITIVE, ranked, weight)
    for place, copies in enumerate(weight):
        alone = ranking_scores(np.repeat(POSITIVE, copies), np.repeat(ranked, copies))
        for name, values in weighted.items():
            assert values[place] == pytest.approx(alone[name][0])


def test_a_weighting_without_anything_sought_has_no_score() -> None:
    scores = ranking_scores(POSITIVE, np.arange(N, dtype=float), np.stack([~POSITIVE, np.ones(N)]))
    assert np.isnan(scores["average_precision"][0]) and np.isfinite(scores["average_precision"][1])
