"""Metal or semiconductor from the crystal: Fig. 2d of Xie and Grossman 2018."""

from __future__ import annotations

import numpy as np

from replicate import papers
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import evaluate
from replicate.experiments.crystals import Crystals, joined_by_formula
from replicate.experiments.scoring import class_scores
from replicate.experiments.xie2018.authors import predict_authors
from replicate.experiments.xie2018.configs import MetalConfig
from replicate.experiments.xie2018.names import LIST, METAL_TABLE, POOL
from replicate.features.graph_store import archive_graphs

CLASSES = ("semiconductor", "metal")


def run_metal(run: Run) -> None:
    """Train the classifier, and try the authors' own on the same crystals."""
    config: MetalConfig = run.config
    crystals = joined_by_formula(run, archive_graphs(POOL, most=config.pool), METAL_TABLE, "is_metal")
    if config.max_rows is not None:
        chosen = np.random.default_rng(0).permutation(len(crystals))[: config.max_rows]
        crystals = crystals.take(np.sort(chosen), "some-metals")
    splits = [
        crystals.split(s, test=config.test, validation=config.validation, train=config.train)
        for s in run.seeds
    ]
    small = config.max_rows is not None
    evaluate(run, crystals, config.networks, splits, "random", "", classes=CLASSES, small=small)
    for network in config.networks:
        file_partners(run, f"random/{network.name}")
    run.add("data/metals", [{"share": float(crystals.target.mean())}], {}, len(crystals))
    ids = set(run.dataset(LIST).table["material_id"])
    _score_authors(run, crystals, "authors")
    on_list = np.array([one in ids for one in crystals.ids])
    if len(set(crystals.target[~on_list])) == 2:
        _score_authors(run, crystals.take(~on_list, "not-listed"), "authors-not-listed")


def _score_authors(run: Run, crystals: Crystals, name: str) -> None:
    """File the scores of the published classifier; the crystals of the paper's list were in its training set."""
    probability = predict_authors("semi-metal-classification", crystals)
    score = class_scores(crystals.target, probability, CLASSES)
    run.add(f"{name}/semi-metal-classification", [score], {}, len(crystals))


def file_partners(run: Run, name: str) -> None:
    """File each class's recall at the threshold where the other's is the printed one, read off the ROC curve.

    At one half either recall can be traded for the other, so neither alone says how good a classifier is.
    """
    printed = {one: papers.target(f"xie2018-metal/{one}s").published for one in CLASSES}
    wrong = np.linspace(0, 1, len(run.arrays[f"roc/{name}"][0]))  # semiconductors taken for metals
    scores = [
        {
            "metal_recall_beside_semiconductors": float(
                np.interp(1 - printed["semiconductor"], wrong, right)
            ),
            "semiconductor_recall_beside_metals": 1 - float(np.interp(printed["metal"], right, wrong)),
        }
        for right in run.arrays[f"roc/{name}"]
    ]
    n = run.metrics[f"{name}/auc"].n
    assert n is not None
    run.add(name, scores, {}, n)
