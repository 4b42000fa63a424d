"""Compounds, networks and schedules of the chapter on Quinn and McQueen 2022, and what each profile trains.

Optimiser, step size and the regression's batch size are not published, and neither is the code; the one-cycle
schedule is that of the other chapters. Published: losses, 2 to 3 convolutions and batches of 25 to 50 for
classifiers, 5 convolutions and fewer than 120 epochs for the regression, nine atom features best.
"""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.core import Experiment
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
from replicate.features.atom_features import NINE
from replicate.models.configs import CGCNNConfig
from replicate.training.config import FitConfig

EVERYTHING = CompoundsConfig()
# Parents from the 3DSC's own structures only: no need to read all of the Materials Project.
SOME = CompoundsConfig(superconductors=800, parents=0, others=500, pool=3_000)
FEW = CompoundsConfig(superconductors=500, parents=0, others=150, pool=600)
SUPERCONDUCTORS, SOME_SUPERCONDUCTORS, FEW_SUPERCONDUCTORS = (
    replace(compounds, others=0) for compounds in (EVERYTHING, SOME, FEW)
)

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

# Epochs on a GPU, on a processor, and in the quick profile.
LONG, SHORTER, QUICK = FIT.epochs, 40, 5
CLASSES_LONG, CLASSES_SHORTER, CLASSES_QUICK = CLASSES_FIT.epochs, 12, 3
# Where many settings are compared; the paper gives no number of epochs for these.
COMPARED, CLASSES_COMPARED = 40, 20
BRIEF, CLASSES_BRIEF = 10, 4


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


BOTH_ON_CPU = (
    f"trained on a processor: {SHORTER} epochs instead of {LONG} (regression), "
    f"{CLASSES_SHORTER} instead of {CLASSES_LONG} (classes)"
)

DATA_SMOKE = DataConfig(FEW_SUPERCONDUCTORS, checked=50, files=150)
DATA_QUICK = DataConfig(SOME_SUPERCONDUCTORS, checked=300, files=1_000)

