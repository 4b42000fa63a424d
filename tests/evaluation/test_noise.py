"""The floor that repeated measurements set."""

import numpy as np
import pytest

from replicate.evaluation.noise import repeated


def _measurements(noise: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return values, keys and errors of compositions with one to five measurements, shuffled."""
    draw = np.random.default_rng(0)
    keys = draw.permutation(np.repeat(np.arange(4000), draw.integers(1, 6, 4000)))
    errors = getattr(draw, noise)(size=len(keys)) if noise != "uniform" else draw.uniform(-1, 1, len(keys))
    return keys * 10.0 + errors, keys, errors


@pytest.mark.parametrize(("noise", "off"), [("normal", 0.03), ("laplace", 0.09), ("uniform", 0.09)])
def test_the_floor_is_the_error_of_the_best_constant(noise: str, off: float) -> None:
    """Of the true value, that is, whatever the noise; the median of few measurements is too good or too bad."""
    values, keys, errors = _measurements(noise)
    floors = {name: float(value[0]) for name, value in repeated(values, keys).floors().items()}
    assert floors["mae"] == pytest.approx(np.abs(errors).mean(), rel=off)
    assert floors["rmse"] == pytest.approx(errors.std(), rel=0.03)
    assert floors["own"] < np.abs(errors).mean() < floors["others"]


def test_sums_are_those_of_pairs_and_of_medians_taken_one_by_one() -> None:
    """Against the definitions, on groups of odd and even size with ties."""
    groups = [[3.0, 1.0], [2.0, 2.0, 5.0], [1.0, 4.0, 4.0, 9.0], [7.0]]
    values = np.concatenate(groups)
    keys = np.repeat(["a", "b", "c", "d"], [len(group) for group in groups])
    noise = repeated(values, keys)
    several = [np.array(group) for group in groups if len(group) > 1]
    assert noise.size.tolist() == [2, 3, 4]
    for place, y in enumerate(several):
        k = len(y)
        pairs = [abs(a - b) for i, a in enumerate(y) for j, b in enumerate(y) if i != j]
        assert noise.pairs[place] == pytest.approx(k * np.mean(pairs))
        others = sum(abs(y[i] - np.median(np.delete(y, i))) for i in range(k))
        assert noise.others[place] == pytest.approx(others)
        assert noise.own[place] == pytest.approx(np.abs(y - np.median(y)).sum())
        assert noise.squares[place] == pytest.approx(k * y.var(ddof=1))


def test_weights_count_compositions_as_often_as_they_are_drawn() -> None:
    """A resampling that draws a composition twice equals a list that holds its measurements under two names."""
    values, keys = np.array([1.0, 2.0, 10.0, 16.0]), np.array([0, 0, 1, 1])
    twice = repeated(np.array([1.0, 2.0, 10.0, 16.0, 10.0, 16.0]), np.array([0, 0, 1, 1, 2, 2]))
    weighted = repeated(values, keys).floors(np.array([[1, 2], [1, 0]]))
    for name, value in twice.floors().items():
        assert weighted[name][0] == pytest.approx(value[0])
    assert weighted["rmse"][1] == pytest.approx(np.sqrt(0.5))
