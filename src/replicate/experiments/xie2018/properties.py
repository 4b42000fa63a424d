"""Table I of Xie and Grossman 2018, with Tables S4, Figs. S4 and S5: energies, band gaps, elastic properties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from replicate.evaluation.splits import Split
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.samples import targets
from replicate.experiments.scoring import score_mae
from replicate.experiments.supervised import evaluate
from replicate.experiments.train import train
from replicate.experiments.xie2018 import sources
from replicate.experiments.xie2018.sources import BUNDLED, MODULI, bundled, load, predict_authors, score_authors
from replicate.experiments.xie2018.specs import GAP_LIST, GATED, SHARED, ElasticConfig, PropertiesConfig


class Property(NamedTuple):
    """One row of Table I: its name in metrics, the published network, and the paper's numbers of crystals."""

    id: str
    unit: str
    authors: str
    train: int
    validation: int
    test: int


ENERGIES = (
    Property("formation_energy", "eV/atom", "formation-energy-per-atom", 28046, 9350, 9350),
    Property("absolute_energy", "eV/atom", "final-energy-per-atom", 28046, 9348, 9348),
    Property("band_gap", "eV", "band-gap", 16458, 5485, 5486),
    Property("fermi_energy", "eV", "efermi", 28046, 9348, 9348),
)
ELASTIC = (
    Property("bulk_modulus", "log(GPa)", "bulk-moduli", 2041, 679, 679),
    Property("shear_modulus", "log(GPa)", "shear-moduli", 2041, 679, 679),
    Property("poisson_ratio", "", "poisson-ratio", 2041, 679, 679),
)


def splits_of(row: Property, crystals: Crystals, seeds: Sequence[int], train: int | None = None) -> list[Split]:
    """Return one split a seed of the paper's sizes, or 60, 20 and 20 % where there are not that many crystals.

    ``train`` is a number of training crystals in place of the paper's.
    """
    if row.train + row.validation + row.test > len(crystals):
        return [crystals.split(seed, train=train) for seed in seeds]
    most = row.train if train is None else train
    return [crystals.split(seed, test=row.test, validation=row.validation, train=most) for seed in seeds]


def run_properties(run: Run) -> None:
    """Train and score every property but the elastic ones."""
    config: PropertiesConfig = run.config
    improved = []
    for row in reversed(ENERGIES):  # the small ones first
        if row.id not in config.properties or (config.bundled and row.id not in BUNDLED):
            continue
        crystals = load(run, row.id).first(config.max_rows, f"some-{row.id}")
        large = min(row.train, len(crystals)) > config.large
        seeds = run.first(config.large_seeds) if large else run.seeds
        if not seeds:
            continue
        networks = config.large_networks if large else config.networks
        evaluate(run, crystals, networks, splits_of(row, crystals, seeds), row.id, row.unit)
        score_authors(run, row.authors, crystals, row.unit, f"{row.id}/authors")
        if row.id != "formation_energy":
            improved.append(_gated_is_better(run, row))
        if config.bundled:
            continue
        if row.id in BUNDLED:
            score_authors(run, row.authors, bundled(run, row.id), row.unit)
        if row.id == "band_gap":
            # The authors' network never saw the crystals that are not on their list of gaps.
            listed = crystals.named_in(run.dataset(GAP_LIST).table["material_id"])
            for label, chosen in {"listed": listed, "unlisted": ~listed}.items():
                part = crystals.take(chosen, f"{row.id}-{label}")
                score_authors(run, row.authors, part, row.unit, f"{row.id}-{label}/authors")
    if improved:
        run.file("properties/cgcnn-eq5/improved", sum(improved), n=len(improved))


def _gated_is_better(run: Run, row: Property) -> bool:
    return run.metrics[f"{row.id}/{GATED}/mae"].mean < run.metrics[f"{row.id}/{SHARED}/mae"].mean


def run_elastic(run: Run) -> None:
    """Train every property on values of the paper's time, and see what later values, crystals and systems do."""
    config: ElasticConfig = run.config
    sets = {row.id: load(run, row.id).first(config.max_rows, f"some-{row.id}") for row in ELASTIC}
    for row in ELASTIC:
        crystals = sets[row.id]
        splits = splits_of(row, crystals, run.seeds)
        trained = evaluate(run, crystals, config.networks, splits, row.id, row.unit)[GATED]
        score_authors(run, row.authors, crystals, row.unit, f"{row.id}/authors")
        if not config.bundled and row.id in MODULI:
            new = sources.later(run, row.id)
            authors = predict_authors(row.authors, new)[None]
            for name, predictions in ((GATED, trained.predict(of=new)), ("authors", authors)):
                errors = np.abs(predictions - new.target).mean(axis=1)
                run.file(f"new-crystals/{name}/{row.id}_mae", errors, row.unit, len(new))
            run.file("new-crystals/split/rows", len(new))
    better = [_gated_is_better(run, row) for row in ELASTIC]
    run.file("elastic/cgcnn-eq5/improved", sum(better), n=len(better))
    for row in ELASTIC:
        seeds = run.first(config.system_seeds)
        if seeds and row.id in MODULI:
            apart = [sets[row.id].split(seed, kind="system") for seed in seeds]
            evaluate(run, sets[row.id], config.networks[:1], apart, f"{row.id}-systems", row.unit)
        if not config.bundled:
            score_authors(run, row.authors, bundled(run, row.id), row.unit)
            _score_later_values(run, row, sets[row.id])
    _learning_curve(run)


def _score_later_values(run: Run, row: Property, crystals: Crystals) -> None:
    """File how far the values of two sources are apart, and what training on the later ones gives."""
    now = sources.revised(run, row.id)
    off = differences(crystals.take(crystals.named_in(bundled(run, row.id).ids), "in-2015"), now)
    differences_of = {"mean_difference": off.mean(), "median_difference": np.median(off)}
    run.file_all(f"{row.id}/later-values", differences_of, row.unit, len(off))
    score_authors(run, row.authors, now, row.unit, f"{row.id}-later/authors")
    if seeds := run.first(run.config.later_seeds):
        splits = splits_of(row, now, seeds)
        evaluate(run, now, run.config.networks[:1], splits, f"{row.id}-later", row.unit)


def differences(ours: Crystals, others: Crystals) -> np.ndarray:
    """Return how far the values of crystals in both sets are apart, (n,)."""
    theirs = pd.Series(others.target.astype(np.float64), others.rows).reindex(ours.rows)
    return (theirs - ours.target.astype(np.float64)).abs().dropna().to_numpy()


def _learning_curve(run: Run) -> None:
    """File the test error of the bulk modulus after training on growing numbers of crystals (Fig. S5)."""
    config: ElasticConfig = run.config
    seeds = run.first(config.curve_seeds)
    if not (config.curve and seeds):
        return
    row, network = ELASTIC[0], config.curve_network
    crystals = bundled(run, row.id) if config.bundled else sources.matbench(run, row.id)
    crystals = crystals.first(config.max_rows, f"some-{row.id}")
    for size in config.curve:
        splits = splits_of(row, crystals, seeds, size)
        trained = train(run, crystals, network, splits, f"bulk_modulus-{size}")
        key = f"bulk-curve/{len(splits[0].train)}/{network.name}"
        score_mae(run, key, targets(crystals, splits), trained.predict_tests(splits), row.unit)
    run.metrics[f"bulk-curve-largest/{network.name}/mae"] = run.metrics[f"{key}/mae"]
