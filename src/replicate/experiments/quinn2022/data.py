"""Structures for the entries of SuperCon, held against an independent assignment: Methods and Fig. 1A.

Shape legend: n formulas.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.quinn2022.assignment import (
    Assigned,
    assign,
    compounds_of_parents,
    find_all,
    known_structures,
)
from replicate.experiments.quinn2022.compounds import (
    family_of,
    is_disordered,
    load_superconductors,
    name_parts,
)
from replicate.experiments.quinn2022.configs import CompoundsConfig, DataConfig
from replicate.experiments.quinn2022.names import CLASSES, HOT, SUPERCON, THREE_D, WIDE_IRON
from replicate.features.composition import parse
from replicate.features.graph_store import archive_graphs
from replicate.features.structure_keys import compositions_of
from replicate.parents import Entries, read_entries
from replicate.parents.search import LARGEST_DISTANCE, whole_numbers
from replicate.records import Metric

BIN = 2.0  # K, of Fig. 1A
HOTTEST = 150.0
WEIGHTS = (0.0, 0.0005, 0.001, 0.0015, 0.002, 0.003, 0.005)
CHOSEN_ON = 2_000  # compositions of the 3DSC by which the weight of a parent's size was chosen


def run_data(run: Run) -> None:
    """Count entries with a structure, by class; compare parents with those of the 3DSC."""
    config: DataConfig = run.config
    _count_entries(run, config.compounds)
    crystals = load_superconductors(run, config.compounds)
    family = crystals.labels["family"]
    for name in CLASSES:
        run.metrics[f"data/compositions/{name}"] = _count(int((family == name).sum()), len(crystals))
    edges = np.arange(0, HOTTEST + BIN, BIN)
    run.arrays["tc/edges"] = edges.tolist()
    for name in (*CLASSES, ""):
        tc = np.clip(crystals.target[family == name], 0, HOTTEST - 1e-3)
        run.arrays[f"tc/{name or 'none'}"] = np.histogram(tc, edges)[0].tolist()
    run.metrics["data/compositions/rows"] = _count(len(crystals))
    run.metrics["data/compositions/disordered_share"] = Metric(
        "", (float(is_disordered(crystals).mean()),), len(crystals)
    )
    parents = Counter(crystals.labels["parent"].tolist())
    run.metrics["data/compositions/parents"] = _count(len(parents))
    run.arrays["parents/commonest"] = [list(one) for one in parents.most_common(20)]
    _compare_with_3dsc(run, config)


def _count(value: int, n: int | None = None) -> Metric:
    return Metric("", (value,), n)


def _count_entries(run: Run, config: CompoundsConfig) -> None:
    """File how many entries, repeated ones included, have a structure and a Tc, and of which class they are."""
    table = run.dataset(SUPERCON).table
    if config.superconductors is not None:
        drawn = np.random.default_rng(0).permutation(len(table))[: 2 * config.superconductors]
        table = table.iloc[np.sort(drawn)].reset_index(drop=True)
    entries = read_entries(table["formula"].tolist())
    rows = entries.compositions.rows
    types = table["structure_type"].fillna("").to_numpy()[rows]
    tc = table["critical_temperature"].to_numpy()[rows]
    assigned = assign(run, entries, types.tolist(), config.parents)
    known = np.isfinite(tc)
    amounts = entries.compositions.amounts
    off = np.array([not whole_numbers(one[one > 0]) for one in amounts]) | entries.open
    counts = {
        "entries": len(table),
        "unreadable": len(entries.compositions.problems),
        "open": int(entries.open.sum()),
        "off_stoichiometric": int(off.sum()),
        "with_structure": int(assigned.found.sum()),
        "with_structure_and_tc": int((assigned.found & known).sum()),
        "without_tc": int((assigned.found & ~known).sum()),
        "several_polymorphs": int((assigned.polymorphs > 1).sum()),
        "told_by_type": int(assigned.by_type.sum()),
        "as_it_is": int((assigned.distance < 1e-3).sum()),
    }
    for name, value in counts.items():
        run.metrics[f"data/supercon/{name}"] = _count(value, len(table) if name != "entries" else None)
    family = family_of(entries.compositions, np.nan_to_num(tc))
    for name in CLASSES:
        run.metrics[f"data/{name}/rows"] = _count(int((assigned.found & (family == name)).sum()))
    wide = entries.compositions.holds("Fe") & (np.nan_to_num(tc) > HOT)
    run.metrics[f"data/{WIDE_IRON}/rows"] = _count(int((assigned.found & wide).sum()))
    distance = assigned.distance[assigned.found]
    edges = np.linspace(0, LARGEST_DISTANCE, 31)
    run.arrays["parents/distance"] = np.histogram(distance, edges)[0].tolist()
    run.arrays["parents/distance-edges"] = edges.tolist()


def _compare_with_3dsc(run: Run, config: DataConfig) -> None:
    """File how often the 3DSC has the same parent, on compositions that chose no setting of the search."""
    graphs = archive_graphs(THREE_D, most=config.files).graphs
    names = [name_parts(one) for one in graphs.ids]
    theirs: dict[str, set[str]] = {}
    first: dict[str, int] = {}
    for i, (formula, parent, _) in enumerate(names):
        theirs.setdefault(formula, set()).add(parent)
        first.setdefault(formula, i)
    order = np.random.default_rng(0).permutation(len(theirs))
    formulas = np.array(sorted(theirs))[order]
    tuned = np.arange(len(formulas)) < min(CHOSEN_ON, len(formulas) // 2)
    if config.checked is not None:
        formulas, tuned = formulas[-config.checked :], tuned[-config.checked :]
    compositions = compositions_of(graphs.take(np.array([first[one] for one in formulas])), THREE_D)
    entries = Entries(compositions, np.zeros(len(compositions), dtype=bool))
    assigned = assign(run, entries, [""] * len(compositions), config.compounds.parents)
    compound = compounds_of_parents()
    verdicts = np.array(
        [verdict(assigned, i, theirs[formula], compound) for i, formula in enumerate(formulas)]
    )
    fresh = ~tuned
    for name in ("same", "another polymorph", "another parent", "none here"):
        share = float((verdicts[fresh] == name).mean())
        run.metrics[f"parents/3dsc/{name.replace(' ', '_')}"] = Metric("", (share,), int(fresh.sum()))
    composition = np.isin(verdicts[fresh], ["same", "another polymorph"])
    run.metrics["parents/3dsc/same_composition"] = Metric("", (float(composition.mean()),), int(fresh.sum()))
    others = np.flatnonzero(verdicts == "another parent")
    run.arrays["parents/disagreements"] = [
        [
            str(formulas[i]),
            ", ".join(sorted({compound.get(one, one) for one in theirs[formulas[i]]})[:2]),
            str(assigned.compound[i]),
            round(float(assigned.distance[i]), 4),
        ]
        for i in others[:60]
    ]
    run.arrays["parents/kinds"] = dict(
        Counter(
            kind_of_disagreement(compositions.amounts[i], assigned.compound[i], theirs[formulas[i]], compound)
            for i in others
        )
    )
    _weigh(run, config, entries, [theirs[one] for one in formulas])


def verdict(assigned: Assigned, i: int, theirs: set[str], compound: dict[str, str]) -> str:
    """Return how the parent found for formula ``i`` compares with the 3DSC's, of which there may be several."""
    if not assigned.found[i]:
        return "none here"
    if assigned.parent[i] in theirs:
        return "same"
    same = assigned.compound[i] in {compound.get(one, one) for one in theirs}
    return "another polymorph" if same else "another parent"


