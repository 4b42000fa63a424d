"""The sum over neighbours of Eq. 5 (Xie and Grossman 2018), factorised and computed piece by piece.

Shape legend: C nodes, e edges, R rows of the bond table, F features.

The gate's linear map of v_i ⊕ v_j ⊕ u_ij is the sum of three maps, so two of them are applied per node and
the third per row of a table of distances; (e, 2F) is the largest tensor, and it is worked through in pieces
that stay in a processor's cache. Forward and backward are written out because automatic differentiation
would keep and re-read a dozen such tensors. Long work on a processor takes the compiled form, ``fused``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

_PIECE = 2048  # edges at a time on a processor: 1 MB for 2F = 128


def _pieces(tensor: Tensor) -> Iterator[slice]:
    size = _PIECE if tensor.device.type == "cpu" else max(len(tensor), 1)
    return (slice(start, start + size) for start in range(0, len(tensor), size))


class GatedSum(torch.autograd.Function):
    """Σ_j w σ(y_f) · softplus(y_s) for every node (Eq. 5), with z = a_i + b_j + t_ij normalised to y.

    ``apply`` takes these in turn and returns (C, F) sums, and the (2F,) mean and variance that were used.

    Args:
        a, b: (C, 2F) the maps of the centre's and the neighbour's features, bias in ``a``; F gates, F cores.
        t: (R, 2F) the map of the bond features.
        scale, shift: (2F,) of the batch normalisation.
        index: (e,) centre, neighbour and row of ``t`` of each edge.
        weight: (e,) neighbours each edge counts as.
        share: (e,) share of each edge in the batch's mean; adds up to one.
        moments: (2F,) mean and variance to normalise with; None: the batch's own.
        eps: added to the variance.
    """

    @staticmethod
    def forward(
        ctx: Any,
        a: Tensor,
        b: Tensor,
        t: Tensor,
        scale: Tensor,
        shift: Tensor,
        index: tuple[Tensor, Tensor, Tensor],
        weight: Tensor,
        share: Tensor,
        moments: tuple[Tensor, Tensor] | None,
        eps: float,
    ) -> tuple[Tensor, Tensor, Tensor]:
        centre, neighbour, bond = index
        width = a.shape[1] // 2
        z = a.new_empty(len(centre), a.shape[1])
        mean, square = torch.zeros_like(scale), torch.zeros_like(scale)
        for s in _pieces(z):
            part = z[s]
            torch.index_select(a, 0, centre[s], out=part)
            part.add_(b.index_select(0, neighbour[s])).add_(t.index_select(0, bond[s]))
            if moments is None:
                mean += share[s] @ part
                square += share[s] @ part.square()
        if moments is None:
            variance = (square - mean.square()).clamp_min(0)
        else:
            mean, variance = moments
        inverse = torch.rsqrt(variance + eps)
        out = a.new_zeros(len(a), width)
        for s in _pieces(z):
            part = z[s].sub_(mean).mul_(inverse)  # normalised, and kept so for the backward pass
            y = part * scale + shift
            message = torch.sigmoid(y[:, :width]).mul_(F.softplus(y[:, width:])).mul_(weight[s, None])
            out.index_add_(0, centre[s], message)
        ctx.save_for_backward(z, scale, shift, centre, neighbour, bond, weight, share, inverse)
        ctx.fixed = moments is not None
        ctx.rows = (len(a), len(t))
        ctx.mark_non_differentiable(mean, variance)
        return out, mean, variance

    @staticmethod
    def backward(ctx: Any, out: Tensor, *_: Tensor) -> tuple[Any, ...]:
        z, scale, shift, centre, neighbour, bond, weight, share, inverse = ctx.saved_tensors
        width = z.shape[1] // 2
        g = torch.empty_like(z)
        d_shift, d_scale = torch.zeros_like(scale), torch.zeros_like(scale)
        for s in _pieces(z):
            y = z[s] * scale + shift
            gate, core = torch.sigmoid(y[:, :width]), y[:, width:]
            along = out.index_select(0, centre[s]).mul_(weight[s, None])
            part = g[s]
            torch.mul(along, gate, out=part[:, width:])
            # d sigmoid = gate (1 − gate), d softplus = sigmoid.
            part[:, :width] = (part[:, width:] * F.softplus(core)).mul_(1 - gate)
            part[:, width:].mul_(torch.sigmoid(core))
            d_shift += part.sum(0)
            d_scale += (part * z[s]).sum(0)
        rows, bonds = ctx.rows
        d_a, d_b, d_t = (z.new_zeros(n, 2 * width) for n in (rows, rows, bonds))
        factor = scale * inverse
        for s in _pieces(z):
            part = g[s]
            if not ctx.fixed:  # the batch's own mean and variance depend on every edge
                part -= share[s, None] * (d_shift + z[s] * d_scale)
            part *= factor
            d_a.index_add_(0, centre[s], part)
            d_b.index_add_(0, neighbour[s], part)
            d_t.index_add_(0, bond[s], part)
        return d_a, d_b, d_t, d_scale, d_shift, None, None, None, None, None
