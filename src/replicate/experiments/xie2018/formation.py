"""Formation energies of crystals: Fig. 2a-c of Xie and Grossman 2018.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from replicate.experiments.base import Run
from replicate.experiments.configs import COMPOSITION, CrystalNetwork
from replicate.experiments.crystal_training import (
    compositions_only,
    evaluate,
    measured,
    release_crystals,
    score_values,
    train_crystals,
)
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.scoring import score_mae
from replicate.experiments.xie2018.authors import score_authors
from replicate.experiments.xie2018.configs import PAPER_TRAIN, FormationConfig
from replicate.experiments.xie2018.database import describe_list
from replicate.experiments.xie2018.names import ENERGIES, ENERGY, LIST, POOL
from replicate.features.graph_store import archive_graphs, table_graphs
from replicate.records import Metric

UNIT = "eV/atom"
_CURVE_VALIDATION = 1_000  # crystals; enough to pick an epoch by, and quick to predict after each
_CURVE_EPOCHS = 400


def load_formation(run: Run, *, bundled: bool) -> Crystals:
    """Return crystals with their computed formation energy per atom, eV/atom."""
    if bundled:
        return joined_by_id(run, table_graphs("faber2015"), "faber2015", ENERGY)
    return joined_by_formula(run, archive_graphs(POOL), ENERGIES, ENERGY)


def run_formation(run: Run) -> None:
    """Train both convolutions at the paper's size, on its own list, and at growing sizes."""
    config: FormationConfig = run.config
    everything = load_formation(run, bundled=config.bundled)
    if config.max_rows is not None:
        everything = everything.take(np.arange(min(config.max_rows, len(everything))), "some")
    small = config.max_rows is not None
    drawn = [
        everything.split(seed, test=config.test, validation=config.validation, train=config.train)
        for seed in run.seeds
    ]
    trained = evaluate(run, everything, config.networks, drawn, "random", UNIT, small=small)
    first = config.networks[0]
    released = ("cgcnn/formation-energy-per-atom", ENERGY, UNIT)
    release_crystals(run, everything, first, trained[first.name], drawn, released)
    for network in config.longer if run.first(1) else ():
        found = train_crystals(run, everything, network, drawn[:1], "longer")
        score_values(
            run, everything, drawn[:1], f"random/{network.name}", found.predict([drawn[0].test]), UNIT
        )
    if run.first(config.curve_seeds):
        for size in config.curve:
            _curve_point(run, everything, size, small=small)
        _slopes(run)
    if config.system_networks:
        whole = [
            everything.split(
                s, kind="system", test=config.test, validation=config.validation, train=config.train
            )
            for s in run.seeds
        ]
        evaluate(run, everything, config.system_networks, whole, "system", UNIT)
    if not config.bundled:
        _check_join(run, everything)
        ids = set(run.dataset(LIST).table["material_id"])
        chosen = np.array([one in ids for one in everything.ids])
        listed = everything.take(chosen, "formation-list")
        describe_list(run, archive_graphs(POOL), run.dataset(LIST))
        if config.list_networks:
            own = [listed.split(seed) for seed in run.seeds]
            evaluate(run, listed, config.list_networks, own, "list", UNIT)
        if config.all_networks:
            most = [everything.split(s, test=config.test, validation=config.validation) for s in run.seeds]
            evaluate(run, everything, config.all_networks, most, "all", UNIT)
    score_authors(run, "formation-energy-per-atom", load_formation(run, bundled=True), UNIT)


def _for_size(network: CrystalNetwork, size: int) -> CrystalNetwork:
    """Return a network with more epochs for a small training set, which otherwise ends after a few steps."""
    wanted = round(network.fit.epochs * (PAPER_TRAIN / size) ** 0.5)
    epochs = max(network.fit.epochs, min(wanted, _CURVE_EPOCHS))
    return replace(network, fit=replace(network.fit, epochs=epochs))


def _curve_point(run: Run, crystals: Crystals, size: int, *, small: bool) -> None:
    """File the test error after training on ``size`` crystals; the test crystals stay the same (Fig. 2b)."""
    config: FormationConfig = run.config
    seeds = run.first(config.curve_seeds)
    splits = [
        crystals.split(
            s, test=config.test, validation=config.validation, train=size, most_validation=_CURVE_VALIDATION
        )
        for s in seeds
    ]
    tests = [s.test for s in splits]
    found = {
        network.name: train_crystals(
            run, crystals, _for_size(network, size), splits, f"{size}-crystals"
        ).predict(tests)
        for network in config.networks
    }
    found[COMPOSITION] = compositions_only(run, crystals, splits, "regression", small=small)
    for name, predicted in found.items():
        score_mae(run, f"learning-curve/{size}/{name}", measured(crystals, splits), predicted, UNIT)


def _slopes(run: Run) -> None:
    """File the slope of log error against log size, seed by seed, for each network with a curve."""
    config: FormationConfig = run.config
    for network in config.networks:
        points = [
            (
                run.training[f"{size}-crystals/{network.name}"]["train_rows"],
                run.metrics[f"learning-curve/{size}/{network.name}/mae"].values,
            )
            for size in config.curve
        ]
        if len(points) > 1:
            sizes = np.log([n for n, _ in points])
            slopes = [
                float(np.polyfit(sizes, np.log([values[s] for _, values in points]), 1)[0])
                for s in range(len(points[0][1]))
            ]
            run.metrics[f"learning-curve/{network.name}/slope"] = Metric("", tuple(slopes), None)


def _check_join(run: Run, crystals: Crystals) -> None:
    """File how the energies found by formula agree with those known by id (Faber 2015)."""
    known = run.dataset("faber2015").table.set_index("material_id")[ENERGY]
    place = {one: i for i, one in enumerate(crystals.ids)}
    both = [(value, crystals.target[place[one]]) for one, value in known.items() if one in place]
    off = np.abs(np.diff(np.array(both), axis=1))[:, 0]
    run.metrics["data/join/compared"] = Metric("", (len(off),), None)
    run.metrics["data/join/median_difference"] = Metric(UNIT, (float(np.median(off)),), len(off))
    run.metrics["data/join/off_by_0.05"] = Metric("", (int((off > 0.05).sum()),), len(off))