# 0 and 30 K are used again by the search and with the regression; 20 K has a split by parent.
THRESHOLDS = ThresholdsConfig(
    3, classification(CLASSES_LONG), EVERYTHING, brief=(5, 10, 15, 40, 50), brief_epochs=CLASSES_COMPARED
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

CLASS_BENCHMARKS = BenchmarksConfig(
    seeds=3,
    network=classification(CLASSES_COMPARED),
    compounds=EVERYTHING,
    threshold=20,
    training=(2_000, 4_000, 8_000, 12_000, 16_000),
    convolutions=(2, 3, 4, 5),
    batches=(25, 50, 100, 250),
    features=tuple(FEATURE_SETS),
)
CLASS_BENCHMARKS_ON_CPU = replace(
    CLASS_BENCHMARKS,
    network=classification(CLASSES_BRIEF),
    convolutions=(1, 2, 3, 4, 5, 6),
    batches=(10, 25, 50, 100, 250),
)
CLASS_BENCHMARKS_QUICK = replace(
    CLASS_BENCHMARKS,
    seeds=1,
    network=classification(CLASSES_QUICK),
    compounds=SOME,
    training=(200, 400),
    convolutions=(1, 3),
    batches=(25, 100),
    features=("group-period", "block", "all"),
)
CLASS_BENCHMARKS_SMOKE = replace(
    CLASS_BENCHMARKS_QUICK,
    network=classification(1),
    compounds=FEW,
    training=(100,),
    convolutions=(1, 2),
    batches=(50,),
    features=("group-period", "all"),
)

REGRESSION = RegressionConfig(seeds=5, network=regression(LONG), compounds=SUPERCONDUCTORS)
REGRESSION_QUICK = replace(
    REGRESSION, seeds=2, network=regression(QUICK), compounds=SOME_SUPERCONDUCTORS, three_d=False, small=True
)
REGRESSION_SMOKE = replace(REGRESSION_QUICK, network=regression(1), compounds=FEW_SUPERCONDUCTORS)

FEATURES = FeaturesConfig(seeds=5, network=regression(COMPARED), compounds=SUPERCONDUCTORS)
FEATURES_QUICK = replace(
    FEATURES,
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

BENCHMARKS = BenchmarksConfig(
    seeds=3,
    network=regression(COMPARED),
    compounds=SUPERCONDUCTORS,
    training=(1_000, 2_000, 4_000, 8_000),
    convolutions=(3, 4, 5, 6, 7),
    epochs=(15, 30, 60, 120),
)
BENCHMARKS_ON_CPU = replace(
    BENCHMARKS,
    network=regression(BRIEF),
    training=(500, 1_000, 2_000, 4_000, 8_000),
    convolutions=(1, 2, 3, 4, 5, 6, 7),
    epochs=(5, 10, 20),
)
BENCHMARKS_QUICK = replace(
    BENCHMARKS,
    seeds=1,
    network=regression(QUICK),
    compounds=SOME_SUPERCONDUCTORS,
    training=(100, 200, 400),
    convolutions=(1, 3, 5),
    epochs=(3, 6),
)
BENCHMARKS_SMOKE = replace(
    BENCHMARKS_QUICK,
    network=regression(1),
    compounds=FEW_SUPERCONDUCTORS,
    training=(100,),
    convolutions=(1, 2),
    epochs=(1, 2),
)

AS_CLASSIFIER = AsClassifierConfig(3, regression(LONG), classification(CLASSES_LONG), EVERYTHING)
AS_CLASSIFIER_ON_CPU = replace(
    AS_CLASSIFIER, network=regression(SHORTER), rival=classification(CLASSES_SHORTER)
)
AS_CLASSIFIER_QUICK = AsClassifierConfig(
    2, regression(QUICK), classification(CLASSES_QUICK), SOME, tested=300
)
AS_CLASSIFIER_SMOKE = AsClassifierConfig(
    2, regression(1), classification(1), FEW, thresholds=(5, 20), rivals=(5,), tested=70
)

ATTRIBUTES = AttributesConfig(seeds=5, network=regression(LONG))
ATTRIBUTES_ON_CPU = replace(ATTRIBUTES, network=regression(SHORTER))
ATTRIBUTES_QUICK = AttributesConfig(seeds=2, network=regression(QUICK), pool=3_000, small=True)
ATTRIBUTES_SMOKE = replace(ATTRIBUTES_QUICK, network=regression(1), pool=600)

SEARCH = SearchConfig(3, classification(CLASSES_LONG), regression(LONG), EVERYTHING)
SEARCH_ON_CPU = SearchConfig(3, classification(CLASSES_SHORTER), regression(SHORTER), EVERYTHING)
SEARCH_QUICK = SearchConfig(2, classification(CLASSES_QUICK), regression(QUICK), SOME, searched=3_000)
SEARCH_SMOKE = SearchConfig(2, classification(1), regression(1), FEW, searched=600)

EXPERIMENTS = (
    Experiment(
        id="quinn2022-data",
        configs={"smoke": DATA_SMOKE, "quick": DATA_QUICK, "full": DataConfig(SUPERCONDUCTORS)},
        function="quinn2022.data:run_data",
        cost={"quick": "20 s", "full": "3 min"},
    ),
    Experiment(
        id="quinn2022-thresholds",
        configs={"smoke": THRESHOLDS_SMOKE, "quick": THRESHOLDS_QUICK, "full": THRESHOLDS},
        on_cpu=THRESHOLDS_ON_CPU,
        budget=on_cpu(CLASSES_SHORTER, CLASSES_LONG),
        function="quinn2022.thresholds:run_thresholds",
        cost={"quick": "20 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-classifier-benchmarks",
        configs={"smoke": CLASS_BENCHMARKS_SMOKE, "quick": CLASS_BENCHMARKS_QUICK, "full": CLASS_BENCHMARKS},
        on_cpu=CLASS_BENCHMARKS_ON_CPU,
        budget=on_cpu(CLASSES_BRIEF, CLASSES_COMPARED),
        function="quinn2022.comparisons:run_classifier_benchmarks",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-regression",
        configs={"smoke": REGRESSION_SMOKE, "quick": REGRESSION_QUICK, "full": REGRESSION},
        on_cpu=replace(REGRESSION, seeds=3, network=regression(SHORTER)),
        budget=on_cpu(SHORTER, LONG, (3, REGRESSION.seeds)),
        function="quinn2022.regression:run_regression",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-features",
        configs={"smoke": FEATURES_SMOKE, "quick": FEATURES_QUICK, "full": FEATURES},
        on_cpu=replace(FEATURES, seeds=3, network=regression(BRIEF)),
        budget=on_cpu(BRIEF, COMPARED, (3, FEATURES.seeds)),
        function="quinn2022.comparisons:run_features",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-ionization",
        configs={
            "smoke": IonizationConfig(FEW_SUPERCONDUCTORS),
            "quick": IonizationConfig(SOME_SUPERCONDUCTORS),
            "full": IonizationConfig(SUPERCONDUCTORS),
        },
        function="quinn2022.ionization:run_ionization",
        cost={"quick": "5 s", "full": "1 min"},
    ),
    Experiment(
        id="quinn2022-regression-benchmarks",
        after=("quinn2022-regression",),
        configs={"smoke": BENCHMARKS_SMOKE, "quick": BENCHMARKS_QUICK, "full": BENCHMARKS},
        on_cpu=BENCHMARKS_ON_CPU,
        budget=on_cpu(BRIEF, COMPARED),
        function="quinn2022.comparisons:run_regression_benchmarks",
        cost={"quick": "10 s", "full": "90 min"},
    ),
    Experiment(
        id="quinn2022-regression-as-classifier",
        after=("quinn2022-thresholds", "quinn2022-regression"),
        configs={"smoke": AS_CLASSIFIER_SMOKE, "quick": AS_CLASSIFIER_QUICK, "full": AS_CLASSIFIER},
        on_cpu=AS_CLASSIFIER_ON_CPU,
        budget=BOTH_ON_CPU,
        function="quinn2022.thresholds:run_as_classifier",
        cost={"quick": "10 s", "full": "30 min"},
    ),
    Experiment(
        id="quinn2022-attributes",
        configs={"smoke": ATTRIBUTES_SMOKE, "quick": ATTRIBUTES_QUICK, "full": ATTRIBUTES},
        on_cpu=ATTRIBUTES_ON_CPU,
        budget=on_cpu(SHORTER, LONG),
        function="quinn2022.comparisons:run_attributes",
        cost={"quick": "10 s", "full": "10 min"},
    ),
    Experiment(
        id="quinn2022-search",
        after=("quinn2022-thresholds", "quinn2022-regression"),
        configs={"smoke": SEARCH_SMOKE, "quick": SEARCH_QUICK, "full": SEARCH},
        on_cpu=SEARCH_ON_CPU,
        budget=BOTH_ON_CPU,
        function="quinn2022.search:run_search",
        cost={"quick": "10 s", "full": "40 min"},
    ),
)
