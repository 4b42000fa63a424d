"""Layers that hold many independent copies ("members") of one small network.

Shape legend: S members, B batch, C/O input/output channels, K kernel size, H × W image.

One launch computes all members, which is what makes an ensemble of small networks cheap. Members never
mix: each has its own slice of every parameter, and its own random generator for initial weights and
dropout, so a member's numbers do not depend on who trains beside it (up to rounding).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.errors import ConfigError

Generators = Sequence[torch.Generator]
Library = Literal["keras", "torch"]


def member_generators(seeds: Sequence[int], stream: int = 0) -> list[torch.Generator]:
    """Return one CPU generator per seed; ``stream`` separates weights, batch order and dropout."""
    return [torch.Generator().manual_seed(1_000_003 * int(seed) + stream) for seed in seeds]


def _weight_and_bias(
    shape: tuple[int, ...],
    bias_shape: tuple[int, ...],
    fans: tuple[int, int],
    generators: Generators,
    like: Library,
) -> tuple[nn.Parameter, nn.Parameter]:
    """Return weights and biases (S, ...) as a library starts them, given the numbers of inputs and outputs.

    Keras, the ATCNN authors' choice: Glorot-uniform weights, biases of zero; torch: both uniform within ±1/√inputs.
    """
    limit = math.sqrt(6.0 / sum(fans)) if like == "keras" else 1 / math.sqrt(fans[0])

    def uniform(shape: tuple[int, ...]) -> Tensor:
        return (torch.stack([torch.rand(shape, generator=generator) for generator in generators]) * 2 - 1) * limit

    weight = uniform(shape)
    bias = torch.zeros(len(generators), *bias_shape) if like == "keras" else uniform(bias_shape)
    return nn.Parameter(weight), nn.Parameter(bias)


class StackedLinear(nn.Module):
    """Apply S linear maps: (S, B, n_in) → (S, B, n_out); initial values are ``like`` a library's."""

    def __init__(self, n_in: int, n_out: int, generators: Generators, *, like: Library = "keras") -> None:
        super().__init__()
        self.weight, self.bias = _weight_and_bias(
            (n_in, n_out), (1, n_out), (n_in, n_out), generators, like
        )  # (S, n_in, n_out), (S, 1, n_out)

    def forward(self, x: Tensor) -> Tensor:
        return torch.baddbmm(self.bias, x, self.weight)


class StackedConv2d(nn.Module):
    """Apply S convolutions: (B, S·C, H, W) → (B, S·O, H', W').

    Members sit side by side in the channel axis and become the groups of one grouped convolution.

    Args:
        channels_in, channels_out: C and O.
        size: of the kernel, K or (rows, columns).
        stride: (down, right).
        padding: zeros added (above and below, left and right); None: as many as keep the image's size, where
            an even kernel pads below and to the right only, as Keras does.
        like: the library whose initial values to draw.
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        size: int | tuple[int, int],
        generators: Generators,
        *,
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] | None = None,
        like: Library = "keras",
    ) -> None:
        super().__init__()
        self.members, self.stride = len(generators), stride
        rows, columns = (size, size) if isinstance(size, int) else size
        fans = (channels_in * rows * columns, channels_out * rows * columns)
        self.weight, self.bias = _weight_and_bias(
            (channels_out, channels_in, rows, columns), (channels_out,), fans, generators, like
        )  # (S, O, C, K, K), (S, O)
        above, left = ((rows - 1) // 2, (columns - 1) // 2) if padding is None else padding
        below, right = (rows - 1 - above, columns - 1 - left) if padding is None else padding
        self.pad = (left, right, above, below)

    def forward(self, x: Tensor) -> Tensor:
        left, right, above, below = self.pad
        padding = (above, left)
        if padding != (below, right):
            x, padding = F.pad(x, self.pad), (0, 0)
        weight = self.weight.flatten(0, 1)  # (S·O, C, K, K)
        return F.conv2d(x, weight, self.bias.flatten(), self.stride, padding, groups=self.members)


class BatchNorm(nn.Module):
    """Scale, shift and running averages of a batch normalisation; ``step`` is how far a batch moves the averages."""

    mean: Tensor
    variance: Tensor

    def __init__(self, shape: tuple[int, ...], step: float, epsilon: float) -> None:
        super().__init__()
        self.step, self.epsilon = step, epsilon
        self.weight = nn.Parameter(torch.ones(shape))
        self.bias = nn.Parameter(torch.zeros(shape))
        self.register_buffer("mean", torch.zeros(shape))
        self.register_buffer("variance", torch.ones(shape))

    @torch.no_grad()
    def follow(self, mean: Tensor, variance: Tensor) -> None:
        """Move the running averages towards a batch's."""
        self.mean.lerp_(mean, self.step)
        self.variance.lerp_(variance, self.step)


