"""The authors' own networks on structures whose values are at hand."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from replicate.evaluation import metrics
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.models.cgcnn_authors import load_authors
from replicate.models.graph_batch import GraphSet


def predict_authors(name: str, crystals: Crystals) -> np.ndarray:
    """Return the predictions (N,) of a published network for a set of crystals."""
    network, graphs = load_authors(name), GraphSet(crystals.compact())
    parts: list[Tensor] = [
        network(graphs[rows]) for rows in torch.arange(len(graphs)).split(graphs.rows_at_once)
    ]
    return torch.cat(parts).numpy()


def score_authors(run: Run, name: str, crystals: Crystals, unit: str, key: str | None = None) -> None:
    """File the error of a published network on all crystals; many of them were in its training set.

    Args:
        run: takes the scores.
        name: of the network.
        crystals: with their values.
        unit: of the values.
        key: of the metrics, ``authors/NAME`` where there is none.
    """
    predicted = predict_authors(name, crystals)
    score = metrics.regression_metrics(crystals.target, predicted)
    run.add(key or f"authors/{name}", [score], {"mae": unit, "rmse": unit}, len(crystals))
