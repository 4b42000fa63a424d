"""Compositions of the COD as synthetic non-superconductors: Secs. III and V of Konno et al. 2021.

Shape legend: S seeds, n compositions of the COD.
"""

from __future__ import annotations

import numpy as np

from replicate.data.konno import is_cuprate, is_iron_based
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import GarbageInConfig
from replicate.experiments.konno2021.preliminary import preliminary_model
from replicate.experiments.konno2021.training_sets import Known, load_cod, load_supercon, training_rows
from replicate.experiments.samples import some_of
from replicate.experiments.train import Trained
from replicate.features.composition import Compositions, parse, reduced_keys

THRESHOLDS = (0, 4, 10)
BINS = np.array([0.0, 1e-6, 1, 2, 4, 10, 20, 40, 80, 160, 1000])
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


def run_garbage_in(run: Run) -> None:
    """Count what each model takes for a superconductor among the compositions of the COD."""
    config: GarbageInConfig = run.config
    pool = searched(run, config)
    run.file("cod/list/searched", len(pool))
    zero = load_supercon(run, config.preliminary.data.until).target == 0
    run.file("data/supercon/nonsuperconductors", zero.sum(), n=len(zero))
    usual = is_cuprate(pool) | is_iron_based(pool)
    run.file("cod/list/cuprates_and_iron_based", usual.sum(), n=len(pool))

    run.say("superconductors only")
    alone = preliminary_model(run, config.preliminary).predict(of=pool)
    run.say("with the COD")
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
    compositions = known.rows.compositions
    of_class = is_cuprate(compositions) | is_iron_based(compositions)
    new = ((known.rows.part == 1) & ~of_class)[known.held]
    held = trained.predict(known.held)
    for bar in THRESHOLDS:
        shares = [(values[which] > bar).mean() for values, which in zip(held, new, strict=True)]
        run.file(f"cod/garbage-in-held/share_above_{bar}K", shares, n=round(float(new.sum(axis=1).mean())))
