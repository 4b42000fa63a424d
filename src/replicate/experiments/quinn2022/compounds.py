"""Superconductors with a crystal structure, and compounds of the Materials Project that are not in SuperCon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from replicate.data.cards import Dataset
from replicate.data.konno import is_iron_based
from replicate.data.quinn import superconductors
from replicate.data.registry import entry
from replicate.errors import DataError
from replicate.evaluation.splits import Split
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.quinn2022 import specs
from replicate.experiments.quinn2022.assignment import assign, compounds_of_parents, crystal_graphs
from replicate.experiments.quinn2022.specs import HOT, JOINED, POOL, STANEV, SUPERCON, THREE_D, CompoundsConfig
from replicate.experiments.samples import read_table, some_of
from replicate.features.composition import Compositions, first_of_each, formulas_of, reduced_keys
from replicate.features.crystal_graph import compositions_of
from replicate.features.open_amounts import Entries, read_entries
from replicate.features.parents.polymorphs import age
from replicate.settings import content_key

SHARES: dict[str, Any] = {"test": specs.TEST, "validation": specs.VALIDATION / (1 - specs.TEST)}
_NAME = re.compile(r"(?P<formula>.+)-MP-(?P<parent>(?:mp|mvc)-\d+)(-synth_doped)?")


def family_of(compositions: Compositions, tc: np.ndarray) -> np.ndarray:
    """Return (N,) classes as the paper defines them, empty for what is in none of them.

    Cuprates hold Cu and O, iron-based superconductors Fe with As, Se, S or P, both with a Tc above 10 K; low-Tc
    superconductors are neither and below 40 K.
    """
    cuprate, iron = compositions.holds("Cu", "O"), is_iron_based(compositions)
    hot = tc > HOT
    cold = ~cuprate & ~iron & (tc < 40) & (tc > 0)
    return np.select([cuprate & hot, iron & ~cuprate & hot, cold], specs.CLASSES, default="")


def draw(run: Run, crystals: Crystals, kind: str = "random", train: int | None = None) -> list[Split]:
    """Return for each seed 75 % for training, or only ``train`` of them, 10 % for validation and 15 % for testing.

    Kinds are ``random``, and ``parent``, which keeps a compound and its dopings on one side.
    """
    return [crystals.split(seed, kind=kind, **SHARES, train=train) for seed in run.seeds]


def superconductor_crystals(run: Run, config: CompoundsConfig) -> Crystals:
    """Return superconductors with their Tc (K), labelled by class, parent compound and year (NaN: unknown).

    Files how many compositions got no structure, and why.
    """
    table = superconductors(run.dataset(SUPERCON)).table
    table = table.iloc[some_of(len(table), config.superconductors)]
    entries = read_entries(table["formula"].tolist())
    assigned = assign(run, entries, table["structure_type"].tolist(), config.parents)
    chosen = (assigned["parent"] != "").to_numpy()
    entries = Entries(entries.compositions.take(chosen), entries.open[chosen])
    formulas = entries.compositions.formulas
    digest = content_key(run.dataset(SUPERCON).digest, formulas)
    stored = crystal_graphs("supercon", digest, entries, assigned[chosen])
    _note(run, "no parent within reach", int((~chosen).sum()))
    _note(run, "no site for some of its atoms", len(stored.dropped))
    rows = pd.Series(np.arange(len(formulas)), formulas)[list(stored.graphs.ids)].to_numpy()
    table, assigned = table[chosen].iloc[rows], assigned[chosen].iloc[rows]
    tc = table["critical_temperature"].to_numpy(np.float32)
    labels = {
        "family": family_of(entries.compositions.take(rows), tc),
        "parent": assigned["compound"].to_numpy(str),
        "year": table["year"].to_numpy(float, na_value=np.nan),
    }
    key = content_key(stored.digest, tc.tolist())
    return Crystals("supercon", key, stored.graphs, np.arange(len(tc)), tc, labels)


def crystals_of_3dsc(run: Run) -> Crystals:
    """Return superconductors on the structures the 3DSC assigned them, with the Tc of Stanev's list, labelled alike."""
    stored = archive_graphs(THREE_D)
    parents = [name_parts(name)[1] for name in stored.graphs.ids]
    # Compositions are those of the crystals: a name such as As1F0.11Fe1La1Mn0O0.89 is no formula.
    compositions = compositions_of(stored.graphs, THREE_D, digits=4)
    keys = reduced_keys(compositions)
    chosen = _oldest(keys, parents)
    listed, values = read_table(run, STANEV)
    listed_tc = pd.Series(values, reduced_keys(listed))
    listed_tc = listed_tc[~listed_tc.index.duplicated()]
    tc = listed_tc.reindex(keys[chosen]).to_numpy(dtype=np.float32)
    _note(run, "not in the list of critical temperatures", int(np.isnan(tc).sum()))
    _note(run, "no superconductivity was found", int((tc == 0).sum()))
    chosen, tc = chosen[tc > 0], tc[tc > 0]
    compound = compounds_of_parents()
    labels = {
        "family": family_of(compositions.take(chosen), tc),
        "parent": np.array([compound.get(parents[i], parents[i]) for i in chosen]),
    }
    key = content_key(stored.digest, run.dataset(STANEV).digest, chosen.tolist())
    return Crystals("3dsc", key, stored.graphs, chosen, tc, labels, quotable=entry(STANEV).quotable)


