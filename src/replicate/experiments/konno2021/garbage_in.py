"""Compositions of the COD as synthetic non-superconductors: Secs. III and V of Konno et al. 2021.

Shape legend: S seeds, n compositions of the COD.
"""

from __future__ import annotations

import numpy as np

from replicate.data.konno import is_cuprate, is_iron_based
from replicate.experiments.base import Run
from replicate.experiments.konno2021.configs import GarbageInConfig
from replicate.experiments.konno2021.ensembles import Known, answers
from replicate.experiments.konno2021.names import NAMED
from replicate.experiments.konno2021.preliminary import preliminary_model
from replicate.experiments.konno2021.training_sets import load_cod, load_supercon, some_of, training_rows
from replicate.features.composition import Compositions, parse, reduced_keys
from replicate.records import Metric
from replicate.training.fit import FitResult

THRESHOLDS = (0, 4, 10)
BINS = np.array([0.0, 1e-6, 1, 2, 4, 10, 20, 40, 80, 160, 1000])


def named_compounds() -> Compositions:
    """Return the compounds the paper singles out."""
    return parse(list(NAMED), file="Konno et al. 2021")


def garbage_in_model(run: Run, config: GarbageInConfig) -> tuple[Known, FitResult]:
    """Train the network on superconductors and the COD, or read it from its checkpoints."""
    rows = training_rows(run, config.data, apart_from=named_compounds())
    known = Known.all_but_validation(rows, run.seeds)
    return known, known.train(run, config.network, "garbage-in")


def searched(run: Run, config: GarbageInConfig) -> Compositions:
    """Return the compositions of the COD that are searched: those that SuperCon does not hold, which are counted."""
    pool = load_cod(run, config.pool)
    known = np.isin(reduced_keys(pool), load_supercon(run).groups["composition"])
    run.metrics["cod/list/rows"] = Metric("", (len(pool),), None)
    run.metrics["cod/list/in_supercon"] = Metric("", (int(known.sum()),), len(pool))
    pool = pool.take(~known)
    return pool.take(some_of(len(pool), config.most))


def run_garbage_in(run: Run) -> None:
    """Count what each model takes for a superconductor among the compositions of the COD."""
    config: GarbageInConfig = run.config
    pool = searched(run, config)
    run.metrics["cod/list/searched"] = Metric("", (len(pool),), None)
    alone_in = load_supercon(run, config.preliminary.data.until).target == 0
    run.metrics["data/supercon/nonsuperconductors"] = Metric("", (int(alone_in.sum()),), len(alone_in))
    usual = is_cuprate(pool) | is_iron_based(pool)
    run.metrics["cod/list/cuprates_and_iron_based"] = Metric("", (int(usual.sum()),), len(pool))

    network = config.preliminary.networks[0]
    run.say("superconductors only")
    _, trained = preliminary_model(run, config.preliminary, network)
    alone = answers(network, trained, pool)
    _count(run, "cod/preliminary", alone, np.zeros(len(pool), dtype=bool))

    run.say("with the COD")
    known, trained = garbage_in_model(run, config)
    taught = answers(config.network, trained, pool)
    _count(run, "cod/garbage-in", taught, usual)
    held = known.predict_held(config.network, trained)
    _count_held(run, known, held)
    known.score_held(run, "supercon-held/garbage-in", held)
    known.score_two_means(run, "supercon-held")
    run.arrays["histogram"] = {
        "edges": BINS.tolist(),
        "preliminary": _histogram(alone),
        "garbage-in": _histogram(taught),
    }


def _count(run: Run, key: str, predicted: np.ndarray, left_out: np.ndarray) -> None:
    """File how many of the compositions are predicted above each threshold, some classes left out."""
    kept = predicted[:, ~left_out]
    counts = [{f"above_{t}K": int((p > t).sum()) for t in THRESHOLDS} for p in kept]
    run.add(key, counts, {}, kept.shape[1])


def _count_held(run: Run, known: Known, predicted: np.ndarray) -> None:
    """File the shares above each threshold among compositions of the COD that a network was not taught."""
    rows = known.rows
    usual = is_cuprate(rows.compositions) | is_iron_based(rows.compositions)
    shares, sizes = [], []
    for held, values in zip(known.held, predicted, strict=True):
        new = (rows.part[held] == 1) & ~usual[held]
        shares.append({f"share_above_{t}K": float((values[new] > t).mean()) for t in THRESHOLDS})
        sizes.append(new.sum())
    run.add("cod/garbage-in-held", shares, {}, round(float(np.mean(sizes))))


def _histogram(predicted: np.ndarray) -> list[float]:
    """Return the mean number of compositions in each bin of predicted Tc."""
    return np.mean([np.histogram(p, bins=BINS)[0] for p in predicted], axis=0).tolist()
