"""Superconductors and non-superconductors as rows, and the groups of Table 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replicate.data.supercon import LAST_ELEMENT, related
from replicate.evaluation.splits import Split
from replicate.experiments.configs import SupervisedConfig
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows, load_rows, make_rows, read_table, some_of, targets, tests, where
from replicate.experiments.scoring import score_errors
from replicate.features.composition import Compositions, first_of_each, parse, reduced_keys
from replicate.settings import content_key

GROUPS = ("group-I", "group-II", "group-III", "group-IV")


def groups_of(compositions: Compositions) -> np.ndarray:
    """Return (N,) group names of Table 1: I holds Cu, II Fe, III both, IV neither."""
    copper, iron = compositions.holds("Cu"), compositions.holds("Fe")
    return np.select([copper & iron, copper, iron], ["group-III", "group-I", "group-II"], "group-IV")


def load_superconductors(run: Run, config: SupervisedConfig) -> Rows:
    """Return the superconductors without the relatives of Table 2's compounds, which are counted and filed."""
    rows = load_rows(run, config)
    hit = related(rows.compositions)
    run.arrays["related"] = {"rows": int(hit.sum()), "of": len(rows)}
    return rows.take(~hit, "without the relatives of Table 2")


def load_negatives(run: Run, name: str, superconductors: Rows, most: int | None = None) -> Rows:
    """Return the distinct compositions of a table of insulators, at 0 K, that are not superconductors.

    Relatives of Table 2's compounds go as well, and in our own choice (JARVIS-DFT) what lies beyond radon, where
    no superconductor of the authors lies; what is left out is counted and filed.
    """
    dataset = run.dataset(name)
    table = dataset.table
    ours = name == "jarvis-dft-3d"
    if ours:
        table = table[(table["energy_above_hull"] <= 0) & (table["band_gap"] > 0.1)]
    compositions = parse(table["formula"].tolist(), file=name, on_error="collect")
    keys = reduced_keys(compositions)
    left_out = {
        "repeated": ~first_of_each(keys),
        "superconductors": np.isin(keys, superconductors.groups("composition")),
        "relatives": related(compositions),
        "beyond_radon": ours & compositions.beyond(LAST_ELEMENT),
    }
    reason = np.select(list(left_out.values()), list(left_out), default="")
    usable = np.flatnonzero(reason == "")
    chosen = usable[some_of(len(usable), most)]
    run.arrays[f"negatives/{name}"] = {
        "read": len(table),
        "unreadable": len(compositions.problems),
        **{why: int((reason == why).sum()) for why in left_out},
        "not_drawn": len(usable) - len(chosen),
    }
    digest = content_key(dataset.digest, superconductors.digest, "negatives", most)
    return make_rows(name, digest, compositions.take(chosen), np.zeros(len(chosen)))


def reported(run: Run, *names: str) -> pd.DataFrame:
    """Return the lowest and highest Tc (K) that tables of superconductors give a composition, ``min`` and ``max``."""
    tables = [read_table(run, name) for name in names]
    tc = pd.concat([pd.Series(values, reduced_keys(compositions)) for compositions, values in tables])
    return tc.groupby(level=0).agg(["min", "max"])


def score_groups(run: Run, rows: Rows, splits: Sequence[Split], model: str, predicted: np.ndarray) -> None:
    """File the scores of (S, n) test predictions for each group of Table 1."""
    labels, measured = groups_of(rows.compositions)[tests(splits)], targets(rows, splits)
    for group in GROUPS:
        chosen = labels == group
        if chosen.sum(axis=1).min() > 1:
            score_errors(run, f"{group}/{model}", where(measured, chosen), where(predicted, chosen), "K")
