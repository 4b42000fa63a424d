"""Atom table convolutional neural network (Zeng et al., npj Comput. Mater. 5, 84 (2019), Fig. 1, Eqs. 1-4).

Shape legend: S ensemble members, B compounds, 10 × 10 atom table, C channels.

The networks follow the authors' released weights and code layer by layer; where those differ from the
paper's text, the paper's version is the default and the code's version has its own name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.features.atom_table import LAST_ELEMENT, atom_table
from replicate.features.composition import Compositions
from replicate.models.stacked import (
    StackedBatchNorm,
    StackedConv2d,
    StackedDropout,
    StackedLinear,
    StackedModule,
    member_generators,
)
from replicate.training.checkpoint import later

SIDE = 10


@dataclass(frozen=True)
class ATCNNConfig:
    """Layer sizes of one atom-table network.

    Args:
        kernels: (channels, size) of each convolution, all same-padded and followed by ReLU.
        hidden: widths of the fully connected hidden layers.
        batch_norm: normalise after every convolution, after the pooling and in the hidden layers.
        dropout: share dropped in the hidden layers.
        momentum: of the running averages that batch normalisation predicts with; 0.99 is Keras' default, and
            lags behind a training of a few hundred steps.
        output: ``linear``; ``relu`` for quantities that cannot be negative; ``logit`` for a classifier.
    """

    last_element: ClassVar[int] = LAST_ELEMENT  # no later one has a pixel

    kernels: tuple[tuple[int, int], ...]
    hidden: tuple[int, ...]
    batch_norm: bool = False
    dropout: float = 0.0
    output: Literal["linear", "relu", "logit"] = "linear"
    momentum: float = later(0.99)

    @property
    def n_flat(self) -> int:
        """Length of the vector behind the 2 × 2 pooling (Eq. 4)."""
        return self.kernels[-1][0] * (SIDE // 2) ** 2

    def build(self, seeds: Sequence[int]) -> ATCNN:
        """Return an ensemble with one member per seed, Glorot-uniform weights and zero biases."""
        return ATCNN(self, seeds)

    def members_at_once(self, device: torch.device) -> int | None:
        """Return how many members train together on a device; None: all of them."""
        return None

    def inputs(self, compositions: Compositions) -> Tensor:
        """Return what the network reads of N compositions: atom tables (N, 10, 10)."""
        return torch.from_numpy(atom_table(compositions))


FORMATION = ATCNNConfig(kernels=((8, 3),), hidden=(50, 30))
"""Formation energy: ``ef_model.h5``, 11,691 parameters."""

GAP = ATCNNConfig(kernels=((64, 3), (32, 3)), hidden=(200, 100), output="relu")
"""Band gap: ``eg_model.h5``, 199,505 parameters."""

METAL = ATCNNConfig(kernels=((64, 3), (32, 3)), hidden=(200, 100), output="logit")
"""Metal or insulator: "the structure of the Eg prediction model" with a classifier's output."""

_TC_KERNELS = ((64, 5), (64, 3), (64, 3), (64, 3), (64, 2))
TC = ATCNNConfig(kernels=_TC_KERNELS, hidden=(200, 100), batch_norm=True, dropout=0.2, output="relu")
"""Critical temperature as the paper's text has it (Fig. 1, Methods)."""

TC_REPOSITORY = ATCNNConfig(kernels=_TC_KERNELS, hidden=(200, 100), batch_norm=True, dropout=0.2)
"""Critical temperature as the authors' repository has it: linear output."""


class ATCNN(StackedModule):
    """S atom-table networks side by side: (S, B, 10, 10) fractions → (S, B) predictions."""

    def __init__(self, config: ATCNNConfig, seeds: Sequence[int]) -> None:
        super().__init__()
        self.config, self.members = config, len(seeds)
        generators = member_generators(seeds)
        convolutions: list[nn.Module] = []
        channels = 1
        for width, size in config.kernels:
            convolutions.append(StackedConv2d(channels, width, size, generators))
            if config.batch_norm:
                convolutions.append(
                    StackedBatchNorm(width, self.members, channels_last=False, momentum=config.momentum)
                )
            convolutions.append(nn.ReLU())
            channels = width
        convolutions.append(nn.MaxPool2d(2))
        if config.batch_norm:
            convolutions += [
                StackedBatchNorm(channels, self.members, channels_last=False, momentum=config.momentum),
                nn.ReLU(),
            ]
        self.convolutions = nn.Sequential(*convolutions)

        hidden: list[nn.Module] = []
        width = config.n_flat
        dropout_generators = member_generators(seeds, stream=1)
        for n in config.hidden:
            hidden.append(StackedLinear(width, n, generators))
            if config.batch_norm:
                hidden.append(StackedBatchNorm(n, self.members, channels_last=True, momentum=config.momentum))
            if config.dropout:
                hidden.append(StackedDropout(config.dropout, dropout_generators))
            hidden.append(nn.ReLU())
            width = n
        self.hidden = nn.Sequential(*hidden)
        self.output = StackedLinear(width, 1, generators)

    def flatten(self, x: Tensor) -> Tensor:
        """Return the feature vectors behind the pooling, (S, B, C·25) (Eqs. 1-4)."""
        batch = x.shape[1]
        image = x.transpose(0, 1)  # (B, S, 10, 10): members side by side as channels
        maps = self.convolutions(image)  # (B, S·C, 5, 5)
        return maps.reshape(batch, self.members, -1).transpose(0, 1)

    def forward(self, x: Tensor) -> Tensor:
        features = self.flatten(x)
        # Half precision pays in the convolutions; an output in it would be 0.5 K coarse at 90 K.
        with torch.autocast(features.device.type, enabled=False):
            y = self.output(self.hidden(features.float())).squeeze(-1)
        return F.relu(y) if self.config.output == "relu" else y

    def element_features(self, x: Tensor) -> Tensor:
        """Return the first fully connected layer's activations, (S, B, n_hidden) (Fig. 4a)."""
        first = next(i for i, layer in enumerate(self.hidden) if isinstance(layer, nn.ReLU))
        return self.hidden[: first + 1](self.flatten(x))
