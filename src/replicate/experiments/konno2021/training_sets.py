"""What the networks of Konno et al. 2021 learn from: SuperCon up to a year, and the COD as "garbage-in".

Shape legend: N rows, S seeds, m compositions left out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy.spatial.distance import cdist

from replicate import data
from replicate.data.cards import Dataset
from replicate.data.konno import is_organic, moved_by_later_entries, superconductors
from replicate.evaluation.splits import Split
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import TrainingSet
from replicate.experiments.konno2021.names import SAME, SUPERCON
from replicate.experiments.samples import Rows, make_rows
from replicate.features.composition import Compositions, first_of_each, parse, reduced_keys
from replicate.features.periodic_table import LARGEST
from replicate.settings import content_key

Which = Callable[[Compositions], np.ndarray]


def load_supercon(run: Run, until: int | None = None) -> Rows:
    """Return SuperCon as the authors prepare it; what was left out is filed."""
    dataset = run.dataset(SUPERCON)
    rows = _supercon(dataset, until)
    cleaning = superconductors(dataset, until).cleaning
    run.arrays[f"cleaning/{rows.name}"] = cleaning.to_frame().values.tolist()
    if until is not None:
        run.arrays[f"later/{rows.name}"] = moved_medians(moved_by_later_entries(dataset, until))
    return rows


def moved_medians(moved: np.ndarray) -> dict[str, float]:
    """Return how many rows (N,) have another median Tc with entries after the last year, and by how much (K)."""
    some = moved[moved > 0]
    return {
        "rows": len(some),
        "of": len(moved),
        "median": float(np.median(some)) if len(some) else 0.0,
        "largest": float(moved.max()),
        "over_1K": int((moved > 1).sum()),
    }


@lru_cache(maxsize=4)  # by the dataset object, as the cleaning
def _supercon(dataset: Dataset, until: int | None) -> Rows:
    cleaned = superconductors(dataset, until)
    return make_rows(
        f"supercon-{until or 'all'}",
        content_key(cleaned.digest, until),
        parse(cleaned.table["formula"].tolist(), file=SUPERCON),
        cleaned.table["critical_temperature"].to_numpy(),
        quotable=data.entry(SUPERCON).quotable,
    )


def load_cod(run: Run, name: str) -> Compositions:
    """Return the inorganic compositions of a list of the COD, each once; what was left out is filed."""
    compositions, counts = _inorganic(run.dataset(name), name)
    run.arrays[f"cod/{name}"] = dict(counts)
    return compositions


@lru_cache(maxsize=2)  # by the dataset object: a run asks for the same list again and again
def _inorganic(dataset: Dataset, name: str) -> tuple[Compositions, dict[str, int]]:
    read = dataset.table["formula"].tolist()
    compositions = parse(read, file=name, on_error="collect")
    organic = is_organic(compositions)
    inorganic = compositions.take(~organic)
    first = first_of_each(reduced_keys(inorganic))
    counts = {
        "read": len(read),
        "unreadable": len(compositions.problems),
        "organic": int(organic.sum()),
        "repeated": int((~first).sum()),
        "kept": int(first.sum()),
    }
    return inorganic.take(first), counts


def same_as_any(compositions: Compositions, known: Compositions) -> np.ndarray:
    """Return (N,) booleans: no fraction differs by more than 0.001 from one of the (m) known compositions."""
    same = np.zeros(len(compositions), dtype=bool)
    # Fractions with three decimals sit right on the bound.
    bound = SAME * (1 + 1e-6)
    ours, theirs = compositions.fractions, known.fractions
    used = (known.amounts > 0).any(axis=0) | (compositions.amounts > 0).any(axis=0)
    # What is the same has about as much of our most frequent element: only that part of the list is compared. No tree:
    # SciPy's fails once denormal numbers are flushed to zero, which training does.
    most_frequent = ours.argmax(axis=1)
    for element in np.unique(most_frequent) if len(known) else ():
        rows = np.flatnonzero(most_frequent == element)
        rows = rows[np.argsort(ours[rows, element], kind="stable")]
        order = np.argsort(theirs[:, element], kind="stable")
        amount = theirs[order, element]
        for part in np.array_split(rows, -(-len(rows) // 256)):
            first = np.searchsorted(amount, ours[part[0], element] - 2 * bound, side="left")
            last = np.searchsorted(amount, ours[part[-1], element] + 2 * bound, side="right")
            if first < last:
                distance = cdist(ours[part][:, used], theirs[order[first:last]][:, used], "chebyshev")
                same[part] = distance.min(axis=1) <= bound
    return same


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
        known = np.isin(keys, rows.groups("composition"))
        # Superconductors whose year is not known are never before a year, but not at 0 K either.
        table = superconductors(run.dataset(SUPERCON)).table
        which = (table["year"].isna() & (table["critical_temperature"] > 0)).to_numpy(dtype=bool)
        dateless = reduced_keys(parse(table["formula"][which].tolist(), file=SUPERCON))
        undated = np.isin(keys, dateless) & ~known
        run.arrays[f"undated/{chosen.cod}"] = int(undated.sum())
        pool = pool.take(~undated & ~known)
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


def for_validation(rows: Rows, seed: int, share: float = 0.05) -> Split:
    """Return a split without test rows: the tests of this paper are other materials."""
    order = np.random.default_rng([seed, 20210112]).permutation(len(rows))
    held = round(share * len(rows))
    return Split("training", seed, np.sort(order[held:]), np.sort(order[:held]), np.array([], dtype=int))
