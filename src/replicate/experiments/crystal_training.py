"""Train crystal graph networks and score them with a baseline that knows compositions only.

Shape legend: S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from replicate.evaluation import metrics
from replicate.evaluation.splits import Split
from replicate.experiments.configs import COMPOSITION, CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.samples import targets
from replicate.experiments.scoring import score
from replicate.experiments.supervised import train_all
from replicate.experiments.train import Trained, train
from replicate.models.baselines import Task

FIVE_SCORES = ("accuracy", "precision", "recall", "f1", "auc")


def score_values(
    run: Run, crystals: Crystals, splits: Sequence[Split], name: str, predictions: np.ndarray, unit: str
) -> None:
    """File the scores of (S, n) predictions of a continuous property, its rarest values at the figure's edge."""
    low, high = (float(np.quantile(crystals.target, share)) for share in (0.0005, 0.9995))
    score(run, name, crystals, splits, predictions, unit=unit, limits=(low, high), tail=True)


def evaluate(
    run: Run,
    crystals: Crystals,
    networks: Sequence[CrystalNetwork],
    splits: Sequence[Split],
    label: str,
    unit: str,
    *,
    classes: tuple[str, str] | None = None,
    small: bool = False,
) -> dict[str, Trained]:
    """Train networks on splits, score them and the baseline on test crystals, and return the networks.

    Args:
        run: takes the scores.
        crystals: with their targets, 0 and 1 for a classification.
        networks: to train.
        splits: one per seed.
        label: prefix of the metrics.
        unit: of the target.
        classes: what 0 and 1 stand for; None: regression.
        small: a small baseline, for smoke runs.
    """
    n = len(splits[0].test)
    run.add(f"{label}/split", [{"test_rows": n, "train_rows": len(splits[0].train)}], {}, n)
    task: Task = "regression" if classes is None else "classification"
    loss = "mae" if classes is None else "cross_entropy"
    trained, predictions = train_all(
        run, crystals, networks, (COMPOSITION,), splits, task, label, small=small
    )
    for name, network in trained.items():
        n = len(splits[0].validation)
        run.file(f"{label}-validation/{name}/{loss}", network.validation, unit if classes is None else "", n)
    for name, values in predictions.items():
        if classes is None:
            score_values(run, crystals, splits, f"{label}/{name}", values, unit)
        else:
            score(run, f"{label}/{name}", crystals, splits, values, classes=classes)
    return trained


def evaluate_variant(
    run: Run,
    crystals: Crystals,
    network: CrystalNetwork,
    splits: Sequence[Split],
    group: str,
    label: str,
    unit: str,
    *,
    classes: bool = False,
) -> dict[str, np.ndarray]:
    """Train one network of a comparison, file its scores under ``group/label``, return them with ``validation``, (S,).

    Targets are 0 and 1 for ``classes``, else values in ``unit``.
    """
    run.say(f"{group}, {label}")
    trained = train(run, crystals, network, splits, f"{group}/{label}")
    pairs = zip(targets(crystals, splits), trained.predict_tests(splits), strict=True)
    if classes:
        scores = [five_scores(target, predicted) for target, predicted in pairs]
    else:
        scores = [metrics.regression_metrics(target, predicted) for target, predicted in pairs]
    run.add(f"{group}/{label}", scores, {"mae": unit, "rmse": unit}, len(splits[0].test))
    loss = "cross_entropy" if classes else "mae"
    validation = [{loss: value} for value in trained.validation]
    run.add(f"{group}-validation/{label}", validation, {"mae": unit}, len(splits[0].validation))
    return {name: np.array([s[name] for s in scores]) for name in scores[0]} | {
        "validation": trained.validation
    }


def five_scores(target: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """Return accuracy, precision, recall, F1 and AUC of (n,) probabilities."""
    scores = metrics.classification_metrics(target, probability)
    return {name: scores[name] for name in FIVE_SCORES}