class StackedBatchNorm(BatchNorm):
    """Normalise each channel of each member over its own batch, with running averages for evaluation.

    ``channels_last`` inputs are (S, B, C); the others are images (B, S·C, H, W). Epsilon and momentum are
    Keras' defaults (1e-3 and 0.99) unless told otherwise.
    """

    def __init__(
        self,
        channels: int,
        members: int,
        *,
        channels_last: bool,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
    ) -> None:
        shape = (members, 1, channels) if channels_last else (members * channels,)
        super().__init__(shape, 1 - momentum, epsilon)
        self.channels_last = channels_last

    def forward(self, x: Tensor) -> Tensor:
        if not self.channels_last:
            averages, affine = (self.mean, self.variance), (self.weight, self.bias)
            return F.batch_norm(x, *averages, *affine, self.training, momentum=self.step, eps=self.epsilon)
        if self.training:
            variance, mean = torch.var_mean(x, dim=1, keepdim=True, correction=0)
            self.follow(mean, variance)
        else:
            variance, mean = self.variance, self.mean
        return (x - mean) * torch.rsqrt(variance + self.epsilon) * self.weight + self.bias


class StackedDropout(nn.Module):
    """Zero a share of each member's inputs (S, B, n) while training, drawn from that member's generator."""

    def __init__(self, rate: float, generators: Generators) -> None:
        super().__init__()
        self.rate, self.generators = rate, list(generators)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return x
        # Drawn on the CPU so that a seed gives the same mask on every device.
        mask = torch.stack([torch.rand(x.shape[1:], generator=g) >= self.rate for g in self.generators])
        return x * mask.to(x.device, non_blocking=True) / (1 - self.rate)


class StackedModule(nn.Module):
    """Base of the networks: S members mapping (S, B, ...) to (S, B)."""

    config: Any
    members: int
    hidden: Any
    output: StackedLinear
    compiled = False  # whether it is in a form that starts slowly, see ``expect``

    @property
    def at_once(self) -> int:
        """Return how many members work on a batch at the same time."""
        return self.members

    def expect(self, rows: int) -> None:
        """Tell the network how many rows it will be fed, so that it may choose a form that starts slowly."""

    def head(self, features: Tensor) -> Tensor:
        """Return the outputs (S, B) for what the convolutions make of the inputs, (S, B, n)."""
        # Half precision pays in the convolutions; an output in it would be 0.5 K coarse at 90 K.
        with torch.autocast(features.device.type, enabled=False):
            y = self.output(self.hidden(features.float())).squeeze(-1)
        return F.relu(y) if self.config.output == "relu" else y

    def by_member(self) -> dict[str, Tensor]:
        """Return views of every parameter and buffer with the members as first axis, (S, ...)."""
        return {name: t.unflatten(0, (self.members, -1)) for name, t in self.state_dict().items()}

    @torch.no_grad()
    def set_output_bias(self, values: Tensor) -> None:
        """Start each member's output at ``values`` (S,), normally the mean of its training targets."""
        self.output.bias.copy_(values.view_as(self.output.bias))


def outputs(model: StackedModule, x: Any, rows: Tensor, batch_size: int | None) -> Tensor:
    """Return the network's outputs for rows (S, n), so many at a time as the inputs or the caller allow."""
    most = getattr(x, "rows_at_once", batch_size)
    if most is None:
        return model(x[rows])
    step = max(1, most // model.at_once)
    return torch.cat([model(x[part]) for part in rows.split(step, dim=1)], dim=1)


class SideBySide(StackedModule):
    """Trained networks asked one after the other: (S, B, ...), or one batch of B graphs for all of them → (S, B)."""

    def __init__(self, networks: Sequence[StackedModule]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.sizes = [network.members for network in networks]
        self.members = sum(self.sizes)

    @property
    def at_once(self) -> int:
        """Return how many members work on a batch at the same time."""
        return max(self.sizes)

    def forward(self, x: Any) -> Tensor:
        parts = x.split(self.sizes) if isinstance(x, Tensor) else [x] * len(self.sizes)
        return torch.cat([network(part) for network, part in zip(self.networks, parts, strict=True)])

    def expect(self, rows: int) -> None:
        """Tell every network how many rows all of them will be fed."""
        for network in self.networks:
            network.expect(rows * self.members)  # type: ignore[operator]

    def by_member(self) -> dict[str, Tensor]:
        """Refuse to be trained: there is nothing to gain over training the networks one by one."""
        raise ConfigError(f"{len(self.sizes)} networks side by side are trained one by one, not together")
