"""Formation energies of crystals: Fig. 2a-c of Xie and Grossman 2018.

Shape legend: N crystals, S seeds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from replicate.experiments.configs import COMPOSITION, CrystalNetwork, varied
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import (
    evaluate,
    score_values,
)
from replicate.experiments.crystals import Crystals
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.samples import targets
from replicate.experiments.scoring import score_mae
from replicate.experiments.train import baseline, release, train
from replicate.experiments.xie2018.authors import score_authors
from replicate.experiments.xie2018.configs import (
    ENERGIES,
    ENERGY,
    LIST,
    MEASURED,
    MEASURED_SOURCES,
    PAPER_TRAIN,
    POOL,
    FormationConfig,
)
from replicate.experiments.xie2018.database import describe_list
from replicate.experiments.xie2018.sources import BUNDLED, LOADERS
from replicate.features.composition import parse, reduced_keys

UNIT = "eV/atom"
AUTHORS = "formation-energy-per-atom"
_CURVE_VALIDATION = 1_000  # crystals; enough to pick an epoch by, and quick to predict after each
_CURVE_EPOCHS = 400
_CURVES = 2  # networks in Fig. 2b: both convolutions


def run_formation(run: Run) -> None:
    """Train both convolutions at the paper's size, on its own list, and at growing sizes."""
    config: FormationConfig = run.config
    small = config.max_rows is not None
    crystals = (BUNDLED if config.bundled else LOADERS)["formation_energy"](run).first(
        config.max_rows, "some"
    )
    sizes: dict[str, Any] = {"test": config.test, "validation": config.validation}
    splits = [crystals.split(seed, **sizes, train=config.train) for seed in run.seeds]
    trained = evaluate(run, crystals, config.networks, splits, "random", UNIT, small=small)
    first = config.networks[0]
    named = ("cgcnn/formation-energy-per-atom", ENERGY, UNIT)
    release(run, crystals, trained[first.name], splits, *named)
    for network in config.longer if run.first(1) else ():
        predictions = train(run, crystals, network, splits[:1], "longer").predict_tests(splits[:1])
        score_values(run, crystals, splits[:1], f"random/{network.name}", predictions, UNIT)
    _learning_curve(run, crystals)
    apart = [crystals.split(seed, kind="system", **sizes, train=config.train) for seed in run.seeds]
    evaluate(run, crystals, config.system_networks, apart, "system", UNIT, small=small)
    if not config.bundled:
        ids = run.dataset(LIST).table["material_id"]
        _check_join(run, crystals, ids)
        score_measured_energies(run)
        on_list = crystals.take(crystals.named_in(ids), "formation-list")
        describe_list(run, archive_graphs(POOL), run.dataset(LIST))
        if config.list_networks:
            own = [on_list.split(seed) for seed in run.seeds]
            evaluate(run, on_list, config.list_networks, own, "list", UNIT)
        if config.all_networks:
            whole = [crystals.split(seed, **sizes) for seed in run.seeds]
            evaluate(run, crystals, config.all_networks, whole, "all", UNIT)
    score_authors(run, AUTHORS, BUNDLED["formation_energy"](run), UNIT)


def for_size(network: CrystalNetwork, size: int) -> CrystalNetwork:
    """Return a network with more epochs for a small training set, which otherwise ends after a few steps."""
    wanted = round(network.fit.epochs * (PAPER_TRAIN / size) ** 0.5)
    return varied(network, epochs=max(network.fit.epochs, min(wanted, _CURVE_EPOCHS)))


def _learning_curve(run: Run, crystals: Crystals) -> None:
    """File test errors after training on growing numbers of crystals, and the slope of log error against log size.

    The test crystals stay the same (Fig. 2b).
    """
    config: FormationConfig = run.config
    seeds = run.first(config.curve_seeds)
    if not seeds:
        return
    networks = config.networks[:_CURVES]
    sizes: list[int] = []
    parts: dict[str, Any] = {"test": config.test, "validation": config.validation}
    for size in config.curve:
        splits = [
            crystals.split(seed, **parts, train=size, most_validation=_CURVE_VALIDATION) for seed in seeds
        ]
        predictions = {}
        for network in networks:
            trained = train(run, crystals, for_size(network, size), splits, f"{size}-crystals")
            predictions[network.name] = trained.predict_tests(splits)
        small = config.max_rows is not None
        predictions[COMPOSITION] = baseline(run, crystals, COMPOSITION, splits, "regression", small=small)
        for name, values in predictions.items():
            score_mae(run, f"learning-curve/{size}/{name}", targets(crystals, splits), values, UNIT)
        sizes.append(len(splits[0].train))
    if len(sizes) > 1:
        for network in networks:
            errors = [
                run.metrics[f"learning-curve/{size}/{network.name}/mae"].values for size in config.curve
            ]
            slopes = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
            run.file(f"learning-curve/{network.name}/slope", slopes)


def _check_join(run: Run, crystals: Crystals, listed: pd.Series) -> None:
    """File how the energies joined by formula agree with those known by id (Faber 2015), and what the join leaves out.

    A formula that stands twice drops all its crystals. The authors' network, asked for crystals of the paper's list
    whose energy is known by id, tells whether those it drops are harder.
    """
    known = BUNDLED["formation_energy"](run)
    energy = pd.Series(crystals.target.astype(float), crystals.ids).reindex(known.ids)
    off = (energy - known.target.astype(float)).abs().dropna()
    run.file("data/join/compared", len(off))
    run.file("data/join/median_difference", off.median(), UNIT, len(off))
    run.file("data/join/off_by_0.05", (off > 0.05).sum(), n=len(off))
    joined, on_list = energy.notna().to_numpy(), known.named_in(listed)
    for label, chosen in {"kept": joined & on_list, "dropped": ~joined & on_list}.items():
        score_authors(run, AUTHORS, known.take(chosen, f"join-{label}"), UNIT, f"join-{label}/authors")


def score_measured_energies(run: Run) -> None:
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
    computed_keys = reduced_keys(parse(computed["formula"].tolist(), file=ENERGIES))
    lowest = computed[ENERGY].groupby(computed_keys).min().reindex(values.index)
    sources = (values[MEASURED_SOURCES[0]] - values[MEASURED_SOURCES[1]]).abs().dropna()
    dft = (values.mean(axis=1) - lowest).abs().dropna()
    for name, off in {"between-sources": sources, "dft": dft}.items():
        run.file(f"measured/{name}/mae", off.mean(), UNIT, len(off))