def name_parts(name: str) -> tuple[str, str]:
    """Return the formula and the id of the parent from the name of a file of the 3DSC."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise DataError("not the name of a structure of the 3DSC", file=THREE_D, value=name)
    return match["formula"], match["parent"]


def other_crystals(run: Run, config: CompoundsConfig) -> Crystals:
    """Return compounds of the Materials Project whose composition is not in SuperCon, at 0 K, one structure each."""
    stored = archive_graphs(POOL, most=config.pool)
    compositions = compositions_of(stored.graphs, POOL)
    keys = reduced_keys(compositions)
    oldest = _oldest(keys, stored.graphs.ids)
    free = oldest[~np.isin(keys[oldest], list(superconducting_keys(run, config)))]
    chosen = np.sort(np.random.default_rng(0).permutation(free)[: config.others])
    n = len(chosen)
    labels = {
        "family": np.full(n, ""),
        "parent": formulas_of(np.round(compositions.take(chosen).fractions, 4)),
        "year": np.full(n, np.nan),
    }
    key = content_key(stored.digest, chosen.tolist())
    return Crystals("materials-project", key, stored.graphs, chosen, np.zeros(n, np.float32), labels)


def _oldest(keys: np.ndarray, ids: Sequence[str]) -> np.ndarray:
    """Return, ascending, where the oldest entry of each composition stands, as for the parents."""
    order = np.array(sorted(range(len(keys)), key=lambda i: age(ids[i])))
    return np.sort(order[first_of_each(keys[order])])


def all_crystals(run: Run, config: CompoundsConfig) -> Crystals:
    """Return superconductors with their Tc (K), followed by other compounds at 0 K."""
    return superconductor_crystals(run, config).joined(other_crystals(run, config), JOINED)


def superconducting_keys(run: Run, config: CompoundsConfig) -> set[str]:
    """Return the compositions of every entry of SuperCon that can be read, superconducting or not."""
    return set().union(*(_keys_of_entries(run.dataset(name)) for name in config.datasets))


@lru_cache(maxsize=2)  # by the dataset object
def _keys_of_entries(dataset: Dataset) -> frozenset[str]:
    entries = read_entries(dataset.table["formula"].tolist())
    return frozenset(reduced_keys(entries.compositions).tolist())


def _note(run: Run, why: str, count: int) -> None:
    run.arrays.setdefault("left-out", {})[why] = count
