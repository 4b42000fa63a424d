"""Bulk and shear modulus and Poisson ratio on the paper's own crystals: Tables I and S4, Fig. S5 of Xie and Grossman.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.crystal_training import Trained, evaluate, measured, train_crystals
from replicate.experiments.crystals import Crystals
from replicate.experiments.scoring import score_mae
from replicate.experiments.xie2018.authors import predict_authors, score_authors
from replicate.experiments.xie2018.configs import ElasticConfig
from replicate.experiments.xie2018.elastic_sources import (
    MODULI,
    differences,
    largest,
    later,
    of_the_time,
    revised,
)
from replicate.experiments.xie2018.names import GATED, SHARED
from replicate.experiments.xie2018.sources import BUNDLED
from replicate.experiments.xie2018.splits import splits_of
from replicate.experiments.xie2018.table1 import ELASTIC_PROPERTIES, Property
from replicate.records import Metric


def run_elastic(run: Run) -> None:
    """Train every property on values of the paper's time, and see what later values, crystals and systems do."""
    config: ElasticConfig = run.config
    small = config.max_rows is not None
    sets = {}
    for row in ELASTIC_PROPERTIES:
        crystals = BUNDLED[row.id](run) if config.bundled else of_the_time(run, row.id)
        sets[row.id] = crystals = _some(run, row, crystals)
        splits = splits_of(row, crystals, run.seeds)
        trained = evaluate(run, crystals, config.networks, splits, row.id, row.unit, small=small)
        score_authors(run, row.authors, crystals, row.unit, f"{row.id}/authors")
        if not config.bundled and row.id in MODULI:
            _later_crystals(run, row, trained[GATED])
    _improved(run)
    for row in ELASTIC_PROPERTIES:
        if (seeds := run.first(config.system_seeds)) and row.id in MODULI:
            apart = [sets[row.id].split(seed, kind="system") for seed in seeds]
            label = f"{row.id}-systems"
            evaluate(run, sets[row.id], config.networks[:1], apart, label, row.unit, small=small)
        if not config.bundled:
            score_authors(run, row.authors, BUNDLED[row.id](run), row.unit)
            _later_values(run, row, sets[row.id])
    _curve(run)


def _some(run: Run, row: Property, crystals: Crystals) -> Crystals:
    """Return no more crystals than the settings ask for."""
    most = run.config.max_rows
    return crystals if most is None else crystals.take(np.arange(min(most, len(crystals))), f"some-{row.id}")


def _improved(run: Run) -> None:
    """File for how many of the three Eq. 5 has the lower mean error."""
    means = [
        [float(np.mean(run.metrics[f"{row.id}/{name}/mae"].values)) for name in (GATED, SHARED)]
        for row in ELASTIC_PROPERTIES
    ]
    run.metrics["elastic/cgcnn-eq5/improved"] = Metric("", (sum(a < b for a, b in means),), len(means))


def _later_values(run: Run, row: Property, crystals: Crystals) -> None:
    """File how far the values of two sources are apart, and what training on the later ones gives."""
    config: ElasticConfig = run.config
    now, first = revised(run, row.id), BUNDLED[row.id](run)
    by_name = dict(zip(first.ids, first.target.tolist(), strict=True))
    here = np.array([one in by_name for one in crystals.ids])
    named = crystals.take(here, "in-2015")
    off = differences(named, now)
    for name, value in (("mean", off.mean()), ("median", np.median(off))):
        run.metrics[f"{row.id}/later-values/{name}_difference"] = Metric(row.unit, (float(value),), len(off))
    score_authors(run, row.authors, now, row.unit, f"{row.id}-later/authors")
    seeds = run.first(config.later_seeds)
    if seeds:
        splits = splits_of(row, now, seeds)
        evaluate(run, now, config.networks[:1], splits, f"{row.id}-later", row.unit)


def _later_crystals(run: Run, row: Property, trained: Trained) -> None:
    """File the error of the networks, and of the authors' own, on crystals that are not on the paper's list."""
    new = later(run, row.id)
    for name, predicted in ((GATED, trained.ask(new)), ("authors", predict_authors(row.authors, new)[None])):
        errors = np.abs(predicted - new.target).mean(axis=1)
        run.metrics[f"new-crystals/{name}/{row.id}_mae"] = Metric(
            row.unit, tuple(map(float, errors)), len(new)
        )
    run.metrics["new-crystals/split/rows"] = Metric("", (len(new),), None)


def _curve(run: Run) -> None:
    """File the test error of the bulk modulus after training on growing numbers of crystals (Fig. S5)."""
    config: ElasticConfig = run.config
    seeds = run.first(config.curve_seeds)
    if not (config.curve and seeds):
        return
    row = ELASTIC_PROPERTIES[0]
    crystals = _some(run, row, BUNDLED[row.id](run) if config.bundled else largest(run, row.id))
    key = ""
    for size in config.curve:
        splits = splits_of(row, crystals, seeds, size)
        trained = train_crystals(run, crystals, config.curve_network, splits, f"bulk_modulus-{size}")
        key = f"bulk-curve/{len(splits[0].train)}/{config.curve_network.name}"
        predicted = trained.predict([s.test for s in splits])
        score_mae(run, key, measured(crystals, splits), predicted, row.unit)
    run.metrics[f"bulk-curve-largest/{config.curve_network.name}/mae"] = run.metrics[f"{key}/mae"]
