"""The experiments of Quinn and McQueen, Front. Electron. Mater. 2, 893797 (2022)."""

from replicate.experiments.core import experiment
from replicate.experiments.quinn2022 import specs


def _short(epochs: int, whole: int) -> str:
    """Return the sentence that says what a processor's training falls short of."""
    return f"trained on a processor: {epochs} epochs instead of {whole}"


_COMPARED = _short(specs.BRIEF, specs.COMPARED)
_CLASSES = _short(specs.CLASSES_SHORTER, specs.CLASSES_LONG)
_CLASSES_COMPARED = _short(specs.CLASSES_BRIEF, specs.CLASSES_COMPARED)

EXPERIMENTS = (
    experiment("quinn2022-data", specs.DATA, "20 s", "3 min"),
    experiment("quinn2022-thresholds", specs.THRESHOLDS, "20 s", "1 h", _CLASSES),
    experiment(
        "quinn2022-classifier-benchmarks",
        specs.CLASSIFIER_BENCHMARKS,
        "15 s",
        "1 h",
        _CLASSES_COMPARED,
        module="comparisons",
    ),
    experiment("quinn2022-regression", specs.REGRESSION, "15 s", "90 min"),
    experiment("quinn2022-features", specs.FEATURES, "15 s", "2 h", module="comparisons"),
    experiment("quinn2022-ionization", specs.IONIZATION, "5 s", "1 min"),
    experiment(
        "quinn2022-regression-benchmarks",
        specs.REGRESSION_BENCHMARKS,
        "10 s",
        "90 min",
        _COMPARED,
        module="comparisons",
        after=["regression"],
    ),
    experiment(
        "quinn2022-regression-as-classifier",
        specs.REGRESSION_AS_CLASSIFIER,
        "10 s",
        "30 min",
        module="thresholds",
        after=["thresholds", "regression"],
    ),
    experiment("quinn2022-attributes", specs.ATTRIBUTES, "10 s", "20 min", module="comparisons"),
    experiment("quinn2022-search", specs.SEARCH, "10 s", "90 min", after=["thresholds", "regression"]),
)
