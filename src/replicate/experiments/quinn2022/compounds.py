"""Superconductors with a crystal structure, and compounds of the Materials Project that are not in SuperCon.

Shape legend: N crystals, 118 elements.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from replicate.data.cards import Dataset
from replicate.data.konno import is_iron_based
from replicate.data.quinn import superconductors
from replicate.data.registry import entry
from replicate.errors import DataError
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.assignment import assign, compounds_of_parents, crystal_graphs
from replicate.experiments.quinn2022.configs import CompoundsConfig
from replicate.experiments.quinn2022.names import (
    COLD,
    CUPRATE,
    HOT,
    IRON,
    LOW,
    POOL,
    STANEV,
    SUPERCON,
    THREE_D,
)
from replicate.features.composition import Compositions, first_of_each, formulas_of, parse, reduced_keys
from replicate.features.crystal_graph import join_graphs
from replicate.features.graph_store import archive_graphs
from replicate.features.structure_keys import compositions_of
from replicate.parents import Entries, read_entries
from replicate.parents.polymorphs import age
from replicate.training.checkpoint import content_key

_NAME = re.compile(r"(?P<formula>.+)-MP-(?P<parent>(?:mp|mvc)-\d+)(?P<doped>-synth_doped)?")


def family_of(compositions: Compositions, tc: np.ndarray) -> np.ndarray:
    """Return (N,) classes as the paper defines them, empty for what is in none of them.

    Cuprates hold Cu and O, iron-based superconductors Fe with As, Se, S or P, both with a Tc above 10 K; low-Tc
    superconductors are neither and below 40 K.
    """
    cuprate, iron = compositions.holds("Cu", "O"), is_iron_based(compositions)
    hot = tc > HOT
    return np.select(
        [cuprate & hot, iron & ~cuprate & hot, ~cuprate & ~iron & (tc < COLD) & (tc > 0)],
        [CUPRATE, IRON, LOW],
        default="",
    )


def load_superconductors(run: Run, config: CompoundsConfig) -> Crystals:
    """Return superconductors with their Tc (K), labelled by class, parent compound and year (NaN: unknown).

    Files how many compositions got no structure, and why.
    """
    table = superconductors(run.dataset(SUPERCON)).table
    if config.superconductors is not None:
        chosen = np.random.default_rng(0).permutation(len(table))[: config.superconductors]
        table = table.iloc[np.sort(chosen)].reset_index(drop=True)
    entries = read_entries(table["formula"].tolist())
    assigned = assign(run, entries, table["structure_type"].tolist(), config.parents)
    chosen = assigned.found
    _note(run, "no parent within reach", int((~chosen).sum()))
    entries = Entries(entries.compositions.take(chosen), entries.open[chosen])
    assigned = assigned.take(chosen)
    table = table[chosen].reset_index(drop=True)
    digest = content_key(run.dataset(SUPERCON).digest, entries.compositions.formulas)
    stored = crystal_graphs("supercon", digest, entries, assigned)
    _note(run, "no site for some of its atoms", len(stored.dropped))
    place = {formula: i for i, formula in enumerate(entries.compositions.formulas)}
    rows = np.array([place[one] for one in stored.graphs.ids])
    tc = table["critical_temperature"].to_numpy(dtype=np.float32)[rows]
    compositions = entries.compositions.take(rows)
    return Crystals(
        "supercon",
        content_key(stored.digest, tc.tolist()),
        stored.graphs,
        np.arange(len(stored.graphs)),
        tc,
        {
            "family": family_of(compositions, tc),
            "parent": assigned.compound[rows],
            "year": table["year"].to_numpy(dtype=float, na_value=np.nan)[rows],
        },
    )


def load_3dsc(run: Run) -> Crystals:
    """Return superconductors on the structures the 3DSC assigned them, with the Tc of Stanev's list, labelled alike."""
    stored = archive_graphs(THREE_D)
    names = [name_parts(one) for one in stored.graphs.ids]
    # Compositions are those of the crystals: a name such as As1F0.11Fe1La1Mn0O0.89 is no formula.
    compositions = compositions_of(stored.graphs, THREE_D, digits=4)
    keys = reduced_keys(compositions)
    # Several structures of a composition: the oldest entry of the database, as for the parents found here.
    order = sorted(range(len(names)), key=lambda i: age(names[i][1]))
    chosen = np.sort(np.array(order)[first_of_each(keys[order])])
    known = run.dataset(STANEV).table
    listed = parse(known["formula"].tolist(), file=STANEV, on_error="collect")
    tc_of = pd.Series(known["critical_temperature"].to_numpy()[listed.rows], index=reduced_keys(listed))
    tc_of = tc_of[~tc_of.index.duplicated()]
    tc = tc_of.reindex(keys[chosen]).to_numpy(dtype=np.float32)
    _note(run, "not in the list of critical temperatures", int(np.isnan(tc).sum()))
    _note(run, "no superconductivity was found", int((tc == 0).sum()))
    chosen, tc = chosen[tc > 0], tc[tc > 0]
    compound = compounds_of_parents()
    label = np.array([compound.get(names[i][1], names[i][1]) for i in chosen])
    return Crystals(
        "3dsc",
        content_key(stored.digest, run.dataset(STANEV).digest, chosen.tolist()),
        stored.graphs,
        chosen,
        tc,
        {"family": family_of(compositions.take(chosen), tc), "parent": label},
        quotable=entry(STANEV).quotable,
    )


