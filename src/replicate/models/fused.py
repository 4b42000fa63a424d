"""The convolutions of Eqs. 5 and 4 on a processor: compiled passes, a thread for each range of crystals.

Shape legend: C nodes, e edges, R rows of the bond table, F features.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from replicate.models import edge_kernel, row_kernel
from replicate.models.edge_kernel import LIMIT
from replicate.models.fused_edges import FusedEdges, empty, zeros
from replicate.models.row_kernel import FARTHEST


def _arrays(*tensors: Tensor) -> list[np.ndarray]:
    return [tensor.detach().contiguous().numpy() for tensor in tensors]


def _normalisation(
    scale: Tensor, moments: tuple[Tensor, Tensor] | None, eps: float, powers: Callable[[], np.ndarray]
) -> tuple[tuple[np.ndarray, ...], tuple[Tensor, Tensor]]:
    """Return mean, 1 / deviation and scale / deviation (F,), and the moments they follow from.

    The batch's own moments are those of ``powers``, means of values and of their squares (2, F) in double precision.
    """
    if moments is None:
        mean, square = powers()
        variance = np.maximum(square - mean**2, 0)
        moments = torch.from_numpy(mean).to(scale.dtype), torch.from_numpy(variance).to(scale.dtype)
    mean, variance = _arrays(*moments)
    inverse = 1 / np.sqrt(variance + eps)
    return (mean, inverse, scale.detach().numpy() * inverse), moments


class FusedSum(torch.autograd.Function):
    """What :class:`~replicate.models.gated_sum.GatedSum` does, of edges that were surveyed before."""

    # Vectors of 2F numbers are numpy's: its calls cost a microsecond, and there are dozens for every convolution. A
    # training that diverges is told by its loss.
    @staticmethod
    @np.errstate(all="ignore")
    def forward(
        ctx: Any,
        a: Tensor,
        b: Tensor,
        t: Tensor,
        scale: Tensor,
        shift: Tensor,
        edges: FusedEdges,
        moments: tuple[Tensor, Tensor] | None,
        eps: float,
    ) -> tuple[Tensor, Tensor, Tensor]:
        tables = _arrays(a, b, t)
        by_row = _by_row(tables, edges) if moments is None else []
        vectors, moments = _normalisation(scale, moments, eps, lambda: _dots(tables, by_row, edges).sum(1))
        mean, _, factor = vectors
        parts, limit = _folded(tables, factor, shift.detach().numpy(), mean, edges)
        out = zeros((len(a), a.shape[1] // 2), tables[0].dtype)
        edges.each(lambda k: edge_kernel.sums(*parts, *edges.index, edges.weight, out, *edges.edges(k), limit))
        ctx.vectors, ctx.edges, ctx.tables = vectors, edges, tables
        ctx.by_row, ctx.parts, ctx.limit = by_row, parts, limit
        ctx.mark_non_differentiable(*moments)
        return torch.from_numpy(out), *moments

    @staticmethod
    @np.errstate(all="ignore")
    def backward(ctx: Any, along: Tensor, *_: Tensor) -> tuple[Any, ...]:
        mean, inverse, factor = ctx.vectors
        edges, tables, by_row = ctx.edges, ctx.tables, ctx.by_row
        d_sum = along.contiguous().numpy()
        d_a, d_b = (zeros(table.shape, table.dtype) for table in tables[:2])
        apart = edges.apart(tables[2])

        def gradients(k: int) -> None:
            edge_kernel.gradients(
                *ctx.parts, *edges.index, edges.weight, d_sum, d_a, d_b, apart[k], *edges.edges(k), ctx.limit
            )

        edges.each(gradients)
        d_tables = [d_a, d_b, apart.sum(0)]
        # Every edge's gradient by y stands in each of the three tables, times that row's part of z in all three.
        ones = tuple(np.ones(len(table), table.dtype) for table in tables)
        total, product = _dots(d_tables, tables, edges, ones)
        d_shift = total[0].astype(mean.dtype)
        d_scale = inverse * (product.sum(0) - mean * total[0]).astype(mean.dtype)
        if by_row:  # the batch's own mean and variance depend on every edge
            slope = inverse * d_scale
            terms = factor, d_shift - mean * slope, slope

            def correct(k: int) -> None:
                for d, shares, rows in zip(d_tables, edges.shares, by_row, strict=True):
                    row_kernel.correct(d, shares, rows, *terms, *edges.rows(d, k))

            edges.each(correct)
        else:
            for d in d_tables:
                d *= factor
        return *map(torch.from_numpy, (*d_tables, d_scale, d_shift)), None, None, None


def _by_row(tables: list[np.ndarray], edges: FusedEdges) -> list[np.ndarray]:
    """Return Σ share · z over the edges of each row of the tables."""
    by_centre = zeros(tables[0].shape, tables[0].dtype)
    by_neighbour = zeros(tables[1].shape, tables[1].dtype)
    apart = edges.apart(tables[2])

    def work(k: int) -> None:
        edge_kernel.moments(*tables, *edges.index, edges.share, by_centre, by_neighbour, apart[k], *edges.edges(k))

    edges.each(work)
    return [by_centre, by_neighbour, apart.sum(0)]


def _dots(
    tables: list[np.ndarray],
    others: list[np.ndarray],
    edges: FusedEdges,
    shares: tuple[np.ndarray, ...] | None = None,
) -> np.ndarray:
    """Return each table's Σ shares · x, and Σ x · y with its other, over rows, (2, 3, 2F) in double precision."""
    width = tables[0].shape[1]
    both = np.zeros((2, edges.threads, len(tables), width))
    first, second = both

    def work(k: int) -> None:
        for i, (x, y, parts) in enumerate(zip(tables, others, shares or edges.shares, strict=True)):
            row_kernel.dot(x, y, parts, first[k, i], second[k, i], *edges.rows(x, k))

    edges.each(work)
    return both.sum(1)


