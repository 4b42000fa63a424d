"""What follows the sum over neighbours of Eq. 5 on a processor, in compiled passes: the nodes' new features.

Shape legend: C nodes, F features.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from replicate.models import row_kernel
from replicate.models.fused_edges import FusedEdges
from replicate.models.threads import empty


class _FusedStep(torch.autograd.Function):
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
        nodes, total, shares = (one.detach().contiguous().numpy() for one in (v, x, share))
        own = moments is None
        if moments is None:
            both = np.zeros((2, edges.threads, x.shape[1]))
            edges.each(
                lambda k: row_kernel.spread(total, shares, both[0, k], both[1, k], *edges.rows(total, k))
            )
            first, second = both.sum(1)
            mean = first.astype(total.dtype)
            variance = np.maximum(second - first**2, 0).astype(total.dtype)
            moments = torch.from_numpy(mean), torch.from_numpy(variance)
        else:
            mean, variance = (one.numpy() for one in moments)
        inverse = 1 / np.sqrt(variance + eps)
        factor = scale.detach().numpy() * inverse
        terms = factor, shift.detach().numpy() - mean * factor
        out = empty(nodes.shape, nodes.dtype)
        edges.each(lambda k: row_kernel.step(nodes, total, *terms, out, *edges.rows(out, k)))
        ctx.vectors, ctx.terms, ctx.own = (mean, inverse), terms, own
        ctx.edges, ctx.arrays = edges, (nodes, total, shares)
        ctx.mark_non_differentiable(*moments)
        return torch.from_numpy(out), *moments

    @staticmethod
    @np.errstate(all="ignore")
    def backward(ctx: Any, d_out: Tensor, *_: Tensor) -> tuple[Any, ...]:
        mean, inverse = ctx.vectors
        edges, (nodes, total, shares), terms = ctx.edges, ctx.arrays, ctx.terms
        along = d_out.contiguous().numpy()
        d_v, d_x = empty(nodes.shape, nodes.dtype), empty(nodes.shape, nodes.dtype)
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
        corrections = terms[0], constant, slope

        def correct(k: int) -> None:
            row_kernel.step_correct(total, shares, d_v, *corrections, d_x, *edges.rows(d_x, k))

        edges.each(correct)
        return *map(torch.from_numpy, (d_v, d_x, d_scale, d_shift)), None, None, None, None


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