def name_parts(name: str) -> tuple[str, str, bool]:
    """Return formula, id of the parent and whether it was doped, from the name of a file of the 3DSC."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise DataError("not the name of a structure of the 3DSC", file=THREE_D, value=name)
    return match["formula"], match["parent"], match["doped"] is not None


def load_others(run: Run, config: CompoundsConfig) -> Crystals:
    """Return compounds of the Materials Project whose composition is not in SuperCon, at 0 K, one structure each."""
    stored = archive_graphs(POOL, most=config.pool)
    compositions = compositions_of(stored.graphs, POOL)
    keys = reduced_keys(compositions)
    order = np.array(sorted(range(len(keys)), key=lambda i: age(stored.graphs.ids[i])))
    oldest = np.sort(order[first_of_each(keys[order])])
    free = oldest[~np.isin(keys[oldest], list(superconducting_keys(run, config)))]
    chosen = np.sort(np.random.default_rng(0).permutation(free)[: config.others])
    return Crystals(
        "materials-project",
        content_key(stored.digest, chosen.tolist()),
        stored.graphs,
        chosen,
        np.zeros(len(chosen), dtype=np.float32),
        {
            "family": np.full(len(chosen), ""),
            "parent": formulas_of(np.round(compositions.take(chosen).fractions, 4)),
            "year": np.full(len(chosen), np.nan),
        },
    )


def superconducting_keys(run: Run, config: CompoundsConfig) -> set[str]:
    """Return the compositions of every entry of SuperCon that can be read, superconducting or not."""
    return set().union(*(_keys_of_entries(run.dataset(name)) for name in config.datasets))


@lru_cache(maxsize=2)  # by the dataset object
def _keys_of_entries(dataset: Dataset) -> frozenset[str]:
    entries = read_entries(dataset.table["formula"].tolist())
    return frozenset(reduced_keys(entries.compositions).tolist())


def together(first: Crystals, second: Crystals, name: str = "superconductors-and-others") -> Crystals:
    """Return two sets of crystals as one, with the labels that both have."""
    graphs = join_graphs([first.compact(), second.compact()])
    labels = {
        one: np.concatenate([first.labels[one], second.labels[one]])
        for one in first.labels.keys() & second.labels.keys()
    }
    return Crystals(
        name,
        content_key(first.digest, second.digest),
        graphs,
        np.arange(len(graphs)),
        np.concatenate([first.target, second.target]),
        labels,
    )


def is_disordered(crystals: Crystals) -> np.ndarray:
    """Return (N,) booleans: a site of the crystal is shared or partly empty."""
    graphs = crystals.compact()
    mixed = ~np.isclose(graphs.kinds.max(axis=1), 1)
    crystal = np.repeat(np.arange(len(graphs)), np.diff(graphs.node_start))
    return np.bincount(crystal, weights=mixed[graphs.kind], minlength=len(graphs)) > 0


def relabelled(crystals: Crystals, target: np.ndarray, name: str) -> Crystals:
    """Return the same crystals with another target."""
    target = target.astype(np.float32)
    digest = content_key(crystals.digest, name, target.tolist())
    return replace(crystals, name=f"{crystals.name}-{name}", digest=digest, target=target)


def count_families(crystals: Crystals) -> Counter[str]:
    """Return how many crystals are in each class."""
    return Counter(crystals.labels["family"].tolist())


def _note(run: Run, why: str, count: int) -> None:
    run.arrays.setdefault("left-out", {})[why] = count
