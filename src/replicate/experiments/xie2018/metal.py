"""Metal or semiconductor from the crystal: Fig. 2d of Xie and Grossman 2018."""

from __future__ import annotations

from typing import Any

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.crystals import joined_by_formula
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.scoring import class_scores
from replicate.experiments.supervised import evaluate
from replicate.experiments.xie2018.sources import predict_authors
from replicate.experiments.xie2018.specs import LIST, METAL_TABLE, POOL, MetalConfig
from replicate.results import papers

CLASSES = ("semiconductor", "metal")


def run_metal(run: Run) -> None:
    """Train the classifier, and score the authors' own on the same crystals."""
    config: MetalConfig = run.config
    crystals = joined_by_formula(run, archive_graphs(POOL, most=config.pool), METAL_TABLE, "is_metal")
    crystals = crystals.drawn(config.max_rows, "some-metals")
    shares: dict[str, Any] = {"test": config.test, "validation": config.validation, "train": config.train}
    splits = [crystals.split(seed, **shares) for seed in run.seeds]
    evaluate(run, crystals, config.networks, splits, "random", "", CLASSES)
    for network in config.networks:
        score_partners(run, f"random/{network.name}")
    run.file("data/metals/share", float(crystals.target.mean()), n=len(crystals))
    parts = {"authors": crystals}
    # The crystals of the paper's list were in the published classifier's training set.
    unlisted = ~crystals.named_in(run.dataset(LIST).table["material_id"])
    if len(set(crystals.target[unlisted])) == 2:
        parts["authors-not-listed"] = crystals.take(unlisted, "not-listed")
    for name, part in parts.items():
        scores = class_scores(part.target, predict_authors("semi-metal-classification", part), CLASSES)
        run.add(f"{name}/semi-metal-classification", [scores], {}, len(part))


def score_partners(run: Run, name: str) -> None:
    """File each class's recall at the threshold where the other's is the printed one, read off the ROC curve.

    At one half either recall can be traded for the other, so neither alone says how good a classifier is.
    """
    semiconductor, metal = (papers.target(f"xie2018-metal/{kind}s").published for kind in CLASSES)
    curves = run.arrays[f"roc/{name}"]
    wrong = np.linspace(0, 1, len(curves[0]))  # semiconductors taken for metals
    n = run.metrics[f"{name}/auc"].n
    metals = [np.interp(1 - semiconductor, wrong, right) for right in curves]
    semiconductors = [1 - np.interp(metal, right, wrong) for right in curves]
    run.file(f"{name}/metal_recall_beside_semiconductors", metals, n=n)
    run.file(f"{name}/semiconductor_recall_beside_metals", semiconductors, n=n)
