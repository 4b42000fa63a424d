"""Residual network on the periodic table (Konno et al., Phys. Rev. B 103, 014509 (2021), Sec. II, Fig. 1).

Shape legend: S ensemble members, B compounds, 4 blocks × 7 periods × 32 columns, C channels, H × W maps.

Layer sizes, strides and padding follow the authors' released network; the paper gives only its idea.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.features.elements import BLOCKS
from replicate.models.configs import STAGE_KERNEL, STAGE_PADDING, STAGE_STRIDE, PeriodicResNetConfig
from replicate.models.stacked import (
    Generators,
    StackedBatchNorm,
    StackedConv2d,
    StackedLinear,
    StackedModule,
    member_generators,
)


def joined_at_the_edges(x: Tensor) -> Tensor:
    """Pad maps (B, C, 7, 32) to (B, C, 9, 34) as if each period were followed by the next (Ne by Na).

    The table is one strip wound around a cylinder, a period per turn: right of the last column come the left
    columns of the period below, left of the first the right columns of the period above. The published code
    shifts the other way, which joins Ne to H, and its sizes do not fit together; this is the idea it is for.
    """
    rows = F.pad(x, (0, 0, 2, 2))
    left, right = rows[..., :-2, -1:], rows[..., 2:, :1]
    return torch.cat([left, rows[..., 1:-1, :], right], dim=-1)


def _norm(channels: int, generators: Generators) -> StackedBatchNorm:
    """Return batch normalisation with torch's defaults (its momentum of 0.1 is Keras' 0.9)."""
    return StackedBatchNorm(channels, len(generators), channels_last=False, momentum=0.9, epsilon=1e-5)


class ResidualBlock(nn.Module):
    """Add two normalised 3 × 3 convolutions to their input, (B, S·C, H, W) → the same shape."""

    def __init__(self, channels: int, generators: Generators, *, periodic: bool = False) -> None:
        super().__init__()
        self.pad = joined_at_the_edges if periodic else nn.Identity()
        padding = (0, 0) if periodic else (1, 1)
        self.first = StackedConv2d(channels, channels, 3, generators, padding=padding, like="torch")
        self.first_norm = _norm(channels, generators)
        self.second = StackedConv2d(channels, channels, 3, generators, padding=padding, like="torch")
        self.second_norm = _norm(channels, generators)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.first_norm(self.first(self.pad(x))))
        return F.relu(x + self.second_norm(self.second(self.pad(y))))


class PeriodicResNet(StackedModule):
    """S periodic-table networks side by side: (S, B, 4, 7, 32) amounts → (S, B) predictions."""

    def __init__(self, config: PeriodicResNetConfig, seeds: Sequence[int]) -> None:
        super().__init__()
        self.config, self.members = config, len(seeds)
        generators = member_generators(seeds)
        width = config.channels
        layers: list[nn.Module] = [StackedConv2d(len(BLOCKS), width, 1, generators, like="torch")]
        layers += [ResidualBlock(width, generators, periodic=config.edge == "periodic") for _ in range(config.blocks)]
        stride, padding = STAGE_STRIDE, STAGE_PADDING
        for before, after in pairwise((width, *config.stages)):
            stage = StackedConv2d(before, after, STAGE_KERNEL, generators, stride=stride, padding=padding, like="torch")
            layers += [stage, _norm(after, generators), nn.ReLU()]
            stride, padding = (1, 1), (0, 0)
            if config.residual_stages:
                layers.append(ResidualBlock(after, generators))
        self.convolutions = nn.Sequential(*layers)

        hidden: list[nn.Module] = []
        widths = (config.n_flat, *config.hidden)
        for n_in, n_out in pairwise(widths):
            hidden += [StackedLinear(n_in, n_out, generators, like="torch"), nn.ReLU()]
        self.hidden = nn.Sequential(*hidden)
        self.output = StackedLinear(widths[-1], 1, generators, like="torch")

    def forward(self, x: Tensor) -> Tensor:
        batch = x.shape[1]
        image = x.transpose(0, 1).flatten(1, 2)  # (B, S·4, 7, 32): members side by side as channels
        if image.device.type == "cpu":
            # With channels innermost, training was measured 1.4 to 1.8 times as fast in single precision (one
            # and three members) and 1.4 to 2.5 times in half precision; graphics processors were not measured.
            image = image.contiguous(memory_format=torch.channels_last)
        maps = self.convolutions(image)  # (B, S·C, H, W)
        return self.head(maps.reshape(batch, self.members, -1).transpose(0, 1))
