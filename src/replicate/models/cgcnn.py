"""Crystal graph convolutional neural network (Xie and Grossman, Phys. Rev. Lett. 120, 145301 (2018)).

Shape legend: B crystals, C nodes (classes of sites), e edges, F features of a node, U of a bond.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.features.atom_features import atom_features
from replicate.models.configs import CGCNNConfig
from replicate.models.fused_edges import WORTH, FusedEdges, available
from replicate.models.gated_sum import GatedSum
from replicate.models.graph_batch import GraphBatch
from replicate.models.graph_layers import Bonds, WeightedBatchNorm, linear
from replicate.models.stacked import StackedDropout, StackedModule, member_generators
from replicate.processes import keep_freed_memory


class GatedConvolution(nn.Module):
    """Eq. 5 as released: v_i ← softplus(v_i + norm(Σ_j σ(z W_f) softplus(z W_s))), z = v_i ⊕ v_j ⊕ u_ij."""

    def __init__(self, config: CGCNNConfig, bonds: int, generator: torch.Generator) -> None:
        super().__init__()
        self.width = config.width
        self.full = linear(2 * config.width + bonds, 2 * config.width, generator)
        self.edge_norm = WeightedBatchNorm(2 * config.width) if config.batch_norm else None
        self.node_norm = WeightedBatchNorm(config.width) if config.batch_norm else None

    def forward(self, v: Tensor, edges: Edges) -> Tensor:
        widths = [self.width, self.width, edges.bonds.shape[1]]
        of_centre, of_neighbour, of_bond = self.full.weight.split(widths, dim=1)
        maps = (F.linear(v, of_centre, self.full.bias), v @ of_neighbour.T, edges.bonds @ of_bond.T)
        if edges.fused is None:
            total = _normalised(self.edge_norm, GatedSum, maps, edges.index, edges.weight, edges.share)
            return F.softplus(v + (total if self.node_norm is None else self.node_norm(total, edges.node_share)))
        from replicate.models.fused import FusedStep, FusedSum  # here: it needs numba

        total = _normalised(self.edge_norm, FusedSum, maps, edges.fused)
        return _normalised(self.node_norm, FusedStep, (v, total), edges.node_share, edges.fused)


def _normalised(
    norm: WeightedBatchNorm | None, function: type[torch.autograd.Function], tables: tuple[Tensor, ...], *rest: Any
) -> Tensor:
    """Return what a function makes of tables (C, F) that it normalises, and let the running averages follow."""
    apply: Callable[..., Any] = function.apply
    if norm is None:
        ones, zeros = (tables[-1].new_full((tables[-1].shape[1],), value) for value in (1.0, 0.0))
        return apply(*tables, ones, zeros, *rest, (zeros, ones), 0.0)[0]
    moments = None if norm.training else (norm.mean, norm.variance)
    result, mean, variance = apply(*tables, norm.weight, norm.bias, *rest, moments, norm.epsilon)
    if norm.training:
        norm.follow(mean, variance)
    return result


class SharedConvolution(nn.Module):
    """Eq. 4: v_i ← g(Σ_j (v_j ⊕ u_ij) W_c + v_i W_s + b), summed before it is mapped, since the map is linear."""

    def __init__(self, config: CGCNNConfig, bonds: int, generator: torch.Generator) -> None:
        super().__init__()
        self.around = linear(config.width + bonds, config.width, generator)
        self.self = linear(config.width, config.width, generator)
        self.node_norm = WeightedBatchNorm(config.width) if config.batch_norm else None

    def forward(self, v: Tensor, edges: Edges) -> Tensor:
        of_neighbour, of_bond = self.around.weight.split([v.shape[1], edges.bonds.shape[1]], dim=1)
        b, t = v @ of_neighbour.T, edges.bonds @ of_bond.T
        if edges.fused is not None:
            from replicate.models.fused import PlainSum  # here: it needs numba

            total = PlainSum.apply(b, t, edges.fused)  # type: ignore[no-untyped-call]
        else:
            centre, neighbour, row = edges.index
            along = b.index_select(0, neighbour) + t.index_select(0, row)
            total = torch.zeros_like(v).index_add_(0, centre, along * edges.weight[:, None])
        y = total + self.around.bias + self.self(v)
        return F.softplus(y if self.node_norm is None else self.node_norm(y, edges.node_share))


@dataclass(frozen=True, eq=False)
class Edges:
    """The edges of a batch as convolutions read them.

    Args:
        index: (e,) centre, neighbour and row of the table ``bonds`` (R, U) of each edge.
        weight: (e,) neighbours each edge counts as.
        share, node_share: (e,) and (C,), of each edge and node in the means of the batch's normalisations.
        fused: the same for the compiled sums over neighbours, None where they are not used.
    """

    index: tuple[Tensor, Tensor, Tensor]
    bonds: Tensor
    weight: Tensor
    share: Tensor
    node_share: Tensor
    fused: FusedEdges | None


class CGCNN(StackedModule):
    """A crystal graph network: a batch of B graphs → (1, B) predictions."""

    members = 1

    def __init__(self, config: CGCNNConfig, seed: int) -> None:
        super().__init__()
        self.config = config
        generator = member_generators([seed])[0]
        elements = torch.from_numpy(np.array(atom_features(config.atom_features)))
        self.elements: Tensor
        self.register_buffer("elements", elements, persistent=False)
        self.bonds = Bonds(config.bond, config.resolution)
        self.embedding = linear(elements.shape[1], config.width, generator)
        layer = GatedConvolution if config.convolution == "eq5" else SharedConvolution
        self.convolutions = nn.ModuleList(
            layer(config, self.bonds.width, generator) for _ in range(config.convolutions)
        )
        pooled = config.hidden[0] if config.pooling == "softmax" else config.width
        if config.pooling == "softmax":
            self.maps = nn.ModuleList(linear(config.width, pooled, generator) for _ in range(config.convolutions + 1))
        widths = (pooled, *config.hidden)
        self.hidden = nn.ModuleList(linear(n, m, generator) for n, m in zip(widths, config.hidden, strict=False))
        self.dropout = StackedDropout(config.dropout, member_generators([seed], stream=1))
        self.output = linear(config.hidden[-1], 1, generator)  # type: ignore[assignment]

    def nodes(self, batch: GraphBatch) -> list[Tensor]:
        """Return the (C, F) feature vectors before and after each convolution."""
        # The map is linear, so mixtures of elements are mixed behind it.
        kinds = F.linear(batch.kinds.to(self.embedding.weight.dtype) @ self.elements, self.embedding.weight)
        features = [(kinds + self.embedding.bias).index_select(0, batch.kind)]
        edges = self.edges(batch)
        for convolution in self.convolutions:
            features.append(convolution(features[-1], edges))
        return features

    def edges(self, batch: GraphBatch) -> Edges:
        """Return the edges, with which every site, and every site's every neighbour, counts the same."""
        bonds, row = self.bonds(batch.distance)
        index = (batch.centre, batch.neighbour, row)
        share = batch.count[batch.centre] * batch.weight
        share = share / share.sum()
        fused = None
        if self.compiled and share.device.type == "cpu":
            fused = FusedEdges.survey(index, batch.weight, share, len(batch.kind), len(bonds))
        return Edges(index, bonds, batch.weight, share, batch.count / batch.count.sum(), fused)

    def site_values(self, batch: GraphBatch) -> Tensor:
        """Return each node's contribution (C,) before the mean over sites (Eq. S14); ``site`` pooling only."""
        y = self.nodes(batch)[-1]
        for layer in self.hidden:
            y = F.softplus(layer(y))
        return self.output(y)[:, 0]

    def forward(self, batch: GraphBatch) -> Tensor:
        if self.config.pooling == "site":
            values = self.site_values(batch) * batch.share
            return values.new_zeros(batch.size).index_add_(0, batch.crystal, values)[None]
        nodes = self.nodes(batch)
        if self.config.pooling == "softmax":
            y = sum(torch.softmax(m(v), dim=1) for m, v in zip(self.maps, nodes, strict=True))
        else:
            y = nodes[-1]
        assert isinstance(y, Tensor)
        y = y.new_zeros(batch.size, y.shape[1]).index_add_(0, batch.crystal, y * batch.share[:, None])
        if self.config.pooling == "mean":
            y = F.softplus(y)
        for i, layer in enumerate(self.hidden):
            y = F.softplus(layer(y))
            if i == 0:
                y = self.dropout(y[None])[0]
        return self.output(y).T

    def expect(self, rows: int) -> None:
        """Use the compiled form of the sums over neighbours, if there is one, where so many crystals are worth it."""
        if rows >= WORTH and available():
            self.compiled = True
            keep_freed_memory()
