"""The crystal graph network: the paper's equations, poolings, and its way through the fit loop."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from rounding import assert_same_but_for_rounding
from torch import Tensor, nn

from replicate.errors import ConfigError
from replicate.evaluation.splits import Split
from replicate.features.atom_features import atom_features
from replicate.models import fused_edges
from replicate.models.cgcnn import CGCNN
from replicate.models.configs import CGCNNConfig
from replicate.models.fused_edges import FusedEdges
from replicate.models.graph_batch import GraphBatch
from replicate.models.graph_layers import WeightedBatchNorm, gaussians
from replicate.training.config import FitConfig
from replicate.training.fit import fit

PLAIN = CGCNNConfig(width=5, convolutions=2, hidden=(4,), batch_norm=False, resolution=None)
EQ4 = replace(PLAIN, convolution="eq4")
SMALL = CGCNNConfig(width=16, convolutions=2, hidden=(16,))
TRAINING = FitConfig(150, batch_size=10, optimizer="adamw", learning_rate=2e-2, schedule="one-cycle", standardise=True)


@pytest.fixture
def batch(graphs) -> GraphBatch:
    return graphs[torch.arange(4)].double()


def network(config: CGCNNConfig) -> CGCNN:
    return CGCNN(config, seed=0).double().eval()


def edges(batch: GraphBatch) -> list[tuple[int, int, float, Tensor]]:
    """Return (centre, neighbour, weight, bond features) of every edge."""
    bonds = gaussians(batch.distance)
    return list(zip(batch.centre.tolist(), batch.neighbour.tolist(), batch.weight.tolist(), bonds, strict=True))


def test_atoms_start_as_a_linear_map_of_their_features_mixed_by_occupancy(graphs):
    model = network(PLAIN)
    found = model.nodes(graphs[torch.tensor([0])].double())[0]
    sodium, potassium, chlorine = (
        model.embedding.weight @ torch.from_numpy(atom_features("released")[z]).double() for z in (10, 18, 16)
    )
    expected = torch.stack([0.5 * sodium + 0.25 * potassium, chlorine]) + model.embedding.bias
    torch.testing.assert_close(found, expected)


def test_eq5_as_written(batch):
    """v_i + sum of sigmoid(z W_f + b_f) softplus(z W_s + b_s), and the softplus that the code puts around it."""
    model = network(PLAIN)
    before, after = model.nodes(batch)[:2]
    layer = model.convolutions[0].full
    expected = before.clone()
    for i, j, weight, u in edges(batch):
        z = torch.cat([before[i], before[j], u])
        gate, core = layer.weight[:5] @ z + layer.bias[:5], layer.weight[5:] @ z + layer.bias[5:]
        expected[i] += weight * torch.sigmoid(gate) * F.softplus(core)
    torch.testing.assert_close(after, F.softplus(expected))


def test_eq4_as_written(batch):
    """g(sum of (v_j + u) W_c, plus v_i W_s + b), one matrix for all neighbours."""
    model = network(EQ4)
    before, after = model.nodes(batch)[:2]
    layer = model.convolutions[0]
    expected = before @ layer.self.weight.T + layer.self.bias + layer.around.bias
    for i, j, weight, u in edges(batch):
        expected[i] += weight * (layer.around.weight @ torch.cat([before[j], u]))
    torch.testing.assert_close(after, F.softplus(expected))


def test_weighted_batch_norm_is_batch_norm_of_rows_repeated():
    """Torch keeps the unbiased variance as its running average, this layer the biased one."""
    ours, theirs = WeightedBatchNorm(3), nn.BatchNorm1d(3)
    copies = torch.tensor([1, 3, 2, 4])
    for seed in (0, 1):
        x = torch.randn(4, 3, generator=torch.Generator().manual_seed(seed))
        expected = theirs(x.repeat_interleave(copies, dim=0))
        torch.testing.assert_close(ours(x, copies / 10).repeat_interleave(copies, dim=0), expected)
    torch.testing.assert_close(ours.mean, theirs.running_mean)
    assert theirs.running_var is not None
    torch.testing.assert_close((ours.variance - 0.81) * 10 / 9, theirs.running_var - 0.81)
    before = ours.mean.clone()
    normed = ours.eval()(x, copies / 10)
    torch.testing.assert_close(normed, (x - before) / (ours.variance + 1e-5).sqrt())
    torch.testing.assert_close(ours.mean, before)


def crystal_means(batch: GraphBatch, values: Tensor) -> Tensor:
    """Return the mean over sites of (C, F) values, crystal by crystal."""
    rows = []
    for crystal in range(batch.size):
        mine = (batch.crystal == crystal).nonzero()[:, 0].tolist()
        sites = [values[node] for node in mine for _ in range(int(batch.count[node]))]
        rows.append(torch.stack(sites).mean(0))
    return torch.stack(rows)


def test_mean_pooling(batch):
    """Eq. S16, then the hidden layer and the output."""
    model = network(PLAIN)
    y = F.softplus(crystal_means(batch, model.nodes(batch)[-1]))
    expected = model.output(F.softplus(model.hidden[0](y)))[:, 0]
    torch.testing.assert_close(model(batch), expected[None])


def test_softmax_pooling(batch):
    """Eqs. S11-S13: after every convolution and before the first, each site's map sums to one."""
    model = network(replace(EQ4, pooling="softmax", hidden=(6, 4)))
    assert len(model.maps) == 3
    parts = [
        torch.exp(m(v)) / torch.exp(m(v)).sum(1, keepdim=True)
        for m, v in zip(model.maps, model.nodes(batch), strict=True)
    ]
    y = crystal_means(batch, sum(parts[1:], parts[0]))
    torch.testing.assert_close(y.sum(1), torch.full((4,), 3.0, dtype=torch.float64))
    for layer in model.hidden:
        y = F.softplus(layer(y))
    torch.testing.assert_close(model(batch)[0], model.output(y)[:, 0])


