"""Eq. 5's sum over neighbours on a processor: compiled passes, a thread for each range of crystals.

Shape legend: C nodes, e edges, R rows of the bond table, F features, T threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch import Tensor

# Machine code takes half a second to load and, once per machine and version, some four seconds to make; the torch form
# needs ten seconds for so many crystals.
WORTH = 20_000


@cache
def available() -> bool:
    """Return whether compiled passes can be had here: numba is installed, goes with this numpy and may compile."""
    if find_spec("numba") is None:
        return False
    try:
        import numba
    except ImportError:
        return False
    return not numba.config.DISABLE_JIT


@dataclass(frozen=True, eq=False)
class FusedEdges:
    """The edges of a batch as the compiled passes read them.

    Args:
        index: (e,) centre, neighbour and row of the bond table of each edge, sorted by centre.
        weight: (e,) neighbours each edge counts as.
        share: (e,) share of each edge in the batch's mean.
        shares: the same added up for each centre (C,), neighbour (C,) and row (R,).
        cuts: (T + 1,) edges between which no other thread's nodes are met.
    """

    index: tuple[np.ndarray, np.ndarray, np.ndarray]
    weight: np.ndarray
    share: np.ndarray
    shares: tuple[np.ndarray, np.ndarray, np.ndarray]
    cuts: tuple[int, ...]

    @classmethod
    def of(
        cls, index: tuple[Tensor, Tensor, Tensor], weight: Tensor, share: Tensor, nodes: int, rows: int
    ) -> FusedEdges:
        """Survey a batch of ``nodes`` nodes and ``rows`` rows of the bond table, once for all convolutions.

        Raises:
            IndexError: an index is out of range, or the centres are not sorted.
        """
        from replicate.models import gated_kernel

        arrays = [one.contiguous().numpy() for one in index]
        n, threads = len(share), torch.get_num_threads()
        cuts = np.linspace(0, n, threads + 1).astype(np.int64)
        parts = share.contiguous().numpy()
        sums = [np.zeros(k, parts.dtype) for k in (nodes, nodes, rows)]
        if not gated_kernel.survey(*arrays, parts, cuts, np.empty(n, np.int64), *sums):
            raise IndexError("edges name nodes or bonds not in the batch, or are not sorted by centre")
        return cls(
            (arrays[0], arrays[1], arrays[2]),
            weight.contiguous().numpy(),
            parts,
            (sums[0], sums[1], sums[2]),
            tuple(cuts.tolist()),
        )

    @property
    def threads(self) -> int:
        """Return T."""
        return len(self.cuts) - 1

    def edges(self, thread: int) -> tuple[int, int]:
        """Return the range of edges that is a thread's."""
        return self.cuts[thread], self.cuts[thread + 1]

    def rows(self, table: np.ndarray, thread: int) -> tuple[int, int]:
        """Return the range of a table's rows that is a thread's."""
        n = len(table)
        return n * thread // self.threads, n * (thread + 1) // self.threads

    def each(self, work: Callable[[int], Any]) -> list[Any]:
        """Do ``work(thread)`` for every thread, at the same time."""
        others = [_pool(os.getpid(), self.threads).submit(work, k) for k in range(1, self.threads)]
        return [work(0), *(one.result() for one in others)]

    def apart(self, table: np.ndarray) -> np.ndarray:
        """Return zeros like a table for every thread (T, ...), for rows that several of them meet."""
        return np.zeros((self.threads, *table.shape), table.dtype)


@cache  # a forked process has none of its parent's threads
def _pool(process: int, threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, threads - 1), thread_name_prefix="gated-sum")


def _together(parts: np.ndarray) -> np.ndarray:
    return parts[0] if len(parts) == 1 else parts.sum(0)


