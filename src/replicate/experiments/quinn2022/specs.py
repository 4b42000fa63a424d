"""What each profile of the chapter on Quinn and McQueen 2022 trains, and on which compounds.

Optimiser, step size and the regression's batch size are not published, and neither is the code; the one-cycle
schedule is that of the other chapters. Published: losses, 2 to 3 convolutions and batches of 25 to 50 for
classifiers, 5 convolutions and fewer than 120 epochs for the regression, nine atom features best.
"""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.configs import CrystalNetwork, Profiles, profiles
from replicate.experiments.quinn2022 import configs
from replicate.experiments.quinn2022.configs import COMBINED, FEATURE_SETS, NETWORK
from replicate.experiments.xie2018.specs import ONE_CYCLE
from replicate.features.atom_features import NINE
from replicate.models.configs import CGCNNConfig

# Parents of short runs from the 3DSC's own structures only: no need to read all of the Materials Project.
COMPOUNDS = profiles(
    configs.CompoundsConfig,
    superconductors=[None, 800, 500],
    parents=[None, 0],
    others=[12_000, 500, 150],
    pool=[None, 3_000, 600],
)
SUPERCONDUCTORS = COMPOUNDS.replace(others=0)
DATA = profiles(configs.DataConfig, compounds=SUPERCONDUCTORS, checked=[None, 300, 50], files=[None, 1_000, 150])
IONIZATION = profiles(configs.IonizationConfig, compounds=SUPERCONDUCTORS)

REGRESSOR = CGCNNConfig(atom_features=NINE, convolutions=5)
CLASSIFIER = CGCNNConfig(atom_features=NINE, convolutions=3, dropout=0.5, output="logit")

# Epochs on a GPU, on a processor, and in the quick profile.
LONG, SHORTER, QUICK = 120, 40, 5
CLASSES_LONG, CLASSES_SHORTER, CLASSES_QUICK = 60, 12, 3
# Where many settings are compared; the paper gives no number of epochs for these.
COMPARED, CLASSES_COMPARED = 40, 20
BRIEF, CLASSES_BRIEF = 10, 4


def regression(epochs: int) -> CrystalNetwork:
    """Return the network of the regression models."""
    return CrystalNetwork(COMBINED, REGRESSOR, replace(ONE_CYCLE, epochs=epochs, batch_size=64))


def classification(epochs: int) -> CrystalNetwork:
    """Return the network of the classifiers."""
    fit = replace(ONE_CYCLE, epochs=epochs, loss="bce", batch_size=50, standardise=False)
    return CrystalNetwork(NETWORK, CLASSIFIER, fit)


REGRESSIONS = Profiles(*map(regression, (LONG, SHORTER, QUICK, 1)))
# With the paper's budget on a processor too.
_LONG_REGRESSIONS = [regression(epochs) for epochs in (LONG, QUICK, 1)]
CLASSIFICATIONS = Profiles(*map(classification, (CLASSES_LONG, CLASSES_SHORTER, CLASSES_QUICK, 1)))
# Where many settings are compared.
_REGRESSIONS = Profiles(*map(regression, (COMPARED, BRIEF, QUICK, 1)))
_CLASSIFICATIONS = Profiles(*map(classification, (CLASSES_COMPARED, CLASSES_BRIEF, CLASSES_QUICK, 1)))

# 0 and 30 K are used again by the search and with the regression; 20 K has a split by parent.
THRESHOLDS = profiles(
    configs.ThresholdsConfig,
    seeds=[3, 2],
    network=CLASSIFICATIONS,
    compounds=COMPOUNDS,
    thresholds=[(0, 5, 10, 15, 20, 30, 40, 50), (0, 10, 30), (0, 5, 20)],
    parent_split=[(0, 20), (0,)],
    brief=[(5, 10, 15, 40, 50), (), (), ()],
    brief_epochs=[CLASSES_COMPARED, 0, CLASSES_COMPARED, CLASSES_COMPARED],
    small=[False, True],
)
CLASSIFIER_BENCHMARKS = profiles(
    configs.BenchmarksConfig,
    seeds=[3, 1],
    network=_CLASSIFICATIONS,
    compounds=COMPOUNDS,
    threshold=20,
    training=[(2_000, 4_000, 8_000, 12_000, 16_000), (200, 400), (100,)],
    convolutions=[(2, 3, 4, 5), (1, 2, 3, 4, 5, 6), (1, 3), (1, 2)],
    batches=[(25, 50, 100, 250), (10, 25, 50, 100, 250), (25, 100), (50,)],
    features=[tuple(FEATURE_SETS), ("group-period", "block", "all"), ("group-period", "all")],
)
REGRESSION = profiles(
    configs.RegressionConfig,
    seeds=[5, 2],
    network=_LONG_REGRESSIONS,
    compounds=SUPERCONDUCTORS,
    three_d=[True, False],
    small=[False, True],
)
FEATURES = profiles(
    configs.FeaturesConfig,
    seeds=[5, 3, 1, 1],
    network=_REGRESSIONS,
    compounds=SUPERCONDUCTORS,
    features=[
        tuple(FEATURE_SETS),
        ("group-period", "first-ionization-energy", "covalent-radius", "electronegativity", "all"),
        ("group-period", "block", "all"),
    ],
)
REGRESSION_BENCHMARKS = profiles(
    configs.BenchmarksConfig,
    seeds=[3, 1],
    network=_REGRESSIONS,
    compounds=SUPERCONDUCTORS,
    training=[(1_000, 2_000, 4_000, 8_000), (500, 1_000, 2_000, 4_000, 8_000), (100, 200, 400), (100,)],
    convolutions=[(3, 4, 5, 6, 7), (1, 2, 3, 4, 5, 6, 7), (1, 3, 5), (1, 2)],
    epochs=[(15, 30, 60, 120), (5, 10, 20), (3, 6), (1, 2)],
)
REGRESSION_AS_CLASSIFIER = profiles(
    configs.AsClassifierConfig,
    seeds=[3, 2],
    network=REGRESSIONS,
    rival=CLASSIFICATIONS,
    compounds=COMPOUNDS,
    thresholds=[(5, 10, 15, 20, 25, 30, 40, 50), (5, 10, 15, 20, 25, 30, 40, 50), (5, 20)],
    rivals=[(30,), (30,), (5,)],
    tested=[2_500, 300, 70],
)
SEARCH = profiles(
    configs.SearchConfig,
    seeds=[3, 2],
    classifier=CLASSIFICATIONS,
    regression=REGRESSIONS,
    compounds=COMPOUNDS,
    searched=[None, 3_000, 600],
)
ATTRIBUTES = profiles(
    configs.AttributesConfig,
    seeds=[5, 2],
    network=_LONG_REGRESSIONS,
    pool=[None, 3_000, 600],
    small=[False, True],
)
