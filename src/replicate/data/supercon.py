"""The cleaning of SuperCon that Zeng et al. 2019 describe in words (Results), one function per rule.

Every rule takes and returns a table with ``formula`` and ``critical_temperature`` (K) and says what it did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from replicate.data.cards import Dataset
from replicate.data.clean import CleaningStep, drop_rows, examples
from replicate.features.composition import Compositions, parse, reduced_keys
from replicate.features.open_amounts import read_entries

LARGEST_AMOUNT = 50.0
LAST_ELEMENT = 86
LARGEST_RATIO = 2.0
RELATED = (("Hg",), ("Mg", "B"), ("Fe", "Se"), ("Y", "Ba", "Cu", "O"))
"""Table 2's families: Hg, MgxBy, FexSey, YBa2CuxOy with any amounts."""

# An amount with a letter in it: O4-Y, O10+z, Oz, H2-X; a subtracted number (O7-0.1) is left open as well.
_OPEN = r"[A-Za-z0-9.)][+-]|(?:[A-Z][a-z]?|\))[0-9.]*(?:[xyzXYZ])(?![a-z])(?![0-9])"

Rule = Callable[[pd.DataFrame], tuple[pd.DataFrame, CleaningStep]]


def related(compositions: Compositions) -> np.ndarray:
    """Return (n,) booleans: the composition belongs to a family of Table 2 whatever its amounts.

    The last family is read as every compound of Y, Ba, Cu and O.
    """
    return np.asarray(np.logical_or.reduce([compositions.only(*family) for family in RELATED]))


def drop_open_amounts(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop formulas with an undetermined amount, mostly of oxygen, such as ``O4-Y``.

    ``OY`` and ``OD`` at the end are such amounts too, though they read as oxygen and yttrium, or oxygen and deuterium.
    """
    signed = _unreadable(table) & table["formula"].str.contains(_OPEN, regex=True).to_numpy()
    rule = "an amount is left open or signed, such as O4-Y"
    return drop_rows(table, signed | has_open_oxygen(table), rule)


def drop_unreadable(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop formulas that cannot be read for any other reason."""
    return drop_rows(table, _unreadable(table), "the formula cannot be read")


def has_open_oxygen(table: pd.DataFrame) -> np.ndarray:
    """Return (n,) booleans: the formula leaves its amount of oxygen open."""
    entries = read_entries(table["formula"].tolist())
    return np.isin(np.arange(len(table)), entries.compositions.rows[entries.open])


def _unreadable(table: pd.DataFrame) -> np.ndarray:
    problems = parse(table["formula"].tolist(), on_error="collect").problems
    return np.isin(np.arange(len(table)), [problem.row - 1 for problem in problems])


def drop_without_tc(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop entries at 0 K, for which no superconductivity was found."""
    return drop_rows(table, (table["critical_temperature"] <= 0).to_numpy(), "no superconductivity was found")


def drop_large_amounts(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop formulas with a coefficient over 50, such as ``Hg1234O10``."""
    amounts = parse(table["formula"].tolist()).amounts
    return drop_rows(table, amounts.max(axis=1) > LARGEST_AMOUNT, f"a coefficient over {LARGEST_AMOUNT:.0f}")


def drop_hwo3(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop the unconfirmed superconductor HWO3, whatever its hydrogen content."""
    return drop_rows(table, parse(table["formula"].tolist()).only("H", "W", "O"), "HWO3, unconfirmed")


def drop_heavy_elements(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop compounds with an element behind radon, which the paper does not cover."""
    heavy = parse(table["formula"].tolist()).beyond(LAST_ELEMENT)
    return drop_rows(table, heavy, f"an element with an atomic number over {LAST_ELEMENT}")


def drop_conflicts(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop compositions whose largest Tc exceeds twice their smallest, all their rows."""
    tc = table["critical_temperature"].groupby(reduced_keys(parse(table["formula"].tolist())))
    conflict = tc.transform("max") > LARGEST_RATIO * tc.transform("min")
    return drop_rows(table, conflict.to_numpy(), "largest Tc of the composition over twice its smallest")


def one_row_each(
    table: pd.DataFrame, keys: np.ndarray, average: Literal["mean", "median"], rule: str, **columns: pd.Series
) -> tuple[pd.DataFrame, CleaningStep]:
    """Give every key (n,) its average Tc, and other columns (n,) their values, in its first row; drop the others."""
    tc = table["critical_temperature"].groupby(keys).transform(average)
    repeated = pd.Series(keys).duplicated().to_numpy()
    changed = ~repeated & ~np.isclose(tc, table["critical_temperature"])
    step = CleaningStep(rule, int(repeated.sum()), examples(table, repeated, "formula"), int(changed.sum()))
    return table.assign(critical_temperature=tc, **columns)[~repeated].reset_index(drop=True), step


def average_duplicates(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Give every composition its mean Tc, in its first row, and drop its other rows."""
    keys = reduced_keys(parse(table["formula"].tolist()))
    return one_row_each(table, keys, "mean", "a composition met before, averaged into its first row")


def drop_related(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop the relatives of the compounds held out in Table 2."""
    hit = related(parse(table["formula"].tolist()))
    return drop_rows(table, hit, "Hg, MgxBy, FexSey, YBa2CuxOy: held out for Table 2")


RULES: tuple[Rule, ...] = (
    *(drop_open_amounts, drop_unreadable, drop_without_tc, drop_large_amounts, drop_hwo3),
    *(drop_heavy_elements, drop_conflicts, average_duplicates, drop_related),
)


def drop_after(table: pd.DataFrame, year: int) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop entries that were published after a year, or whose year is not known."""
    late = ~(table["year"] <= year).fillna(False).to_numpy(dtype=bool)
    return drop_rows(table, late, f"published after {year}, or in an unknown year")


def clean_as_paper(dataset: Dataset, rules: tuple[Rule, ...] = RULES, until: int | None = None) -> Dataset:
    """Return a SuperCon table cleaned by a paper's rules, its report extended by one step per rule.

    ``until``: keep only what was published in this year or before; None: everything.
    """
    table, steps = dataset.table, []
    first = () if until is None else (partial(drop_after, year=until),)
    for rule in first + rules:
        table, step = rule(table)
        steps.append(step)
    return replace(dataset, table=table, cleaning=dataset.cleaning.after(*steps))
