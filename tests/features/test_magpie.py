import warnings

import numpy as np
import pytest
from matminer.featurizers.composition import ElementProperty
from pymatgen.core import Composition

from replicate.features import magpie as module
from replicate.features.composition import parse
from replicate.features.magpie import magpie

FORMULAS = [
    *("GaN", "Fe", "C60", "Cu2ZnSnS4", "La1.85Sr0.15CuO4", "Hg0.7Cd0.3Te", "Ag(W3Br7)2", "YBa2Cu3O6.97"),
    *("Bi1.6Pb0.4Sr2Ca2.03Cu3O10.2", "Ag0.25Cd0.5In2.25Te4", "Na0.998Cl1.002", "UPt3", "XeF6", "K4Fe(CN)6"),
    *("AmO2", "Lr2Og"),
    "Ga1.000001N",  # equal amounts up to rounding: the mode is the smaller value
]


@pytest.fixture(scope="module")
def matminer_values() -> np.ndarray:
    featurizer = ElementProperty.from_preset("magpie", impute_nan=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.array([featurizer.featurize(Composition(name)) for name in FORMULAS])


@pytest.mark.parametrize("chunk", [3, 20_000])
def test_values_and_names_are_matminers(monkeypatch, matminer_values: np.ndarray, chunk) -> None:
    monkeypatch.setattr(module, "_CHUNK", chunk)
    table = magpie(parse(FORMULAS))
    assert list(table.columns) == ElementProperty.from_preset("magpie").feature_labels()
    np.testing.assert_allclose(table.to_numpy(), matminer_values, rtol=1e-10, atol=1e-10)


def test_rows_keep_their_positions() -> None:
    found = magpie(parse(["NaCl", "X", "Fe"], on_error="collect"))
    assert found.index.tolist() == [0, 2]
    assert magpie(parse([])).shape == (0, 132)


def test_values_are_finite_for_every_element() -> None:
    assert np.isfinite(magpie(parse(list(module.SYMBOLS))).to_numpy()).all()
