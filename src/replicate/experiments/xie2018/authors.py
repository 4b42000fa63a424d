"""The authors' own networks on structures whose values are at hand."""

from __future__ import annotations

import numpy as np
import torch

from replicate.evaluation import metrics
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.models.cgcnn_authors import load_authors
from replicate.models.graph_batch import GraphSet


def predict_authors(name: str, crystals: Crystals) -> np.ndarray:
    """Return the predictions (N,) of a published network for a set of crystals."""
    network, graphs = load_authors(name), GraphSet(crystals.compact())
    parts = torch.arange(len(graphs)).split(graphs.rows_at_once)
    return torch.cat([network(graphs[rows]) for rows in parts]).numpy()


def score_authors(run: Run, name: str, crystals: Crystals, unit: str, key: str | None = None) -> None:
    """File the error of a published network, under ``key`` or ``authors/NAME``; it has seen many of the crystals."""
    scores = metrics.regression_metrics(crystals.target, predict_authors(name, crystals))
    run.add(key or f"authors/{name}", [scores], {"mae": unit, "rmse": unit}, len(crystals))
