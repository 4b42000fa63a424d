"""What each profile of the chapter on Quinn and McQueen 2022 trains, and on which compounds.

Optimiser, step size and the regression's batch size are not published, and neither is the code; the one-cycle
schedule is that of the other chapters. Published: losses, 2 to 3 convolutions and batches of 25 to 50 for
classifiers, 5 convolutions and fewer than 120 epochs for the regression, nine atom features best.
"""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.quinn2022.configs import (
    COMBINED,
    FEATURE_SETS,
    NETWORK,
    AsClassifierConfig,
    AttributesConfig,
    BenchmarksConfig,
    CompoundsConfig,
    DataConfig,
    FeaturesConfig,
    IonizationConfig,
    RegressionConfig,
    SearchConfig,
    ThresholdsConfig,
)
from replicate.experiments.xie2018.specs import ONE_CYCLE
from replicate.features.atom_features import NINE
from replicate.models.configs import CGCNNConfig

EVERYTHING = CompoundsConfig()
# Parents from the 3DSC's own structures only: no need to read all of the Materials Project.
SOME = CompoundsConfig(superconductors=800, parents=0, others=500, pool=3_000)
FEW = CompoundsConfig(superconductors=500, parents=0, others=150, pool=600)
SUPERCONDUCTORS, SOME_SUPERCONDUCTORS, FEW_SUPERCONDUCTORS = (
    replace(compounds, others=0) for compounds in (EVERYTHING, SOME, FEW)
)

DATA = DataConfig(SUPERCONDUCTORS)
DATA_QUICK = DataConfig(SOME_SUPERCONDUCTORS, checked=300, files=1_000)
DATA_SMOKE = DataConfig(FEW_SUPERCONDUCTORS, checked=50, files=150)
IONIZATION, IONIZATION_QUICK, IONIZATION_SMOKE = map(
    IonizationConfig, (SUPERCONDUCTORS, SOME_SUPERCONDUCTORS, FEW_SUPERCONDUCTORS)
)

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


# 0 and 30 K are used again by the search and with the regression; 20 K has a split by parent.
THRESHOLDS = ThresholdsConfig(
    seeds=3,
    network=classification(CLASSES_LONG),
    compounds=EVERYTHING,
    brief=(5, 10, 15, 40, 50),
    brief_epochs=CLASSES_COMPARED,
)
THRESHOLDS_ON_CPU = replace(THRESHOLDS, network=classification(CLASSES_SHORTER), brief=(), brief_epochs=0)
THRESHOLDS_QUICK = replace(
    THRESHOLDS,
    seeds=2,
    network=classification(CLASSES_QUICK),
    compounds=SOME,
    thresholds=(0, 10, 30),
    parent_split=(0,),
    brief=(),
    small=True,
)
THRESHOLDS_SMOKE = replace(THRESHOLDS_QUICK, network=classification(1), compounds=FEW, thresholds=(0, 5, 20))

CLASSIFIER_BENCHMARKS = BenchmarksConfig(
    seeds=3,
    network=classification(CLASSES_COMPARED),
    compounds=EVERYTHING,
    threshold=20,
    training=(2_000, 4_000, 8_000, 12_000, 16_000),
    convolutions=(2, 3, 4, 5),
    batches=(25, 50, 100, 250),
    features=tuple(FEATURE_SETS),
)
CLASSIFIER_BENCHMARKS_ON_CPU = replace(
    CLASSIFIER_BENCHMARKS,
    network=classification(CLASSES_BRIEF),
    convolutions=(1, 2, 3, 4, 5, 6),
    batches=(10, 25, 50, 100, 250),
)
CLASSIFIER_BENCHMARKS_QUICK = replace(
    CLASSIFIER_BENCHMARKS,
    seeds=1,
    network=classification(CLASSES_QUICK),
    compounds=SOME,
    training=(200, 400),
    convolutions=(1, 3),
    batches=(25, 100),
    features=("group-period", "block", "all"),
)
CLASSIFIER_BENCHMARKS_SMOKE = replace(
    CLASSIFIER_BENCHMARKS_QUICK,
    network=classification(1),
    compounds=FEW,
    training=(100,),
    convolutions=(1, 2),
    batches=(50,),
    features=("group-period", "all"),
)

