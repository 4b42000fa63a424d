"""Eq. 5's sum over neighbours, in the torch and in the compiled form, against the equation: numbers and gradients."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.models import gated_sum
from replicate.models.fused_edges import FusedEdges, available
from replicate.models.gated_sum import GatedSum
from replicate.models.graph_layers import WeightedBatchNorm

WIDTH, EPS = 5, 1e-5  # no multiple of a vector's length
MOMENTS = (torch.linspace(-1, 1, 2 * WIDTH).double(), torch.linspace(0.5, 2, 2 * WIDTH).double())
Index = tuple[Tensor, Tensor, Tensor]
Edges = tuple[Index, Tensor, Tensor]

needs_numba = pytest.mark.skipif(not available(), reason="numba is not installed")
both_moments = pytest.mark.parametrize("moments", [None, MOMENTS], ids=["batch moments", "given moments"])


def graph(nodes: tuple[int, ...] = (3, 1, 4, 2), bonds: int = 6) -> Edges:
    """Return index, weight and share of edges within crystals of so many nodes."""
    g = torch.Generator().manual_seed(0)
    centre, neighbour, first = [], [], 0
    for n in nodes:
        centre.append(torch.arange(first, first + n).repeat_interleave(5))
        neighbour.append(torch.randint(first, first + n, (5 * n,), generator=g))
        first += n
    index = (torch.cat(centre), torch.cat(neighbour), torch.randint(0, bonds, (5 * first,), generator=g))
    weight = torch.randint(1, 5, (len(index[0]),), generator=g).double() / 2
    share = weight * torch.rand(len(weight), generator=g)
    return index, weight, share / share.sum()


def leaves(nodes: int = 10, bonds: int = 6, size: float = 1.0) -> list[Tensor]:
    """Return the tables and the scale and shift, in double precision."""
    g = torch.Generator().manual_seed(3)
    shapes = [(nodes, 2 * WIDTH), (nodes, 2 * WIDTH), (bonds, 2 * WIDTH), (2 * WIDTH,), (2 * WIDTH,)]
    drawn = [torch.randn(shape, generator=g, dtype=torch.float64) for shape in shapes]
    return [(one * size if i < 3 else one).requires_grad_() for i, one in enumerate(drawn)]


def equation(a, b, t, scale, shift, index, weight, share, moments, eps) -> tuple[Tensor, ...]:
    centre, neighbour, bond = index
    z = a[centre] + b[neighbour] + t[bond]
    mean, variance = moments or (share @ z, share @ (z - share @ z).square())
    gate, core = ((z - mean) / (variance + eps).sqrt() * scale + shift).chunk(2, dim=1)
    message = weight[:, None] * torch.sigmoid(gate) * F.softplus(core)
    return torch.zeros(len(a), WIDTH, dtype=z.dtype).index_add(0, centre, message), mean, variance


def compiled(a, b, t, scale, shift, index, weight, share, moments, eps) -> tuple[Tensor, ...]:
    from replicate.models.fused import FusedSum

    surveyed = FusedEdges.survey(index, weight, share, len(a), len(t))
    return FusedSum.apply(a, b, t, scale, shift, surveyed, moments, eps)


def results(form, tables: list[Tensor], edges: Edges, moments, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    """Return sums, moments and gradients of a weighted total."""
    tables = [one.detach().to(dtype).requires_grad_() for one in tables]
    moments = moments and tuple(one.to(dtype) for one in moments)
    found = form(*tables, edges[0], edges[1].to(dtype), edges[2].to(dtype), moments, EPS)
    along = torch.linspace(-1, 1, found[0].numel(), dtype=dtype).reshape(found[0].shape)
    return [*(one.detach() for one in found), *torch.autograd.grad((found[0] * along).sum(), tables)]


def assert_close(ours: list[Tensor], theirs: list[Tensor], relative: float) -> None:
    """Compare with the largest number of each tensor."""
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        scale = float(other.abs().max()) if other.numel() else 1.0
        torch.testing.assert_close(mine.double(), other, rtol=0, atol=relative * max(scale, 1e-3))


@both_moments
@pytest.mark.parametrize("size", [1.0, 60.0])
@pytest.mark.parametrize("piece", [7, 2048], ids=["pieces", "one piece"])
def test_the_torch_form_is_the_equation(moments, size, piece, monkeypatch) -> None:
    monkeypatch.setattr(gated_sum, "_PIECE", piece)
    tables, edges = leaves(size=size), graph()
    # The gradient of torch's softplus leaves out exp(−20).
    assert_close(results(GatedSum.apply, tables, edges, moments), results(equation, tables, edges, moments), 1e-9)


@needs_numba
@both_moments
@pytest.mark.parametrize(
    ("size", "shut"),
    [(1.0, 0.0), (8.0, 30.0), (60.0, 0.0)],
    ids=["products of exponentials", "shut gates", "exponentials of sums"],
)
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_compiled_form_is_the_equation(moments, size, shut, threads) -> None:
    torch.set_num_threads(threads)
    tables, edges = leaves(size=size), graph()
    with torch.no_grad():
        tables[-1][0] -= shut  # of a gate
    expected = results(equation, tables, edges, moments)
    assert_close(results(compiled, tables, edges, moments), expected, 1e-9)
    assert_close(results(compiled, tables, edges, moments, torch.float32), expected, 4e-6)


def test_the_moments_are_those_of_all_copies() -> None:
    """An edge of weight 3 counts as three rows of the concatenation that the published code normalises."""
    tables, (index, weight, _) = leaves(), graph()
    weight = 2 * weight
    _, mean, variance = GatedSum.apply(*tables, index, weight, weight / weight.sum(), None, EPS)
    z = sum(table[rows] for table, rows in zip(tables, index, strict=False))
    norm = nn.BatchNorm1d(2 * WIDTH, affine=False, momentum=1.0).double()
    norm(z.repeat_interleave(weight.long(), dim=0))
    torch.testing.assert_close(mean, norm.running_mean)
    torch.testing.assert_close(variance * weight.sum() / (weight.sum() - 1), norm.running_var)
    assert not mean.requires_grad and not variance.requires_grad


@needs_numba
@both_moments
@pytest.mark.parametrize("threads", [1, 2])
def test_gradients_are_the_numerical_ones(moments, threads) -> None:
    """Of Eq. 5's sum, of the step behind it, and of Eq. 4's sum."""
    from replicate.models.fused import FusedStep, FusedSum, PlainSum

    torch.set_num_threads(threads)
    edges = FusedEdges.survey(*graph(), 10, 6)
    share = torch.linspace(1, 2, 10).double() / 15
    narrow = moments and (moments[0][:WIDTH], moments[1][:WIDTH])
    v, x, t, scale, shift = leaves()
    step = [one.detach()[..., :WIDTH].clone().requires_grad_() for one in (v, x, scale, shift)]
    assert torch.autograd.gradcheck(lambda *tables: FusedSum.apply(*tables, edges, moments, EPS)[0], leaves())
    assert torch.autograd.gradcheck(lambda *tables: FusedStep.apply(*tables, share, edges, narrow, EPS)[0], step)
    assert torch.autograd.gradcheck(lambda *tables: PlainSum.apply(*tables, edges), [v, t])


@needs_numba
def test_the_step_is_softplus_of_features_and_normalised_sums() -> None:
    from replicate.models.fused import FusedStep

    edges, norm = FusedEdges.survey(*graph(), 10, 6), WeightedBatchNorm(2 * WIDTH).double()
    v, x, _, scale, shift = leaves(size=30.0)
    share = torch.linspace(1, 2, 10).double() / 15
    with torch.no_grad():
        norm.weight.copy_(scale)
        norm.bias.copy_(shift)
        expected = F.softplus(v + norm(x, share), threshold=700)
    for dtype, close in ((torch.float64, 1e-12), (torch.float32, 1e-5)):
        found = FusedStep.apply(*(one.to(dtype) for one in (v, x, scale, shift, share)), edges, None, EPS)
        torch.testing.assert_close(found[0].double(), expected, rtol=close, atol=close)
        for mine, running, start in zip(found[1:], (norm.mean, norm.variance), (0.0, 1.0), strict=True):
            torch.testing.assert_close(mine.double(), (running - 0.9 * start) * 10, rtol=close, atol=close)


@needs_numba
@pytest.mark.parametrize("size", [1e3, 1e20])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_exponents_beyond_single_precision(size, dtype) -> None:
    ours = results(compiled, leaves(size=size), graph(), MOMENTS, dtype)
    assert_close(ours[:1], results(equation, leaves(size=size), graph(), MOMENTS)[:1], 1e-5)


@needs_numba
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("size", [1.0, 60.0])
def test_what_is_not_finite_is_not_hidden(bad, place, size) -> None:
    edges, tables = graph(), leaves(size=size)
    with torch.no_grad():
        tables[place][0, WIDTH + 1] = bad  # of a core: a gate's infinity is a finite number
    found, expected = (results(form, tables, edges, MOMENTS, torch.float32)[0] for form in (compiled, equation))
    assert not torch.isfinite(expected).all()
    torch.testing.assert_close(torch.isfinite(found), torch.isfinite(expected))
    assert torch.isnan(results(compiled, tables, edges, None, torch.float32)[0]).any()


@pytest.mark.parametrize("form", [GatedSum.apply, pytest.param(compiled, marks=needs_numba)], ids=["torch", "compiled"])
def test_nodes_without_edges_get_nothing(form) -> None:
    torch.set_num_threads(2)
    (centre, neighbour, bond), weight, share = graph()
    kept = (centre != 0) & (centre != 5) & (centre != 9)
    some = ((centre[kept], neighbour[kept], bond[kept]), weight[kept], share[kept] / share[kept].sum())
    none = ((centre[:0], neighbour[:0], bond[:0]), weight[:0], share[:0])
    for edges, nodes, bonds in ((some, 10, 6), (none, 2, 0), (none, 0, 0)):
        ours = results(form, leaves(nodes, bonds), edges, None)
        assert_close(ours, results(equation, leaves(nodes, bonds), edges, None), 1e-9)
    ours = results(form, leaves(), some, None)[0]
    assert (ours[[0, 5, 9]] == 0).all() and (ours[[1, 2, 3, 4, 6, 7, 8]] > 0).all()


@needs_numba
@pytest.mark.parametrize(
    ("column", "row", "wrong", "problem"),
    [
        *((column, -1, wrong, "not in the batch") for column in (0, 1, 2) for wrong in (-1, 10)),
        (0, 0, 9, "not sorted"),
    ],
)
def test_edges_that_are_not_in_order_are_refused(column, row, wrong, problem) -> None:
    index, weight, share = graph()
    index[column][row] = wrong
    with pytest.raises(IndexError, match=problem):
        FusedEdges.survey(index, weight, share, 10, 6)
