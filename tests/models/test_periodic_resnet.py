"""The periodic-table network: layer sizes, the same network written plainly, edges, storing."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from rounding import ROUNDING, assert_same_but_for_rounding
from torch import Tensor, nn

from replicate import predict as prediction
from replicate.errors import ConfigError
from replicate.evaluation.splits import make_split
from replicate.features.composition import parse
from replicate.features.elements import ATOMIC_NUMBER, SYMBOLS
from replicate.features.periodic_table import place
from replicate.models.configs import DEEP, SHALLOW, PeriodicResNetConfig
from replicate.models.periodic_resnet import ResidualBlock, joined_at_the_edges
from replicate.models.stacked import StackedConv2d, StackedLinear, member_generators
from replicate.training import store
from replicate.training.config import FitConfig
from replicate.training.fit import fit, predict

SMALL = PeriodicResNetConfig(blocks=1, channels=3, stages=(4, 5), hidden=(8,))
VARIANTS = {
    "deep": replace(DEEP, blocks=3),
    "shallow": SHALLOW,
    "logit": replace(SMALL, output="logit"),
    "periodic": replace(SMALL, edge="periodic"),
}


class PlainBlock(nn.Module):
    """A residual block as a textbook has it."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.a, self.norm_a = nn.Conv2d(n, n, 3, padding=1), nn.BatchNorm2d(n)
        self.b, self.norm_b = nn.Conv2d(n, n, 3, padding=1), nn.BatchNorm2d(n)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.norm_b(self.b(torch.relu(self.norm_a(self.a(x))))))


def plain_network(config: PeriodicResNetConfig) -> nn.Sequential:
    """Return one network of torch's own layers, written down independently of the module under test."""
    layers: list[nn.Module] = [nn.Conv2d(4, config.channels, 1)]
    layers += [PlainBlock(config.channels) for _ in range(config.blocks)]
    n = config.channels
    for i, m in enumerate(config.stages):
        convolution = nn.Conv2d(n, m, (2, 4)) if i else nn.Conv2d(n, m, (2, 4), stride=(1, 2), padding=(0, 3))
        layers += [convolution, nn.BatchNorm2d(m), nn.ReLU()]
        layers += [PlainBlock(m)] if config.residual_stages else []
        n = m
    layers += [nn.Flatten()]
    for m in config.hidden:
        layers += [nn.LazyLinear(m), nn.ReLU()]
    layers += [nn.LazyLinear(1)]
    if config.output == "relu":
        layers += [nn.ReLU()]
    network = nn.Sequential(*layers)
    network(torch.zeros(2, 4, 7, 32))  # gives the lazy layers their sizes
    return network


@torch.no_grad()
def copy_member(model: nn.Module, member: int, network: nn.Sequential) -> None:
    """Give ``network`` the weights and running averages of one member; both list them in layer order."""
    targets = [t for name, t in network.state_dict().items() if not name.endswith("num_batches_tracked")]
    for values, target in zip(model.by_member().values(), targets, strict=True):
        value = values[member].reshape(target.shape[::-1]).T if target.ndim == 2 else values[member]
        target.copy_(value.reshape(target.shape))


def tables(members: int, batch: int) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    shape = (members, batch, 4, 7, 32)
    return 5 * torch.rand(shape, generator=generator) * (torch.rand(shape, generator=generator) < 0.05)


@pytest.mark.parametrize(("config", "convolutions", "parameters"), [(DEEP, 59, 410_781), (SHALLOW, 7, 121_761)])
def test_layers_are_the_published_ones(config, convolutions, parameters):
    model = config.build([0])
    kinds = [type(module) for module in model.modules()]
    assert (kinds.count(StackedConv2d), kinds.count(StackedLinear)) == (convolutions, 3)
    assert sum(p.numel() for p in model.parameters()) == parameters and config.n_flat == 210


@pytest.mark.parametrize("name", ["deep", "shallow", "logit"])
def test_each_member_is_the_network_written_plainly(name):
    config = VARIANTS[name]
    model, x = config.build([3, 8]), tables(2, 6)
    for member in (0, 1):
        network = plain_network(config)
        copy_member(model, member, network)
        for _ in range(2):  # the second pass starts from running averages that the first has moved
            torch.testing.assert_close(model.train()(x)[member], network.train()(x[member])[:, 0], rtol=1e-3, atol=1e-4)
        torch.testing.assert_close(model.eval()(x)[member], network.eval()(x[member])[:, 0], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("convolutions.1.first.weight", 10 * 9),
        ("convolutions.21.weight", 10 * 8),
        ("hidden.0.weight", 210),
        ("hidden.2.bias", 100),
    ],
)
def test_initial_values_are_spread_as_torchs_are(name, inputs):
    values = DEEP.build([0, 1]).by_member()[name] * inputs**0.5
    assert 0.97 < values.max() <= 1 and -1 <= values.min() < -0.97
    assert values.std().item() == pytest.approx(3**-0.5, rel=0.1)


@pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)
def test_a_member_does_not_depend_on_its_company(config):
    x = tables(3, 5)
    together, alone = config.build([4, 7, 9]), config.build([7])
    for mode in (True, False):
        torch.testing.assert_close(together.train(mode)(x)[1], alone.train(mode)(x[1:2])[0], rtol=1e-4, atol=1e-5)


def test_at_a_joined_edge_each_period_goes_on_as_the_next():
    row, column = torch.meshgrid(torch.arange(7.0), torch.arange(32.0), indexing="ij")
    period, padded = row + 1, joined_at_the_edges((100 * (row + 1) + column)[None, None])[0, 0]
    assert padded.shape == (9, 34)
    torch.testing.assert_close(padded[1:-1, 1:-1], 100 * period + column)
    # Right of period n stands column 0 of period n + 1, also above the first period; below the last is nothing.
    assert padded[:, -1].tolist() == [100, 200, 300, 400, 500, 600, 700, 0, 0]
    # Left of period n stands column 31 of period n − 1, also below the last period.
    assert padded[:, 0].tolist() == [0, 0, 131, 231, 331, 431, 531, 631, 731]
    assert not padded[0, 1:-1].any() and not padded[-1, 1:-1].any()


@pytest.mark.parametrize(("edge", "seen"), [("zero", 0.0), ("periodic", 7.0)])
def test_neon_sees_sodium_next_to_it_only_at_a_periodic_edge(edge, seen):
    block = ResidualBlock(1, member_generators([0]), periodic=edge == "periodic")
    with torch.no_grad():
        block.first.weight.zero_()
        block.first.bias.zero_()
        block.first.weight[..., 1, 2] = 1.0  # reads the right-hand neighbour
    _, *neon = place(ATOMIC_NUMBER["Ne"])
    _, *sodium = place(ATOMIC_NUMBER["Na"])
    x = torch.zeros(1, 1, 7, 32)
    x[0, 0, *sodium] = 7.0
    assert block.first(block.pad(x))[0, 0, *neon].item() == pytest.approx(seen, abs=7 * ROUNDING)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"blocks": -1}, "negative"), ({"channels": 0}, "at least one channel"),
        ({"hidden": (100, 0)}, "at least one channel"), ({"stages": ()}, "1 to 6 stages, not 0"),
        ({"stages": (10,) * 7}, "1 to 6 stages, not 7"),
        ({"output": "softmax"}, "output must be one of relu, linear, logit"),
        ({"amounts": "percent"}, "amounts must be"), ({"edge": "mirror"}, "edge must be"),
        ({"edge": "periodic", "blocks": 0}, "periodic edge needs blocks"),
    ],
)  # fmt: skip
def test_settings_that_make_no_network_are_refused(change, problem):
    with pytest.raises(ConfigError, match=problem):
        PeriodicResNetConfig(**change)


@pytest.mark.parametrize("amounts", ["coefficients", "fractions"])
def test_a_stored_ensemble_predicts_from_formulas_as_it_did(amounts, make_card, monkeypatch, tmp_path):
    monkeypatch.setattr(store, "SHIPPED", tmp_path)
    config = replace(SMALL, amounts=amounts, edge="periodic")
    formulas = [f"{symbol}2O{1 + i % 5}" for i, symbol in enumerate(SYMBOLS[8:68])]
    inputs = config.inputs(parse(formulas))
    inputs.rows_at_once = 7  # more than one part
    splits = [make_split(np.arange(60), kind="random", seed=s, validation=0.2) for s in (0, 1)]
    schedule = FitConfig(epochs=2, optimizer="adamw", learning_rate=3e-3)
    result = fit(config.build([0, 1]), inputs, torch.arange(60.0) / 6, splits, schedule, seeds=[0, 1])
    card = make_card(config, name="periodic-resnet/test", elements=(8, *range(9, 69)))
    ensemble = store.load_ensemble(store.save_ensemble(result, card))
    assert ensemble.config == config
    expected = predict(result, inputs)
    assert_same_but_for_rounding(ensemble.predict(parse(formulas)), expected)
    found = prediction.predict("periodic-resnet/test", formulas[:9])
    assert_same_but_for_rounding([one.value for one in found], expected.mean(0)[:9])
    assert not any("never saw" in one for one in found[0].warnings)
