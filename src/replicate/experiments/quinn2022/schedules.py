"""Compounds, networks and schedules that the experiments of this chapter share.

Optimiser, step size and the regression's batch size are not published, and neither is the code; the one-cycle
schedule is that of the other chapters. Published: losses, 2 to 3 convolutions and batches of 25 to 50 for
classifiers, 5 convolutions and fewer than 120 epochs for the regression, nine atom features best.
"""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.quinn2022.configs import CompoundsConfig
from replicate.experiments.quinn2022.names import COMBINED, NETWORK
from replicate.features.atom_features import NINE
from replicate.models.configs import CGCNNConfig
from replicate.training.config import FitConfig

EVERYTHING = CompoundsConfig()
# Parents from the 3DSC's own structures only: no need to read all of the Materials Project.
SOME = CompoundsConfig(superconductors=800, parents=0, others=500, pool=3_000)
FEW = CompoundsConfig(superconductors=500, parents=0, others=150, pool=600)

REGRESSOR = CGCNNConfig(atom_features=NINE, convolutions=5)
CLASSIFIER = CGCNNConfig(atom_features=NINE, convolutions=3, dropout=0.5, output="logit")
FIT = FitConfig(
    epochs=120,
    loss="mae",
    batch_size=64,
    optimizer="adamw",
    learning_rate=5e-3,
    schedule="one-cycle",
    weight_decay=1e-2,
    standardise=True,
)
CLASSES_FIT = replace(FIT, epochs=60, loss="bce", batch_size=50, standardise=False)


def regression(epochs: int) -> CrystalNetwork:
    """Return the network of the regression models."""
    return CrystalNetwork(COMBINED, REGRESSOR, replace(FIT, epochs=epochs))


def classification(epochs: int) -> CrystalNetwork:
    """Return the network of the classifiers."""
    return CrystalNetwork(NETWORK, CLASSIFIER, replace(CLASSES_FIT, epochs=epochs))


def on_cpu(epochs: int, whole: int, networks: tuple[int, int] | None = None) -> str:
    """Return the sentence that says what a processor's training falls short of, in epochs and number of networks."""
    fewer = "" if networks is None else f", {networks[0]} networks instead of {networks[1]}"
    return f"trained on a processor: {epochs} epochs instead of {whole}{fewer}"


# Epochs on a GPU, on a processor, and in the quick profile.
LONG, SHORTER, QUICK = FIT.epochs, 40, 5
CLASSES_LONG, CLASSES_SHORTER, CLASSES_QUICK = CLASSES_FIT.epochs, 12, 3
# Where many settings are compared; the paper gives no number of epochs for these.
COMPARED, CLASSES_COMPARED = 40, 20
BOTH = (
    f"trained on a processor: {SHORTER} epochs instead of {LONG} (regression), "
    f"{CLASSES_SHORTER} instead of {CLASSES_LONG} (classes)"
)