def _folded(
    tables: list[np.ndarray], factor: np.ndarray, shift: np.ndarray, mean: np.ndarray, edges: FusedEdges
) -> tuple[list[np.ndarray], Any]:
    """Return the exponentials of each table's part of (−y_f, y_s), or those parts and the limit of an exponent."""
    slope, offset, none = factor.copy(), shift - mean * factor, np.zeros_like(shift)
    gates = slice(len(slope) // 2)
    slope[gates], offset[gates] = -slope[gates], -offset[gates]
    parts = [empty(table) for table in tables]
    lowest, highest = np.zeros((2, edges.threads, len(tables), len(slope)), slope.dtype)

    def work(k: int, exponential: bool) -> None:
        for x, out, add, *ends in zip(tables, parts, (offset, none, none), lowest[k], highest[k], strict=True):
            row_kernel.fold(x, slope, add, out, *ends, *edges.rows(x, k), exponential)

    edges.each(lambda k: work(k, True))
    # An edge's exponent is at most the sum of each table's highest in its column. A gate that is shut is shut the same
    # at the limit and far beyond it, so it only has to stay a number; its logarithm is not taken.
    most = highest.max(axis=0).sum(axis=0)
    numbers = -lowest.min(initial=0) <= FARTHEST and most.max(initial=0) <= FARTHEST
    if numbers and most[len(slope) // 2 :].max(initial=0) <= LIMIT:
        return parts, None
    edges.each(lambda k: work(k, False))
    return parts, slope.dtype.type(LIMIT)


class PlainSum(torch.autograd.Function):
    """Σ_j w (b_j + t_ij) for every node (Eq. 4), (C, F), given both maps as tables (C, F) and (R, F)."""

    @staticmethod
    def forward(ctx: Any, b: Tensor, t: Tensor, edges: FusedEdges) -> Tensor:
        tables = _arrays(b, t)
        out = zeros(tables[0].shape, tables[0].dtype)
        edges.each(lambda k: edge_kernel.plain_sums(*tables, *edges.index, edges.weight, out, *edges.edges(k)))
        ctx.edges, ctx.rows = edges, len(t)
        return torch.from_numpy(out)

    @staticmethod
    def backward(ctx: Any, along: Tensor) -> tuple[Any, ...]:
        edges, d_out = ctx.edges, along.contiguous().numpy()
        d_b = zeros(d_out.shape, d_out.dtype)
        apart = edges.apart(np.empty((ctx.rows, d_out.shape[1]), d_out.dtype))

        def gradients(k: int) -> None:
            edge_kernel.plain_gradients(d_out, *edges.index, edges.weight, d_b, apart[k], *edges.edges(k))

        edges.each(gradients)
        return torch.from_numpy(d_b), torch.from_numpy(apart.sum(0)), None


class FusedStep(torch.autograd.Function):
    """softplus(v + norm(x)) of nodes (C, F), and the (F,) mean and variance of the normalisation.

    ``share`` (C,) of each node in the batch's mean adds up to one; the rest is as in ``FusedSum``.
    """

    @staticmethod
    @np.errstate(all="ignore")
    def forward(
        ctx: Any,
        v: Tensor,
        x: Tensor,
        scale: Tensor,
        shift: Tensor,
        share: Tensor,
        edges: FusedEdges,
        moments: tuple[Tensor, Tensor] | None,
        eps: float,
    ) -> tuple[Tensor, Tensor, Tensor]:
        nodes, total, shares = _arrays(v, x, share)

        def powers() -> np.ndarray:
            both = np.zeros((2, edges.threads, x.shape[1]))
            edges.each(lambda k: row_kernel.spread(total, shares, both[0, k], both[1, k], *edges.rows(total, k)))
            return both.sum(1)

        ctx.own = moments is None
        ctx.vectors, moments = _normalisation(scale, moments, eps, powers)
        mean, _, factor = ctx.vectors
        terms = factor, shift.detach().numpy() - mean * factor
        out = empty(nodes)
        edges.each(lambda k: row_kernel.step(nodes, total, *terms, out, *edges.rows(out, k)))
        ctx.edges, ctx.arrays, ctx.terms = edges, (nodes, total, shares), terms
        ctx.mark_non_differentiable(*moments)
        return torch.from_numpy(out), *moments

    @staticmethod
    @np.errstate(all="ignore")
    def backward(ctx: Any, d_out: Tensor, *_: Tensor) -> tuple[Any, ...]:
        mean, inverse, factor = ctx.vectors
        edges, (nodes, total, shares), terms = ctx.edges, ctx.arrays, ctx.terms
        along = d_out.contiguous().numpy()
        d_v, d_x = empty(nodes), empty(nodes)
        both = np.zeros((2, edges.threads, total.shape[1]))

        def back(k: int) -> None:
            sums = both[0, k], both[1, k]
            row_kernel.step_back(nodes, total, *terms, along, d_v, *sums, *edges.rows(d_v, k))

        edges.each(back)
        first, second = both.sum(1)
        d_shift = first.astype(mean.dtype)
        d_scale = inverse * (second - mean * first).astype(mean.dtype)
        slope = inverse * d_scale if ctx.own else np.zeros_like(mean)
        constant = d_shift - mean * slope if ctx.own else np.zeros_like(mean)

        def correct(k: int) -> None:
            row_kernel.step_correct(total, shares, d_v, factor, constant, slope, d_x, *edges.rows(d_x, k))

        edges.each(correct)
        return *map(torch.from_numpy, (d_v, d_x, d_scale, d_shift)), None, None, None, None