REGRESSION = RegressionConfig(seeds=5, network=regression(LONG), compounds=SUPERCONDUCTORS)
REGRESSION_ON_CPU = replace(REGRESSION, seeds=3, network=regression(SHORTER))
REGRESSION_QUICK = replace(
    REGRESSION, seeds=2, network=regression(QUICK), compounds=SOME_SUPERCONDUCTORS, three_d=False, small=True
)
REGRESSION_SMOKE = replace(REGRESSION_QUICK, network=regression(1), compounds=FEW_SUPERCONDUCTORS)

FEATURES = FeaturesConfig(seeds=5, network=regression(COMPARED), compounds=SUPERCONDUCTORS)
FEATURES_ON_CPU = replace(FEATURES, seeds=3, network=regression(BRIEF))
FEATURES_QUICK = FeaturesConfig(
    seeds=1,
    network=regression(QUICK),
    compounds=SOME_SUPERCONDUCTORS,
    features=("group-period", "first-ionization-energy", "covalent-radius", "electronegativity", "all"),
)
FEATURES_SMOKE = replace(
    FEATURES_QUICK,
    network=regression(1),
    compounds=FEW_SUPERCONDUCTORS,
    features=("group-period", "block", "all"),
)

REGRESSION_BENCHMARKS = BenchmarksConfig(
    seeds=3,
    network=regression(COMPARED),
    compounds=SUPERCONDUCTORS,
    training=(1_000, 2_000, 4_000, 8_000),
    convolutions=(3, 4, 5, 6, 7),
    epochs=(15, 30, 60, 120),
)
REGRESSION_BENCHMARKS_ON_CPU = replace(
    REGRESSION_BENCHMARKS,
    network=regression(BRIEF),
    training=(500, 1_000, 2_000, 4_000, 8_000),
    convolutions=(1, 2, 3, 4, 5, 6, 7),
    epochs=(5, 10, 20),
)
REGRESSION_BENCHMARKS_QUICK = BenchmarksConfig(
    seeds=1,
    network=regression(QUICK),
    compounds=SOME_SUPERCONDUCTORS,
    training=(100, 200, 400),
    convolutions=(1, 3, 5),
    epochs=(3, 6),
)
REGRESSION_BENCHMARKS_SMOKE = BenchmarksConfig(
    seeds=1,
    network=regression(1),
    compounds=FEW_SUPERCONDUCTORS,
    training=(100,),
    convolutions=(1, 2),
    epochs=(1, 2),
)

REGRESSION_AS_CLASSIFIER = AsClassifierConfig(
    seeds=3, network=regression(LONG), rival=classification(CLASSES_LONG), compounds=EVERYTHING
)
REGRESSION_AS_CLASSIFIER_ON_CPU = replace(
    REGRESSION_AS_CLASSIFIER, network=regression(SHORTER), rival=classification(CLASSES_SHORTER)
)
REGRESSION_AS_CLASSIFIER_QUICK = AsClassifierConfig(
    seeds=2, network=regression(QUICK), rival=classification(CLASSES_QUICK), compounds=SOME, tested=300
)
REGRESSION_AS_CLASSIFIER_SMOKE = AsClassifierConfig(
    seeds=2,
    network=regression(1),
    rival=classification(1),
    compounds=FEW,
    thresholds=(5, 20),
    rivals=(5,),
    tested=70,
)

SEARCH = SearchConfig(3, classification(CLASSES_LONG), regression(LONG), EVERYTHING)
SEARCH_ON_CPU = SearchConfig(3, classification(CLASSES_SHORTER), regression(SHORTER), EVERYTHING)
SEARCH_QUICK = SearchConfig(2, classification(CLASSES_QUICK), regression(QUICK), SOME, searched=3_000)
SEARCH_SMOKE = SearchConfig(2, classification(1), regression(1), FEW, searched=600)

ATTRIBUTES = AttributesConfig(seeds=5, network=regression(LONG))
ATTRIBUTES_ON_CPU = replace(ATTRIBUTES, network=regression(SHORTER))
ATTRIBUTES_QUICK = AttributesConfig(seeds=2, network=regression(QUICK), pool=3_000, small=True)
ATTRIBUTES_SMOKE = replace(ATTRIBUTES_QUICK, network=regression(1), pool=600)
