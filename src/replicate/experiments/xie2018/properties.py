"""Seven properties with two convolutions: Table I, Table S4, Figs. S4 and S5 of Xie and Grossman 2018.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from replicate.evaluation.splits import Split
from replicate.experiments.base import Run
from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.crystal_training import evaluate, measured, train_crystals
from replicate.experiments.crystals import Crystals
from replicate.experiments.scoring import score_mae
from replicate.experiments.xie2018.authors import predict_authors, score_authors
from replicate.experiments.xie2018.configs import PropertiesConfig
from replicate.experiments.xie2018.names import ELASTIC_LIST
from replicate.experiments.xie2018.sources import BULK, BUNDLED, LOADERS, SHEAR
from replicate.experiments.xie2018.table1 import PROPERTIES, Property
from replicate.features.elements import telling_weights
from replicate.models.graph_batch import GraphSet
from replicate.records import Metric
from replicate.training.fit import FitResult, predict

GATED, SHARED = "cgcnn-eq5", "cgcnn-eq4"
NEW = {"bulk_modulus": BULK, "shear_modulus": SHEAR}


def run_properties(run: Run) -> None:
    """Train and score every property, the bulk modulus at growing sizes, and the test on later crystals."""
    config: PropertiesConfig = run.config
    small = config.max_rows is not None
    improved = {}
    for row in reversed(PROPERTIES):  # the small ones first
        if row.id not in config.properties or (config.bundled and row.id not in BUNDLED):
            continue
        crystals = (BUNDLED if config.bundled else LOADERS)[row.id](run)
        if config.max_rows is not None:
            crystals = crystals.take(np.arange(min(config.max_rows, len(crystals))), f"some-{row.id}")
        seeds = _seeds(run, row, crystals)
        if not seeds:
            continue
        splits = splits_of(row, crystals, seeds)
        evaluate(run, crystals, _networks(config, row, crystals), splits, row.id, row.unit, small=small)
        improved[row.id] = _mean(run, row, SHARED) > _mean(run, row, GATED)
        score_authors(run, row.authors, crystals, row.unit, f"{row.id}/authors")
        if row.id in BUNDLED and not config.bundled:
            score_authors(run, row.authors, BUNDLED[row.id](run), row.unit)
        if row.id == "bulk_modulus" and run.first(config.curve_seeds):
            for size in config.curve:
                _curve_point(run, row, crystals, size)
    if config.curve and run.first(config.curve_seeds):
        size = max(int(key.split("/")[1]) for key in run.metrics if key.startswith("bulk-curve/"))
        name = config.networks[0].name
        run.metrics[f"bulk-curve-largest/{name}/mae"] = run.metrics[f"bulk-curve/{size}/{name}/mae"]
    others = [better for name, better in improved.items() if name != "formation_energy"]
    if others:
        run.metrics["properties/cgcnn-eq5/improved"] = Metric("", (sum(others),), len(others))
    if config.new_crystals:
        _new_crystals(run)


def _mean(run: Run, row: Property, network: str) -> float:
    return float(np.mean(run.metrics[f"{row.id}/{network}/mae"].values))


def _is_large(config: PropertiesConfig, row: Property, crystals: Crystals) -> bool:
    return min(row.train, len(crystals)) > config.large


def _seeds(run: Run, row: Property, crystals: Crystals) -> list[int]:
    large = _is_large(run.config, row, crystals)
    return run.first(run.config.large_seeds) if large else list(run.seeds)


def _networks(config: PropertiesConfig, row: Property, crystals: Crystals) -> tuple[CrystalNetwork, ...]:
    return config.large_networks if _is_large(config, row, crystals) else config.networks


def splits_of(
    row: Property, crystals: Crystals, seeds: Sequence[int], train: int | None = None
) -> list[Split]:
    """Return splits of the paper's sizes, or 60, 20 and 20 % where there are not that many crystals.

    Args:
        row: whose sizes.
        crystals: to split.
        seeds: one split each.
        train: number of training crystals in place of the paper's.
    """
    if row.train + row.validation + row.test > len(crystals):
        return [crystals.split(seed, train=train) for seed in seeds]
    kept = row.train if train is None else train
    return [crystals.split(seed, test=row.test, validation=row.validation, train=kept) for seed in seeds]


def _curve_point(run: Run, row: Property, crystals: Crystals, size: int) -> None:
    """File the test error of the bulk modulus after training on ``size`` crystals (Fig. S5)."""
    config: PropertiesConfig = run.config
    seeds = run.first(config.curve_seeds)
    splits = splits_of(row, crystals, seeds, size)
    network = config.networks[0]
    trained = train_crystals(run, crystals, network, splits, f"bulk_modulus-{size}")
    key = f"bulk-curve/{len(splits[0].train)}/{network.name}"
    predicted = trained.predict([s.test for s in splits])
    score_mae(run, key, measured(crystals, splits), predicted, row.unit)


def _new_crystals(run: Run) -> None:
    """Train on the elastic set of 2015, select on a fifth of it, test on compositions that came later."""
    config: PropertiesConfig = run.config
    network = config.networks[0]
    theirs = set(run.dataset(ELASTIC_LIST).table["material_id"])
    for row in PROPERTIES:
        if row.id not in NEW:
            continue
        known, later = NEW[row.id](run), LOADERS[row.id](run)
        # Ids change over the years and cells too; a composition that was there in 2015 is not new.
        fresh = ~np.isin(_compositions(later), _compositions(known))
        new = later.take(fresh, f"later-{row.id}")
        splits = [known.split(seed, test=0.001, validation=0.2) for seed in run.seeds]
        trained = train_crystals(run, known, network, splits, f"new-{row.id}")
        errors = np.abs(_predict_others(trained.fits, new) - new.target).mean(axis=1)
        name = f"new-crystals/{network.name}/{row.id}_mae"
        run.metrics[name] = Metric(row.unit, tuple(float(e) for e in errors), len(new))
        run.metrics["new-crystals/split/rows"] = Metric("", (len(new),), None)
        run.metrics["new-crystals/split/train_rows"] = Metric("", (len(splits[0].train),), None)
        # The authors' network knows the crystals of the paper's elastic list.
        unknown = new.take(np.array([one not in theirs for one in new.ids]), f"unlisted-{row.id}")
        error = float(np.abs(predict_authors(row.authors, unknown) - unknown.target).mean())
        run.metrics[f"new-crystals/authors/{row.id}_mae"] = Metric(row.unit, (error,), len(unknown))


def _compositions(crystals: Crystals) -> np.ndarray:
    """Return (N,) numbers that tell compositions apart."""
    return np.round(crystals.fractions() @ telling_weights(), 6)


def _predict_others(fits: Sequence[FitResult], crystals: Crystals) -> np.ndarray:
    graphs = GraphSet(crystals.compact()).to(fits[0].centre.device)
    return np.stack([predict(f, graphs)[0] for f in fits])
