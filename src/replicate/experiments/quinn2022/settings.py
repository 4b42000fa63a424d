"""What each profile of the chapter on Quinn and McQueen 2022 trains."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.core import Experiment
from replicate.experiments.quinn2022.benchmark_settings import (
    BRIEF,
    BRIEF_CLASSES,
    CLASSIFIER_BENCHMARKS_FULL,
    CLASSIFIER_BENCHMARKS_ON_CPU,
    CLASSIFIER_BENCHMARKS_QUICK,
    CLASSIFIER_BENCHMARKS_SMOKE,
    FEATURES_FULL,
    FEATURES_ON_CPU,
    FEATURES_QUICK,
    FEATURES_SMOKE,
    REGRESSION_BENCHMARKS_FULL,
    REGRESSION_BENCHMARKS_ON_CPU,
    REGRESSION_BENCHMARKS_QUICK,
    REGRESSION_BENCHMARKS_SMOKE,
)
from replicate.experiments.quinn2022.configs import (
    AsClassifierConfig,
    AttributesConfig,
    DataConfig,
    IonizationConfig,
    RegressionConfig,
    SearchConfig,
    ThresholdsConfig,
)
from replicate.experiments.quinn2022.schedules import (
    BOTH,
    CLASSES_COMPARED,
    CLASSES_LONG,
    CLASSES_QUICK,
    CLASSES_SHORTER,
    COMPARED,
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
DATA_QUICK = DataConfig(replace(SOME, others=0), checked=300, files=1_000)
DATA_SMOKE = DataConfig(replace(FEW, others=0), checked=50, files=150)

REGRESSION_FULL = RegressionConfig(seeds=5, network=regression(LONG), compounds=replace(EVERYTHING, others=0))
REGRESSION_ON_CPU = replace(
    REGRESSION_FULL,
    seeds=3,
    network=regression(SHORTER),
)
REGRESSION_QUICK = replace(
    REGRESSION_FULL,
    seeds=2,
    network=regression(QUICK),
    compounds=replace(SOME, others=0),
    three_d=False,
    small=True,
)
REGRESSION_SMOKE = replace(REGRESSION_QUICK, network=regression(1), compounds=replace(FEW, others=0))

# 0 and 30 K are asked about again by the search and beside the regression; 20 K has a split by parent.
THRESHOLDS_FULL = ThresholdsConfig(
    seeds=3,
    network=classification(CLASSES_LONG),
    compounds=EVERYTHING,
    brief=(5, 10, 15, 40, 50),
    brief_epochs=CLASSES_COMPARED,
)
THRESHOLDS_ON_CPU = replace(
    THRESHOLDS_FULL,
    network=classification(CLASSES_SHORTER),
    brief=(),
    brief_epochs=0,
)
THRESHOLDS_QUICK = replace(
    THRESHOLDS_FULL,
    seeds=2,
    network=classification(CLASSES_QUICK),
    compounds=SOME,
    thresholds=(0, 10, 30),
    parent_split=(0,),
    brief=(),
    small=True,
)
THRESHOLDS_SMOKE = replace(
    THRESHOLDS_QUICK,
    network=classification(1),
    compounds=FEW,
    thresholds=(0, 5, 20),
)

AS_CLASSIFIER_FULL = AsClassifierConfig(
    seeds=3, network=regression(LONG), rival=classification(CLASSES_LONG), compounds=EVERYTHING
)
AS_CLASSIFIER_ON_CPU = replace(
    AS_CLASSIFIER_FULL,
    network=regression(SHORTER),
    rival=classification(CLASSES_SHORTER),
)
AS_CLASSIFIER_QUICK = replace(
    AS_CLASSIFIER_FULL,
    seeds=2,
    network=regression(QUICK),
    rival=classification(CLASSES_QUICK),
    compounds=SOME,
    tested=300,
)
AS_CLASSIFIER_SMOKE = replace(
    AS_CLASSIFIER_QUICK,
    network=regression(1),
    rival=classification(1),
    compounds=FEW,
    thresholds=(5, 20),
    rivals=(5,),
    tested=70,
)

ATTRIBUTES_FULL = AttributesConfig(seeds=5, network=regression(LONG))
ATTRIBUTES_ON_CPU = replace(ATTRIBUTES_FULL, network=regression(SHORTER))
ATTRIBUTES_QUICK = replace(ATTRIBUTES_FULL, seeds=2, network=regression(QUICK), pool=3_000, small=True)
ATTRIBUTES_SMOKE = replace(ATTRIBUTES_QUICK, network=regression(1), pool=600)

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
)
SEARCH_QUICK = replace(
    SEARCH_FULL,
    seeds=2,
    classifier=classification(CLASSES_QUICK),
    regression=regression(QUICK),
    compounds=SOME,
    searched=3_000,
)
SEARCH_SMOKE = replace(
    SEARCH_QUICK,
    classifier=classification(1),
    regression=regression(1),
    compounds=FEW,
    searched=600,
)

EXPERIMENTS = (
    Experiment(
        id="quinn2022-data",
        configs={"smoke": DATA_SMOKE, "quick": DATA_QUICK, "full": DATA_FULL},
        function="quinn2022.data:run_data",
        cost={"quick": "20 s", "full": "3 min"},
    ),
    Experiment(
        id="quinn2022-thresholds",
        configs={"smoke": THRESHOLDS_SMOKE, "quick": THRESHOLDS_QUICK, "full": THRESHOLDS_FULL},
        on_cpu=THRESHOLDS_ON_CPU,
        budget=on_cpu(CLASSES_SHORTER, CLASSES_LONG),
        function="quinn2022.thresholds:run_thresholds",
        cost={"quick": "20 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-classifier-benchmarks",
        configs={
            "smoke": CLASSIFIER_BENCHMARKS_SMOKE,
            "quick": CLASSIFIER_BENCHMARKS_QUICK,
            "full": CLASSIFIER_BENCHMARKS_FULL,
        },
        on_cpu=CLASSIFIER_BENCHMARKS_ON_CPU,
        budget=on_cpu(BRIEF_CLASSES, CLASSES_COMPARED),
        function="quinn2022.benchmarks:run_classifier_benchmarks",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-regression",
        configs={"smoke": REGRESSION_SMOKE, "quick": REGRESSION_QUICK, "full": REGRESSION_FULL},
        on_cpu=REGRESSION_ON_CPU,
        budget=on_cpu(SHORTER, LONG, (3, REGRESSION_FULL.seeds)),
        function="quinn2022.regression:run_regression",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-features",
        configs={"smoke": FEATURES_SMOKE, "quick": FEATURES_QUICK, "full": FEATURES_FULL},
        on_cpu=FEATURES_ON_CPU,
        budget=on_cpu(BRIEF, COMPARED, (3, FEATURES_FULL.seeds)),
        function="quinn2022.features:run_features",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-ionization",
        configs={
            "smoke": IonizationConfig(replace(FEW, others=0)),
            "quick": IonizationConfig(replace(SOME, others=0)),
            "full": IonizationConfig(replace(EVERYTHING, others=0)),
        },
        function="quinn2022.ionization:run_ionization",
        cost={"quick": "5 s", "full": "1 min"},
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
        budget=on_cpu(BRIEF, COMPARED),
        function="quinn2022.benchmarks:run_regression_benchmarks",
        cost={"quick": "10 s", "full": "90 min"},
    ),
    Experiment(
        id="quinn2022-regression-as-classifier",
        after=("quinn2022-thresholds", "quinn2022-regression"),
        configs={"smoke": AS_CLASSIFIER_SMOKE, "quick": AS_CLASSIFIER_QUICK, "full": AS_CLASSIFIER_FULL},
        on_cpu=AS_CLASSIFIER_ON_CPU,
        budget=BOTH,
        function="quinn2022.as_classifier:run_as_classifier",
        cost={"quick": "10 s", "full": "30 min"},
    ),
    Experiment(
        id="quinn2022-attributes",
        configs={"smoke": ATTRIBUTES_SMOKE, "quick": ATTRIBUTES_QUICK, "full": ATTRIBUTES_FULL},
        on_cpu=ATTRIBUTES_ON_CPU,
        budget=on_cpu(SHORTER, LONG),
        function="quinn2022.attributes:run_attributes",
        cost={"quick": "10 s", "full": "10 min"},
    ),
    Experiment(
        id="quinn2022-search",
        after=("quinn2022-thresholds", "quinn2022-regression"),
        configs={"smoke": SEARCH_SMOKE, "quick": SEARCH_QUICK, "full": SEARCH_FULL},
        on_cpu=SEARCH_ON_CPU,
        budget=BOTH,
        function="quinn2022.search:run_search",
        cost={"quick": "10 s", "full": "40 min"},
    ),
)
