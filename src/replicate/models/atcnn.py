"""Networks on atom tables: ATCNN (Zeng et al., npj Comput. Mater. 5, 84 (2019), Fig. 1, Eqs. 1-4), and ElemNet.

Shape legend: S ensemble members, B compounds, 10 × 10 atom table, C channels.

ATCNN follows the authors' released weights and code layer by layer; where those differ from the
paper's text, the paper's version is the default and the code's version has its own name.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from replicate.models.configs import ATCNNConfig, ElemNetConfig
from replicate.models.stacked import (
    StackedBatchNorm,
    StackedConv2d,
    StackedDropout,
    StackedLinear,
    StackedModule,
    member_generators,
)


class ATCNN(StackedModule):
    """S atom-table networks side by side: (S, B, 10, 10) fractions → (S, B) predictions."""

    def __init__(self, config: ATCNNConfig, seeds: Sequence[int]) -> None:
        super().__init__()
        self.config, self.members = config, len(seeds)
        generators, dropout_generators = member_generators(seeds), member_generators(seeds, stream=1)

        def norm(width: int, channels_last: bool = False) -> list[nn.Module]:
            kind = StackedBatchNorm(width, self.members, channels_last=channels_last, momentum=config.momentum)
            return [kind] if config.batch_norm else []

        convolutions: list[nn.Module] = []
        channels = 1
        for width, size in config.kernels:
            convolutions += [StackedConv2d(channels, width, size, generators), *norm(width), nn.ReLU()]
            channels = width
        convolutions.append(nn.MaxPool2d(2))
        if config.batch_norm:
            convolutions += [*norm(channels), nn.ReLU()]
        self.convolutions = nn.Sequential(*convolutions)

        hidden: list[nn.Module] = []
        width = config.n_flat
        for n in config.hidden:
            hidden += [StackedLinear(width, n, generators), *norm(n, channels_last=True)]
            if config.dropout:
                hidden.append(StackedDropout(config.dropout, dropout_generators))
            hidden.append(nn.ReLU())
            width = n
        self.hidden = nn.Sequential(*hidden)
        self.output = StackedLinear(width, 1, generators)

    def flatten(self, x: Tensor) -> Tensor:
        """Return the feature vectors behind the pooling, (S, B, C·25) (Eqs. 1-4)."""
        maps = self.convolutions(x.transpose(0, 1))  # (B, S·C, 5, 5): members side by side as channels
        return maps.unflatten(1, (self.members, -1)).flatten(2).transpose(0, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.flatten(x))

    def element_features(self, x: Tensor) -> Tensor:
        """Return the first fully connected layer's activations, (S, B, n_hidden) (Fig. 4a)."""
        first = next(i for i, layer in enumerate(self.hidden) if isinstance(layer, nn.ReLU))
        return self.hidden[: first + 1](self.flatten(x))


class ElemNet(StackedModule):
    """S fully connected networks side by side (Jha et al., Sci. Rep. 8, 17593 (2018)): (S, B, 10, 10) → (S, B).

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
