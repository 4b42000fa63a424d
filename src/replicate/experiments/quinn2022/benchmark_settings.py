"""What each profile of the chapter's comparisons trains: benchmarks of both networks, and sets of atom features."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.quinn2022.configs import BenchmarksConfig, FeaturesConfig
from replicate.experiments.quinn2022.names import FEATURE_SETS
from replicate.experiments.quinn2022.schedules import (
    CLASSES_COMPARED,
    CLASSES_QUICK,
    COMPARED,
    EVERYTHING,
    FEW,
    QUICK,
    SOME,
    classification,
    regression,
)

CLASSIFIER_BENCHMARKS_FULL = BenchmarksConfig(
    seeds=3,
    network=classification(CLASSES_COMPARED),
    compounds=EVERYTHING,
    threshold=20,
    training=(2_000, 4_000, 8_000, 12_000, 16_000),
    convolutions=(2, 3, 4, 5),
    batches=(25, 50, 100, 250),
    features=tuple(FEATURE_SETS),
)
BRIEF, BRIEF_CLASSES = 10, 4
CLASSIFIER_BENCHMARKS_ON_CPU = replace(
    CLASSIFIER_BENCHMARKS_FULL,
    network=classification(BRIEF_CLASSES),
    convolutions=(1, 2, 3, 4, 5, 6),
    batches=(10, 25, 50, 100, 250),
)
CLASSIFIER_BENCHMARKS_QUICK = replace(
    CLASSIFIER_BENCHMARKS_FULL,
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

REGRESSION_BENCHMARKS_FULL = BenchmarksConfig(
    seeds=3,
    network=regression(COMPARED),
    compounds=replace(EVERYTHING, others=0),
    training=(1_000, 2_000, 4_000, 8_000),
    convolutions=(3, 4, 5, 6, 7),
    epochs=(15, 30, 60, 120),
)
REGRESSION_BENCHMARKS_ON_CPU = replace(
    REGRESSION_BENCHMARKS_FULL,
    network=regression(BRIEF),
    training=(500, 1_000, 2_000, 4_000, 8_000),
    convolutions=(1, 2, 3, 4, 5, 6, 7),
    epochs=(5, 10, 20),
)
REGRESSION_BENCHMARKS_QUICK = replace(
    REGRESSION_BENCHMARKS_FULL,
    seeds=1,
    network=regression(QUICK),
    compounds=replace(SOME, others=0),
    training=(100, 200, 400),
    convolutions=(1, 3, 5),
    epochs=(3, 6),
)
REGRESSION_BENCHMARKS_SMOKE = replace(
    REGRESSION_BENCHMARKS_QUICK,
    network=regression(1),
    compounds=replace(FEW, others=0),
    training=(100,),
    convolutions=(1, 2),
    epochs=(1, 2),
)

FEATURES_FULL = FeaturesConfig(seeds=5, network=regression(COMPARED), compounds=replace(EVERYTHING, others=0))
FEATURES_ON_CPU = replace(
    FEATURES_FULL,
    seeds=3,
    network=regression(BRIEF),
)
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
