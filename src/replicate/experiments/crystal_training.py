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
    classes: tuple[str, str] | None = None,
) -> dict[str, Trained]:
    """Train networks on splits, score them and the baseline under ``label``, and return the networks.

    Targets are in ``unit``, or 0 and 1 for two ``classes``; ``run.config.small`` asks for a small baseline.
    """
    n = len(splits[0].test)
    run.add(f"{label}/split", [{"test_rows": n, "train_rows": len(splits[0].train)}], {}, n)
    trained, predictions = train_all(
        run,
        crystals,
        networks,
        (COMPOSITION,),
        splits,
        "regression" if classes is None else "classification",
        label,
        small=run.config.small,
    )
    loss = "mae" if classes is None else "cross_entropy"
    for name, network in trained.items():
        run.file(f"{label}-validation/{name}/{loss}", network.validation, unit, len(splits[0].validation))
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
) -> dict[str, np.ndarray]:
    """Train one network of a comparison, file its scores under ``group/label``, return them with ``validation``, (S,).

    Targets are in ``unit``, or 0 and 1 for a network that classifies.
    """
    run.say(f"{group}, {label}")
    classes = network.fit.loss == "bce"
    trained = train(run, crystals, network, splits, f"{group}/{label}")
    pairs = zip(targets(crystals, splits), trained.predict_tests(splits), strict=True)
    scores = [(five_scores if classes else metrics.regression_metrics)(*pair) for pair in pairs]
    run.add(f"{group}/{label}", scores, {"mae": unit, "rmse": unit}, len(splits[0].test))
    loss, unit = ("cross_entropy", "") if classes else ("mae", unit)
    run.file(f"{group}-validation/{label}/{loss}", trained.validation, unit, len(splits[0].validation))
    return {name: np.array([s[name] for s in scores]) for name in scores[0]} | {
        "validation": trained.validation
    }


def five_scores(target: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """Return accuracy, precision, recall, F1 and AUC of (n,) probabilities."""
    scores = metrics.classification_metrics(target, probability)
    return {name: scores[name] for name in ("accuracy", "precision", "recall", "f1", "auc")}
