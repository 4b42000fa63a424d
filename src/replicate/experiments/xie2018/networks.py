"""Both convolutions and the schedules they are trained with."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.xie2018.names import GATED, SHARED
from replicate.models.configs import CGCNNConfig
from replicate.training.config import OPTIMISERS, FitConfig

# The settings inside the released checkpoints: four convolutions of 64, 32 behind the pooling.
EQ5 = CGCNNConfig()
# Eq. 4 with the pooling the supplement pairs it with (Eqs. S11-S13), and as the paper has it: nothing is normalised.
EQ4 = CGCNNConfig(convolution="eq4", pooling="softmax", hidden=(128, 128), batch_norm=False)
# With the normalisation that the released code has for Eq. 5.
EQ4_NORMALISED = replace(EQ4, batch_norm=True)

RELEASED = FitConfig(
    epochs=1000,
    loss="mse",
    batch_size=256,
    optimizer="sgd",
    learning_rate=0.02,
    schedule="step",
    standardise=True,
)
ONE_CYCLE = FitConfig(
    epochs=40,
    loss="mae",
    batch_size=128,
    optimizer="adamw",
    learning_rate=5e-3,
    schedule="one-cycle",
    weight_decay=1e-2,
    standardise=True,
)


def both(fit: FitConfig, eq4: CGCNNConfig = EQ4) -> tuple[CrystalNetwork, ...]:
    """Return both convolutions with one schedule."""
    return CrystalNetwork(GATED, EQ5, fit), CrystalNetwork(SHARED, eq4, fit)


def on_cpu(fit: FitConfig, paper: int = 1000, also: FitConfig | None = None) -> str:
    """Return the sentence that says what a processor's training falls short of."""
    large = "" if also is None else f" ({also.epochs} for formation energies and band gaps)"
    return (
        f"trained on a processor: {fit.epochs} epochs{large} of a {fit.schedule} schedule "
        f"({OPTIMISERS[fit.optimizer]}) instead of the authors' {paper:,} ({OPTIMISERS[RELEASED.optimizer]})"
    )
