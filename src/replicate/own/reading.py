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
from replicate.features.graph_building import NoCrystalError, graphs_from_structures
from replicate.predict import inputs_of
from replicate.predict.formulas import read_formulas
from replicate.predict.structure_files import contents, is_archive, is_cif, is_structure
from replicate.settings import content_key

FEWEST = 20  # samples; with fewer a test set is a handful
_WORDS = {"true": 1.0, "false": 0.0, **dict.fromkeys(("", "na", "n/a", "none", "null", "<na>"), math.nan)}
_LISTED = 10  # of what was left out, with the reason


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
        lines += [f"left out: row {p.row}, {p.formula}: {p.reason}" for p in out[:_LISTED]]
        lines += [f"left out: {len(out) - _LISTED:,} more"] if len(out) > _LISTED else []
        if self.repeated:
            lines.append(
                f"{self.repeated:,} repeat a composition: look at the composition split, a random one tests on "
                "compositions that it trains on"
            )
        return lines


def read(inputs: Any, y: Any, *, crystals: bool, last: int, file: str | None = None) -> Reading:
    """Return the samples that inputs and targets give.

    Args:
        inputs: N formulas or pymatgen Compositions; for ``crystals`` CIF texts, structure files or pymatgen Structures.
        y: N numbers, or true and false; an empty one leaves its input out.
        crystals: what the network reads.
        last: atomic number behind which it reads no element.
        file: where they are from, for messages.

    Raises:
        ConfigError: numbers of inputs and targets differ, formulas and crystals are mixed, or the others are needed.
        DataError: a target is a text or infinite, fewer than 20 inputs can be used, or all targets are the same.
    """
    items, target = inputs_of(inputs, "train"), _numbers(y, file)
    if len(items) != len(target):
        raise ConfigError(f"{len(items):,} inputs have {len(target):,} targets")
    _check_kind(items, crystals, last, file)
    rows = np.flatnonzero(~np.isnan(target))
    make = _crystals if crystals else _formulas
    samples, problems = make([items[i] for i in rows], target[rows], last)
    reasons = dict.fromkeys(np.flatnonzero(np.isnan(target)).tolist(), "the target is missing")
    reasons |= {int(rows[p.row - 1]): p.reason for p in problems}
    left_out = tuple(Problem(i + 1, _short(items[i]), reasons[i]) for i in sorted(reasons))
    if samples is None or len(samples) < FEWEST:
        n, first = len(samples or ()), f"; row {left_out[0].row} is left out: {left_out[0].reason}" if left_out else ""
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
        word = str(value).strip().lower()
        try:
            number = float(_WORDS.get(word, word))
        except ValueError:
            raise DataError("a target is no number", file=file, row=row, value=value) from None
        if abs(number) > np.finfo(np.float32).max:
            raise DataError("a target is infinite", file=file, row=row, value=value)
        values.append(number)
    return np.array(values, dtype=float)


def _check_kind(items: Sequence[Any], crystals: bool, last: int, file: str | None) -> None:
    kinds = {row: _is_crystal(item) for row, item in enumerate(items, start=1) if item is not None}
    if crystals and not all(kinds.values()):
        # A name that no formula has is that of a file that is not there: it is left out, with that reason.
        rows = list(kinds)
        _, compositions, _ = read_formulas([items[row - 1] for row in rows], last)
        kinds |= {rows[problem.row - 1]: True for problem in compositions.problems}
    wrong = next((row for row, kind in kinds.items() if kind != crystals), None)
    if wrong is None:
        return
    if crystals in kinds.values():
        what = "formulas and crystals are mixed; train on one or the other"
    elif crystals:
        what = "the model reads crystals, and these are formulas; give CIFs, or a model such as atcnn"
    else:
        what = "the model reads formulas, and these are crystals; give formulas, or a model such as cgcnn"
    raise DataError(what, file=file, row=wrong, value=_short(items[wrong - 1]))


def _is_crystal(item: Any) -> bool:
    if not isinstance(item, str):
        return hasattr(item, "lattice")
    return is_cif(item) or is_structure(item) or is_archive(item) or os.path.isfile(item)


def _short(item: Any) -> str:
    """Return what to call an input in a message."""
    text = item if isinstance(item, str) else getattr(item, "formula", "")
    return text if len(text) <= 60 else f"{text[:57]}…"


def _formulas(items: Sequence[Any], target: np.ndarray, last: int) -> tuple[Rows | None, Sequence[Problem]]:
    _, compositions, _ = read_formulas(items, last)
    if not len(compositions):
        return None, compositions.problems
    y = target[compositions.rows].astype(np.float32)
    digest = content_key(list(compositions.formulas), y.tolist())
    return make_rows("own", digest, compositions, y), compositions.problems


def _crystals(items: Sequence[Any], target: np.ndarray, last: int) -> tuple[Crystals | None, Sequence[Problem]]:
    contents_of = {f"row {row}": _content(item) for row, item in enumerate(items, start=1)}
    pairs = [(row, content) for row, (content, _) in contents_of.items() if content is not None]
    reasons = {row: reason for row, (content, reason) in contents_of.items() if content is None}
    graphs = None
    try:
        report = graphs_from_structures(pairs) if pairs else None
        graphs, dropped = (report.graphs, report.dropped) if report else (None, ())
    except NoCrystalError as error:
        dropped = error.dropped
    reasons |= {crystal.id: crystal.reason.removesuffix(f" (file {crystal.id})") for crystal in dropped}
    problems = [Problem(int(row.removeprefix("row ")), row, reason) for row, reason in reasons.items()]
    if graphs is None:
        return None, problems
    y = target[[int(row.removeprefix("row ")) - 1 for row in graphs.ids]].astype(np.float32)
    state = hashlib.sha256()
    for array in ARRAYS:
        state.update(np.ascontiguousarray(getattr(graphs, array)).tobytes())
    digest = content_key(state.hexdigest(), y.tolist())
    return Crystals("own", digest, graphs, np.arange(len(graphs)), y), problems


def _content(item: Any) -> tuple[Any, str]:
    """Return the CIF text or structure of one input, or None and the reason."""
    if item is None:
        return None, "the input is missing"
    if not isinstance(item, str) or is_cif(item):
        return item, ""
    try:
        structures = list(contents(item))
    except (DataError, ConfigError) as error:
        return None, str(error)
    if len(structures) != 1:
        return None, f"the file holds {len(structures)} structures, and one target is given"
    return structures[0][1], structures[0][2]
