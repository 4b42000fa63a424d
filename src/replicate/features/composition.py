"""Chemical formulas read into arrays of amounts per element.

Shape legend: n compositions, 118 elements in the order of atomic number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np

from replicate.errors import ConfigError, FormulaError
from replicate.features.elements import ATOMIC_NUMBER, N_ELEMENTS, SYMBOLS
from replicate.features.refusals import advice, hint, refuse_misread

SMALLEST_AMOUNT = 1e-8  # pymatgen drops smaller amounts without a word; here they are an error
KEY_STEP = 1e-4
# Characters; the longest in the data has below 200, and brackets in brackets take their square.
LONGEST_FORMULA = 1000

_UNSIGNED = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_PLAIN = re.compile(rf"(?:[A-Z][a-z]?{_UNSIGNED}?)+")
_PART = re.compile(r"([A-Z][a-z]?)([0-9.]*)")
_SYMBOL = re.compile(r"[A-Z][a-z]*")
_NUMBER = re.compile(rf"{_UNSIGNED}(?:e-?[0-9]+)?")
# A minus sign behind a symbol or a bracket, but not the one of an exponent as in 1e-3.
_NEGATIVE = re.compile(r"(?<=[A-Za-z)\]}])(?<![0-9.]e)\s*-\s*(?=[0-9.])")
_READABLE = re.compile(rf"(?:[A-Z][a-z]*|[()\[\]{{}}@])\s*(?:{_NUMBER.pattern})?\s*")
_CLOSES = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Problem:
    """A formula, as given, that was left out of a table: its row, from 1, and what is wrong with it."""

    row: int
    formula: object
    reason: str


@dataclass(frozen=True, eq=False)
class Compositions:
    """Parsed formulas.

    Args:
        formulas: the n formulas that could be read, as given.
        amounts: (n, 118) stoichiometric coefficients as written, by atomic number − 1.
        rows: (n,) 0-based positions of these formulas among all that were given.
        problems: the formulas left out, with the reasons.
    """

    formulas: tuple[str, ...]
    amounts: np.ndarray
    rows: np.ndarray
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        """Return the number n of compositions."""
        return len(self.formulas)

    @cached_property
    def fractions(self) -> np.ndarray:
        """Atomic fractions (n, 118); each row sums to one."""
        return self.amounts / self.amounts.sum(axis=1, keepdims=True)

    @cached_property
    def keys(self) -> np.ndarray:
        """The texts (n,) of :func:`reduced_keys`."""
        # Fractions half way between two steps come out a last bit lower or higher depending on the multiple;
        # the small push sends all of them up.
        rounded = np.floor(self.fractions / KEY_STEP + 0.5 + 1e-6) * KEY_STEP
        return _joined(self.amounts > 0, rounded, lambda column, share: f"{SYMBOLS[column]}{share:.4f}", " ")

    def take(self, chosen: np.ndarray) -> Compositions:
        """Return the compositions at ``chosen``, booleans (n,) or positions; with the formulas left out."""
        index = np.arange(len(self))[chosen]
        formulas = tuple(self.formulas[i] for i in index)
        taken = Compositions(formulas, self.amounts[index], self.rows[index], self.problems)
        if "keys" in self.__dict__:  # so that they need not be written again
            taken.__dict__["keys"] = self.keys[index]
        return taken

    def joined(self, other: Compositions) -> Compositions:
        """Return these compositions followed by others; ``rows`` goes on counting behind the last of these."""
        after = int(max(self.rows.max(initial=-1), *(p.row - 1 for p in self.problems), -1)) + 1
        later = tuple(Problem(p.row + after, p.formula, p.reason) for p in other.problems)
        return Compositions(
            self.formulas + other.formulas,
            np.concatenate([self.amounts, other.amounts]),
            np.concatenate([self.rows, other.rows + after]),
            self.problems + later,
        )

    def holds(self, *symbols: str) -> np.ndarray:
        """Return (n,) booleans: the composition has every one of these elements."""
        return np.asarray((self.amounts[:, [ATOMIC_NUMBER[s] - 1 for s in symbols]] > 0).all(axis=1))

    def only(self, *symbols: str) -> np.ndarray:
        """Return (n,) booleans: the composition has every one of these elements and no other."""
        return self.holds(*symbols) & ((self.amounts > 0).sum(axis=1) == len(symbols))

    def beyond(self, last: int) -> np.ndarray:
        """Return (n,) booleans: the composition has an element of a higher atomic number than ``last``."""
        return np.asarray((self.amounts[:, last:] > 0).any(axis=1))


def parse(
    formulas: Sequence[str],
    *,
    file: str | Path | None = None,
    on_error: Literal["raise", "collect"] = "raise",
) -> Compositions:
    """Read formulas with the meaning of pymatgen's ``Composition``, but refuse what it accepts silently.

    D and T are hydrogen; a hydrate is written ``CuSO4(H2O)5`` (in ``CuSO4.5H2O`` the oxygen has the decimal amount
    4.5). Refused beyond what pymatgen refuses: placeholders such as ``X``, amounts that are zero (below 1e-8) or
    infinite, brackets of different kinds closing each other, characters outside ASCII, oxidation states such as
    ``Fe(III)``, a density behind ``@``, two formulas in one text; :mod:`replicate.features.notation` mends some of it.

    Raises:
        FormulaError: on the first bad formula unless they are collected in ``problems``; names file, row from 1,
            formula and reason.
        ConfigError: ``on_error`` is something else, or ``formulas`` is one string.
    """
    from scipy.sparse import csr_array  # here: settings and pages that parse nothing start without it

    if on_error not in ("raise", "collect"):
        raise ConfigError(f"on_error must be 'raise' or 'collect', not {on_error!r}")
    if isinstance(formulas, str):
        raise ConfigError(f"parse takes a sequence of formulas, not one string: [{formulas!r}]")
    read: dict[str, list[tuple[int, float]]] = {}  # each different formula that can be read
    rows: list[int] = []
    problems: list[Problem] = []
    for row, formula in enumerate(formulas):
        try:
            if not isinstance(formula, str):
                raise FormulaError("formula is not text")
            if formula not in read:
                read[formula] = read_formula(formula)
            rows.append(row)
        except FormulaError as error:
            if on_error == "raise":
                raise FormulaError(error.problem, file=file, row=row + 1, value=formula) from error
            problems.append(Problem(row + 1, formula, error.problem))
    columns = [z - 1 for parts in read.values() for z, _ in parts]
    values = [amount for parts in read.values() for _, amount in parts]
    ends = np.cumsum([0, *map(len, read.values())])
    distinct = csr_array((values, columns, ends), shape=(len(read), N_ELEMENTS), dtype=np.float64)
    place = {formula: i for i, formula in enumerate(read)}
    chosen = np.array([place[formulas[row]] for row in rows], dtype=np.intp)
    return Compositions(
        formulas=tuple(formulas[row] for row in rows),
        amounts=distinct[chosen].toarray(),
        rows=np.array(rows, dtype=np.intp),
        problems=tuple(problems),
    )


@lru_cache(maxsize=200_000)  # every rule of a cleaning reads what the rules before it left
def read_formula(formula: str) -> list[tuple[int, float]]:
    """Return (atomic number, amount) pairs of a formula, an element perhaps twice; FormulaError as of `parse`."""
    if len(formula) > LONGEST_FORMULA:
        raise FormulaError(f"formula has {len(formula):,} characters, more than {LONGEST_FORMULA:,}")
    parts: list[tuple[int, float]] = []
    if _PLAIN.fullmatch(formula):
        for symbol, amount in _PART.findall(formula):
            if symbol not in ATOMIC_NUMBER:
                break
            parts.append((ATOMIC_NUMBER[symbol], float(amount) if amount else 1.0))
        else:
            _check_amounts([amount for _, amount in parts])
            return parts
    return _read_with_pymatgen(formula)


def _read_with_pymatgen(formula: str) -> list[tuple[int, float]]:
    """Return what pymatgen reads, after refusing what it would read into something else."""
    from pymatgen.core.composition import Composition

    if not formula.strip():
        raise FormulaError("formula is empty")
    if not formula.isascii():
        odd = next(character for character in formula if not character.isascii())
        raise FormulaError(f"{odd!r} is not allowed in a formula; use plain letters, digits and brackets")
    symbols = _SYMBOL.findall(formula)
    for symbol in symbols:
        if symbol not in ATOMIC_NUMBER:
            raise FormulaError(f"unknown element {symbol!r}: {hint(symbol, formula)}")
    if _NEGATIVE.search(formula):
        raise FormulaError("an amount is negative")
    if leftover := _READABLE.sub(" ", formula).split():
        raise FormulaError(f"cannot read {leftover[0]!r}{advice(leftover[0])}")
    if not symbols:
        raise FormulaError("formula has no atoms")
    _check_brackets(formula)
    refuse_misread(formula)
    _check_amounts([float(number) for number in _NUMBER.findall(formula)])
    try:
        composition = Composition(formula)
    except ValueError as error:
        raise FormulaError(f"cannot be read as a chemical formula ({error})") from None
    parts = [(element.Z, float(amount)) for element, amount in composition.items()]
    if {z for z, _ in parts} != {ATOMIC_NUMBER[symbol] for symbol in symbols}:
        # A product of small numbers, which pymatgen drops.
        raise FormulaError("an amount is zero")
    _check_amounts([amount for _, amount in parts])
    return parts


def _check_amounts(amounts: list[float]) -> None:
    """Refuse amounts that are zero or not finite, or whose sum is not."""
    if amounts and min(amounts) < SMALLEST_AMOUNT:
        raise FormulaError("an amount is zero")
    if not sum(amounts) < float("inf"):
        raise FormulaError("an amount is not finite")


def _check_brackets(formula: str) -> None:
    """Refuse brackets that do not pair up; pymatgen takes all kinds for one."""
    waiting: list[str] = []
    for character in formula:
        if character in _CLOSES.values():
            waiting.append(character)
        elif character in _CLOSES and (not waiting or waiting.pop() != _CLOSES[character]):
            raise FormulaError(f"bracket {character!r} closes nothing")
    if waiting:
        raise FormulaError(f"bracket {waiting[-1]!r} is not closed")


_BY_NAME = np.argsort(np.array(SYMBOLS))  # columns in alphabetical order of the symbol


def _joined(present: np.ndarray, values: np.ndarray, piece: Callable[[int, float], str], separator: str) -> np.ndarray:
    """Return one text per row of (n, 118): the pieces of its present elements in alphabetical order."""
    rows, places = np.nonzero(present[:, _BY_NAME])
    columns = _BY_NAME[places]
    pieces = list(map(piece, columns.tolist(), values[rows, columns].tolist()))
    ends = np.cumsum(np.bincount(rows, minlength=len(present))).tolist()
    return np.array([separator.join(pieces[a:b]) for a, b in pairwise([0, *ends])], dtype=np.str_)


def reduced_keys(compositions: Compositions) -> np.ndarray:
    """Return (n,) texts that are equal for equal compositions, whatever multiple the formula is written in.

    Fractions are rounded to 1e-4, so ``Fe2O4`` and ``FeO2`` share the key ``Fe0.3333 O0.6667``; compositions
    that differ by less than the rounding fall together, unless they hold different elements.
    """
    return compositions.keys


def first_of_each(keys: np.ndarray) -> np.ndarray:
    """Return (n,) booleans: the key has not come up before."""
    first = np.zeros(len(keys), dtype=bool)
    first[np.unique(keys, return_index=True)[1]] = True
    return first


def chemical_systems(compositions: Compositions) -> np.ndarray:
    """Return (n,) chemical systems such as ``Fe-O``: the elements in alphabetical order."""
    amounts = compositions.amounts
    return _joined(amounts > 0, amounts, lambda column, _: SYMBOLS[column], "-")


def formulas_of(amounts: np.ndarray) -> np.ndarray:
    """Return (n,) formulas of (n, 118) amounts, elements in alphabetical order, six significant digits."""
    return _joined(amounts > 0, amounts, lambda column, amount: f"{SYMBOLS[column]}{amount:.6g}", "")
