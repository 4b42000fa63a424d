"""Layers that hold many independent copies ("members") of one small network.

Shape legend: S members, B batch, C/O input/output channels, K kernel size, H × W image.

One launch computes all members, which is what makes an ensemble of small networks cheap. Members never
mix: each has its own slice of every parameter, and its own random generator for initial weights and
dropout, so a member's numbers do not depend on who trains beside it (up to rounding).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Generators = Sequence[torch.Generator]


def member_generators(seeds: Sequence[int], stream: int = 0) -> list[torch.Generator]:
    """Return one CPU generator per seed; ``stream`` separates weights, batch order and dropout."""
    return [torch.Generator().manual_seed(1_000_003 * int(seed) + stream) for seed in seeds]


def glorot_uniform(shape: tuple[int, ...], fan_in: int, fan_out: int, generators: Generators) -> nn.Parameter:
    """Draw Glorot-uniform weights (S, ...), Keras' default and so the authors' choice."""
    limit = math.sqrt(6.0 / (fan_in + fan_out))
    drawn = [torch.rand(shape, generator=generator) for generator in generators]
    return nn.Parameter((torch.stack(drawn) * 2 - 1) * limit)


class StackedLinear(nn.Module):
    """Apply S linear maps: (S, B, n_in) → (S, B, n_out)."""

    def __init__(self, n_in: int, n_out: int, generators: Generators) -> None:
        super().__init__()
        self.weight = glorot_uniform((n_in, n_out), n_in, n_out, generators)  # (S, n_in, n_out)
        self.bias = nn.Parameter(torch.zeros(len(generators), 1, n_out))

    def forward(self, x: Tensor) -> Tensor:
        return torch.baddbmm(self.bias, x, self.weight)


class StackedConv2d(nn.Module):
    """Apply S same-padded convolutions: (B, S·C, H, W) → (B, S·O, H, W).

    Members sit side by side in the channel axis and become the groups of one grouped convolution. An
    even kernel pads below and to the right only, as Keras does.
    """

    def __init__(self, channels_in: int, channels_out: int, size: int, generators: Generators) -> None:
        super().__init__()
        self.members = len(generators)
        area = size * size
        self.weight = glorot_uniform(
            (channels_out, channels_in, size, size), channels_in * area, channels_out * area, generators
        )  # (S, O, C, K, K)
        self.bias = nn.Parameter(torch.zeros(self.members, channels_out))
        before = (size - 1) // 2
        self.pad = (before, size - 1 - before) * 2

    def forward(self, x: Tensor) -> Tensor:
        if self.pad[0] == self.pad[1]:
            padding = self.pad[0]
        else:
            x, padding = F.pad(x, self.pad), 0
        weight = self.weight.flatten(0, 1)  # (S·O, C, K, K)
        return F.conv2d(x, weight, self.bias.flatten(), padding=padding, groups=self.members)


class StackedBatchNorm(nn.Module):
    """Normalise each channel of each member over its own batch, with running averages for evaluation.

    ``channels_last`` inputs are (S, B, C); the others are images (B, S·C, H, W). Epsilon is Keras'
    default (1e-3), and so is the momentum of 0.99 unless told otherwise.
    """

    def __init__(self, channels: int, members: int, *, channels_last: bool, momentum: float = 0.99) -> None:
        super().__init__()
        self.step = 1 - momentum
        self.channels_last = channels_last
        shape = (members, 1, channels) if channels_last else (members * channels,)
        self.weight = nn.Parameter(torch.ones(shape))
        self.bias = nn.Parameter(torch.zeros(shape))
        self.mean: Tensor
        self.variance: Tensor
        self.register_buffer("mean", torch.zeros(shape))
        self.register_buffer("variance", torch.ones(shape))

    def forward(self, x: Tensor) -> Tensor:
        if not self.channels_last:
            return F.batch_norm(
                x,
                self.mean,
                self.variance,
                self.weight,
                self.bias,
                self.training,
                momentum=self.step,
                eps=1e-3,
            )
        if self.training:
            variance, mean = torch.var_mean(x, dim=1, keepdim=True, correction=0)
            with torch.no_grad():
                self.mean.lerp_(mean, self.step)
                self.variance.lerp_(variance, self.step)
        else:
            variance, mean = self.variance, self.mean
        return (x - mean) * torch.rsqrt(variance + 1e-3) * self.weight + self.bias


class StackedDropout(nn.Module):
    """Zero a share of each member's inputs (S, B, n) while training, drawn from that member's generator."""

    def __init__(self, rate: float, generators: Generators) -> None:
        super().__init__()
        self.rate, self.generators = rate, list(generators)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return x
        # Drawn on the CPU so that a seed gives the same mask on every device.
        kept = torch.stack([torch.rand(x.shape[1:], generator=g) >= self.rate for g in self.generators])
        return x * kept.to(x.device, non_blocking=True) / (1 - self.rate)


class StackedModule(nn.Module):
    """Base of the networks: S members mapping (S, B, ...) to (S, B)."""

    members: int
    output: StackedLinear

    def by_member(self) -> dict[str, Tensor]:
        """Return views of every parameter and buffer with the members as first axis, (S, ...)."""
        return {name: t.unflatten(0, (self.members, -1)) for name, t in self.state_dict().items()}

    @torch.no_grad()
    def set_output_bias(self, values: Tensor) -> None:
        """Start each member's output at ``values`` (S,), normally the mean of its training targets."""
        self.output.bias.copy_(values.reshape(-1, 1, 1))
