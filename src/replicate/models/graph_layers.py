"""Parts of crystal graph networks: bond features, linear maps drawn from a generator, weighted normalisation."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.models.configs import FARTHEST, GAUSSIAN_STEP, GAUSSIANS
from replicate.models.stacked import BatchNorm

INTERVALS, SHORTEST, LONGEST = 10, 0.7, 5.2  # Å; Table III


def gaussians(distance: Tensor) -> Tensor:
    """Return (…, 41) exp(−(d − μ)²/0.2²), μ = 0, 0.2, …, 8 Å (``GaussianDistance`` of the released code)."""
    centres = torch.arange(0, GAUSSIANS, device=distance.device, dtype=distance.dtype) * GAUSSIAN_STEP
    return torch.exp(-(((distance[..., None] - centres) / GAUSSIAN_STEP) ** 2))


def intervals(distance: Tensor) -> Tensor:
    """Return (…, 10) one-hot vectors of ten equal intervals, 0.7 to 5.2 Å; beyond them the outermost (Table III)."""
    width = (LONGEST - SHORTEST) / INTERVALS
    place = ((distance - SHORTEST) / width + 1e-6).floor().clamp(0, INTERVALS - 1).long()
    return F.one_hot(place, INTERVALS).to(distance.dtype)


class Bonds(nn.Module):
    """Feature vectors of bonds: a table of (R, U), on a processor of the distances that occur, and each edge's row."""

    def __init__(self, kind: str, resolution: float | None) -> None:
        super().__init__()
        self.expand, self.width = (gaussians, GAUSSIANS) if kind == "gaussian" else (intervals, INTERVALS)
        self.resolution = resolution
        if resolution is not None:
            rows = torch.arange(round(FARTHEST / resolution) + 1, dtype=torch.float32)
            self.register_buffer("table", self.expand(rows * resolution), persistent=False)

    def forward(self, distance: Tensor) -> tuple[Tensor, Tensor]:
        if self.resolution is None:
            return self.expand(distance), torch.arange(len(distance), device=distance.device)
        table: Tensor = self.table  # type: ignore[assignment]
        row = (distance / self.resolution).round().long().clamp_max(len(table) - 1)
        table = table.to(distance.dtype)
        if row.device.type != "cpu":  # which rows a batch uses would have to be waited for
            return table, row
        used = torch.zeros(len(table), dtype=torch.bool)
        used[row] = True
        return table[used], (used.cumsum(0) - 1)[row]


def linear(n_in: int, n_out: int, generator: torch.Generator) -> nn.Linear:
    """Return a linear map with torch's default weights, drawn from ``generator``."""
    layer = nn.Linear(n_in, n_out)
    bound = 1 / math.sqrt(n_in)
    with torch.no_grad():
        for values in (layer.weight, layer.bias):
            values.copy_((torch.rand(values.shape, generator=generator) * 2 - 1) * bound)
    return layer


class WeightedBatchNorm(BatchNorm):
    """Normalise (…, F) by mean and variance over rows that count differently; torch's epsilon and momentum."""

    def __init__(self, width: int) -> None:
        super().__init__((width,), step=0.1, epsilon=1e-5)

    def forward(self, x: Tensor, share: Tensor) -> Tensor:
        """Normalise ``x`` (n, F); ``share`` (n,) adds up to one."""
        mean, variance = self.mean, self.variance
        if self.training:
            mean = share @ x
            variance = share @ (x - mean).square()
            self.follow(mean, variance)
        return (x - mean) * torch.rsqrt(variance + self.epsilon) * self.weight + self.bias