class _FusedSum(torch.autograd.Function):
    @staticmethod
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
        tables = [one.detach().contiguous().numpy() for one in (a, b, t)]
        by_row: list[np.ndarray] = []
        if moments is None:
            by_row = _by_row(tables, edges)
            sums, squares = _dots(tables, by_row, edges)
            total = sums.sum(0)
            mean = total.to(a.dtype)
            variance = (squares.sum(0) - total.square()).clamp_min(0).to(a.dtype)
        else:
            mean, variance = moments
        inverse = torch.rsqrt(variance + eps)
        parts, limit = _folded(tables, scale.detach() * inverse, shift.detach(), mean, edges)
        out = np.zeros((len(a), a.shape[1] // 2), tables[0].dtype)
        from replicate.models import gated_kernel

        edges.each(
            lambda k: gated_kernel.sums(*parts, *edges.index, edges.weight, out, *edges.edges(k), limit)
        )
        ctx.save_for_backward(scale, mean, inverse)
        ctx.edges, ctx.tables, ctx.by_row, ctx.parts, ctx.limit = edges, tables, by_row, parts, limit
        ctx.mark_non_differentiable(mean, variance)
        return torch.from_numpy(out), mean, variance

    @staticmethod
    def backward(ctx: Any, along: Tensor, *_: Tensor) -> tuple[Any, ...]:
        from replicate.models import gated_kernel

        scale, mean, inverse = ctx.saved_tensors
        edges, tables, by_row = ctx.edges, ctx.tables, ctx.by_row
        d_sum = along.contiguous().numpy()
        d_a, d_b, apart = np.zeros_like(tables[0]), np.zeros_like(tables[1]), edges.apart(tables[2])

        def gradients(k: int) -> None:
            gated_kernel.gradients(
                *ctx.parts, *edges.index, edges.weight, d_sum, d_a, d_b, apart[k], *edges.edges(k), ctx.limit
            )

        edges.each(gradients)
        found = [d_a, d_b, _together(apart)]
        # Every edge's gradient by y stands in each of the three tables, times that row's part of z in all three.
        ones = tuple(np.ones(len(one), one.dtype) for one in tables)
        total, product = _dots(found, tables, edges, ones)
        d_shift = total[0].to(scale.dtype)
        d_scale = inverse * (product.sum(0) - mean * total[0]).to(scale.dtype)
        factor = (scale * inverse).numpy()
        if by_row:  # the batch's own mean and variance depend on every edge
            slope = inverse * d_scale
            terms = factor, (d_shift - mean * slope).numpy(), slope.numpy()

            def correct(k: int) -> None:
                for one, shares, rows in zip(found, edges.shares, by_row, strict=True):
                    gated_kernel.correct(one, shares, rows, *terms, *edges.rows(one, k))

            edges.each(correct)
        else:
            for one in found:
                one *= factor
        d_a, d_b, d_t = (torch.from_numpy(one) for one in found)
        return d_a, d_b, d_t, d_scale, d_shift, None, None, None


def _by_row(tables: list[np.ndarray], edges: FusedEdges) -> list[np.ndarray]:
    """Return Σ share · z over the edges of each row of the tables."""
    from replicate.models import gated_kernel

    by_centre, by_neighbour = np.zeros_like(tables[0]), np.zeros_like(tables[1])
    apart = edges.apart(tables[2])

    def work(k: int) -> None:
        gated_kernel.moments(
            *tables, *edges.index, edges.share, by_centre, by_neighbour, apart[k], *edges.edges(k)
        )

    edges.each(work)
    return [by_centre, by_neighbour, _together(apart)]


def _dots(
    tables: list[np.ndarray],
    others: list[np.ndarray],
    edges: FusedEdges,
    shares: tuple[np.ndarray, ...] | None = None,
) -> tuple[Tensor, Tensor]:
    """Return each table's Σ shares · x, and Σ x · y with its other, over rows, (3, 2F) in double precision."""
    from replicate.models import gated_kernel

    width = tables[0].shape[1]
    both = np.zeros((2, edges.threads, len(tables), width))
    first, second = both

    def work(k: int) -> None:
        for i, (x, y, parts) in enumerate(zip(tables, others, shares or edges.shares, strict=True)):
            gated_kernel.dot(x, y, parts, first[k, i], second[k, i], *edges.rows(x, k))

    edges.each(work)
    sums, products = torch.from_numpy(both).sum(1)
    return sums, products


def _folded(
    tables: list[np.ndarray], factor: Tensor, shift: Tensor, mean: Tensor, edges: FusedEdges
) -> tuple[list[np.ndarray], Any]:
    """Return the exponentials of each table's part of (−y_f, y_s), or those parts and the limit of an exponent."""
    from replicate.models import gated_kernel

    sign = torch.ones_like(factor)
    sign[: len(sign) // 2] = -1
    offset = ((shift - mean * factor) * sign).numpy()
    slope, none = (factor * sign).numpy(), np.zeros_like(offset)
    parts = [np.empty_like(one) for one in tables]

    def work(k: int, exponential: bool) -> float:
        return max(
            gated_kernel.fold(x, slope, add, out, *edges.rows(x, k), exponential)
            for x, out, add in zip(tables, parts, (offset, none, none), strict=True)
        )

    if max(edges.each(lambda k: work(k, True))) <= gated_kernel.LIMIT:
        return parts, None
    edges.each(lambda k: work(k, False))
    return parts, slope.dtype.type(gated_kernel.LIMIT_OF_EDGE)


def fused_sum(
    a: Tensor,
    b: Tensor,
    t: Tensor,
    scale: Tensor,
    shift: Tensor,
    edges: FusedEdges,
    *,
    moments: tuple[Tensor, Tensor] | None = None,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return what :func:`~replicate.models.gated_sum.gated_sum` does, of edges that were surveyed before."""
    return _FusedSum.apply(a, b, t, scale, shift, edges, moments, eps)  # type: ignore[no-untyped-call]


class _FusedStep(torch.autograd.Function):
    @staticmethod
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
        from replicate.models import gated_kernel

        nodes, total, shares = (one.detach().contiguous().numpy() for one in (v, x, share))
        if moments is None:
            both = np.zeros((2, edges.threads, x.shape[1]))
            edges.each(
                lambda k: gated_kernel.spread(total, shares, both[0, k], both[1, k], *edges.rows(total, k))
            )
            first, second = torch.from_numpy(both).sum(1)
            mean, variance = first.to(x.dtype), (second - first.square()).clamp_min(0).to(x.dtype)
        else:
            mean, variance = moments
        inverse = torch.rsqrt(variance + eps)
        factor = scale.detach() * inverse
        terms = factor.numpy(), (shift.detach() - mean * factor).numpy()
        out = np.empty_like(nodes)
        edges.each(lambda k: gated_kernel.step(nodes, total, *terms, out, *edges.rows(out, k)))
        ctx.save_for_backward(mean, inverse)
        ctx.edges, ctx.arrays, ctx.terms, ctx.own = edges, (nodes, total, shares), terms, moments is None
        ctx.mark_non_differentiable(mean, variance)
        return torch.from_numpy(out), mean, variance

    @staticmethod
    def backward(ctx: Any, d_out: Tensor, *_: Tensor) -> tuple[Any, ...]:
        from replicate.models import gated_kernel

        mean, inverse = ctx.saved_tensors
        edges, (nodes, total, shares), terms = ctx.edges, ctx.arrays, ctx.terms
        along = d_out.contiguous().numpy()
        d_v, d_x = np.empty_like(nodes), np.empty_like(nodes)
        both = np.zeros((2, edges.threads, total.shape[1]))

        def back(k: int) -> None:
            sums = both[0, k], both[1, k]
            gated_kernel.step_back(nodes, total, *terms, along, d_v, *sums, *edges.rows(d_v, k))

        edges.each(back)
        first, second = torch.from_numpy(both).sum(1)
        d_shift = first.to(mean.dtype)
        d_scale = inverse * (second - mean * first).to(mean.dtype)
        slope = inverse * d_scale if ctx.own else torch.zeros_like(mean)
        constant = d_shift - mean * slope if ctx.own else torch.zeros_like(mean)
        corrections = terms[0], constant.numpy(), slope.numpy()

        def correct(k: int) -> None:
            gated_kernel.step_correct(total, shares, d_v, *corrections, d_x, *edges.rows(d_x, k))

        edges.each(correct)
        return torch.from_numpy(d_v), torch.from_numpy(d_x), d_scale, d_shift, None, None, None, None


def fused_step(
    v: Tensor,
    x: Tensor,
    scale: Tensor,
    shift: Tensor,
    share: Tensor,
    edges: FusedEdges,
    *,
    moments: tuple[Tensor, Tensor] | None = None,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return softplus(v + norm(x)) of nodes (C, F), and the (F,) mean and variance of the normalisation.

    Args:
        v, x: (C, F) the features and what is added to them.
        scale, shift: (F,) of the batch normalisation.
        share: (C,) share of each node in the batch's mean; adds up to one.
        edges: whose threads are used.
        moments: (F,) mean and variance to normalise with; None: the batch's own.
        eps: added to the variance.
    """
    return _FusedStep.apply(v, x, scale, shift, share, edges, moments, eps)  # type: ignore[no-untyped-call]
