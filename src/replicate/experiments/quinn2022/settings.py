"""What each profile of the chapter on Quinn and McQueen 2022 trains."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.base import Experiment
from replicate.experiments.quinn2022.configs import (
    AsClassifierConfig,
    AttributesConfig,
    BenchmarksConfig,
    DataConfig,
    FeaturesConfig,
    IonizationConfig,
    RegressionConfig,
    SearchConfig,
    ThresholdsConfig,
)
from replicate.experiments.quinn2022.names import FEATURE_SETS
from replicate.experiments.quinn2022.schedules import (
    BOTH,
    CLASSES_LONG,
    CLASSES_QUICK,
    CLASSES_SHORTER,
    EVERYTHING,
    FEW,
    LONG,
    QUICK,
    SHORTER,
    SOME,
    classification,
    on_cpu,
    regression,
)

DATA_FULL = DataConfig(replace(EVERYTHING, others=0))
DATA_QUICK = DataConfig(replace(SOME, others=0), checked=1_500)
DATA_SMOKE = DataConfig(replace(FEW, others=0), checked=100, files=300)

REGRESSION_FULL = RegressionConfig(seeds=3, network=regression(LONG), compounds=replace(EVERYTHING, others=0))
REGRESSION_ON_CPU = replace(REGRESSION_FULL, network=regression(SHORTER), budget=on_cpu(SHORTER, LONG))
REGRESSION_QUICK = replace(
    REGRESSION_FULL, seeds=2, network=regression(QUICK), compounds=replace(SOME, others=0), three_d=False
)
REGRESSION_SMOKE = replace(
    REGRESSION_QUICK, network=regression(2), compounds=replace(FEW, others=0), small=True
)

THRESHOLDS_FULL = ThresholdsConfig(seeds=3, network=classification(CLASSES_LONG), compounds=EVERYTHING)
THRESHOLDS_ON_CPU = replace(
    THRESHOLDS_FULL, network=classification(CLASSES_SHORTER), budget=on_cpu(CLASSES_SHORTER, CLASSES_LONG)
)
THRESHOLDS_QUICK = replace(
    THRESHOLDS_FULL,
    seeds=2,
    network=classification(CLASSES_QUICK),
    compounds=SOME,
    thresholds=(0, 10, 30),
    parent_split=(0,),
)
THRESHOLDS_SMOKE = replace(
    THRESHOLDS_QUICK,
    network=classification(2),
    compounds=FEW,
    thresholds=(0, 5, 20),
    small=True,
)

CLASSIFIER_BENCHMARKS_FULL = BenchmarksConfig(
    seeds=3,
    network=classification(CLASSES_LONG),
    compounds=EVERYTHING,
    threshold=20,
    training=(2_000, 4_000, 8_000, 12_000, 16_000),
    convolutions=(1, 2, 3, 4, 5, 6),
    batches=(10, 25, 50, 100, 250),
    features=tuple(FEATURE_SETS),
)
BRIEF, BRIEF_CLASSES = 10, 4
CLASSIFIER_BENCHMARKS_ON_CPU = replace(
    CLASSIFIER_BENCHMARKS_FULL,
    network=classification(BRIEF_CLASSES),
    budget=on_cpu(BRIEF_CLASSES, CLASSES_LONG),
)
CLASSIFIER_BENCHMARKS_QUICK = replace(
    CLASSIFIER_BENCHMARKS_FULL,
    seeds=1,
    network=classification(CLASSES_QUICK),
    compounds=SOME,
    training=(500, 1_000),
    convolutions=(1, 3, 5),
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

REGRESSION_BENCHMARKS_FULL = BenchmarksConfig(
    seeds=3,
    network=regression(LONG),
    compounds=replace(EVERYTHING, others=0),
    training=(500, 1_000, 2_000, 4_000, 8_000),
    convolutions=(1, 2, 3, 4, 5, 6, 7),
    epochs=(15, 30, 60, 120, 240),
)
REGRESSION_BENCHMARKS_ON_CPU = replace(
    REGRESSION_BENCHMARKS_FULL,
    network=regression(BRIEF),
    epochs=(5, 10, 20),
    budget=on_cpu(BRIEF, LONG),
)
REGRESSION_BENCHMARKS_QUICK = replace(
    REGRESSION_BENCHMARKS_FULL,
    seeds=1,
    network=regression(QUICK),
    compounds=replace(SOME, others=0),
    training=(250, 500, 1_000),
    convolutions=(1, 3, 5),
    epochs=(5, 10),
)
REGRESSION_BENCHMARKS_SMOKE = replace(
    REGRESSION_BENCHMARKS_QUICK,
    network=regression(1),
    compounds=replace(FEW, others=0),
    training=(100,),
    convolutions=(1, 2),
    epochs=(1, 2),
)

FEATURES_FULL = FeaturesConfig(seeds=3, network=regression(LONG), compounds=replace(EVERYTHING, others=0))
FEATURES_ON_CPU = replace(FEATURES_FULL, network=regression(BRIEF), budget=on_cpu(BRIEF, LONG))
FEATURES_QUICK = replace(
    FEATURES_FULL,
    seeds=1,
    network=regression(QUICK),
    compounds=replace(SOME, others=0),
    features=("group-period", "first-ionization-energy", "covalent-radius", "electronegativity", "all"),
)
FEATURES_SMOKE = replace(
    FEATURES_QUICK,
    network=regression(1),
    compounds=replace(FEW, others=0),
    features=("group-period", "block", "all"),
)

AS_CLASSIFIER_FULL = AsClassifierConfig(
    seeds=3, network=regression(LONG), rival=classification(CLASSES_LONG), compounds=EVERYTHING
)
AS_CLASSIFIER_ON_CPU = replace(
    AS_CLASSIFIER_FULL,
    network=regression(SHORTER),
    rival=classification(CLASSES_SHORTER),
    budget=BOTH,
)
AS_CLASSIFIER_QUICK = replace(
    AS_CLASSIFIER_FULL,
    seeds=2,
    network=regression(QUICK),
    rival=classification(CLASSES_QUICK),
    compounds=SOME,
    tested=700,
)
AS_CLASSIFIER_SMOKE = replace(
    AS_CLASSIFIER_QUICK,
    network=regression(2),
    rival=classification(2),
    compounds=FEW,
    thresholds=(5, 20),
    rivals=(5,),
    tested=70,
)

ATTRIBUTES_FULL = AttributesConfig(seeds=5, network=regression(LONG))
ATTRIBUTES_ON_CPU = replace(ATTRIBUTES_FULL, network=regression(SHORTER), budget=on_cpu(SHORTER, LONG))
ATTRIBUTES_QUICK = replace(ATTRIBUTES_FULL, seeds=2, network=regression(QUICK), pool=12_000)
ATTRIBUTES_SMOKE = replace(ATTRIBUTES_QUICK, network=regression(1), pool=1_500, small=True)

SEARCH_FULL = SearchConfig(
    seeds=3,
    classifier=classification(CLASSES_LONG),
    regression=regression(LONG),
    compounds=EVERYTHING,
)
SEARCH_ON_CPU = replace(
    SEARCH_FULL,
    classifier=classification(CLASSES_SHORTER),
    regression=regression(SHORTER),
    budget=BOTH,
)
SEARCH_QUICK = replace(
    SEARCH_FULL,
    seeds=2,
    classifier=classification(CLASSES_QUICK),
    regression=regression(QUICK),
    compounds=SOME,
    searched=6_000,
)
SEARCH_SMOKE = replace(
    SEARCH_QUICK,
    classifier=classification(1),
    regression=regression(1),
    compounds=FEW,
    searched=1_500,
)

EXPERIMENTS = (
    Experiment(
        id="quinn2022-data",
        configs={"smoke": DATA_SMOKE, "quick": DATA_QUICK, "full": DATA_FULL},
        function="quinn2022.data:run_data",
        cost={"quick": "1 min", "full": "3 min"},
    ),
    Experiment(
        id="quinn2022-thresholds",
        configs={"smoke": THRESHOLDS_SMOKE, "quick": THRESHOLDS_QUICK, "full": THRESHOLDS_FULL},
        on_cpu=THRESHOLDS_ON_CPU,
        function="quinn2022.thresholds:run_thresholds",
        cost={"quick": "1 min", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-classifier-benchmarks",
        configs={
            "smoke": CLASSIFIER_BENCHMARKS_SMOKE,
            "quick": CLASSIFIER_BENCHMARKS_QUICK,
            "full": CLASSIFIER_BENCHMARKS_FULL,
        },
        on_cpu=CLASSIFIER_BENCHMARKS_ON_CPU,
        function="quinn2022.benchmarks:run_classifier_benchmarks",
        cost={"quick": "1 min", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-regression",
        configs={"smoke": REGRESSION_SMOKE, "quick": REGRESSION_QUICK, "full": REGRESSION_FULL},
        on_cpu=REGRESSION_ON_CPU,
        function="quinn2022.regression:run_regression",
        cost={"quick": "2 min", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-features",
        configs={"smoke": FEATURES_SMOKE, "quick": FEATURES_QUICK, "full": FEATURES_FULL},
        on_cpu=FEATURES_ON_CPU,
        function="quinn2022.features:run_features",
        cost={"quick": "2 min", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-ionization",
        configs={
            "smoke": IonizationConfig(replace(FEW, others=0)),
            "quick": IonizationConfig(replace(SOME, others=0)),
            "full": IonizationConfig(replace(EVERYTHING, others=0)),
        },
        function="quinn2022.ionization:run_ionization",
        cost={"quick": "30 s", "full": "1 min"},
    ),
    Experiment(
        id="quinn2022-regression-benchmarks",
        after=("quinn2022-regression",),
        configs={
            "smoke": REGRESSION_BENCHMARKS_SMOKE,
            "quick": REGRESSION_BENCHMARKS_QUICK,
            "full": REGRESSION_BENCHMARKS_FULL,
        },
        on_cpu=REGRESSION_BENCHMARKS_ON_CPU,
        function="quinn2022.benchmarks:run_regression_benchmarks",
        cost={"quick": "1 min", "full": "90 min"},
    ),
    Experiment(
        id="quinn2022-regression-as-classifier",
        after=("quinn2022-thresholds", "quinn2022-regression"),
        configs={"smoke": AS_CLASSIFIER_SMOKE, "quick": AS_CLASSIFIER_QUICK, "full": AS_CLASSIFIER_FULL},
        on_cpu=AS_CLASSIFIER_ON_CPU,
        function="quinn2022.as_classifier:run_as_classifier",
        cost={"quick": "1 min", "full": "30 min"},
    ),
    Experiment(
        id="quinn2022-attributes",
        configs={"smoke": ATTRIBUTES_SMOKE, "quick": ATTRIBUTES_QUICK, "full": ATTRIBUTES_FULL},
        on_cpu=ATTRIBUTES_ON_CPU,
        function="quinn2022.attributes:run_attributes",
        cost={"quick": "30 s", "full": "10 min"},
    ),
    Experiment(
        id="quinn2022-search",
        after=("quinn2022-thresholds", "quinn2022-regression"),
        configs={"smoke": SEARCH_SMOKE, "quick": SEARCH_QUICK, "full": SEARCH_FULL},
        on_cpu=SEARCH_ON_CPU,
        function="quinn2022.search:run_search",
        cost={"quick": "1 min", "full": "40 min"},
    ),
)
