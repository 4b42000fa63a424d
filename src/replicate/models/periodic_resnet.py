"""Residual network on the periodic table (Konno et al., Phys. Rev. B 103, 014509 (2021), Sec. II, Fig. 1).

Shape legend: S ensemble members, B compounds, 4 blocks × 7 periods × 32 columns, C channels, H × W maps.

Layer sizes, strides and padding follow the authors' released network; the paper gives only its idea.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal, get_args

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.errors import ConfigError
from replicate.features.composition import Compositions
from replicate.features.elements import N_ELEMENTS
from replicate.features.periodic_table import (
    BLOCKS,
    COLUMNS,
    PERIODS,
    Amounts,
    PeriodicTables,
    periodic_tables,
)
from replicate.models.stacked import (
    Generators,
    StackedBatchNorm,
    StackedConv2d,
    StackedLinear,
    StackedModule,
    member_generators,
)

Output = Literal["relu", "linear", "logit"]
Edge = Literal["zero", "periodic"]

_KERNEL = (2, 4)  # of the stages: each takes one period and three columns off the maps
_STRIDE, _PADDING = (1, 2), (0, 3)  # of the first stage


@dataclass(frozen=True)
class PeriodicResNetConfig:
    """Layer sizes of one periodic-table network.

    Args:
        blocks: residual blocks at the table's full size.
        channels: of these blocks.
        stages: channels behind each (2, 4) convolution; at most six, one per step from 7 periods to 1.
        residual_stages: put a residual block behind each stage's convolution.
        hidden: widths of the fully connected hidden layers.
        output: ``relu`` for critical temperatures; ``linear`` for their logarithm; ``logit`` for a classifier.
        amounts: what the tables hold, ``coefficients`` (the authors' choice) or atomic ``fractions``.
        edge: what the blocks' convolutions see beyond the table's left and right edge: ``zero``, or the other
            edge one period on (``periodic``, J. Phys. Soc. Jpn. 89, 124006 (2020)).

    Raises:
        ConfigError: sizes no network can have, an unknown choice, or a periodic edge without blocks to see it.
    """

    last_element: ClassVar[int] = N_ELEMENTS

    blocks: int = 20
    channels: int = 10
    stages: tuple[int, ...] = (20, 30, 40, 50, 60, 70)
    residual_stages: bool = True
    hidden: tuple[int, ...] = (100, 100)
    output: Output = "relu"
    amounts: Amounts = "coefficients"
    edge: Edge = "zero"

    def __post_init__(self) -> None:
        if self.blocks < 0 or min(self.channels, *self.stages, *self.hidden) < 1:
            raise ConfigError("blocks cannot be negative, and every layer needs at least one channel")
        if not 1 <= len(self.stages) < PERIODS:
            raise ConfigError(
                f"a table of {PERIODS} periods takes 1 to {PERIODS - 1} stages, not {len(self.stages)}"
            )
        for name, kind in (("output", Output), ("amounts", Amounts), ("edge", Edge)):
            if getattr(self, name) not in get_args(kind):
                raise ConfigError(
                    f"{name} must be {' or '.join(get_args(kind))}, not {getattr(self, name)!r}"
                )
        if self.edge == "periodic" and not self.blocks:
            raise ConfigError("a periodic edge needs blocks: no other layer looks beyond the table's edge")

    @property
    def n_flat(self) -> int:
        """Length of the vector behind the last stage; 70 × 1 × 3 for the published network."""
        width = (COLUMNS + 2 * _PADDING[1] - _KERNEL[1]) // _STRIDE[1] + 1
        later = len(self.stages) - 1
        return self.stages[-1] * (PERIODS - 1 - later) * (width - (_KERNEL[1] - 1) * later)

    def build(self, seeds: Sequence[int]) -> PeriodicResNet:
        """Return an ensemble with one member per seed, initial values drawn as torch does by default."""
        return PeriodicResNet(self, seeds)

    def members_at_once(self, device: torch.device) -> int:
        """Return how many members train together: a processor is full with one, a GPU holds dozens."""
        return 1 if device.type == "cpu" else 26

    def inputs(self, compositions: Compositions) -> PeriodicTables:
        """Return what the network reads of N compositions: tables (N, 4, 7, 32)."""
        return periodic_tables(compositions, self.amounts)


DEEP = PeriodicResNetConfig()
"""The released network: 59 convolutions and 3 linear layers, 410,781 parameters."""

SHALLOW = PeriodicResNetConfig(blocks=0, residual_stages=False)
"""The paper's 10-layer network (Sec. VI), not released; here the deep one without its residual blocks."""


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

    def __init__(self, channels: int, generators: Generators, edge: Edge = "zero") -> None:
        super().__init__()
        self.edge = edge
        padding = (0, 0) if edge == "periodic" else (1, 1)
        self.first = StackedConv2d(channels, channels, 3, generators, padding=padding, like="torch")
        self.first_norm = _norm(channels, generators)
        self.second = StackedConv2d(channels, channels, 3, generators, padding=padding, like="torch")
        self.second_norm = _norm(channels, generators)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.first_norm(self.first(self._padded(x))))
        return F.relu(x + self.second_norm(self.second(self._padded(y))))

    def _padded(self, x: Tensor) -> Tensor:
        return joined_at_the_edges(x) if self.edge == "periodic" else x


class PeriodicResNet(StackedModule):
    """S periodic-table networks side by side: (S, B, 4, 7, 32) amounts → (S, B) predictions."""

    def __init__(self, config: PeriodicResNetConfig, seeds: Sequence[int]) -> None:
        super().__init__()
        self.config, self.members = config, len(seeds)
        generators = member_generators(seeds)
        width = config.channels
        layers: list[nn.Module] = [StackedConv2d(len(BLOCKS), width, 1, generators, like="torch")]
        layers += [ResidualBlock(width, generators, config.edge) for _ in range(config.blocks)]
        for stage, (before, after) in enumerate(pairwise((width, *config.stages))):
            stride, padding = ((1, 1), (0, 0)) if stage else (_STRIDE, _PADDING)
            layers += [
                StackedConv2d(
                    before, after, _KERNEL, generators, stride=stride, padding=padding, like="torch"
                ),
                _norm(after, generators),
                nn.ReLU(),
            ]
            if config.residual_stages:
                layers.append(ResidualBlock(after, generators))
        self.convolutions = nn.Sequential(*layers)

        hidden: list[nn.Module] = []
        for n_in, n_out in pairwise((config.n_flat, *config.hidden)):
            hidden += [StackedLinear(n_in, n_out, generators, like="torch"), nn.ReLU()]
        self.hidden = nn.Sequential(*hidden)
        self.output = StackedLinear((config.n_flat, *config.hidden)[-1], 1, generators, like="torch")

    def forward(self, x: Tensor) -> Tensor:
        batch = x.shape[1]
        image = x.transpose(0, 1).flatten(1, 2)  # (B, S·4, 7, 32): members side by side as channels
        if image.device.type == "cpu":
            # With channels innermost, training was measured 1.4 to 1.8 times as fast in single precision (one
            # and three members) and 1.4 to 2.5 times in half precision; graphics processors were not measured.
            image = image.contiguous(memory_format=torch.channels_last)
        maps = self.convolutions(image)  # (B, S·C, H, W)
        features = maps.reshape(batch, self.members, -1).transpose(0, 1)  # (S, B, C·H·W)
        # Half precision pays in the convolutions; an output in it would be 0.5 K coarse at 90 K.
        with torch.autocast(features.device.type, enabled=False):
            y = self.output(self.hidden(features.float())).squeeze(-1)
        return F.relu(y) if self.config.output == "relu" else y
