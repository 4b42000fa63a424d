"""Train crystal graph networks and score them with a baseline that knows compositions only.

Shape legend: S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from replicate.evaluation.splits import Split
from replicate.experiments.configs import COMPOSITION, CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.scoring import score
from replicate.experiments.supervised import train_all
from replicate.experiments.train import Trained


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
