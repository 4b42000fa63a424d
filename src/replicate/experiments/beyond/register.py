"""Dated predictions for compounds that no list holds, to be scored by what is measured later.

Shape legend: c compounds, r rows of a list.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from pymatgen.core import Composition
from scipy.sparse import csc_array

from replicate import paths
from replicate.errors import DataError
from replicate.evaluation.calibration import interval_scores
from replicate.evaluation.distances import expected_errors, quick_nearest, widths_by_distance
from replicate.experiments.beyond.coverage import fitted_trees, load
from replicate.experiments.beyond.specs import Foreseen, Measured, RegisterConfig
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows, read_table
from replicate.experiments.zeng2019.insulators import mixed_rows
from replicate.features.atom_table import LAST_ELEMENT
from replicate.features.composition import Compositions, first_of_each, parse, reduced_keys
from replicate.results.records import Record
from replicate.training import store

Foresee = Callable[[Compositions], pd.DataFrame]
_NAME = "register"
_HELD = 0.2  # share of a list's rows, by chemical system, whose errors tell the widths of intervals
_SHOWN = 25


def read(record: Record) -> pd.DataFrame:
    """Return the register that a run has written, indexed by the key of a composition.

    Raises:
        DataError: the file has another checksum than the record.
    """
    written = record.arrays[_NAME]
    name = f"{_NAME}/{written['file']}"
    path = paths.committed(name) if _is_whole(record) else paths.work_dir() / name
    content = path.read_bytes()
    if (found := hashlib.sha256(content).hexdigest()) != written["sha256"]:
        raise DataError(f"{path} is not the register of the record: its SHA-256 is {found}, not {written['sha256']}")
    # NaN is a nitride of sodium.
    table = pd.read_csv(io.BytesIO(lzma.decompress(content)), keep_default_na=False, na_values=[""])
    return table.set_index(reduced_keys(parse(table["formula"].tolist(), file=path.name)))


def _is_whole(of: Record | Run) -> bool:
    """Return whether a run's register belongs to the committed results."""
    return of.profile == "full" and not of.change


def scored(
    register: pd.DataFrame, quantity: str, formulas: Sequence[str], values: Sequence[float]
) -> dict[str, dict[str, float]]:
    """Return model → number of compounds, mean absolute error and, of trees, coverage, width and interval score.

    Args:
        register: from :func:`read`.
        quantity: ``critical-temperature`` (K), ``band-gap`` (eV) or ``formation-energy`` (eV/atom).
        formulas, values: of the measured compounds, each once; those that the register does not foresee are left out.

    Raises:
        DataError: a formula cannot be read, or the register foresees none of them.
    """
    found = register.reindex(reduced_keys(parse(list(formulas), file="measured compounds")))[_columns(quantity)]
    there = found.notna().all(axis=1).to_numpy()
    if not there.any():
        raise DataError(f"the register foresees the {quantity} of none of the {len(there)} compounds")
    measured = np.asarray(values, dtype=float)[there]
    network, trees, low, high = found[there].to_numpy(float).T
    scores = {
        model: {"compounds": len(measured), "mae": float(np.abs(predicted - measured).mean())}
        for model, predicted in (("network", network), ("trees", trees))
    }
    scores["trees"] |= interval_scores((low + high) / 2 - measured, (high - low) / 2)
    return scores


def run_register(run: Run) -> None:
    """Predict every compound of the pools with shipped networks and trees, write the register and score other lists."""
    config: RegisterConfig = run.config
    pool = _pool(run, config)
    keys = reduced_keys(pool)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No Pauling electronegativity")  # of noble gases, which come last then
        formulas = [Composition(formula).reduced_formula for formula in pool.formulas]
    table = pd.DataFrame({"formula": formulas}, index=keys)
    for listed in config.lists:
        run.say(listed.name)
        rows = mixed_rows(run, config.insulators)[1] if listed.unit == "K" else load(run, listed, config.most)
        foresee = _fitted(run, listed, rows)
        known = [rows.groups("composition"), *(_backtest(run, listed, other, rows, foresee) for other in listed.others)]
        held = np.isin(keys, np.concatenate(known))
        run.file(f"register/{listed.name}/listed", held.sum(), n=len(pool))
        table = table.join(foresee(pool.take(~held)))
    table = table.dropna(how="all", subset=table.columns[1:]).sort_values("formula", kind="stable")
    for listed in config.lists:
        _describe(run, listed, table)
    _write(run, table)


def _pool(run: Run, config: RegisterConfig) -> Compositions:
    """Return the distinct compositions of the pools that every network can read; the others are counted."""
    tables = [run.dataset(name).table["formula"].tolist()[: config.most] for name in config.pools]
    formulas = [formula for table in tables for formula in table]
    compositions = parse(formulas, file=", ".join(config.pools), on_error="collect")
    repeated, heavy = ~first_of_each(reduced_keys(compositions)), compositions.beyond(LAST_ELEMENT)
    run.arrays["pool"] = {
        "read": len(formulas),
        "unreadable": len(compositions.problems),
        "repeated": int(repeated.sum()),
        "without_a_pixel": int((heavy & ~repeated).sum()),
    }
    return compositions.take(~repeated & ~heavy)


