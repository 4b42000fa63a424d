"""Bulk and shear modulus and Poisson ratio on the paper's own crystals: Tables I, S4, Fig. S5 of Xie and Grossman."""

from __future__ import annotations

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.crystal_training import evaluate
from replicate.experiments.crystals import Crystals
from replicate.experiments.samples import targets
from replicate.experiments.scoring import score_mae
from replicate.experiments.train import Trained, train
from replicate.experiments.xie2018.authors import predict_authors, score_authors
from replicate.experiments.xie2018.configs import ELASTIC_PROPERTIES, GATED, ElasticConfig, Property
from replicate.experiments.xie2018.elastic_sources import (
    MODULI,
    differences,
    later,
    matbench,
    of_the_time,
    revised,
)
from replicate.experiments.xie2018.properties import gated_is_better, splits_of
from replicate.experiments.xie2018.sources import BUNDLED


def run_elastic(run: Run) -> None:
    """Train every property on values of the paper's time, and see what later values, crystals and systems do."""
    config: ElasticConfig = run.config
    small = config.max_rows is not None
    sets = {}
    for row in ELASTIC_PROPERTIES:
        crystals = BUNDLED[row.id](run) if config.bundled else of_the_time(run, row.id)
        sets[row.id] = crystals = crystals.first(config.max_rows, f"some-{row.id}")
        splits = splits_of(row, crystals, run.seeds)
        trained = evaluate(run, crystals, config.networks, splits, row.id, row.unit, small=small)
        score_authors(run, row.authors, crystals, row.unit, f"{row.id}/authors")
        if not config.bundled and row.id in MODULI:
            _score_later_crystals(run, row, trained[GATED])
    better = [gated_is_better(run, row) for row in ELASTIC_PROPERTIES]
    run.file("elastic/cgcnn-eq5/improved", sum(better), n=len(better))
    for row in ELASTIC_PROPERTIES:
        crystals, seeds = sets[row.id], run.first(config.system_seeds)
        if seeds and row.id in MODULI:
            apart = [crystals.split(seed, kind="system") for seed in seeds]
            evaluate(run, crystals, config.networks[:1], apart, f"{row.id}-systems", row.unit, small=small)
        if not config.bundled:
            score_authors(run, row.authors, BUNDLED[row.id](run), row.unit)
            _score_later_values(run, row, crystals)
    _learning_curve(run)


def _score_later_values(run: Run, row: Property, crystals: Crystals) -> None:
    """File how far the values of two sources are apart, and what training on the later ones gives."""
    now = revised(run, row.id)
    off = differences(crystals.take(crystals.named_in(BUNDLED[row.id](run).ids), "in-2015"), now)
    for name, value in (("mean", off.mean()), ("median", np.median(off))):
        run.file(f"{row.id}/later-values/{name}_difference", value, row.unit, len(off))
    score_authors(run, row.authors, now, row.unit, f"{row.id}-later/authors")
    if seeds := run.first(run.config.later_seeds):
        splits = splits_of(row, now, seeds)
        evaluate(run, now, run.config.networks[:1], splits, f"{row.id}-later", row.unit)


def _score_later_crystals(run: Run, row: Property, trained: Trained) -> None:
    """File the error of the networks, and of the authors' own, on crystals that are not on the paper's list."""
    new = later(run, row.id)
    authors = predict_authors(row.authors, new)[None]
    for name, predictions in ((GATED, trained.predict(of=new)), ("authors", authors)):
        errors = np.abs(predictions - new.target).mean(axis=1)
        run.file(f"new-crystals/{name}/{row.id}_mae", errors, row.unit, len(new))
    run.file("new-crystals/split/rows", len(new))


def _learning_curve(run: Run) -> None:
    """File the test error of the bulk modulus after training on growing numbers of crystals (Fig. S5)."""
    config: ElasticConfig = run.config
    seeds = run.first(config.curve_seeds)
    if not (config.curve and seeds):
        return
    row, network = ELASTIC_PROPERTIES[0], config.curve_network
    crystals = BUNDLED[row.id](run) if config.bundled else matbench(run, row.id)
    crystals = crystals.first(config.max_rows, f"some-{row.id}")
    for size in config.curve:
        splits = splits_of(row, crystals, seeds, size)
        trained = train(run, crystals, network, splits, f"bulk_modulus-{size}")
        key = f"bulk-curve/{len(splits[0].train)}/{network.name}"
        score_mae(run, key, targets(crystals, splits), trained.predict_tests(splits), row.unit)
    run.metrics[f"bulk-curve-largest/{network.name}/mae"] = run.metrics[f"{key}/mae"]
