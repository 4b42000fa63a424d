"""Candidates for new superconductors: Sec. V of Konno et al. 2021.

Shape legend: S seeds, n compositions of the COD.
"""

from __future__ import annotations

import numpy as np

from replicate.data.konno import is_cuprate, is_iron_based
from replicate.evaluation.neighbours import nearest_composition
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import CandidatesConfig
from replicate.experiments.konno2021.garbage_in import garbage_in_model, named_compounds, searched
from replicate.experiments.konno2021.names import CANDIDATE, CANDIDATES, DEEP, NAMED
from replicate.experiments.scoring import spread
from replicate.features.composition import formulas_of, parse, reduced_keys

SHOWN = 300


def run_candidates(run: Run) -> None:
    """Predict the compounds the paper names, list our own candidates, and compare them with the authors'."""
    config: CandidatesConfig = run.config
    known, trained = garbage_in_model(run, config.garbage_in)
    known.score_held(run, "supercon-held/garbage-in", trained.predict(known.held))
    known.score_two_means(run, "supercon-held")
    for name, values in zip(NAMED, trained.predict(of=named_compounds()).T, strict=True):
        run.file(f"candidates/{DEEP}/{name}", values, "K")
    known_compositions = known.rows.compositions
    borides = known_compositions.holds("B") & ((known_compositions.amounts > 0).sum(axis=1) == 2)
    superconducting = (known.rows.part == 0) & (known.rows.target > 0)
    run.file("data/binary-borides/rows", borides.sum(), n=len(known_compositions))
    run.file(
        "data/binary-borides/superconductors", (borides & superconducting).sum(), n=len(known_compositions)
    )

    # The authors' candidates without cuprates and iron-based compounds, and ours.
    table = run.dataset(CANDIDATES).table
    listed = parse(table["formula"].tolist(), file=CANDIDATES, on_error="collect")
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

    mean, sd = predicted.mean(axis=0), spread(predicted)
    order = np.argsort(-mean, kind="stable")[:SHOWN]
    first = pool.take(order)
    near, distance = nearest_composition(first.fractions, known_compositions.fractions[superconducting])
    nearest = np.flatnonzero(superconducting)[near]
    run.arrays["candidates"] = [
        {
            "compound": str(name),
            "tc": round(float(mean[i]), 1),
            "sd": round(float(sd[i]), 1),
            "members": int(ours[:, i].sum()),
            "nearest": known_compositions.formulas[row],
            "nearest_tc": round(float(known.rows.target[row]), 1),
            "distance": round(float(far), 3),
            "authors": bool(there[i]),
        }
        for name, i, row, far in zip(formulas_of(first.amounts), order, nearest, distance, strict=True)
    ]
