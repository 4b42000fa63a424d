"""File scores of test predictions, and the counts and curves their figures are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csc_array

from replicate.evaluation import metrics
from replicate.evaluation.distances import Reference, expected_errors, quick_nearest
from replicate.evaluation.splits import Split
from replicate.experiments.core import Run
from replicate.experiments.samples import Samples, targets

# Kind of split → splits, one per seed, and the predictions (S, n) of their test samples.
Tests = Mapping[str, tuple[Sequence[Split], np.ndarray]]
MOST_TESTS = 2_000  # test samples of a split that expected errors are made from


def score(
    run: Run,
    name: str,
    samples: Samples,
    splits: Sequence[Split],
    predicted: np.ndarray,
    *,
    unit: str = "",
    classes: tuple[str, str] | None = None,
    limits: tuple[float, float] | None = None,
    tail: bool = False,
    named: bool = True,
) -> None:
    """File the scores of predictions (S, n) of the test samples, probabilities for classes, and their figures.

    Args:
        run: takes them.
        name: prefix of the metrics.
        samples, splits: what was predicted, one split per seed.
        predicted: (S, n).
        unit: of target and prediction.
        classes: what 0 and 1 stand for; None: regression.
        limits: of the figure that shows prediction against target; None: the targets'.
        tail: also the absolute error that nine rows of ten stay below, and the rarest targets at the figure's edge.
        named: file the largest errors with the samples' names, where the terms of the data let us.
    """
    target = targets(samples, splits)
    if classes is not None:
        pairs = list(zip(target, predicted, strict=True))
        run.add(name, [class_scores(t, p, classes) for t, p in pairs], {}, target.shape[1])
        run.arrays[f"roc/{name}"] = [metrics.roc_points(t, p) for t, p in pairs]
        run.arrays[f"confusion/{name}"] = [metrics.confusion(t, p) for t, p in pairs]
        return
    score_errors(run, name, target, predicted, unit)
    if tail:
        largest = np.quantile(np.abs(target - predicted), 0.9, axis=1)
        run.file(f"{name}/error_p90", largest, unit, target.shape[1])
        limits = float(np.quantile(samples.target, 0.0005)), float(np.quantile(samples.target, 0.9995))
    limits = limits or (float(samples.target.min()), float(samples.target.max()))
    drawn = metrics.parity_histogram(target.ravel(), predicted.ravel(), limits=limits)
    run.arrays[f"parity/{name}"] = drawn
    if named and samples.quotable:
        largest = metrics.farthest(predicted - target, lambda seed, row: samples.label(int(splits[seed].test[row])))
        drawn["farthest"] = [
            [label, float(f"{target[at]:.4g}"), float(f"{predicted[at]:.4g}")] for label, at in largest.items()
        ]


def reference(samples: Samples, tests: Tests) -> Reference | None:
    """Return what a network was trained on, and the errors of its tests by their distance from the training data.

    The errors are of single members, each on its own test samples; ``tests`` are of random splits, and perhaps others.
    None where the terms of the data do not let formulas be shown, or stored with weights that are passed on.
    """
    if not samples.quotable:
        return None
    fractions = samples.fractions()
    known = np.unique(np.concatenate([np.r_[s.train, s.validation] for s in tests["random"][0]]))
    distance, error = [], []
    for splits, predicted in tests.values():
        for split, values in zip(splits, predicted, strict=True):
            some = np.random.default_rng(0).permutation(len(split.test))[:MOST_TESTS]
            columns = csc_array(fractions[np.r_[split.train, split.validation]])
            distance.append(quick_nearest(fractions[split.test[some]], columns)[1])
            error.append(np.abs(values - samples.target[split.test])[some])
    splits, predicted = tests["random"]
    return Reference(
        tuple(sorted(set(samples.formulas(known)))),
        expected_errors(np.concatenate(distance), np.concatenate(error)),
        usual=float(f"{np.abs(predicted - targets(samples, splits)).mean():.4g}"),
        tests=", ".join(tests),
    )


def score_errors(
    run: Run,
    name: str,
    target: Sequence[np.ndarray] | np.ndarray,
    predicted: Sequence[np.ndarray] | np.ndarray,
    unit: str = "",
    n: int | None = None,
) -> None:
    """File the regression scores of predictions, S times (n,), over the mean number of rows unless ``n`` is given."""
    scores = [metrics.regression_metrics(t, p) for t, p in zip(target, predicted, strict=True)]
    n = round(float(np.mean([len(t) for t in target]))) if n is None else n
    run.add(name, scores, {"mae": unit, "rmse": unit}, n)


def spread(predicted: np.ndarray) -> np.ndarray:
    """Return the standard deviation over seeds of predictions (S, n), zero for a single one, (n,)."""
    return predicted.std(axis=0, ddof=1) if len(predicted) > 1 else np.zeros(predicted.shape[1])


def score_mae(run: Run, name: str, target: np.ndarray, predicted: np.ndarray, unit: str) -> None:
    """File only the mean absolute error of predictions (S, n), as a point of a learning curve."""
    run.file(f"{name}/mae", np.abs(predicted - target).mean(axis=1), unit, predicted.shape[1])


def class_scores(target: np.ndarray, probability: np.ndarray, classes: tuple[str, str]) -> dict[str, float]:
    """Return the scores of (n,) probabilities, the recall of each class under the name of the class."""
    score = metrics.classification_metrics(target, probability)
    score[f"{classes[0]}_recall"] = score.pop("specificity")
    score[f"{classes[1]}_recall"] = score.pop("recall")
    return score
