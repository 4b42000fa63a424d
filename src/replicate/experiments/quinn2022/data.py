"""Structures for the entries of SuperCon, compared with an independent assignment: Methods and Fig. 1A.

Shape legend: n formulas.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from replicate.experiments.core import Run
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.quinn2022.assignment import (
    assign,
    compounds_of_parents,
    find_all,
    known_structures,
)
from replicate.experiments.quinn2022.compounds import family_of, name_parts, superconductor_crystals
from replicate.experiments.quinn2022.configs import (
    CLASSES,
    HOT,
    SUPERCON,
    THREE_D,
    WIDE_IRON,
    CompoundsConfig,
    DataConfig,
)
from replicate.features.composition import parse
from replicate.features.crystal_graph import compositions_of
from replicate.features.open_amounts import Entries, read_entries
from replicate.features.parents.search import LARGEST_DISTANCE, whole_numbers

BIN = 2.0  # K, of Fig. 1A
HOTTEST = 150.0
WEIGHTS = (0.0, 0.0005, 0.001, 0.0015, 0.002, 0.003, 0.005)
VERDICTS = ("same", "another polymorph", "another parent", "none here")
CHOSEN_ON = 2_000  # compositions of the 3DSC by which the weight of a parent's size was chosen


def run_data(run: Run) -> None:
    """Count entries with a structure, by class; compare parents with those of the 3DSC."""
    config: DataConfig = run.config
    _count_entries(run, config.compounds)
    crystals = superconductor_crystals(run, config.compounds)
    family, n = crystals.labels["family"], len(crystals)
    edges = np.arange(0, HOTTEST + BIN, BIN)
    run.arrays["tc/edges"] = edges.tolist()
    for name in (*CLASSES, ""):
        tc = np.clip(crystals.target[family == name], 0, HOTTEST - 1e-3)
        run.arrays[f"tc/{name or 'none'}"] = np.histogram(tc, edges)[0].tolist()
        if name:
            run.file(f"data/compositions/{name}", len(tc), n=n)
    parents = Counter(crystals.labels["parent"].tolist())
    run.add("data/compositions", [{"rows": n, "parents": len(parents)}], {}, None)
    disordered = float(crystals.disordered().mean())
    run.file("data/compositions/disordered_share", disordered, n=n)
    run.arrays["parents/commonest"] = [list(pair) for pair in parents.most_common(20)]
    _compare_with_3dsc(run, config)


def _count_entries(run: Run, config: CompoundsConfig) -> None:
    """File how many entries, repeated ones included, have a structure and a Tc, and of which class they are."""
    table = run.dataset(SUPERCON).table
    if config.superconductors is not None:
        drawn = np.random.default_rng(0).permutation(len(table))[: 2 * config.superconductors]
        table = table.iloc[np.sort(drawn)].reset_index(drop=True)
    entries = read_entries(table["formula"].tolist())
    compositions = entries.compositions
    types = table["structure_type"].fillna("").to_numpy()[compositions.rows]
    tc = table["critical_temperature"].to_numpy()[compositions.rows]
    assigned = assign(run, entries, types.tolist(), config.parents)
    with_parent, known = (assigned["parent"] != "").to_numpy(), np.isfinite(tc)
    off = np.array([not whole_numbers(amounts[amounts > 0]) for amounts in compositions.amounts])
    counts = {
        "unreadable": len(compositions.problems),
        "open": entries.open.sum(),
        "off_stoichiometric": (off | entries.open).sum(),
        "with_structure": with_parent.sum(),
        "with_structure_and_tc": (with_parent & known).sum(),
        "without_tc": (with_parent & ~known).sum(),
        "several_polymorphs": (assigned["polymorphs"] > 1).sum(),
        "told_by_type": assigned["by_type"].sum(),
        "as_it_is": (assigned["distance"] < 1e-3).sum(),
    }
    run.add("data/supercon", [{"entries": len(table)}], {}, None)
    run.add("data/supercon", [counts], {}, len(table))
    family = family_of(compositions, np.nan_to_num(tc))
    classes = {name: family == name for name in CLASSES}
    classes[WIDE_IRON] = compositions.holds("Fe") & (np.nan_to_num(tc) > HOT)
    for name, members in classes.items():
        run.file(f"data/{name}/rows", (with_parent & members).sum())
    edges = np.linspace(0, LARGEST_DISTANCE, 31)
    run.arrays["parents/distance"] = np.histogram(assigned["distance"].dropna(), edges)[0].tolist()
    run.arrays["parents/distance-edges"] = edges.tolist()


def _compare_with_3dsc(run: Run, config: DataConfig) -> None:
    """File how often the 3DSC has the same parent, on compositions that chose no setting of the search."""
    graphs = archive_graphs(THREE_D, most=config.files).graphs
    files = pd.DataFrame([name_parts(name)[:2] for name in graphs.ids], columns=["formula", "parent"])
    parents, first = files.groupby("formula")["parent"].agg(set), ~files["formula"].duplicated()
    formulas = parents.index.to_numpy()[np.random.default_rng(0).permutation(len(parents))]
    tuned = np.arange(len(formulas)) < min(CHOSEN_ON, len(formulas) // 2)
    if config.checked is not None:
        formulas, tuned = formulas[-config.checked :], tuned[-config.checked :]
    theirs = parents[formulas].tolist()
    place = pd.Series(np.flatnonzero(first), files["formula"][first])[formulas].to_numpy()
    compositions = compositions_of(graphs.take(place), THREE_D)
    entries = Entries(compositions, np.zeros(len(compositions), dtype=bool))
    assigned = assign(run, entries, [""] * len(compositions), config.compounds.parents)
    compound = compounds_of_parents()
    rows = zip(assigned["parent"], assigned["compound"], theirs, strict=True)
    verdicts = np.array([verdict(*row, compound) for row in rows])
    fresh = verdicts[~tuned]
    shares = {name.replace(" ", "_"): (fresh == name).mean() for name in VERDICTS}
    shares["same_composition"] = np.isin(fresh, VERDICTS[:2]).mean()
    run.add("parents/3dsc", [shares], {}, len(fresh))
    others = np.flatnonzero(verdicts == "another parent")
    ours, distance = assigned["compound"].tolist(), assigned["distance"].round(4).tolist()
    run.arrays["parents/disagreements"] = [
        [
            str(formulas[i]),
            ", ".join(sorted({compound.get(name, name) for name in theirs[i]})[:2]),
            ours[i],
            distance[i],
        ]
        for i in others[:60]
    ]
    kinds = [kind_of_disagreement(ours[i], theirs[i], compound) for i in others]
    run.arrays["parents/kinds"] = dict(Counter(kinds))
    # The agreement in composition for several weights of a parent's size, on the compositions that chose it.
    ids, pool = known_structures(config.compounds.parents)
    some = np.arange(min(len(entries), CHOSEN_ON))
    few = Entries(compositions.take(some), entries.open[some])
    run.arrays["parents/weights"] = []
    for weight in WEIGHTS:
        hits = [
            match is not None and not names.isdisjoint(ids[match.rows].tolist())
            for match, names in zip(find_all(pool, few, weight), theirs[: len(some)], strict=True)
        ]
        run.arrays["parents/weights"].append([weight, float(np.mean(hits))])


def verdict(parent: str, formula: str, theirs: set[str], compound: dict[str, str]) -> str:
    """Return how a parent, by id and formula, compares with the 3DSC's, of which there may be several."""
    if not parent:
        return "none here"
    if parent in theirs:
        return "same"
    same = formula in {compound.get(name, name) for name in theirs}
    return "another polymorph" if same else "another parent"


def kind_of_disagreement(ours: str, theirs: set[str], compound: dict[str, str]) -> str:
    """Return what sets two parents of different composition apart."""
    mine = parse([ours]).amounts[0] > 0
    others = [parse([compound[name]]).amounts[0] > 0 for name in theirs if name in compound]
    if any((other == mine).all() for other in others):
        return "the same elements in other amounts"
    if any((mine & ~other).any() and not (other & ~mine).any() for other in others):
        return "ours holds a dopant that theirs adds"
    if any((other & ~mine).any() and not (mine & ~other).any() for other in others):
        return "theirs holds a dopant that ours adds"
    return "other elements"
