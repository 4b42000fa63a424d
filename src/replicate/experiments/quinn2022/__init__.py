"""The experiments of Quinn and McQueen, Front. Electron. Mater. 2, 893797 (2022)."""

from dataclasses import replace

from replicate.experiments.core import Experiment
from replicate.experiments.quinn2022 import specs
from replicate.experiments.quinn2022.configs import DataConfig, IonizationConfig


def _on_cpu(epochs: int, whole: int, networks: str = "") -> str:
    """Return the sentence that says what a processor's training falls short of."""
    return f"trained on a processor: {epochs} epochs instead of {whole}{networks}"


_BOTH = (
    f"{_on_cpu(specs.SHORTER, specs.LONG)} (regression), "
    f"{specs.CLASSES_SHORTER} instead of {specs.CLASSES_LONG} (classes)"
)
_FEWER = ", 3 networks instead of 5"

EXPERIMENTS = (
    Experiment(
        id="quinn2022-data",
        configs={
            "smoke": DataConfig(specs.FEW_SUPERCONDUCTORS, checked=50, files=150),
            "quick": DataConfig(specs.SOME_SUPERCONDUCTORS, checked=300, files=1_000),
            "full": DataConfig(specs.SUPERCONDUCTORS),
        },
        function="quinn2022.data:run_data",
        cost={"quick": "20 s", "full": "3 min"},
    ),
    Experiment(
        id="quinn2022-thresholds",
        configs={"smoke": specs.THRESHOLDS_SMOKE, "quick": specs.THRESHOLDS_QUICK, "full": specs.THRESHOLDS},
        on_cpu=specs.THRESHOLDS_ON_CPU,
        budget=_on_cpu(specs.CLASSES_SHORTER, specs.CLASSES_LONG),
        function="quinn2022.thresholds:run_thresholds",
        cost={"quick": "20 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-classifier-benchmarks",
        configs={
            "smoke": specs.CLASS_BENCHMARKS_SMOKE,
            "quick": specs.CLASS_BENCHMARKS_QUICK,
            "full": specs.CLASS_BENCHMARKS,
        },
        on_cpu=specs.CLASS_BENCHMARKS_ON_CPU,
        budget=_on_cpu(specs.CLASSES_BRIEF, specs.CLASSES_COMPARED),
        function="quinn2022.comparisons:run_classifier_benchmarks",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-regression",
        configs={"smoke": specs.REGRESSION_SMOKE, "quick": specs.REGRESSION_QUICK, "full": specs.REGRESSION},
        on_cpu=replace(specs.REGRESSION, seeds=3, network=specs.regression(specs.SHORTER)),
        budget=_on_cpu(specs.SHORTER, specs.LONG, _FEWER),
        function="quinn2022.regression:run_regression",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-features",
        configs={"smoke": specs.FEATURES_SMOKE, "quick": specs.FEATURES_QUICK, "full": specs.FEATURES},
        on_cpu=replace(specs.FEATURES, seeds=3, network=specs.regression(specs.BRIEF)),
        budget=_on_cpu(specs.BRIEF, specs.COMPARED, _FEWER),
        function="quinn2022.comparisons:run_features",
        cost={"quick": "15 s", "full": "1 h"},
    ),
    Experiment(
        id="quinn2022-ionization",
        configs={
            "smoke": IonizationConfig(specs.FEW_SUPERCONDUCTORS),
            "quick": IonizationConfig(specs.SOME_SUPERCONDUCTORS),
            "full": IonizationConfig(specs.SUPERCONDUCTORS),
        },
        function="quinn2022.ionization:run_ionization",
        cost={"quick": "5 s", "full": "1 min"},
    ),
    Experiment(
        id="quinn2022-regression-benchmarks",
        after=("quinn2022-regression",),
        configs={"smoke": specs.BENCHMARKS_SMOKE, "quick": specs.BENCHMARKS_QUICK, "full": specs.BENCHMARKS},
        on_cpu=specs.BENCHMARKS_ON_CPU,
        budget=_on_cpu(specs.BRIEF, specs.COMPARED),
        function="quinn2022.comparisons:run_regression_benchmarks",
        cost={"quick": "10 s", "full": "90 min"},
    ),
    Experiment(
        id="quinn2022-regression-as-classifier",
        after=("quinn2022-thresholds", "quinn2022-regression"),
        configs={
            "smoke": specs.AS_CLASSIFIER_SMOKE,
            "quick": specs.AS_CLASSIFIER_QUICK,
            "full": specs.AS_CLASSIFIER,
        },
        on_cpu=specs.AS_CLASSIFIER_ON_CPU,
        budget=_BOTH,
        function="quinn2022.thresholds:run_as_classifier",
        cost={"quick": "10 s", "full": "30 min"},
    ),
    Experiment(
        id="quinn2022-attributes",
        configs={
            "smoke": replace(specs.ATTRIBUTES_QUICK, network=specs.regression(1), pool=600),
            "quick": specs.ATTRIBUTES_QUICK,
            "full": specs.ATTRIBUTES,
        },
        on_cpu=replace(specs.ATTRIBUTES, network=specs.regression(specs.SHORTER)),
        budget=_on_cpu(specs.SHORTER, specs.LONG),
        function="quinn2022.comparisons:run_attributes",
        cost={"quick": "10 s", "full": "10 min"},
    ),
    Experiment(
        id="quinn2022-search",
        after=("quinn2022-thresholds", "quinn2022-regression"),
        configs={"smoke": specs.SEARCH_SMOKE, "quick": specs.SEARCH_QUICK, "full": specs.SEARCH},
        on_cpu=specs.SEARCH_ON_CPU,
        budget=_BOTH,
        function="quinn2022.search:run_search",
        cost={"quick": "10 s", "full": "40 min"},
    ),
)
