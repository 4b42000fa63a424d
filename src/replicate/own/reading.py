"""Formulas or crystals with a target, as a user has them: checked, counted, and made into samples.

Shape legend: N inputs, n of them that can be used.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from replicate.errors import ConfigError, DataError
from replicate.experiments.crystals import Crystals
from replicate.experiments.samples import Rows, make_rows
from replicate.features.composition import Problem
from replicate.features.crystal_graph import ARRAYS
from replicate.features.graph_building import NoCrystalError, graphs_of
from replicate.predict import inputs_of
from replicate.predict.formulas import read_formulas
from replicate.predict.structure_files import contents, crystal_of, is_archive, is_cif, is_structure
from replicate.settings import content_key

FEWEST = 20  # samples; with fewer a test set is a handful
_MISSING = ("", "nan", "na", "n/a", "none", "null")
_FLAGS = {"true": 1, "false": 0}
SAID = 10  # of what was left out, with the reason


@dataclass(frozen=True)
class Reading:
    """What could be used of N inputs, and what not.

    Args:
        samples: n formulas or crystals with their targets.
        left_out: inputs that cannot be read or have no target, with rows from 1.
        repeated: samples whose composition came up before.
    """

    samples: Rows | Crystals
    left_out: tuple[Problem, ...]
    repeated: int

    @property
    def sentences(self) -> list[str]:
        """What a user should know before looking at errors."""
        n, out = len(self.samples), self.left_out
        lines = [f"{n:,} of {n + len(out):,} inputs are used"]
        lines += [f"left out: row {p.row}, {str(p.formula)[:60]}: {p.reason}" for p in out[:SAID]]
        lines += [f"left out: {len(out) - SAID:,} more"] if len(out) > SAID else []
        if self.repeated:
            lines.append(
                f"{self.repeated:,} repeat a composition: look at the composition split, a random one tests on "
                "compositions that it trains on"
            )
        return lines


def read(inputs: Any, y: Any, *, crystals: bool, last: int, name: str = "own", file: str | None = None) -> Reading:
    """Return the samples that inputs and targets give.

    Args:
        inputs: N formulas or pymatgen Compositions; for ``crystals`` CIF texts, structure files or pymatgen Structures.
        y: N numbers, or true and false; an empty one leaves its input out.
        crystals: what the network reads.
        last: atomic number behind which it reads no element.
        name: of the samples.
        file: where they are from, for messages.

    Raises:
        ConfigError: numbers of inputs and targets differ, formulas and crystals are mixed, or the others are needed.
        DataError: a target is a text or infinite, fewer than 20 inputs can be used, or all targets are the same.
    """
    items, target = inputs_of(inputs, "train"), _numbers(y, file)
    if len(items) != len(target):
        raise ConfigError(f"{len(items):,} inputs have {len(target):,} targets")
    _check_kind(items, crystals, last, file)
    missing = [
        Problem(i + 1, _short(items[i]), "the target is missing") for i in np.flatnonzero(np.isnan(target)).tolist()
    ]
    rows = np.flatnonzero(~np.isnan(target))
    make = _crystals if crystals else _formulas
    samples, problems = make([items[i] for i in rows], target[rows], last, name)
    problems = [Problem(int(rows[p.row - 1]) + 1, p.formula, p.reason) for p in problems]
    left_out = tuple(sorted(missing + problems, key=lambda problem: problem.row))
    first = f"; row {left_out[0].row} is left out: {left_out[0].reason}" if left_out else ""
    if samples is None or len(samples) < FEWEST:
        n = 0 if samples is None else len(samples)
        raise DataError(f"{n} of {len(items)} inputs can be used, and {FEWEST} are needed{first}", file=file)
    if np.ptp(samples.target) == 0:
        raise DataError("all targets are the same", file=file, value=float(samples.target[0]))
    return Reading(samples, left_out, len(samples) - len(np.unique(samples.groups("composition"))))


def _numbers(y: Any, file: str | None) -> np.ndarray:
    """Return N targets as numbers, NaN for missing ones."""
    if isinstance(y, str) or not hasattr(y, "__iter__"):
        raise ConfigError("targets are a list of numbers, one for each input")
    values = []
    for row, value in enumerate(y, start=1):
        text = "" if value is None or type(value).__name__ == "NAType" else str(value).strip()
        try:
            number = math.nan if text.lower() in _MISSING else float(_FLAGS.get(text.lower(), text))
        except ValueError:
            raise DataError("a target is no number", file=file, row=row, value=value) from None
        if math.isinf(number) or abs(number) > np.finfo(np.float32).max:
            raise DataError("a target is infinite", file=file, row=row, value=value)
        values.append(number)
    return np.array(values, dtype=float)


def _check_kind(items: Sequence[Any], crystals: bool, last: int, file: str | None) -> None:
    kinds = [_is_crystal(item) for item in items if item is not None]
    if crystals and not all(kinds):
        # A name that no formula has is that of a file that is not there: it is left out, with that reason.
        _, compositions, _ = read_formulas([item for item in items if item is not None], last)
        unread = {problem.row - 1 for problem in compositions.problems}
        kinds = [kind or i in unread for i, kind in enumerate(kinds)]
    if (all(kinds) and kinds) if crystals else not any(kinds):
        return
    rows = [i for i, item in enumerate(items) if item is not None]
    wrong = rows[kinds.index(not crystals)] if kinds else 0
    if any(kinds) and not all(kinds):
        what = "formulas and crystals are mixed; train on one or the other"
    elif crystals:
        what = "the model reads crystals, and these are formulas; give CIFs, or a model such as atcnn"
    else:
        what = "the model reads formulas, and these are crystals; give formulas, or a model such as cgcnn"
    raise DataError(what, file=file, row=wrong + 1, value=_short(items[wrong]))


def _is_crystal(item: Any) -> bool:
    if not isinstance(item, str):
        return hasattr(item, "lattice")
    return is_cif(item) or is_structure(item) or is_archive(item) or os.path.isfile(item)


def _short(item: Any) -> str:
    """Return what to call an input in a message."""
    text = item if isinstance(item, str) else getattr(item, "formula", "")
    return text if len(text) <= 60 else f"{text[:57]}…"


def _formulas(items: Sequence[Any], target: np.ndarray, last: int, name: str) -> tuple[Rows | None, list[Problem]]:
    _, compositions, _ = read_formulas(items, last)
    problems = list(compositions.problems)
    if not len(compositions):
        return None, problems
    y = target[compositions.rows].astype(np.float32)
    digest = content_key(list(compositions.formulas), y.tolist())
    return make_rows(name, digest, compositions, y), problems


def _crystals(items: Sequence[Any], target: np.ndarray, last: int, name: str) -> tuple[Crystals | None, list[Problem]]:
    pairs: list[tuple[str, Any]] = []
    problems: list[Problem] = []
    for row, item in enumerate(items, start=1):
        content, reason = _content(item)
        if content is None:
            problems.append(Problem(row, _short(item), reason))
        else:
            pairs.append((f"row {row}", content))
    try:
        report = graphs_of(pairs, crystal_of) if pairs else None
    except NoCrystalError as error:
        report, dropped = None, error.dropped
    else:
        dropped = report.dropped if report else ()
    places = {crystal: int(crystal.removeprefix("row ")) for crystal, _ in pairs}
    problems += [
        Problem(places[d.id], _short(items[places[d.id] - 1]), d.reason.removesuffix(f" (file {d.id})"))
        for d in dropped
    ]
    if report is None:
        return None, problems
    graphs = report.graphs
    y = target[[places[crystal] - 1 for crystal in graphs.ids]].astype(np.float32)
    state = hashlib.sha256()
    for array in ARRAYS:
        state.update(np.ascontiguousarray(getattr(graphs, array)).tobytes())
    digest = content_key(state.hexdigest(), y.tolist())
    return Crystals(name, digest, graphs, np.arange(len(graphs)), y), problems


def _content(item: Any) -> tuple[Any, str]:
    """Return the CIF text or structure of one input, or None and the reason."""
    if item is None:
        return None, "the input is missing"
    if not isinstance(item, str) or is_cif(item):
        return item, ""
    try:
        found = list(contents(item))
    except (DataError, ConfigError) as error:
        return None, str(error)
    if len(found) != 1:
        return None, f"the file holds {len(found)} structures, and one target is given"
    return found[0][1], found[0][2]
