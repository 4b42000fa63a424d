"""Formation energies of crystals: Fig. 2a-c of Xie and Grossman 2018.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from replicate.experiments.configs import COMPOSITION, CrystalNetwork
from replicate.experiments.core import Run
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
from replicate.experiments.xie2018.names import ENERGIES, ENERGY, LIST, MEASURED, MEASURED_SOURCES, POOL
from replicate.features.composition import parse, reduced_keys
from replicate.features.graph_store import archive_graphs, table_graphs
from replicate.records import Metric

UNIT = "eV/atom"
_CURVE_VALIDATION = 1_000  # crystals; enough to pick an epoch by, and quick to predict after each
_CURVE_EPOCHS = 400
_CURVES = 2  # networks in Fig. 2b: both convolutions


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
    whole = [
        everything.split(s, kind="system", test=config.test, validation=config.validation, train=config.train)
        for s in run.seeds
    ]
    evaluate(run, everything, config.system_networks, whole, "system", UNIT, small=small)
    if not config.bundled:
        _check_join(run, everything)
        measured_energies(run)
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
        for network in config.networks[:_CURVES]
    }
    found[COMPOSITION] = compositions_only(run, crystals, splits, "regression", small=small)
    for name, predicted in found.items():
        score_mae(run, f"learning-curve/{size}/{name}", measured(crystals, splits), predicted, UNIT)


def _slopes(run: Run) -> None:
    """File the slope of log error against log size, seed by seed, for each network with a curve."""
    config: FormationConfig = run.config
    for network in config.networks[:_CURVES]:
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
    """File how the energies found by formula agree with those known by id (Faber 2015), and what the join leaves out.

    A formula that stands twice drops all its crystals. The authors' network, asked for crystals of the paper's list
    whose energy is known by id, tells whether those it drops are harder.
    """
    known = load_formation(run, bundled=True)
    energy = dict(zip(crystals.ids, crystals.target.tolist(), strict=True))
    joined = np.array([one in energy for one in known.ids])
    pairs = zip(known.ids, known.target.tolist(), strict=True)
    off = np.abs([energy[one] - value for one, value in pairs if one in energy])
    run.metrics["data/join/compared"] = Metric("", (len(off),), None)
    run.metrics["data/join/median_difference"] = Metric(UNIT, (float(np.median(off)),), len(off))
    run.metrics["data/join/off_by_0.05"] = Metric("", (int((off > 0.05).sum()),), len(off))
    ids = set(run.dataset(LIST).table["material_id"])
    listed = np.array([one in ids for one in known.ids])
    for label, chosen in {"kept": joined & listed, "dropped": ~joined & listed}.items():
        part = known.take(chosen, f"join-{label}")
        score_authors(run, "formation-energy-per-atom", part, UNIT, f"join-{label}/authors")


def measured_energies(run: Run) -> None:
    """File how far measured energies of one composition differ between compilations, and from the computed ones.

    Of the computed energies of a composition the lowest counts. A compilation that is itself computed is left out.
    """
    table = run.dataset(MEASURED).table
    table = table[table["source"].isin(MEASURED_SOURCES)]
    # A misprinted element is passed over.
    compositions = parse(table["formula"].tolist(), file=MEASURED, on_error="collect")
    table, keys = table.iloc[compositions.rows], reduced_keys(compositions)
    values = table[ENERGY].groupby([keys, table["source"].to_numpy()]).median().unstack()
    computed = run.dataset(ENERGIES).table
    of = reduced_keys(parse(computed["formula"].tolist(), file=ENERGIES))
    lowest = computed[ENERGY].groupby(of).min().reindex(values.index)
    sources = (values[MEASURED_SOURCES[0]] - values[MEASURED_SOURCES[1]]).abs().dropna()
    dft = (values.mean(axis=1) - lowest).abs().dropna()
    for name, off in {"between-sources": sources, "dft": dft}.items():
        run.metrics[f"measured/{name}/mae"] = Metric(UNIT, (float(off.mean()),), len(off))