def test_site_pooling_gives_every_site_its_part(batch):
    """Eqs. S14-S15: the prediction is the mean of the sites' values."""
    model = network(replace(EQ4, pooling="site", hidden=(6, 4)))
    values = model.site_values(batch)
    assert len(values) == len(batch.kind)
    y = model.nodes(batch)[-1]
    for layer in model.hidden:
        y = F.softplus(layer(y))
    torch.testing.assert_close(values, model.output(y)[:, 0])
    torch.testing.assert_close(model(batch)[0], crystal_means(batch, values[:, None])[:, 0])


def test_gaussians_are_those_of_the_released_code():
    found = gaussians(torch.tensor([2.0, 2.1]))
    assert found.shape == (2, 41)
    assert found[0, 10] == pytest.approx(1) and found[1, 10] == pytest.approx(np.exp(-0.25))
    torch.testing.assert_close(found[0, 9], found[0, 11])


@pytest.mark.parametrize("config", [CGCNNConfig(), CGCNNConfig(convolution="eq4")], ids=["eq5", "eq4"])
def test_distances_read_from_a_table_change_little(config, graphs):
    batch = graphs[torch.arange(len(graphs))]
    models = [CGCNN(replace(config, resolution=r), seed=1).eval() for r in (0.005, None)]
    with torch.no_grad():
        binned, exact = (model(batch)[0] for model in models)
    assert 0 < (binned - exact).abs().max() < 0.02 * exact.std()


@pytest.mark.parametrize(
    "config",
    [SMALL, replace(SMALL, convolution="eq4", pooling="softmax"), replace(SMALL, pooling="site")],
    ids=["eq5", "eq4", "sites"],
)
def test_ten_crystals_can_be_learned_by_heart(config, graphs):
    rows = np.arange(10)
    y = torch.rand(len(graphs), generator=torch.Generator().manual_seed(0)) * 4
    split = Split("random", 0, rows, rows, rows[:0])
    result = fit(config.build([0]), graphs, y, [split], TRAINING, seeds=[0])
    assert result.validation_score.min() < 0.1 < 0.3 * float(y[:10].std())


def test_an_ensemble_predicts_what_its_members_do_and_is_not_trained_together(graphs):
    ensemble = SMALL.build([3, 4]).eval()
    batch = graphs[torch.arange(5)]
    with torch.no_grad():
        alone = torch.cat([SMALL.build([seed]).eval()(batch) for seed in (3, 4)])
        assert_same_but_for_rounding(ensemble(batch), alone)
    split = Split("random", 0, np.arange(20), np.arange(20, 28), np.arange(28, len(graphs)))
    with pytest.raises(ConfigError, match="2 networks side by side are trained one by one"):
        fit(ensemble, graphs, torch.zeros(len(graphs)), [split, split], TRAINING, seeds=[3, 4])


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"convolutions": 0}, "at least one convolution"), ({"hidden": ()}, "one hidden layer"),
        ({"width": 0}, "one feature"), ({"convolution": "eq6"}, "convolution must be one of eq5, eq4, not 'eq6'"),
        ({"pooling": "max"}, "pooling must be one of mean, softmax, site, not 'max'"),
        ({"bond": "bessel"}, "bond must be one of gaussian, one-hot"),
        ({"output": "relu"}, "output must be one of linear, logit"),
        ({"atom_features": ("mass",)}, "atom features must be some of"),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(options, problem):
    with pytest.raises(ConfigError, match=problem):
        CGCNNConfig(**options).build([0])


def test_without_numba_the_torch_form_is_used(graphs, monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    fused_edges.available.cache_clear()
    try:
        model = CGCNN(SMALL, 0)
        model.expect(10 * fused_edges.WORTH)
    finally:
        fused_edges.available.cache_clear()
    assert not model.compiled
    monkeypatch.setattr(FusedEdges, "survey", lambda *_: pytest.fail("compiled form"))
    batch = graphs[torch.arange(4)]
    assert model.edges(batch).fused is None and torch.isfinite(model(batch)).all()
