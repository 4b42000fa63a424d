"""Compositions of the COD as synthetic non-superconductors: Secs. III and V of Konno et al. 2021.

Shape legend: S seeds, n compositions of the COD.
"""

from __future__ import annotations

import numpy as np

from replicate.data.konno import is_cuprate, is_iron_based
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import GarbageInConfig
from replicate.experiments.konno2021.ensembles import Known
from replicate.experiments.konno2021.names import NAMED
from replicate.experiments.konno2021.preliminary import preliminary_model
from replicate.experiments.konno2021.training_sets import load_cod, load_supercon, some_of, training_rows
from replicate.experiments.train import Trained, train
from replicate.features.composition import Compositions, parse, reduced_keys

THRESHOLDS = (0, 4, 10)
BINS = np.array([0.0, 1e-6, 1, 2, 4, 10, 20, 40, 80, 160, 1000])


def named_compounds() -> Compositions:
    """Return the compounds the paper singles out."""
    return parse(list(NAMED), file="Konno et al. 2021")


def garbage_in_model(run: Run, config: GarbageInConfig) -> tuple[Known, Trained]:
    """Train the network on superconductors and the COD, or read it from its checkpoints."""
    rows = training_rows(run, config.data, apart_from=named_compounds())
    known = Known.all_but_validation(rows, run.seeds)
    return known, train(run, rows, config.network, known.splits, "garbage-in")


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
    alone = preliminary_model(run, config.preliminary, config.preliminary.networks[0])[1].predict(of=pool)
    run.say("with the COD")
    known, trained = garbage_in_model(run, config)
    with_cod = trained.predict(of=pool)
    for key, predicted in (("cod/preliminary", alone), ("cod/garbage-in", with_cod[:, ~usual])):
        for bar in THRESHOLDS:
            run.file(f"{key}/above_{bar}K", (predicted > bar).sum(axis=1), n=predicted.shape[1])
    run.arrays["histogram"] = {
        "edges": BINS.tolist(),
        "preliminary": _histogram(alone),
        "garbage-in": _histogram(with_cod),
    }

    held = trained.predict(known.held)
    known.score_held(run, "supercon-held/garbage-in", held)
    known.score_two_means(run, "supercon-held")
    # Compositions of the COD that a network was not with_cod.
    of_class = is_cuprate(known.rows.compositions) | is_iron_based(known.rows.compositions)
    new = ((known.rows.part == 1) & ~of_class)[known.held]
    n = round(float(new.sum(axis=1).mean()))
    for bar in THRESHOLDS:
        shares = [(values[which] > bar).mean() for values, which in zip(held, new, strict=True)]
        run.file(f"cod/garbage-in-held/share_above_{bar}K", shares, n=n)


def _histogram(predicted: np.ndarray) -> list[float]:
    """Return the mean number of compositions in each bin of predicted Tc."""
    return np.mean([np.histogram(p, bins=BINS)[0] for p in predicted], axis=0).tolist()
