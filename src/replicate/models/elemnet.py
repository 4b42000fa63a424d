"""ElemNet-like fully connected network (Jha et al., Sci. Rep. 8, 17593 (2018)), the paper's rival for Ef.

Shape legend: S ensemble members, B compounds, 100 element fractions.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from replicate.models.configs import ElemNetConfig
from replicate.models.stacked import StackedDropout, StackedLinear, StackedModule, member_generators


class ElemNet(StackedModule):
    """S fully connected networks side by side: (S, B, 10, 10) fractions → (S, B) predictions.

    The published network has 17 layers; here the atom table is read as a plain vector of fractions.
    """

    def __init__(self, config: ElemNetConfig, seeds: Sequence[int]) -> None:
        super().__init__()
        self.config, self.members = config, len(seeds)
        generators, dropout_generators = member_generators(seeds), member_generators(seeds, stream=1)
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
