import warnings

import numpy as np
import pytest
from matminer.featurizers.composition import ElementProperty, Stoichiometry, ValenceOrbital
from pymatgen.core import Composition

from replicate.features import magpie as module
from replicate.features.composition import parse
from replicate.features.magpie import feature_names, magpie

FORMULAS = [
    *("GaN", "Fe", "C60", "Cu2ZnSnS4", "La1.85Sr0.15CuO4", "Hg0.7Cd0.3Te", "Ag(W3Br7)2", "YBa2Cu3O6.97"),
    *("Bi1.6Pb0.4Sr2Ca2.03Cu3O10.2", "Ag0.25Cd0.5In2.25Te4", "Na0.998Cl1.002", "UPt3", "XeF6", "K4Fe(CN)6"),
    *("AmO2", "Lr2Og"),
    "Ga1.000001N",  # equal amounts up to rounding: the mode is the smaller value
]


@pytest.fixture(scope="module")
def matminer_values() -> np.ndarray:
    featurizers = [
        ElementProperty.from_preset("magpie", impute_nan=True),
        Stoichiometry(),
        ValenceOrbital(props=["frac"], impute_nan=True),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.array(
            [np.hstack([f.featurize(Composition(name)) for f in featurizers]) for name in FORMULAS]
        )


def test_values_and_names_are_matminers(matminer_values: np.ndarray) -> None:
    found = magpie(parse(FORMULAS), extended=True)
    labels = ElementProperty.from_preset("magpie").feature_labels()
    assert list(found.columns[:132]) == labels
    assert list(found.columns[132:138]) == Stoichiometry().feature_labels()
    assert list(found.columns[138:]) == ValenceOrbital(props=["frac"]).feature_labels()
    np.testing.assert_allclose(found.to_numpy(), matminer_values, rtol=1e-10, atol=1e-10)


def test_default_is_the_132_statistics_in_whatever_chunks(monkeypatch, matminer_values: np.ndarray) -> None:
    monkeypatch.setattr(module, "_CHUNK", 3)
    found = magpie(parse(FORMULAS))
    assert tuple(found.columns) == feature_names() and found.shape == (len(FORMULAS), 132)
    np.testing.assert_allclose(found.to_numpy(), matminer_values[:, :132], rtol=1e-10, atol=1e-10)


def test_rows_keep_their_positions() -> None:
    found = magpie(parse(["NaCl", "X", "Fe"], on_error="collect"))
    assert found.index.tolist() == [0, 2]
    assert magpie(parse([])).shape == (0, 132)


def test_values_are_finite_for_every_element() -> None:
    assert np.isfinite(magpie(parse(list(module.SYMBOLS)), extended=True).to_numpy()).all()
