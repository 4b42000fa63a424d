"""The atom-table network: layer sizes, the authors' weights, and padding."""

import numpy as np
import pytest
import torch
from torch import nn

from replicate.errors import DataError
from replicate.features.atom_table import atom_table
from replicate.features.composition import parse
from replicate.models.configs import FORMATION, GAP, METAL, TC, TC_REPOSITORY
from replicate.models.keras_weights import load_keras_atcnn
from replicate.models.stacked import StackedBatchNorm, StackedConv2d, member_generators
from replicate.results import papers


def n_parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_parameter_counts_are_the_authors():
    assert n_parameters(FORMATION.build([0])) == 11_691
    assert n_parameters(GAP.build([0])) == 199_505
    assert n_parameters(METAL.build([0, 1])) == 2 * 199_505


@pytest.mark.parametrize("config", [FORMATION, GAP, TC, TC_REPOSITORY])
def test_shapes_and_sign(config):
    model = config.build([0, 1, 2]).eval()
    x = torch.rand(3, 7, 10, 10)
    assert model(x).shape == (3, 7)
    assert model.element_features(x).shape == (3, 7, config.hidden[0])
    if config.output == "relu":
        assert (model(x) >= 0).all()


def test_table3_with_the_authors_weights(weights):
    """The released gap network gives the printed column of Table 3; three decimals from the weights."""
    expected = {
        "GaN": 3.453, "CdTe": 1.582, "LiF": 12.394, "TiO2": 3.442, "CuSbS2": 1.396,
        "ZnS": 3.861, "Cu2ZnSnS4": 1.755, "PbTe": 0.307, "GaAs": 1.463, "ZnO": 3.458,
    }  # fmt: skip
    model = load_keras_atcnn(weights["gap"], GAP)
    with torch.no_grad():
        found = model(torch.from_numpy(atom_table(parse(list(expected))))[None])[0].numpy()
    np.testing.assert_allclose(found, list(expected.values()), atol=6e-4)
    printed = papers.table("zeng2019", "table3")
    assert printed["formula"].tolist() == list(expected)
    np.testing.assert_allclose(found, printed["atcnn"].to_numpy(float), atol=0.0051)


def test_formation_weights_score_on_the_authors_rows(weights):
    """The released formation network reaches the paper's accuracy on the authors' own table."""
    from replicate import data

    table = data.load("atcnn-formation").table
    with torch.no_grad():
        x = torch.from_numpy(atom_table(parse(table["formula"].tolist())))
        found = load_keras_atcnn(weights["formation"], FORMATION)(x[None])[0].numpy()
    error = np.abs(found - table["formation_energy_per_atom"].to_numpy())
    assert error.mean() == pytest.approx(0.053, abs=0.005)


def test_wrong_weights_are_refused(weights, tmp_path):
    with pytest.raises(DataError, match="weighted layers"):
        load_keras_atcnn(weights["gap"], FORMATION)
    broken = tmp_path / "broken.h5"
    broken.write_bytes(weights["gap"].read_bytes()[:1000])
    with pytest.raises(DataError, match="broken.h5"):
        load_keras_atcnn(broken, GAP)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_stacked_convolution_is_a_convolution_per_member(size):
    layer = StackedConv2d(3, 4, size, member_generators([0, 1]))
    nn.init.normal_(layer.bias)
    x = torch.rand(5, 2 * 3, 10, 10)
    out = layer(x).reshape(5, 2, 4, 10, 10)
    for member in (0, 1):
        plain = nn.Conv2d(3, 4, size, padding="same")
        plain.weight.data, plain.bias.data = layer.weight[member].data, layer.bias[member].data
        torch.testing.assert_close(out[:, member], plain(x[:, member * 3 : member * 3 + 3]))


def test_stacked_batch_norm_is_a_batch_norm_per_member():
    x = torch.randn(2, 50, 6) * 3 + 1
    layer = StackedBatchNorm(6, 2, channels_last=True)
    plain = [nn.BatchNorm1d(6, eps=1e-3, momentum=0.01) for _ in range(2)]
    for _ in range(3):
        out = layer(x)
        for member, norm in enumerate(plain):
            torch.testing.assert_close(out[member], norm(x[member]))
    layer.eval()
    for member, norm in enumerate(plain):
        # torch keeps the unbiased variance as running average, Keras and this layer the biased one
        torch.testing.assert_close(layer(x)[member], norm.eval()(x[member]), rtol=2e-2, atol=2e-2)
