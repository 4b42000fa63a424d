"""How many new measurements a 90 % interval holds, on random rows, unseen chemical systems and in later years.

Shape legend: S seeds, h rows that no model is trained on, n test rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csc_array

from replicate.data.quinn import superconductors
from replicate.errors import ConfigError
from replicate.evaluation.calibration import conformal_width, interval_scores, scaled_width, spread_width
from replicate.evaluation.distances import error_by_distance, expected_errors, quick_nearest, widths_by_distance
from replicate.evaluation.splits import Split, make_split
from replicate.experiments.beyond.representations import LAST_YEAR
from replicate.experiments.beyond.specs import TEMPORAL, CoverageConfig, Tested
from replicate.experiments.configs import COMPOSITION, Network
from replicate.experiments.core import Run
from replicate.experiments.konno2021.training_sets import same_as_any
from replicate.experiments.samples import Rows, make_rows, read_table, some_of, where
from replicate.experiments.scoring import score_errors, spread
from replicate.experiments.train import train
from replicate.features.composition import parse
from replicate.models.baselines import get_baseline
from replicate.settings import content_key

CALIBRATIONS = ("random", "system")
TREES, MEMBERS = "trees", "members"
# Groups of test rows by the share of atoms to exchange.
EDGES = {"near": (0.0, 0.1), "middle": (0.1, 0.3), "far": (0.3, 0.5), "farthest": (0.5, 1.01)}
BINS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 1.0)


class Cut(NamedTuple):
    """A split whose rows apart from the test rows also leave out two sets that intervals are calibrated on."""

    split: Split
    calibration: dict[str, np.ndarray]

    @property
    def held(self) -> dict[str, np.ndarray]:
        """Rows that no model is trained on, by what they are for."""
        return {**self.calibration, "test": self.split.test}


class Held(NamedTuple):
    """Rows that a model has not seen: what is measured, what a mean of members predicts and their spread, (n,) each.

    ``distance`` is the share of atoms to exchange to get to the nearest training or validation composition.
    """

    measured: np.ndarray
    predicted: np.ndarray
    spread: np.ndarray
    distance: np.ndarray

    @property
    def error(self) -> np.ndarray:
        """Predictions less measurements."""
        return np.asarray(self.predicted - self.measured)


def run_coverage(run: Run) -> None:
    """File coverage and width of every kind of interval, for every model on every kind of split of every list."""
    config: CoverageConfig = run.config
    for listed in config.lists:
        rows = load(run, listed, config.most)
        for kind in listed.kinds:
            label = f"{listed.name}-{kind}"
            cuts = [cut(rows, kind, seed, config) for seed in run.seeds]
            run.note_splits(label, [each.split for each in cuts])
            run.say(f"{TREES}, {label}")
            held = [_held(rows, each, _trees(run, rows, each)) for each in cuts]
            counts = {
                "train_rows": len(cuts[0].split.train),
                "calibration_rows": len(held[0][CALIBRATIONS[0]].error),
                "test_rows": len(held[0]["test"].error),
            }
            median = [{**counts, "median_distance": float(np.median(each["test"].distance))} for each in held]
            run.add(f"{label}/split", median, {}, counts["test_rows"])
            _score(run, f"{label}/{TREES}", listed.unit, held)
            for network in listed.networks:
                if kind in network.splits:
                    some = cuts[: len(run.first(config.network_seeds))]
                    predicted = [_network(run, rows, network, each, f"{label}-{each.split.seed}") for each in some]
                    held = [_held(rows, *each) for each in zip(some, predicted, strict=True)]
                    _score(run, f"{label}/{network.name}", listed.unit, held)


def load(run: Run, listed: Tested, most: int | None = None) -> Rows:
    """Return a list's rows; of one that is tested on later years those up to the last year, then the later ones.

    The former have the median Tc of their entries up to then; entries without a year are left out.
    """
    dataset = run.dataset(listed.dataset)
    if TEMPORAL not in listed.kinds:
        compositions, values = read_table(run, listed.dataset, listed.column)
        there = np.flatnonzero(np.isfinite(values))
        there = there[some_of(len(there), most)]
        digest = content_key(dataset.digest, listed.column, most)
        return make_rows(listed.dataset, digest, compositions.take(there), values[there])
    every = superconductors(dataset).table
    later = every[(every["year"] > LAST_YEAR).fillna(False).to_numpy(bool)]

    def part(table: pd.DataFrame) -> Rows:
        compositions = parse(table["formula"].tolist(), file=listed.dataset)
        values = table[listed.column].to_numpy()
        return make_rows(listed.dataset, content_key(dataset.digest, LAST_YEAR), compositions, values)

    return part(superconductors(dataset, LAST_YEAR).table).joined(part(later))


def cut(rows: Rows, kind: str, seed: int, config: CoverageConfig) -> Cut:
    """Return the split of one seed and its calibration rows: drawn by row, then whole chemical systems of what is left.

    Rows alike of what is tested later, less than 0.001 apart, are tested nowhere.
    """
    if kind == TEMPORAL:
        known, test = (np.flatnonzero(rows.part == part) for part in (0, 1))
        if not len(known) or not len(test):
            raise ConfigError(f"{rows.name}: no composition up to {LAST_YEAR}, or none after it")
        test = test[~same_as_any(rows.compositions.take(test), rows.compositions.take(known))]
    else:
        drawn = rows.split(seed, kind=kind, test=config.test, validation=config.validation)
        known, test = np.concatenate([drawn.train, drawn.validation]), drawn.test
    size = round(config.calibration * len(rows))
    known = np.random.default_rng([seed, 20261130]).permutation(known)
    by_row, rest = np.sort(known[:size]), np.sort(known[size:])
    systems = rows.groups("system")[rest]
    shares = {"test": size / len(rest), "validation": config.validation}
    left = make_split(systems, kind="system", seed=seed, **shares)
    split = Split(kind, seed, rest[left.train], rest[left.validation], test)
    return Cut(split, dict(zip(CALIBRATIONS, (by_row, rest[left.test]), strict=True)))


def half_widths(seen: Held, new: Held) -> dict[str, np.ndarray]:
    """Return the half-widths (n,) of conformal 90 % intervals for new rows, by method, calibrated on seen rows."""
    return {
        "one-width": np.full(len(new.error), conformal_width(seen.error)),
        "by-distance": widths_by_distance(expected_errors(seen.distance, np.abs(seen.error)), new.distance),
        "by-spread": scaled_width(seen.error, seen.spread, new.spread),
    }


def _held(rows: Rows, cut: Cut, predicted: np.ndarray) -> dict[str, Held]:
    """Return the rows that a model has not seen, by what they are for, from its means and spreads (2, h)."""
    fractions = rows.fractions()
    known = csc_array(fractions[np.concatenate([cut.split.train, cut.split.validation])])
    ends = np.cumsum([len(held) for held in cut.held.values()])[:-1]
    return {
        name: Held(rows.target[held], mean, sd, quick_nearest(fractions[held], known)[1])
        for (name, held), (mean, sd) in zip(cut.held.items(), np.split(predicted, ends, axis=1), strict=True)
    }


def fitted_trees(rows: Rows, some: np.ndarray, seed: int, trees: int) -> Any:
    """Return so many extremely randomised trees on fractions, taught some rows, positions."""
    learner = get_baseline(COMPOSITION, "regression").build("regression", seed, {"n_estimators": trees})
    return learner.fit(rows.fractions()[some], rows.target[some])


def _trees(run: Run, rows: Rows, cut: Cut) -> np.ndarray:
    """Return mean and spread over trees on fractions for the rows that no model is trained on (2, h).

    Trees choose nothing on validation rows, so they are trained on them too.
    """
    split, held = cut.split, np.concatenate(list(cut.held.values()))
    known, settings = np.concatenate([split.train, split.validation]), {"n_estimators": run.config.trees}

    def work() -> dict[str, np.ndarray]:
        trees = fitted_trees(rows, known, split.seed, run.config.trees)
        predicted = np.stack([tree.predict(rows.fractions()[held]) for tree in trees.estimators_])
        return {"predicted": np.stack([predicted.mean(axis=0), spread(predicted)])}

    parts = (COMPOSITION, settings, rows.digest, split.digest, held.tolist(), split.seed)
    return np.asarray(run.stage(f"{rows.name}-{TREES}-{split.kind}-{split.seed}", parts, work)["predicted"])


def _network(run: Run, rows: Rows, network: Network, cut: Cut, label: str) -> np.ndarray:
    """Return mean and spread over networks that differ in their initial weights, as :func:`_trees` does (2, h)."""
    held = np.concatenate(list(cut.held.values()))
    members = list(range(run.config.members))
    splits = [replace(cut.split, seed=member) for member in members]
    predicted = train(replace(run, seeds=members), rows, network, splits, label).predict([held] * len(members))
    return np.stack([predicted.mean(axis=0), spread(predicted)])


def _score(run: Run, name: str, unit: str, held: Sequence[dict[str, Held]]) -> None:
    """File a model's errors on S test sets, and the scores of its intervals, of all rows and by distance."""
    tests = [each["test"] for each in held]
    score_errors(run, name, [test.measured for test in tests], [test.predicted for test in tests], unit)
    widths = {MEMBERS: [spread_width(test.spread) for test in tests]}
    for key in CALIBRATIONS:
        drawn = [half_widths(each[key], each["test"]) for each in held]
        widths |= {f"{method}-{key}": [width[method] for width in drawn] for method in drawn[0]}
    groups = {
        group: [(test.distance >= low) & (test.distance < high) for test in tests]
        for group, (low, high) in EDGES.items()
    }
    missed: dict[str, np.ndarray] = {}
    for method, of_seeds in widths.items():
        pairs = list(zip(tests, of_seeds, strict=True))
        scores = [interval_scores(test.error, width) for test, width in pairs]
        run.add(f"{name}-{method}", scores, dict.fromkeys(("width", "interval_score"), unit), len(tests[0].error))
        inside = np.stack([np.abs(test.error) <= width for test, width in pairs])  # (S, n)
        missed[method] = 1.0 - inside
        for group, there in groups.items():
            if all(some.any() for some in there):
                covered = [each.mean() for each in where(inside, there)]
                run.file(f"{name}-{method}/coverage_{group}", covered, n=round(float(np.mean(np.sum(there, axis=1)))))
    # The mean of an error that is 0 inside and 1 outside is the share outside.
    run.arrays[f"missed/{name}"] = error_by_distance(np.stack([test.distance for test in tests]), missed, BINS)
