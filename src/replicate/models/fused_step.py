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
        if moments is None:
            both = np.zeros((2, edges.threads, x.shape[1]))
            edges.each(
                lambda k: row_kernel.spread(total, shares, both[0, k], both[1, k], *edges.rows(total, k))
            )
            first, second = torch.from_numpy(both).sum(1)
            mean, variance = first.to(x.dtype), (second - first.square()).clamp_min(0).to(x.dtype)
        else:
            mean, variance = moments
        inverse = torch.rsqrt(variance + eps)
        factor = scale.detach() * inverse
        terms = factor.numpy(), (shift.detach() - mean * factor).numpy()
        out = empty(nodes.shape, nodes.dtype)
        edges.each(lambda k: row_kernel.step(nodes, total, *terms, out, *edges.rows(out, k)))
        ctx.save_for_backward(mean, inverse)
        ctx.edges, ctx.arrays, ctx.terms, ctx.own = edges, (nodes, total, shares), terms, moments is None
        ctx.mark_non_differentiable(mean, variance)
        return torch.from_numpy(out), mean, variance

    @staticmethod
    def backward(ctx: Any, d_out: Tensor, *_: Tensor) -> tuple[Any, ...]:
        mean, inverse = ctx.saved_tensors
        edges, (nodes, total, shares), terms = ctx.edges, ctx.arrays, ctx.terms
        along = d_out.contiguous().numpy()
        d_v, d_x = empty(nodes.shape, nodes.dtype), empty(nodes.shape, nodes.dtype)
        both = np.zeros((2, edges.threads, total.shape[1]))

        def back(k: int) -> None:
            sums = both[0, k], both[1, k]
            row_kernel.step_back(nodes, total, *terms, along, d_v, *sums, *edges.rows(d_v, k))

        edges.each(back)
        first, second = torch.from_numpy(both).sum(1)
        d_shift = first.to(mean.dtype)
        d_scale = inverse * (second - mean * first).to(mean.dtype)
        slope = inverse * d_scale if ctx.own else torch.zeros_like(mean)
        constant = d_shift - mean * slope if ctx.own else torch.zeros_like(mean)
        corrections = terms[0], constant.numpy(), slope.numpy()

        def correct(k: int) -> None:
            row_kernel.step_correct(total, shares, d_v, *corrections, d_x, *edges.rows(d_x, k))

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
