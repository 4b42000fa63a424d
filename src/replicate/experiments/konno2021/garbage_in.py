"""Compositions of the COD as non-superconductors, and candidates among them: Secs. III and V of Konno et al. 2021."""

from __future__ import annotations

import numpy as np
import pandas as pd

from replicate.data.konno import is_cuprate, is_iron_based
from replicate.evaluation.distances import nearest_composition
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import CANDIDATE_LIST, DEEP, CandidatesConfig, GarbageInConfig
from replicate.experiments.konno2021.preliminary import preliminary_model
from replicate.experiments.konno2021.training_sets import Known, load_cod, load_supercon, training_rows
from replicate.experiments.samples import some_of, where
from replicate.experiments.scoring import spread
from replicate.experiments.train import Trained
from replicate.features.composition import Compositions, formulas_of, parse, reduced_keys

THRESHOLDS = (0, 4, 10)
BINS = np.array([0.0, 1e-6, 1, 2, 4, 10, 20, 40, 80, 160, 1000])
SHOWN = 300
CANDIDATE = 4.0  # K; the authors' list of candidates ends there
NAMED = ("CaBi2", "Hf0.5Nb0.2V2Zr0.3", "BeB2")
"""The compounds the paper singles out; left out of training, so that predicting them means something."""


def garbage_in_model(run: Run, config: GarbageInConfig) -> tuple[Known, Trained]:
    """Train the network on superconductors and the COD, or read it from its checkpoints; file how it validates."""
    rows = training_rows(run, config.data, apart_from=parse(list(NAMED)))
    known = Known.all_but_validation(rows, run.seeds)
    known.score_two_means(run, "supercon-held")
    return known, known.train(run, config.network, "garbage-in", "supercon-held/garbage-in")


def searched(run: Run, config: GarbageInConfig) -> Compositions:
    """Return the compositions of the COD that are searched: those that SuperCon does not hold, which are counted."""
    pool = load_cod(run, config.pool)
    known = np.isin(reduced_keys(pool), load_supercon(run).groups("composition"))
    run.file("cod/list/rows", len(pool))
    run.file("cod/list/in_supercon", known.sum(), n=len(pool))
    pool = pool.take(~known)
    return pool.take(some_of(len(pool), config.most))


def _usual(compositions: Compositions) -> np.ndarray:
    return is_cuprate(compositions) | is_iron_based(compositions)


def run_garbage_in(run: Run) -> None:
    """Count what each model takes for a superconductor among the compositions of the COD."""
    config: GarbageInConfig = run.config
    pool = searched(run, config)
    run.file("cod/list/searched", len(pool))
    zero = load_supercon(run, config.preliminary.data.until).target == 0
    run.file("data/supercon/nonsuperconductors", zero.sum(), n=len(zero))
    usual = _usual(pool)
    run.file("cod/list/cuprates_and_iron_based", usual.sum(), n=len(pool))

    alone = preliminary_model(run, config.preliminary).predict(of=pool)
    known, trained = garbage_in_model(run, config)
    with_cod = trained.predict(of=pool)
    for key, predicted in (("cod/preliminary", alone), ("cod/garbage-in", with_cod[:, ~usual])):
        for bar in THRESHOLDS:
            run.file(f"{key}/above_{bar}K", (predicted > bar).sum(axis=1), n=predicted.shape[1])
    run.arrays["histogram"] = {"edges": BINS.tolist()}
    for name, predicted in (("preliminary", alone), ("garbage-in", with_cod)):
        counts = [np.histogram(p, bins=BINS)[0] for p in predicted]
        run.arrays["histogram"][name] = np.mean(counts, axis=0).tolist()

    # Compositions of the COD that a network was not trained with.
    new = ((known.rows.part == 1) & ~_usual(known.rows.compositions))[known.held]
    held = where(trained.predict(known.held), new)
    for bar in THRESHOLDS:
        shares = [(values > bar).mean() for values in held]
        run.file(f"cod/garbage-in-held/share_above_{bar}K", shares, n=round(float(new.sum(axis=1).mean())))


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
    theirs = np.unique(reduced_keys(listed.take(~_usual(listed))))
    run.file("candidates/authors/rows", len(table))
    run.file("candidates/authors/other", len(theirs), n=len(table))
    pool = searched(run, config.garbage_in)
    pool = pool.take(~_usual(pool))
    there = np.isin(reduced_keys(pool), theirs)
    run.file("candidates/authors/in_pool", there.sum(), n=len(theirs))
    predicted = trained.predict(of=pool)
    ours = predicted > CANDIDATE
    counts = ours.sum(axis=1)
    common = {"authors_too": (ours & there).sum(axis=1), "by_chance": counts * there.sum() / len(pool)}
    run.file_all(f"overlap/{DEEP}", {"candidates": counts, **common}, n=len(pool))
    shared = [(a & b).sum() / max((a | b).sum(), 1) for i, a in enumerate(ours) for b in ours[:i]]
    if shared:
        run.file(f"overlap/{DEEP}/between_networks", shared)

    mean = predicted.mean(axis=0)
    order = np.argsort(-mean, kind="stable")[:SHOWN]
    first = pool.take(order)
    near, distance = nearest_composition(first.fractions, compositions.fractions[superconducting])
    nearest = np.flatnonzero(superconducting)[near]
    columns = {
        "compound": formulas_of(first.amounts),
        "tc": mean[order].astype(float).round(1),
        "sd": spread(predicted)[order].astype(float).round(1),
        "members": ours[:, order].sum(axis=0),
        "nearest": np.array(compositions.formulas)[nearest],
        "nearest_tc": known.rows.target[nearest].astype(float).round(1),
        "distance": distance.astype(float).round(3),
        "authors": there[order],
    }
    run.arrays["candidates"] = pd.DataFrame(columns).to_dict("records")
