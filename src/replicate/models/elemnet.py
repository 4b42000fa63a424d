"""ElemNet-like fully connected network (Jha et al., Sci. Rep. 8, 17593 (2018)), the paper's rival for Ef.

Shape legend: S ensemble members, B compounds, 100 element fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from replicate.features.atom_table import LAST_ELEMENT, atom_table
from replicate.features.composition import Compositions
from replicate.models.stacked import StackedDropout, StackedLinear, StackedModule, member_generators


@dataclass(frozen=True)
class ElemNetConfig:
    """Blocks of equal layers, each block closed by dropout: (layers, width, share dropped)."""

    last_element: ClassVar[int] = LAST_ELEMENT  # no later one has a pixel

    blocks: tuple[tuple[int, int, float], ...] = (
        (4, 1024, 0.2),
        (3, 512, 0.1),
        (3, 256, 0.3),
        (3, 128, 0.2),
        (2, 64, 0.0),
        (1, 32, 0.0),
    )
    n_in: int = 100

    def build(self, seeds: Sequence[int]) -> ElemNet:
        """Return an ensemble with one member per seed."""
        return ElemNet(self, seeds)

    def members_at_once(self, device: torch.device) -> int | None:
        """Return how many members train together on a device; None: all of them."""
        return None

    def inputs(self, compositions: Compositions) -> Tensor:
        """Return what the network reads of N compositions: atom tables (N, 10, 10)."""
        return torch.from_numpy(atom_table(compositions))


class ElemNet(StackedModule):
    """S fully connected networks side by side: (S, B, 10, 10) fractions → (S, B) predictions.

    The published network has 17 layers; here the atom table is read as a plain vector of fractions.
    """

    def __init__(self, config: ElemNetConfig, seeds: Sequence[int]) -> None:
        super().__init__()
        self.config, self.members = config, len(seeds)
        generators = member_generators(seeds)
        dropout_generators = member_generators(seeds, stream=1)
        layers: list[nn.Module] = []
        width = config.n_in
        for depth, n, rate in config.blocks:
            for _ in range(depth):
                layers += [StackedLinear(width, n, generators), nn.ReLU()]
                width = n
            if rate:
                layers.append(StackedDropout(rate, dropout_generators))
        self.hidden = nn.Sequential(*layers)
        self.output = StackedLinear(width, 1, generators)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(self.hidden(x.flatten(2))).squeeze(-1)
