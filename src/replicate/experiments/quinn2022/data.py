"""Structures for the entries of SuperCon, compared with an independent assignment: Methods and Fig. 1A."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from pymatgen.core import Composition

from replicate.experiments.core import Run
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.quinn2022 import specs
from replicate.experiments.quinn2022.assignment import assign, compounds_of_parents, find_all, known_structures
from replicate.experiments.quinn2022.compounds import family_of, name_parts, superconductor_crystals
from replicate.experiments.quinn2022.specs import CLASSES, THREE_D
from replicate.experiments.samples import some_of
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
    config: specs.DataConfig = run.config
    _count_entries(run, config.compounds)
    crystals = superconductor_crystals(run, config.compounds)
    family, n = crystals.labels["family"], len(crystals)
    edges = np.arange(0, HOTTEST + BIN, BIN)
    run.arrays["tc/edges"] = edges.tolist()
    for name in (*CLASSES, ""):
        tc = np.clip(crystals.target[family == name], 0, HOTTEST - 1e-3)
        run.arrays[f"tc/{name or 'none'}"] = np.histogram(tc, edges)[0].tolist()
    parents = Counter(crystals.labels["parent"].tolist())
    run.file_all("data/compositions", {"rows": n, "parents": len(parents)})
    shares = {"disordered_share": float(crystals.disordered().mean())}
    run.file_all("data/compositions", shares | {name: (family == name).sum() for name in CLASSES}, n=n)
    run.arrays["parents/commonest"] = [list(pair) for pair in parents.most_common(20)]
    _compare_with_3dsc(run, config)


def _count_entries(run: Run, config: specs.CompoundsConfig) -> None:
    """File how many entries, repeated ones included, have a structure and a Tc, and of which class they are."""
    table = run.dataset(specs.SUPERCON).table
    if config.superconductors is not None:
        table = table.iloc[some_of(len(table), 2 * config.superconductors)]
    entries = read_entries(table["formula"].tolist())
    compositions = entries.compositions
    types = table["structure_type"].fillna("").to_numpy()[compositions.rows]
    tc = table["critical_temperature"].to_numpy()[compositions.rows]
    assigned = assign(run, entries, types.tolist(), config.parents)
    with_parent, known = (assigned["parent"] != "").to_numpy(), np.isfinite(tc)
    off = np.array([not whole_numbers(amounts[amounts > 0]) for amounts in compositions.amounts])
    run.file("data/supercon/entries", len(table))
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
    run.file_all("data/supercon", counts, n=len(table))
    tc = np.nan_to_num(tc)
    family = family_of(compositions, tc)
    parts = {name: family == name for name in CLASSES}
    parts[specs.WIDE_IRON] = compositions.holds("Fe") & (tc > specs.HOT)
    for name, part in parts.items():
        run.file(f"data/{name}/rows", (with_parent & part).sum())
    histogram = np.histogram(assigned["distance"].dropna(), np.linspace(0, LARGEST_DISTANCE, 31))
    run.arrays["parents/distance"], run.arrays["parents/distance-edges"] = (part.tolist() for part in histogram)


def _compare_with_3dsc(run: Run, config: specs.DataConfig) -> None:
    """File how often the 3DSC has the same parent, on compositions that chose no setting of the search."""
    graphs = archive_graphs(THREE_D, most=config.files).graphs
    files = pd.DataFrame(map(name_parts, graphs.ids), columns=["formula", "parent"])
    table = files.reset_index().groupby("formula").agg(place=("index", "first"), theirs=("parent", set))
    table = table.iloc[np.random.default_rng(0).permutation(len(table))]
    tuned = np.arange(len(table)) < min(CHOSEN_ON, len(table) // 2)
    if config.checked is not None:
        table, tuned = table[-config.checked :], tuned[-config.checked :]
    compositions = compositions_of(graphs.take(table["place"].to_numpy()), THREE_D)
    entries = Entries(compositions, np.zeros(len(compositions), dtype=bool))
    assigned = assign(run, entries, [""] * len(compositions), config.compounds.parents)
    table = table.reset_index().join(assigned[["parent", "compound", "distance"]])
    compound = compounds_of_parents()
    columns = table["parent"], table["compound"], table["theirs"]
    table["verdict"] = [verdict(*row, compound) for row in zip(*columns, strict=True)]
    fresh = table["verdict"][~tuned]
    for name in VERDICTS:
        run.file(f"parents/3dsc/{name.replace(' ', '_')}", (fresh == name).mean(), n=len(fresh))
    run.file("parents/3dsc/same_composition", fresh.isin(VERDICTS[:2]).mean(), n=len(fresh))
    others = table.loc[table["verdict"] == "another parent", ["formula", "theirs", "compound", "distance"]]
    run.arrays["parents/disagreements"] = [
        [formula, ", ".join(sorted({compound.get(i, i) for i in theirs})[:2]), ours, distance]
        for formula, theirs, ours, distance in others[:60].round({"distance": 4}).itertuples(index=False)
    ]
    pairs = zip(others["compound"], others["theirs"], strict=True)
    run.arrays["parents/kinds"] = dict(Counter(kind_of_disagreement(*pair, compound) for pair in pairs))
    # The agreement in composition for several weights of a parent's size, on the compositions that chose it.
    ids, pool = known_structures(config.compounds.parents)
    some = np.arange(min(len(entries), CHOSEN_ON))
    few = Entries(compositions.take(some), entries.open[some])
    run.arrays["parents/weights"] = []
    for weight in WEIGHTS:
        hits = [
            match is not None and not names.isdisjoint(ids[match.rows].tolist())
            for match, names in zip(find_all(pool, few, weight), table["theirs"][some], strict=True)
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
    mine = set(Composition(ours))
    others = [set(Composition(compound[name])) for name in theirs if name in compound]
    if mine in others:
        return "the same elements in other amounts"
    if any(mine > other for other in others):
        return "ours holds a dopant that theirs adds"
    if any(mine < other for other in others):
        return "theirs holds a dopant that ours adds"
    return "other elements"
