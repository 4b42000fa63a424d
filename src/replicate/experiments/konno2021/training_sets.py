"""What the networks of Konno et al. 2021 learn from, SuperCon up to a year and the COD as garbage in, and how well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.spatial.distance import cdist

from replicate import data
from replicate.data.cards import Dataset
from replicate.data.konno import is_cuprate, is_organic, moved_by_later_entries, superconductors
from replicate.evaluation.splits import Split
from replicate.experiments.configs import Network
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import SUPERCON, TrainingSet
from replicate.experiments.samples import Rows, make_rows, some_of, where
from replicate.experiments.scoring import score_errors
from replicate.experiments.train import Trained, train
from replicate.features.composition import Compositions, first_of_each, parse, reduced_keys
from replicate.features.periodic_table import LARGEST
from replicate.settings import content_key

Which = Callable[[Compositions], np.ndarray]
SAME = 1e-3  # compositions whose fractions all differ by less are the same: none is in training and test


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


def training_rows(
    run: Run, chosen: TrainingSet, *, apart_from: Compositions | None = None, without: Which | None = None
) -> Rows:
    """Return superconductors, and behind them (part 1) compositions of the COD at 0 K; file what was left out.

    Neither the compositions ``apart_from`` nor any that is the same to 0.001, and none of the class ``without``.
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
    parts = [large[rows.part == part] for part in np.unique(rows.part)]
    run.arrays[f"cut/{rows.name}"] = [{"rows": int(part.sum()), "of": len(part)} for part in parts]
    return rows


@dataclass(frozen=True, eq=False)
class Known:
    """What models are trained on: rows, and one split per seed."""

    rows: Rows
    splits: tuple[Split, ...]

    @classmethod
    def all_but_validation(cls, rows: Rows, seeds: Sequence[int]) -> Known:
        """Return rows with a twentieth of them held for validation, and none for testing."""
        # The tests of this paper are other materials.
        held, splits = round(0.05 * len(rows)), []
        for seed in seeds:
            order = np.random.default_rng([seed, 20210112]).permutation(len(rows))
            parts = np.sort(order[held:]), np.sort(order[:held]), np.array([], dtype=int)
            splits.append(Split("training", seed, *parts))
        return cls(rows, tuple(splits))

    @property
    def held(self) -> np.ndarray:
        """Return each seed's validation rows (S, v)."""
        return np.stack([split.validation for split in self.splits])

    def train(self, run: Run, network: Network, label: str, key: str, *, every: bool = False) -> Trained:
        """Train a network and file how well it validates under ``key``; label and ``every`` as elsewhere."""
        trained = train(run, self.rows, network, self.splits, label)
        self.score_held(run, key, trained.predict(self.held), every=every)
        return trained

    def score_held(
        self, run: Run, key: str, predicted: np.ndarray | Sequence[np.ndarray], *, every: bool = False
    ) -> None:
        """File how well predictions (S, v) agree with SuperCon's entries, or every row, of the validation rows."""
        chosen = every | (self.rows.part[self.held] == 0)
        target = where(self.rows.target[self.held], chosen)
        score_errors(run, key, target, where(predicted, chosen), "" if every else "K")

    def score_two_means(self, run: Run, group: str, *, every: bool = False) -> None:
        """File the same scores of two numbers, the mean target of the training cuprates and that of the others.

        A training that explains no more of its validation rows than these two numbers has collapsed.
        """
        cuprate = is_cuprate(self.rows.compositions)
        predicted = []
        for split in self.splits:
            train_rows = split.train[every | (self.rows.part[split.train] == 0)]
            target = self.rows.target[train_rows]
            parts = [target[cuprate[train_rows] == yes] for yes in (False, True)]
            other, hot = (float((part if len(part) else target).mean()) for part in parts)
            predicted.append(np.where(cuprate[split.validation], hot, other))
        self.score_held(run, f"{group}/two-means", predicted, every=every)
