"""Candidates for new superconductors: Sec. V of Konno et al. 2021.

Shape legend: S seeds, n compositions of the COD.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from replicate.data.konno import is_cuprate, is_iron_based
from replicate.evaluation.distances import nearest_composition
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import CANDIDATE_LIST, DEEP, CandidatesConfig
from replicate.experiments.konno2021.garbage_in import NAMED, garbage_in_model, searched
from replicate.experiments.scoring import spread
from replicate.features.composition import formulas_of, parse, reduced_keys

SHOWN = 300
CANDIDATE = 4.0  # K; the authors' list of candidates ends there


def run_candidates(run: Run) -> None:
    """Predict the compounds the paper names, list our own candidates, and compare them with the authors'."""
    config: CandidatesConfig = run.config
    known, trained = garbage_in_model(run, config.garbage_in)
    for name, values in zip(NAMED, trained.predict(of=parse(list(NAMED))).T, strict=True):
        run.file(f"candidates/{DEEP}/{name}", values, "K")
    compositions = known.rows.compositions
    borides = compositions.holds("B") & ((compositions.amounts > 0).sum(axis=1) == 2)
    superconducting = (known.rows.part == 0) & (known.rows.target > 0)
    run.file("data/binary-borides/rows", borides.sum(), n=len(compositions))
    run.file("data/binary-borides/superconductors", (borides & superconducting).sum(), n=len(compositions))

    # The authors' candidates without cuprates and iron-based compounds, and ours.
    table = run.dataset(CANDIDATE_LIST).table
    listed = parse(table["formula"].tolist(), file=CANDIDATE_LIST, on_error="collect")
    run.arrays["authors/unreadable"] = [[p.row, str(p.formula), p.reason] for p in listed.problems]
    theirs = np.unique(reduced_keys(listed.take(~is_cuprate(listed) & ~is_iron_based(listed))))
    run.file("candidates/authors/rows", len(table))
    run.file("candidates/authors/other", len(theirs), n=len(table))
    pool = searched(run, config.garbage_in)
    pool = pool.take(~is_cuprate(pool) & ~is_iron_based(pool))
    there = np.isin(reduced_keys(pool), theirs)
    run.file("candidates/authors/in_pool", there.sum(), n=len(theirs))
    predicted = trained.predict(of=pool)
    ours = predicted > CANDIDATE
    counts = ours.sum(axis=1)
    run.file(f"overlap/{DEEP}/candidates", counts, n=len(pool))
    run.file(f"overlap/{DEEP}/authors_too", (ours & there).sum(axis=1), n=len(pool))
    run.file(f"overlap/{DEEP}/by_chance", counts * there.sum() / len(pool), n=len(pool))
    common = [(a & b).sum() / max((a | b).sum(), 1) for i, a in enumerate(ours) for b in ours[:i]]
    if common:
        run.file(f"overlap/{DEEP}/between_networks", common)

    mean = predicted.mean(axis=0)
    order = np.argsort(-mean, kind="stable")[:SHOWN]
    first = pool.take(order)
    near, distance = nearest_composition(first.fractions, compositions.fractions[superconducting])
    nearest = np.flatnonzero(superconducting)[near]
    candidates = pd.DataFrame(
        {
            "compound": formulas_of(first.amounts),
            "tc": mean[order].astype(float).round(1),
            "sd": spread(predicted)[order].astype(float).round(1),
            "members": ours[:, order].sum(axis=0),
            "nearest": np.array(compositions.formulas)[nearest],
            "nearest_tc": known.rows.target[nearest].astype(float).round(1),
            "distance": distance.astype(float).round(3),
            "authors": there[order],
        }
    )
    run.arrays["candidates"] = candidates.to_dict("records")
