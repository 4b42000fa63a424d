"""Composition distance and errors by distance, against values worked out by hand."""

import numpy as np
import pytest

from replicate.evaluation.distances import composition_distance, distances_to_training, error_by_distance
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
