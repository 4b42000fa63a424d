"""Candidates for new superconductors: Sec. V of Konno et al. 2021.

Shape legend: S seeds, n compositions of the COD.
"""

from __future__ import annotations

import numpy as np

from replicate.data.konno import is_cuprate, is_iron_based
from replicate.evaluation.neighbours import nearest_composition
from replicate.experiments.base import Run
from replicate.experiments.konno2021.configs import CandidatesConfig
from replicate.experiments.konno2021.ensembles import answers
from replicate.experiments.konno2021.garbage_in import garbage_in_model, named_compounds, searched
from replicate.experiments.konno2021.names import CANDIDATE, CANDIDATES, DEEP, NAMED
from replicate.features.composition import Compositions, formulas_of, parse, reduced_keys
from replicate.records import Metric

SHOWN = 300


def run_candidates(run: Run) -> None:
    """Predict the compounds the paper names, list our own candidates, and compare them with the authors'."""
    config: CandidatesConfig = run.config
    search = config.garbage_in
    known, trained = garbage_in_model(run, search)
    known.score_held(run, "supercon-held/garbage-in", known.predict_held(search.network, trained))
    known.score_two_means(run, "supercon-held")
    for name, values in zip(NAMED, answers(search.network, trained, named_compounds()).T, strict=True):
        run.metrics[f"candidates/{DEEP}/{name}"] = Metric("K", tuple(float(v) for v in values), None)
    taught = known.rows.compositions
    borides = taught.holds("B") & ((taught.amounts > 0).sum(axis=1) == 2)
    superconducting = (known.rows.part == 0) & (known.rows.target > 0)
    run.metrics["data/binary-borides/rows"] = Metric("", (int(borides.sum()),), len(taught))
    count = int((borides & superconducting).sum())
    run.metrics["data/binary-borides/superconductors"] = Metric("", (count,), len(taught))

    pool = searched(run, search)
    pool = pool.take(~is_cuprate(pool) & ~is_iron_based(pool))
    predicted = answers(search.network, trained, pool)
    theirs = _authors(run)
    _compare(run, pool, predicted, theirs)
    mean = predicted.mean(axis=0)
    sd = predicted.std(axis=0, ddof=1) if len(predicted) > 1 else np.zeros(len(pool))
    order = np.argsort(-mean, kind="stable")[:SHOWN]
    listed = pool.take(order)
    near, distance = nearest_composition(listed.fractions, taught.fractions[superconducting])
    nearest = np.flatnonzero(superconducting)[near]
    listed_there = set(theirs.tolist())
    run.arrays["candidates"] = [
        {
            "compound": str(name),
            "tc": round(float(mean[i]), 1),
            "sd": round(float(sd[i]), 1),
            "members": int((predicted[:, i] > CANDIDATE).sum()),
            "nearest": taught.formulas[row],
            "nearest_tc": round(float(known.rows.target[row]), 1),
            "distance": round(float(far), 3),
            "authors": key in listed_there,
        }
        for name, i, row, far, key in zip(
            formulas_of(listed.amounts), order, nearest, distance, reduced_keys(listed).tolist(), strict=True
        )
    ]


def _authors(run: Run) -> np.ndarray:
    """Return the keys of the authors' candidates without cuprates and iron-based compounds, and file their number."""
    table = run.dataset(CANDIDATES).table
    compositions = parse(table["formula"].tolist(), file=CANDIDATES, on_error="collect")
    run.arrays["authors/unreadable"] = [[p.row, str(p.formula), p.reason] for p in compositions.problems]
    others = compositions.take(~is_cuprate(compositions) & ~is_iron_based(compositions))
    keys = np.unique(reduced_keys(others))
    run.metrics["candidates/authors/rows"] = Metric("", (len(table),), None)
    run.metrics["candidates/authors/other"] = Metric("", (len(keys),), len(table))
    return keys


def _compare(run: Run, pool: Compositions, predicted: np.ndarray, theirs: np.ndarray) -> None:
    """File how many candidates each network has, how many the authors have too, and how many two networks share."""
    there = np.isin(reduced_keys(pool), theirs)
    run.metrics["candidates/authors/in_pool"] = Metric("", (int(there.sum()),), len(theirs))
    ours = predicted > CANDIDATE
    scores = []
    for mine in ours:
        found = int((mine & there).sum())
        by_chance = mine.sum() * there.sum() / len(pool)
        scores.append({"candidates": int(mine.sum()), "authors_too": found, "by_chance": float(by_chance)})
    run.add(f"overlap/{DEEP}", scores, {}, len(pool))
    common = [(a & b).sum() / max((a | b).sum(), 1) for i, a in enumerate(ours) for b in ours[:i]]
    if common:
        run.metrics[f"overlap/{DEEP}/between_networks"] = Metric("", tuple(map(float, common)), None)