def _fitted(run: Run, listed: Foreseen, rows: Rows) -> Foresee:
    """Return what predicts c compositions: the shipped network, and trees on a list's rows with a 90 % interval.

    Nearly all of the pool is of chemical systems that the list does not have, so the widths are those of errors on
    unseen systems, by distance; the trees that predict have seen these systems too.
    """
    ensemble = store.load_ensemble(store.find_ensemble(listed.network))
    split = rows.split(0, kind="system", test=_HELD, validation=0.05)
    run.note_splits(listed.name, [split])
    fractions, known = rows.fractions(), np.concatenate([split.train, split.validation])
    early = fitted_trees(rows, known, 0, run.config.trees)
    error = early.predict(fractions[split.test]) - rows.target[split.test]
    steps = expected_errors(quick_nearest(fractions[split.test], csc_array(fractions[known]))[1], np.abs(error))
    trees, taught = fitted_trees(rows, np.arange(len(rows)), 0, run.config.trees), csc_array(fractions)

    def foresee(asked: Compositions) -> pd.DataFrame:
        network, values = ensemble.predict(asked).numpy().mean(axis=0), trees.predict(asked.fractions)
        width = widths_by_distance(steps, quick_nearest(asked.fractions, taught)[1])
        low = np.maximum(values - width, -np.inf if listed.signed else 0.0)
        columns = zip(_columns(listed.name), (network, values, low, values + width), strict=True)
        return pd.DataFrame(dict(columns), index=reduced_keys(asked))

    return foresee


def _backtest(run: Run, listed: Foreseen, other: Measured, rows: Rows, foresee: Foresee) -> np.ndarray:
    """Score what the models would have foreseen for compounds that another list has and theirs has not; its keys."""
    later, values = read_table(run, other.dataset, other.column)
    keys = reduced_keys(later)
    median = pd.Series(values, keys).groupby(level=0).median().dropna()
    if listed.unit == "eV":
        median = median[median > 0]  # a gap of 0 stands for a metal, which the models do not foresee
    new = first_of_each(keys) & np.isin(keys, median.index) & ~np.isin(keys, rows.groups("composition"))
    asked = later.take(new & ~later.beyond(LAST_ELEMENT))
    if not len(asked):
        return keys
    foreseen, measured = foresee(asked), median[reduced_keys(asked)].to_numpy()
    groups = {other.name: np.full(len(asked), True)}
    if listed.unit == "K":  # a compound at 0 K was cooled and did not superconduct
        groups |= {f"{other.name}-above-0K": measured > 0, f"{other.name}-at-0K": measured == 0}
    for name, some in groups.items():
        if some.any():
            scores = scored(foreseen, listed.name, asked.take(some).formulas, measured[some].tolist())
            for model, row in scores.items():
                run.file_all(f"{name}/{model}", row, n=int(row.pop("compounds")))
    return keys


def _describe(run: Run, listed: Foreseen, table: pd.DataFrame) -> None:
    """File how many compounds are foreseen, how wide, and what is foreseen of critical temperatures."""
    name = listed.name
    network, trees, low, high = (table[column].dropna() for column in _columns(name))
    run.file(f"register/{name}/compounds", len(trees))
    run.file(f"register/{name}/width", (high - low).mean(), listed.unit, len(trees))
    for bar in listed.bars:
        above = {"network": network > bar, "trees": trees > bar, "interval": low > bar}
        for model, those in {**above, "both": above["network"] & above["trees"]}.items():
            run.file(f"register/{name}/{model}_above_{bar}_K", those.sum(), n=len(trees))
    if listed.bars:
        first = table.reindex(pd.concat([network, trees], axis=1).min(axis=1).nlargest(_SHOWN).index)
        values = first[_columns(name)].to_numpy(float).round(1).tolist()
        run.arrays[f"top/{name}"] = [[formula, *row] for formula, row in zip(first["formula"], values, strict=True)]


def _columns(quantity: str) -> list[str]:
    """Return the columns of a quantity: the network's values, the trees', and both ends of their interval."""
    return [f"{quantity}{column}" for column in ("", "-trees", "-low", "-high")]


def _write(run: Run, table: pd.DataFrame) -> None:
    """Write the register under its date and note its checksum."""
    folder = paths.results_dir() if _is_whole(run) else paths.work_dir()
    target = folder / _NAME / f"{datetime.now(UTC):%Y-%m-%d}.csv.xz"
    content = lzma.compress(table.to_csv(index=False, float_format="%.3g").encode(), preset=9)
    with paths.written_whole(target) as temporary:
        temporary.write_bytes(content)
    run.arrays[_NAME] = {
        "file": target.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "compounds": len(table),
        "bytes": len(content),
    }