def kind_of_disagreement(amounts: np.ndarray, ours: str, theirs: set[str], compound: dict[str, str]) -> str:
    """Return what sets two parents of different composition apart."""
    mine = parse([ours]).amounts[0] > 0
    other = [parse([compound[one]]).amounts[0] > 0 for one in theirs if one in compound]
    if any((one == mine).all() for one in other):
        return "the same elements in other amounts"
    if any((mine & ~one).any() and not (one & ~mine).any() for one in other):
        return "ours holds a dopant that theirs adds"
    if any((one & ~mine).any() and not (mine & ~one).any() for one in other):
        return "theirs holds a dopant that ours adds"
    return "other elements"


def _weigh(run: Run, config: DataConfig, entries: Entries, theirs: list[set[str]]) -> None:
    """File the agreement in composition for several weights of a parent's size, on the compositions that chose it."""
    known = known_structures(config.compounds.parents)
    some = slice(0, min(len(entries), CHOSEN_ON))
    few = Entries(entries.compositions.take(np.arange(len(entries))[some]), entries.open[some])
    agreement = []
    for weight in WEIGHTS:
        matches = find_all(known.pool, few, weight)
        hits = [
            match is not None and not theirs[i].isdisjoint(known.ids[match.rows].tolist())
            for i, match in enumerate(matches)
        ]
        agreement.append([weight, float(np.mean(hits))])
    run.arrays["parents/weights"] = agreement
