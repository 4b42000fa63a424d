"""Formation energies of crystals, and the paper's database: Figs. 2a-c and S2 of Xie and Grossman 2018."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import spglib

from replicate import data
from replicate.errors import DataError
from replicate.evaluation.splits import Split
from replicate.experiments.configs import COMPOSITION, CrystalNetwork, varied
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.samples import draw, targets
from replicate.experiments.scoring import Tests, score, score_mae
from replicate.experiments.supervised import evaluate
from replicate.experiments.train import baseline, release, train
from replicate.experiments.verification import stored
from replicate.experiments.xie2018.sources import bundled, load, score_authors
from replicate.experiments.xie2018.specs import ENERGIES, ENERGY, LIST, MEASURED, PAPER_TRAIN, POOL, FormationConfig
from replicate.features.composition import parse, reduced_keys
from replicate.features.crystal import from_cif
from replicate.features.crystal_graph import amounts_of

UNIT = "eV/atom"
ENSEMBLE = "cgcnn/formation-energy-per-atom"
AUTHORS = "formation-energy-per-atom"
_CURVE_HELD = 1_000  # crystals; enough to pick an epoch by, and quick to predict after each
_CURVE_EPOCHS = 400
_SYMPREC = 0.01  # Å, as the Materials Project
# The last space group of each lattice system; trigonal groups with an R lattice are rhombohedral.
_LAST = (0, 2, 15, 74, 142, 194, 230)
_SYSTEMS = ("none", "triclinic", "monoclinic", "orthorhombic", "tetragonal", "hexagonal", "cubic")


def run_formation(run: Run) -> None:
    """Train both convolutions at the paper's size, on its own list, and at growing sizes."""
    config: FormationConfig = run.config
    crystals, splits = _drawn(run)
    shares: dict[str, Any] = {"test": config.test, "validation": config.validation}
    trained = evaluate(run, crystals, config.networks, splits, "random", UNIT)
    release(run, crystals, trained[config.networks[0].name], splits, ENSEMBLE, ENERGY, UNIT)
    _learning_curve(run, crystals, shares)
    apart = [crystals.split(seed, kind="system", **shares, train=config.train) for seed in run.seeds]
    evaluate(run, crystals, config.system_networks, apart, "system", UNIT)
    if not config.bundled:
        ids = run.dataset(LIST).table["material_id"]
        _check_join(run, crystals, ids)
        score_measured_energies(run)
        _describe_list(run)
        if config.list_networks:
            on_list = crystals.take(crystals.named_in(ids), "formation-list")
            evaluate(run, on_list, config.list_networks, [on_list.split(seed) for seed in run.seeds], "list", UNIT)
        if config.all_networks:
            evaluate(run, crystals, config.all_networks, draw(run, crystals, config), "all", UNIT)
    score_authors(run, AUTHORS, bundled(run, "formation_energy"), UNIT)


def _drawn(run: Run) -> tuple[Crystals, list[Split]]:
    """Return the crystals and a random split of them for each seed."""
    config: FormationConfig = run.config
    crystals = load(run, "formation_energy").first(config.max_rows, "some")
    sizes: dict[str, Any] = {"test": config.test, "validation": config.validation, "train": config.train}
    return crystals, [crystals.split(seed, **sizes) for seed in run.seeds]


def check_formation(run: Run) -> tuple[Crystals, Tests]:
    """Note the random splits, score the released ensemble, the first network's, and return its tests."""
    crystals, splits = _drawn(run)
    run.note_splits("random", splits)
    network = run.config.networks[0]
    predicted = stored(run, crystals, network, ENSEMBLE).predict_tests(splits)
    score(run, f"random/{network.name}", crystals, splits, predicted, unit=UNIT, tail=True)
    return crystals, {"random": (splits, predicted)}


def for_size(network: CrystalNetwork, size: int) -> CrystalNetwork:
    """Return a network with more epochs for a small training set, which otherwise ends after a few steps."""
    wanted = round(network.fit.epochs * (PAPER_TRAIN / size) ** 0.5)
    return varied(network, epochs=max(network.fit.epochs, min(wanted, _CURVE_EPOCHS)))


