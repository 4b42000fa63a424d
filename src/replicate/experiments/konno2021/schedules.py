"""How long the networks of the chapter on Konno et al. 2021 are trained.

No training script, optimiser, loss or schedule of the paper is public, so these are ours: the squared error
in kelvin behind a ReLU, cross-entropy for classes, a one-cycle schedule, selection on validation rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from replicate.experiments.configs import Network
from replicate.models.configs import PeriodicResNetConfig
from replicate.training.config import FitConfig

# Some 60 passes over the superconductors and 15 over superconductors and COD, as long as validation gains.
FIT = FitConfig(
    epochs=60,
    loss="mse",
    batch_size=128,
    optimizer="adamw",
    learning_rate=3e-3,
    schedule="one-cycle",
    weight_decay=1e-2,
    standardise=False,
    precision="bfloat16",
)
# Where the COD's forty thousand compositions come on top.
MIXED = replace(FIT, epochs=15)
# On a laptop without bfloat16 arithmetic half precision is the slower one.
SHORT = replace(FIT, epochs=8, batch_size=32, precision="float32")
SHORTEST = replace(SHORT, epochs=1)


def thinner(networks: Iterable[Network]) -> tuple[Network, ...]:
    """Return networks with one of the published residual blocks, a fifth of the time, for the short profiles."""
    found = []
    for network in networks:
        model = network.model
        assert isinstance(model, PeriodicResNetConfig)
        model = replace(model, blocks=min(model.blocks, 1), residual_stages=False)
        found.append(replace(network, model=model))
    return tuple(found)
