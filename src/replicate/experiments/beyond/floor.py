"""The noise floor: how far repeated measurements of one composition disagree, which no model of compositions sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from replicate import data
from replicate.data import Dataset, drop_rows
from replicate.data.supercon import (
    RULES,
    average_duplicates,
    clean_as_paper,
    drop_conflicts,
    drop_related,
    drop_unreadable,
)
from replicate.evaluation.bootstrap import interval, resamplings
from replicate.evaluation.noise import repeated
from replicate.experiments.beyond.specs import FloorConfig, Measured
from replicate.experiments.core import Run
from replicate.experiments.zeng2019.superconductors import groups_of
from replicate.features.composition import chemical_systems, parse, reduced_keys

# The cleaning of Zeng et al. without the average, which would hide what is sought.
_AGREEING = tuple(rule for rule in RULES if rule is not average_duplicates)
# Every entry with a Tc and a composition: contradictions and the compounds held out for Table 2 stay.
_ENTRIES = tuple(rule for rule in _AGREEING if rule not in (drop_conflicts, drop_related))
_OFTEN = 12  # compositions measured most often, which are shown
_SAME_VALUE = "distinct"  # a value that a composition has twice counts once: it may be a copy from the same source


def run_floor(run: Run) -> None:
    """File the floors of every list of measurements: all, without copies, by group of superconductors."""
    config: FloorConfig = run.config
    for measured in config.lists:
        dataset = _clean(run.dataset(measured.dataset), measured, config.most)
        run.arrays[f"cleaning/{measured.name}"] = dataset.cleaning.to_frame().astype(str).to_numpy().tolist()
        compositions = parse(dataset.table["formula"].tolist(), file=measured.dataset)
        values = dataset.table[measured.column].to_numpy(float)
        keys, systems = reduced_keys(compositions), chemical_systems(compositions)
        groups = {"all": np.ones(len(values), bool)}
        groups[_SAME_VALUE] = ~pd.DataFrame({"key": keys, "value": values}).duplicated().to_numpy()
        if measured.unit == "K":
            labels = groups_of(compositions)
            groups |= {str(name): labels == name for name in np.unique(labels)}
        for group, some in groups.items():
            _file(run, measured, group, values[some], keys[some], systems[some])
        if data.entry(measured.dataset).quotable:
            run.arrays[f"often/{measured.name}"] = _often(compositions.formulas, values, keys)


def _often(formulas: Sequence[str], values: np.ndarray, keys: np.ndarray) -> list[list[Any]]:
    """Return formula, number, and 10, 50 and 90 % quantiles of the measurements of the commonest compositions."""
    most = [key for key, _ in Counter(keys.tolist()).most_common(_OFTEN)]
    places = [np.flatnonzero(keys == key) for key in most]
    return [[formulas[p[0]], len(p), *np.quantile(values[p], (0.1, 0.5, 0.9)).tolist()] for p in places]


def _clean(dataset: Dataset, measured: Measured, most: int | None) -> Dataset:
    """Return a table without rows that have no readable formula or no value, averaged values left apart."""
    if most is not None:
        dataset = replace(dataset, table=dataset.table.head(most))
    if measured.unit == "K":
        return clean_as_paper(dataset, _AGREEING if measured.agreeing else _ENTRIES)
    table, missing = drop_rows(dataset.table, dataset.table[measured.column].isna().to_numpy(), "no value")
    table, unreadable = drop_unreadable(table)
    return replace(dataset, table=table, cleaning=dataset.cleaning.after(missing, unreadable))


def _file(run: Run, measured: Measured, group: str, values: np.ndarray, keys: np.ndarray, systems: np.ndarray) -> None:
    """File floors with 95 % intervals from resampled chemical systems, and how many measurements tell them."""
    noise, label = repeated(values, keys), f"{measured.name}/{group}"
    counts = {
        "measurements": len(values),
        "repeated_measurements": noise.size.sum(),
        "repeated_compositions": len(noise.size),
    }
    run.file_all(label, counts, n=len(values))
    if not len(noise.size):
        return
    drawn, system = resamplings(systems[noise.first])
    floors, resampled = noise.floors(), noise.floors(drawn[:, system])
    for name, value in floors.items():
        run.file(f"{label}/floor_{name}", value, measured.unit, int(noise.size.sum()))
        run.arrays[f"interval/{label}/{name}"] = [float(value[0]), *interval(resampled[name])]
