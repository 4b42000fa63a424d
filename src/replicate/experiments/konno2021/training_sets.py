"""What the networks of Konno et al. 2021 learn from: SuperCon up to a year, and the COD as "garbage-in".

Shape legend: N rows, S seeds, m compositions kept out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.metrics import pairwise_distances_argmin_min

from replicate.data.konno import is_organic, superconductors
from replicate.evaluation.splits import Split
from replicate.experiments.base import Run
from replicate.experiments.konno2021.configs import TrainingSet
from replicate.experiments.konno2021.names import SAME, SUPERCON
from replicate.experiments.rows import Rows, make_rows
from replicate.features.composition import Compositions, first_of_each, parse, reduced_keys
from replicate.features.periodic_table import LARGEST
from replicate.training.checkpoint import content_key

Which = Callable[[Compositions], np.ndarray]


def load_supercon(run: Run, until: int | None = None) -> Rows:
    """Return SuperCon as the authors prepare it; what was left out is filed."""
    cleaned = superconductors(run.dataset(SUPERCON), until)
    table = cleaned.table
    name = f"supercon-{until or 'all'}"
    run.arrays[f"cleaning/{name}"] = cleaned.cleaning.to_frame().values.tolist()
    return make_rows(
        name,
        content_key(cleaned.digest, until),
        parse(table["formula"].tolist(), file=SUPERCON),
        table["critical_temperature"].to_numpy(),
    )


def load_cod(run: Run, name: str) -> Compositions:
    """Return the inorganic compositions of a list of the COD, each once; what was left out is filed."""
    read = run.dataset(name).table["formula"].tolist()
    compositions = parse(read, file=name, on_error="collect")
    organic = is_organic(compositions)
    inorganic = compositions.take(~organic)
    first = first_of_each(reduced_keys(inorganic))
    run.arrays[f"cod/{name}"] = {
        "read": len(read),
        "unreadable": len(compositions.problems),
        "organic": int(organic.sum()),
        "repeated": int((~first).sum()),
        "kept": int(first.sum()),
    }
    return inorganic.take(first)


def same_as_any(compositions: Compositions, known: Compositions) -> np.ndarray:
    """Return (N,) booleans: no fraction differs by more than 0.001 from one of the (m) known compositions."""
    if not len(known):
        return np.zeros(len(compositions), dtype=bool)
    # Not a tree: SciPy's fails once denormal numbers are flushed to zero, which training does.
    used = (known.amounts > 0).any(axis=0) | (compositions.amounts > 0).any(axis=0)
    _, distance = pairwise_distances_argmin_min(
        compositions.fractions[:, used], known.fractions[:, used], metric="chebyshev"
    )
    # Fractions with three decimals sit right on the bound.
    return np.asarray(distance) <= SAME * (1 + 1e-6)


def some_of(n: int, most: int | None) -> np.ndarray:
    """Return the positions of ``most`` of n rows, drawn with a fixed seed, or of all."""
    if most is None or most >= n:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).permutation(n)[:most])


def training_rows(
    run: Run, chosen: TrainingSet, *, apart_from: Compositions | None = None, without: Which | None = None
) -> Rows:
    """Return superconductors, and behind them (part 1) compositions of the COD at 0 K.

    Args:
        run: takes what was left out.
        chosen: which rows.
        apart_from: compositions (m) that must not be learnt from, nor any that is the same to 0.001.
        without: a class of compositions that must not be learnt from either.
    """
    rows = load_supercon(run, chosen.until)
    if chosen.cod is not None:
        pool = load_cod(run, chosen.cod)
        keys = reduced_keys(pool)
        undated = np.isin(keys, _undated(run)) & ~np.isin(keys, rows.groups["composition"])
        run.arrays[f"undated/{chosen.cod}"] = int(undated.sum())
        pool = pool.take(~undated & ~np.isin(keys, rows.groups["composition"]))
        digest = content_key(run.dataset(chosen.cod).digest, rows.digest)
        rows = rows.joined(make_rows(chosen.cod, digest, pool, np.zeros(len(pool))))
    keep = np.ones(len(rows), dtype=bool)
    if without is not None:
        keep &= ~without(rows.compositions)
    if apart_from is not None:
        keep &= ~same_as_any(rows.compositions, apart_from)
    run.arrays[f"kept-out/{rows.name}"] = {"rows": int((~keep).sum()), "of": len(rows)}
    for part, most in ((0, chosen.supercon_rows), (1, chosen.cod_rows)):
        there = np.flatnonzero(keep & (rows.part == part))
        keep[np.delete(there, some_of(len(there), most))] = False
    rows = rows.take(keep, content_key(np.flatnonzero(keep).tolist()))
    large = rows.compositions.amounts.max(axis=1) > LARGEST
    run.arrays[f"cut/{rows.name}"] = [
        {"rows": int((large & (rows.part == part)).sum()), "of": int((rows.part == part).sum())}
        for part in np.unique(rows.part)
    ]
    return rows


def _undated(run: Run) -> np.ndarray:
    """Return the keys of superconductors whose year is not known: never before a year, but not at 0 K either."""
    table = superconductors(run.dataset(SUPERCON)).table
    which = (table["year"].isna() & (table["critical_temperature"] > 0)).to_numpy(dtype=bool)
    return reduced_keys(parse(table["formula"][which].tolist(), file=SUPERCON))


def for_validation(rows: Rows, seed: int, share: float = 0.05) -> Split:
    """Return a split without test rows: the tests of this paper are other materials."""
    order = np.random.default_rng([seed, 20210112]).permutation(len(rows))
    held = round(share * len(rows))
    return Split("training", seed, np.sort(order[held:]), np.sort(order[:held]), np.array([], dtype=int))
