"""Metal or semiconductor from the crystal: Fig. 2d of Xie and Grossman 2018."""

from __future__ import annotations

from typing import Any

import numpy as np

from replicate import papers
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import evaluate
from replicate.experiments.crystals import Crystals, joined_by_formula
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.scoring import class_scores
from replicate.experiments.xie2018.authors import predict_authors
from replicate.experiments.xie2018.configs import LIST, METAL_TABLE, POOL, MetalConfig

CLASSES = ("semiconductor", "metal")


def run_metal(run: Run) -> None:
    """Train the classifier, and try the authors' own on the same crystals."""
    config: MetalConfig = run.config
    crystals = joined_by_formula(run, archive_graphs(POOL, most=config.pool), METAL_TABLE, "is_metal")
    crystals = crystals.drawn(config.max_rows, "some-metals")
    sizes: dict[str, Any] = {"test": config.test, "validation": config.validation, "train": config.train}
    splits = [crystals.split(seed, **sizes) for seed in run.seeds]
    small = config.max_rows is not None
    evaluate(run, crystals, config.networks, splits, "random", "", classes=CLASSES, small=small)
    for network in config.networks:
        score_partners(run, f"random/{network.name}")
    run.add("data/metals", [{"share": float(crystals.target.mean())}], {}, len(crystals))
    _score_authors(run, crystals, "authors")
    # The crystals of the paper's list were in the published classifier's training set.
    unlisted = ~crystals.named_in(run.dataset(LIST).table["material_id"])
    if len(set(crystals.target[unlisted])) == 2:
        _score_authors(run, crystals.take(unlisted, "not-listed"), "authors-not-listed")


def _score_authors(run: Run, crystals: Crystals, name: str) -> None:
    probability = predict_authors("semi-metal-classification", crystals)
    scores = class_scores(crystals.target, probability, CLASSES)
    run.add(f"{name}/semi-metal-classification", [scores], {}, len(crystals))


def score_partners(run: Run, name: str) -> None:
    """File each class's recall at the threshold where the other's is the printed one, read off the ROC curve.

    At one half either recall can be traded for the other, so neither alone says how good a classifier is.
    """
    semiconductor, metal = (papers.target(f"xie2018-metal/{kind}s").published for kind in CLASSES)
    curves = run.arrays[f"roc/{name}"]
    wrong = np.linspace(0, 1, len(curves[0]))  # semiconductors taken for metals
    scores = [
        {
            "metal_recall_beside_semiconductors": float(np.interp(1 - semiconductor, wrong, right)),
            "semiconductor_recall_beside_metals": 1 - float(np.interp(metal, right, wrong)),
        }
        for right in curves
    ]
    run.add(name, scores, {}, run.metrics[f"{name}/auc"].n)
