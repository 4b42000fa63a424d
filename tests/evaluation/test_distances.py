"""Composition distance and errors by distance, against values worked out by hand."""

import numpy as np
import pytest

from replicate.evaluation.distances import (
    ExpectedError,
    Reference,
    composition_distance,
    distances_to_training,
    error_by_distance,
    expected_errors,
    nearest_composition,
)
from replicate.evaluation.splits import Split
from replicate.features.composition import parse


def fractions(*formulas: str) -> np.ndarray:
    return parse(list(formulas)).fractions


def test_distance_is_the_share_of_atoms_to_exchange():
    known = fractions("Mg1B2", "Nb3Sn1")
    found = composition_distance(fractions("Mg2B4", "Mg0.9Al0.1B2", "Nb", "Hg"), known)
    assert found == pytest.approx([0, 0.1 / 3, 0.25, 1])


def test_test_rows_are_measured_against_training_and_validation_rows():
    all_rows = fractions("Mg1B2", "Nb3Sn1", "Nb", "Mg0.9Al0.1B2")
    split = Split("random", 0, np.array([0]), np.array([1]), np.array([2, 3]))
    assert distances_to_training(all_rows, [split])[0] == pytest.approx([0.25, 0.1 / 3])


def test_errors_are_averaged_by_distance_and_empty_bins_are_none():
    distance = np.array([[0.0, 0.005, 0.3], [0.0, 0.0, 1.0]])
    errors = np.array([[1.0, 5.0, 7.0], [2.0, 4.0, 9.0]])
    found = error_by_distance(distance, {"net": errors}, edges=(0.0, 0.001, 0.01, 0.1, 1.0))
    assert found["rows"] == [1.5, 0.5, 0, 1]
    assert found["models"]["net"]["mae"] == [2.0, 5.0, None, 8.0]
    assert found["models"]["net"]["sd"][0] == pytest.approx(np.std([1, 3], ddof=1))
    assert found["models"]["net"]["sd"][1:3] == [None, None]


def test_rows_left_out_count_nowhere():
    distance = np.array([[0.0, np.nan, 0.5]])
    found = error_by_distance(distance, {"net": np.array([[1.0, 100.0, 3.0]])}, edges=(0.0, 0.1, 1.0))
    assert found["rows"] == [1, 1] and found["models"]["net"]["mae"] == [1.0, 3.0]


def test_the_quick_search_finds_what_the_slow_one_does():
    formulas = ["GaN", "AlN", "Ga0.5Al0.5N", "Fe2O3", "Fe3O4", "MgO", "NaCl", "Al2O3"]
    asked = parse(["GaN", "Ga0.9Al0.1N", "FeO", "KBr", "MgAl2O4"])
    known = Reference(tuple(formulas), (ExpectedError(1.0, 0.5, 9),), 0.5, "random")
    found = known.nearest(asked.fractions)
    place, distance = nearest_composition(asked.fractions, parse(formulas).fractions)
    np.testing.assert_allclose([one.distance for one in found], distance, atol=1e-12)
    # Nothing is nearest to what shares no element.
    assert [one.formula for one in found[:3]] == [formulas[i] for i in place[:3]]
    assert found[0].distance == 0 and found[3].distance == 1


def test_the_expected_error_never_falls_and_stands_on_thirty_rows():
    rng = np.random.default_rng(0)
    distance = np.concatenate([np.zeros(50), rng.uniform(0.01, 0.6, 500), [0.9]])
    error = 0.1 + distance + rng.uniform(0, 0.3, len(distance))
    steps = expected_errors(distance, error)
    assert [step.error for step in steps] == sorted({step.error for step in steps})
    assert sum(step.rows for step in steps) == len(distance) and min(step.rows for step in steps) >= 30
    assert steps[0].error == pytest.approx(error[:50].mean(), rel=1e-3) and steps[-1].distance == 1
    assert [step.p90 for step in steps] == sorted(step.p90 for step in steps)
    assert steps[0].p90 == pytest.approx(np.quantile(error[:50], 0.918, method="higher"), rel=1e-3)
    # Nine of ten new errors are inside, near and far.
    new = rng.uniform(0.01, 0.6, 5_000)
    drawn = 0.1 + new + rng.uniform(0, 0.3, len(new))
    ends = [step.distance for step in steps]
    inside = drawn <= np.array([step.p90 for step in steps])[np.searchsorted(ends, new)]
    assert 0.85 < inside.mean() < 0.97
    # Errors that have nothing to do with distance are one step or few, all near the mean.
    flat = expected_errors(distance, rng.uniform(0, 1, len(distance)))
    assert all(abs(step.error - 0.5) < 0.2 for step in flat)
    # One row tells an error, but no bound that nine of ten stay below.
    assert expected_errors(np.array([0.2]), np.array([3.0])) == (ExpectedError(1.0, 3.0, 1, None),)


def test_far_is_where_half_as_much_again_is_expected():
    known = Reference(("GaN",), (ExpectedError(0.3, 0.2, 40), ExpectedError(1.0, 0.9, 40)), 0.3, "random")
    near, far = known.nearest(parse(["Ga0.9Al0.1N", "AlP"]).fractions)
    assert (near.expected.error, near.far) == (0.2, False) and (far.expected.error, far.far) == (0.9, True)


def test_packed_formulas_come_back_whole_or_not_at_all():
    shown = Reference(("Ga2N2", "La1.85Sr0.15CuO4"), (ExpectedError(1.0, 1.0, 30),), 1.0, "random")
    assert Reference.unpack(shown.pack()) == shown.formulas
    with pytest.raises(ValueError, match="cannot be read"):
        Reference.unpack(b"nothing")
    with pytest.raises(ValueError, match="cut off"):
        Reference.unpack(shown.pack()[:-8])
