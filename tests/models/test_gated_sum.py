"""The factorised sum over neighbours against the plain one that Eq. 5 writes down."""

from typing import NamedTuple

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.models import gated_sum as module
from replicate.models.gated_sum import gated_sum

NODES, EDGES, ROWS, WIDTH, BOND = 6, 23, 5, 3, 4


class Case(NamedTuple):
    """A graph with whole-number weights, features and one linear map."""

    v: Tensor
    u: Tensor
    weight: Tensor
    bias: Tensor
    scale: Tensor
    shift: Tensor
    index: tuple[Tensor, Tensor, Tensor]
    copies: Tensor

    @property
    def leaves(self) -> list[Tensor]:
        return [self.v, self.u, self.weight, self.bias, self.scale, self.shift]


@pytest.fixture
def case() -> Case:
    g = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=g, dtype=torch.float64).requires_grad_()

    index = [torch.randint(0, n, (EDGES,), generator=g) for n in (NODES, NODES, ROWS)]
    index[0] = index[0].sort().values
    return Case(
        normal(NODES, WIDTH),
        normal(ROWS, BOND),
        normal(2 * WIDTH, 2 * WIDTH + BOND),
        normal(2 * WIDTH),
        normal(2 * WIDTH),
        normal(2 * WIDTH),
        (index[0], index[1], index[2]),
        torch.randint(1, 4, (EDGES,), generator=g),
    )


def factorised(case: Case, moments: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor, Tensor]:
    of_centre, of_neighbour, of_bond = case.weight.split([WIDTH, WIDTH, BOND], dim=1)
    copies = case.copies.double()
    return gated_sum(
        F.linear(case.v, of_centre, case.bias),
        case.v @ of_neighbour.T,
        case.u @ of_bond.T,
        case.scale,
        case.shift,
        case.index,
        copies,
        copies / copies.sum(),
        moments=moments,
    )


def plain(case: Case, norm: nn.BatchNorm1d) -> Tensor:
    """Return the sums as the published code has them: each copy of an edge a row of the concatenation."""
    centre, neighbour, bond = (one.repeat_interleave(case.copies) for one in case.index)
    z = F.linear(torch.cat([case.v[centre], case.v[neighbour], case.u[bond]], dim=1), case.weight, case.bias)
    gate, core = (norm(z) * case.scale + case.shift).chunk(2, dim=1)
    total = torch.zeros(NODES, WIDTH, dtype=z.dtype)
    return total.index_add(0, centre, torch.sigmoid(gate) * F.softplus(core))


def batch_norm(case: Case, moments: tuple[Tensor, Tensor] | None) -> nn.BatchNorm1d:
    norm = nn.BatchNorm1d(2 * WIDTH, affine=False).double().train(moments is None)
    if moments is not None:
        assert norm.running_mean is not None and norm.running_var is not None
        norm.running_mean.copy_(moments[0])
        norm.running_var.copy_(moments[1])
    return norm


MOMENTS = [None, (torch.linspace(-1, 1, 6).double(), torch.linspace(0.5, 2, 6).double())]


@pytest.mark.parametrize("moments", MOMENTS, ids=["batch moments", "given moments"])
@pytest.mark.parametrize("piece", [7, 2048], ids=["pieces", "one piece"])
def test_values_and_gradients_are_those_of_the_plain_form(case, moments, piece, monkeypatch):
    monkeypatch.setattr(module, "_PIECE", piece)
    ours = factorised(case, moments)[0]
    theirs = plain(case, batch_norm(case, moments))
    torch.testing.assert_close(ours, theirs)
    asked = torch.randn(ours.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    for mine, other in zip(
        torch.autograd.grad((ours * asked).sum(), case.leaves),
        torch.autograd.grad((theirs * asked).sum(), case.leaves),
        strict=True,
    ):
        torch.testing.assert_close(mine, other, rtol=1e-8, atol=1e-10)


def test_the_moments_are_those_of_all_copies(case):
    norm = nn.BatchNorm1d(2 * WIDTH, affine=False, momentum=1.0).double()
    plain(case, norm)
    _, mean, variance = factorised(case)
    n = int(case.copies.sum())
    torch.testing.assert_close(mean, norm.running_mean)
    torch.testing.assert_close(variance * n / (n - 1), norm.running_var)
    assert not mean.requires_grad and not variance.requires_grad


@pytest.mark.parametrize("moments", MOMENTS, ids=["batch moments", "given moments"])
@pytest.mark.parametrize("piece", [7, 2048], ids=["pieces", "one piece"])
def test_gradients_are_the_numerical_ones(case, moments, piece, monkeypatch):
    monkeypatch.setattr(module, "_PIECE", piece)
    copies = case.copies.double()

    def total(a: Tensor, b: Tensor, t: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        share = copies / copies.sum()
        return gated_sum(a, b, t, scale, shift, case.index, copies, share, moments=moments)[0]

    g = torch.Generator().manual_seed(2)
    shapes = [(NODES, 6), (NODES, 6), (ROWS, 6), (6,), (6,)]
    leaves = [torch.randn(s, generator=g, dtype=torch.float64).requires_grad_() for s in shapes]
    assert torch.autograd.gradcheck(total, leaves)


def test_a_node_without_neighbours_gets_nothing(case):
    centre = case.index[0].clamp_min(1)
    out = factorised(case._replace(index=(centre, *case.index[1:])))[0]
    assert (out[0] == 0).all() and (out[1:] > 0).all()
