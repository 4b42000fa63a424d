"""The compiled form of Eq. 5's sum against the torch form: numbers, gradients, threads."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from replicate.models.fused_edges import FusedEdges
from replicate.models.gated_sum import gated_sum
from replicate.models.graph_layers import WeightedBatchNorm

numba = pytest.importorskip("numba", reason="numba is not installed")
compiled_passes = pytest.importorskip("replicate.models.fused")

WIDTH = 5  # no multiple of a vector's length
MOMENTS = (torch.linspace(-1, 1, 2 * WIDTH).double(), torch.linspace(0.5, 2, 2 * WIDTH).double())
Index = tuple[Tensor, Tensor, Tensor]


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def graph(nodes: tuple[int, ...] = (3, 1, 4, 2), bonds: int = 6, seed: int = 0) -> tuple[Index, Tensor, Tensor]:
    """Return index, weight and share of edges within crystals of so many nodes."""
    g = torch.Generator().manual_seed(seed)
    centre, neighbour, first = [], [], 0
    for n in nodes:
        centre.append(torch.arange(first, first + n).repeat_interleave(5))
        neighbour.append(torch.randint(first, first + n, (5 * n,), generator=g))
        first += n
    index = (torch.cat(centre), torch.cat(neighbour), torch.randint(0, bonds, (5 * first,), generator=g))
    weight = torch.randint(1, 5, (len(index[0]),), generator=g) / 2
    share = weight * torch.rand(len(weight), generator=g)
    return index, weight.double(), (share / share.sum()).double()


def leaves(nodes: int = 10, bonds: int = 6, size: float = 1.0) -> list[Tensor]:
    """Return the tables and the scale and shift, in double precision."""
    g = torch.Generator().manual_seed(3)
    shapes = [(nodes, 2 * WIDTH), (nodes, 2 * WIDTH), (bonds, 2 * WIDTH), (2 * WIDTH,), (2 * WIDTH,)]
    drawn = [torch.randn(shape, generator=g, dtype=torch.float64) for shape in shapes]
    return [(one * size if i < 3 else one).requires_grad_() for i, one in enumerate(drawn)]


def results(
    tables: list[Tensor], edges: tuple[Index, Tensor, Tensor], *, own: bool, fused: bool, dtype: torch.dtype
) -> list[Tensor]:
    """Return sums, moments and gradients of a weighted total."""
    tables = [one.detach().to(dtype).requires_grad_() for one in tables]
    index, weight, share = edges[0], edges[1].to(dtype), edges[2].to(dtype)
    moments = None if own else (MOMENTS[0].to(dtype), MOMENTS[1].to(dtype))
    if fused:
        surveyed = FusedEdges.survey(index, weight, share, len(tables[0]), len(tables[2]))
        found = compiled_passes.fused_sum(*tables, surveyed, moments=moments)
    else:
        found = gated_sum(*tables, index, weight, share, moments=moments)
    along = torch.linspace(-1, 1, found[0].numel(), dtype=dtype).reshape(found[0].shape)
    return [*(one.detach() for one in found), *torch.autograd.grad((found[0] * along).sum(), tables)]


def assert_close(ours: list[Tensor], theirs: list[Tensor], relative: float) -> None:
    """Compare with the largest number of each tensor."""
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        scale = float(other.abs().max()) if other.numel() else 1.0
        torch.testing.assert_close(mine.double(), other, rtol=0, atol=relative * max(scale, 1e-3))


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("size", [1.0, 60.0], ids=["products of exponentials", "exponentials of sums"])
@pytest.mark.parametrize("own", [True, False], ids=["batch moments", "given moments"])
def test_numbers_and_gradients_are_those_of_the_torch_form(own: bool, size: float, threads: int) -> None:
    torch.set_num_threads(threads)
    tables, edges = leaves(size=size), graph()
    asked: dict[str, Any] = {"own": own, "dtype": torch.float64}
    theirs = results(tables, edges, fused=False, **asked)
    # Torch's softplus leaves out exp(−20).
    assert_close(results(tables, edges, fused=True, **asked), theirs, 1e-9)
    assert_close(results(tables, edges, fused=True, **asked | {"dtype": torch.float32}), theirs, 4e-6)


@pytest.mark.parametrize("own", [True, False], ids=["batch moments", "given moments"])
@pytest.mark.parametrize("threads", [1, 2])
def test_gradients_are_the_numerical_ones(own: bool, threads: int) -> None:
    """Of Eq. 5's sum, of the step behind it, and of Eq. 4's sum."""
    torch.set_num_threads(threads)
    edges = FusedEdges.survey(*graph(), 10, 6)
    share = torch.linspace(1, 2, 10).double() / 15
    moments, narrow = (None, None) if own else (MOMENTS, (MOMENTS[0][:WIDTH], MOMENTS[1][:WIDTH]))
    v, x, t, scale, shift = leaves()
    step = [one.detach()[..., :WIDTH].clone().requires_grad_() for one in (v, x, scale, shift)]

    def sum_of_eq5(*tables: Tensor) -> Tensor:
        return compiled_passes.fused_sum(*tables, edges, moments=moments)[0]

    def step_of_eq5(*tables: Tensor) -> Tensor:
        return compiled_passes.fused_step(*tables, share, edges, moments=narrow)[0]

    assert torch.autograd.gradcheck(sum_of_eq5, leaves())
    assert torch.autograd.gradcheck(step_of_eq5, step)
    assert torch.autograd.gradcheck(lambda *tables: compiled_passes.plain_sum(*tables, edges), [v, t])


def test_the_step_is_softplus_of_features_and_normalised_sums() -> None:
    edges, norm = FusedEdges.survey(*graph(), 10, 6), WeightedBatchNorm(2 * WIDTH).double()
    v, x, _, scale, shift = leaves(size=30.0)
    share = torch.linspace(1, 2, 10).double() / 15
    with torch.no_grad():
        norm.weight.copy_(scale)
        norm.bias.copy_(shift)
        expected = F.softplus(v + norm(x, share), threshold=700)
    for dtype, close in ((torch.float64, 1e-12), (torch.float32, 1e-5)):
        found = compiled_passes.fused_step(*(one.to(dtype) for one in (v, x, scale, shift, share)), edges)
        torch.testing.assert_close(found[0].double(), expected, rtol=close, atol=close)
        for mine, running, start in zip(found[1:], (norm.mean, norm.variance), (0.0, 1.0), strict=True):
            torch.testing.assert_close(mine.double(), (running - 0.9 * start) * 10, rtol=close, atol=close)


@pytest.mark.parametrize("size", [1e3, 1e20])
def test_exponents_beyond_single_precision(size: float) -> None:
    edges = graph()
    for dtype in (torch.float32, torch.float64):
        ours = results(leaves(size=size), edges, own=False, fused=True, dtype=dtype)
        theirs = results(leaves(size=size), edges, own=False, fused=False, dtype=torch.float64)
        assert_close(ours[:1], theirs[:1], 1e-5)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("size", [1.0, 60.0])
def test_what_is_not_finite_is_not_hidden(bad: float, place: int, size: float) -> None:
    edges, tables = graph(), leaves(size=size)
    with torch.no_grad():
        tables[place][0, WIDTH + 1] = bad  # of a core: a gate's infinity is a finite number
    found = results(tables, edges, own=False, fused=True, dtype=torch.float32)[0]
    theirs = results(tables, edges, own=False, fused=False, dtype=torch.float32)[0]
    assert not torch.isfinite(theirs).all()
    torch.testing.assert_close(torch.isfinite(found), torch.isfinite(theirs))
    assert torch.isnan(results(tables, edges, own=True, fused=True, dtype=torch.float32)[0]).any()


@pytest.mark.parametrize("threads", [1, 2])
def test_nodes_without_edges_get_nothing(threads: int) -> None:
    torch.set_num_threads(threads)
    (centre, neighbour, bond), weight, share = graph()
    kept = (centre != 0) & (centre != 5) & (centre != 9)
    edges = ((centre[kept], neighbour[kept], bond[kept]), weight[kept], share[kept] / share[kept].sum())
    asked: dict[str, Any] = {"own": True, "dtype": torch.float64}
    ours = results(leaves(), edges, fused=True, **asked)
    assert_close(ours, results(leaves(), edges, fused=False, **asked), 1e-9)
    assert (ours[0][[0, 5, 9]] == 0).all() and (ours[0][[1, 2, 3, 4, 6, 7, 8]] > 0).all()


@pytest.mark.parametrize("nodes", [2, 0])
def test_no_edges_at_all(nodes: int) -> None:
    none = torch.zeros(0, dtype=torch.long)
    torch.set_num_threads(2)
    edges = ((none, none, none), torch.zeros(0).double(), torch.zeros(0).double())
    ours = results(leaves(nodes, 0), edges, own=True, fused=True, dtype=torch.float64)
    assert_close(ours, results(leaves(nodes, 0), edges, own=True, fused=False, dtype=torch.float64), 1e-9)


@pytest.mark.parametrize(
    ("column", "row", "wrong", "problem"),
    [
        *((column, -1, wrong, "not in the batch") for column in (0, 1, 2) for wrong in (-1, 10)),
        (0, 0, 9, "not sorted"),
    ],
)
def test_edges_that_are_not_in_order_are_refused(column: int, row: int, wrong: int, problem: str) -> None:
    index, weight, share = graph()
    index[column][row] = wrong
    with pytest.raises(IndexError, match=problem):
        FusedEdges.survey(index, weight, share, 10, 6)