def _learning_curve(run: Run, crystals: Crystals, shares: dict[str, Any]) -> None:
    """File errors on the same test crystals after training on growing numbers, and the slope of their logarithms."""
    config: FormationConfig = run.config
    seeds = run.first(config.curve_seeds)
    if not seeds:
        return
    sizes = []
    for size in config.curve:
        splits = [crystals.split(seed, **shares, train=size, most_validation=_CURVE_HELD) for seed in seeds]
        tested = {}
        for network in config.curve_networks:
            trained = train(run, crystals, for_size(network, size), splits, f"{size}-crystals")
            tested[network.name] = trained.predict_tests(splits)
        tested[COMPOSITION] = baseline(run, crystals, COMPOSITION, splits, "regression", small=config.small)
        for name, values in tested.items():
            score_mae(run, f"learning-curve/{size}/{name}", targets(crystals, splits), values, UNIT)
        sizes.append(len(splits[0].train))
    for network in config.curve_networks if len(sizes) > 1 else ():
        errors = [run.metrics[f"learning-curve/{size}/{network.name}/mae"].values for size in config.curve]
        slopes = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
        run.file(f"learning-curve/{network.name}/slope", slopes)


def _check_join(run: Run, crystals: Crystals, listed: pd.Series) -> None:
    """File how the energies joined by formula agree with those known by id (Faber 2015), and what the join leaves out.

    The authors' network, asked for crystals of the paper's list whose energy is known by id, tells whether those
    that the join drops are harder.
    """
    known = bundled(run, "formation_energy")
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

    Of the computed energies of a composition the lowest counts; of the compilations the two that are measured and
    large.
    """
    table = run.dataset(MEASURED).table
    table = table[table["source"].isin(["ssub", "iit"])]
    # A misprinted element is passed over.
    compositions = parse(table["formula"].tolist(), file=MEASURED, on_error="collect")
    table, keys = table.iloc[compositions.rows], reduced_keys(compositions)
    values = table[ENERGY].groupby([keys, table["source"].to_numpy()]).median().unstack()
    computed = run.dataset(ENERGIES).table
    computed_keys = reduced_keys(parse(computed["formula"].tolist(), file=ENERGIES))
    lowest = computed[ENERGY].groupby(computed_keys).min().reindex(values.index)
    differences = {"between-sources": values["ssub"] - values["iit"], "dft": values.mean(axis=1) - lowest}
    for name, off in differences.items():
        off = off.abs().dropna()
        run.file(f"measured/{name}/mae", off.mean(), UNIT, len(off))


def _describe_list(run: Run) -> None:
    """File what the text says of its database, counted over the crystals of the paper's list that are at hand."""
    stored, ids = archive_graphs(POOL), run.dataset(LIST)
    wanted = set(ids.table["material_id"])
    graphs = stored.graphs.take(np.flatnonzero(np.isin(stored.graphs.ids, list(wanted))))
    held = amounts_of(graphs) > 0
    n_elements = held.sum(axis=1)
    parts = (stored.digest, ids.digest, _SYMPREC)
    symmetry = run.stage("xie2018-space-groups", parts, partial(_space_groups, wanted))
    groups = symmetry["space_group"]
    counts = {
        "rows": len(wanted),
        "at_hand": len(graphs),
        "elements": int(held.any(axis=0).sum()),
        "space_groups": len(set(groups[groups > 0].tolist())),
        "lattice_systems": len(set(symmetry["system"][groups > 0].tolist())),
        "max_elements": int(n_elements.max()),
        "min_atoms": int(graphs.n_atoms.min()),
        "max_atoms": int(graphs.n_atoms.max()),
        "share_2_to_4_elements": float(((n_elements >= 2) & (n_elements <= 4)).mean()),
        "share_below_60_atoms": float((graphs.n_atoms < 60).mean()),
    }
    run.add("data/list", [counts], {}, len(graphs))
    run.arrays["data/elements"] = np.bincount(n_elements)[1:].tolist()
    run.arrays["data/atoms"] = np.bincount(np.minimum(graphs.n_atoms, 200) // 5).tolist()


def _space_groups(wanted: set[str]) -> dict[str, np.ndarray]:
    """Return the space group number, 0 for unknown, and lattice system of each crystal at hand."""
    numbers, systems = [], []
    for name, text in data.cifs(POOL):
        if name not in wanted:
            continue
        try:
            crystal = from_cif(text, name)
        except DataError:
            continue
        cell = (crystal.lattice.tolist(), crystal.positions.tolist(), crystal.element.tolist())
        symmetry = spglib.get_symmetry_dataset(cell, symprec=_SYMPREC)
        numbers.append(0 if symmetry is None else int(symmetry.number))
        rhombohedral = symmetry is not None and symmetry.international.startswith("R")
        systems.append("rhombohedral" if rhombohedral else _SYSTEMS[np.searchsorted(_LAST, numbers[-1])])
    return {"space_group": np.array(numbers), "system": np.array(systems)}
