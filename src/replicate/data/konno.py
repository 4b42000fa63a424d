"""The data handling of Konno et al. 2021 (README and released code), one function per rule.

Every rule takes and returns a table with ``formula`` and ``critical_temperature`` (K) and says what it did.
"""

from __future__ import annotations

import warnings
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from replicate.data.cards import Dataset
from replicate.data.clean import CleaningStep, drop_rows, examples
from replicate.data.supercon import clean_as_paper, drop_unreadable, one_row_each
from replicate.features.composition import Compositions, parse

OPEN_ENDS = "XYZDxyzd."
HOTTEST = 400.0
# pymatgen repeats gallium's value for gadolinium, a ferromagnet.
NOT_SUPERCONDUCTING = ("Gd",)


def is_organic(compositions: Compositions) -> np.ndarray:
    """Return (n,) booleans: the composition has both carbon and hydrogen."""
    return compositions.holds("C", "H")


def is_cuprate(compositions: Compositions) -> np.ndarray:
    """Return (n,) booleans, the authors' class CuO: Cu and O, and more than three elements or La."""
    several = (compositions.amounts > 0).sum(axis=1) > 3
    return compositions.holds("Cu", "O") & (several | compositions.holds("La"))


def is_iron_based(compositions: Compositions) -> np.ndarray:
    """Return (n,) booleans, the authors' class Fe: Fe with As, Se, S or P."""
    partners = [compositions.holds("Fe", other) for other in ("As", "Se", "S", "P")]
    return np.asarray(np.logical_or.reduce(partners))


def is_precursor(compositions: Compositions) -> np.ndarray:
    """Return (n,) booleans: LaFePO with any share of fluorine, which led to the iron-based superconductors."""
    return compositions.only("La", "Fe", "P", "O") | compositions.only("La", "Fe", "P", "O", "F")


@cache
def element_tc() -> dict[str, float]:
    """Return the critical temperature of each element at ambient pressure (K), 0 where none is known.

    The authors' table is not public; this is pymatgen's.
    """
    from pymatgen.core import Element

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one warning per element without an entry
        values = {e.symbol: e.superconduction_temperature for e in Element}
    return {s: 0.0 if s in NOT_SUPERCONDUCTING or not tc else float(tc) for s, tc in values.items()}


def drop_open_ends(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop formulas that end in X, Y, Z, D or a full stop: an amount, mostly of oxygen, is left open."""
    open_end = table["formula"].str[-1].isin(list(OPEN_ENDS))
    return drop_rows(table, open_end, "the formula ends in X, Y, Z, D or .")


def drop_organic(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop compounds with both carbon and hydrogen."""
    return drop_rows(table, is_organic(parse(table["formula"].tolist())), "carbon and hydrogen")


def drop_hot(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop critical temperatures of 400 K and more."""
    return drop_rows(table, (table["critical_temperature"] >= HOTTEST).to_numpy(), f"{HOTTEST:.0f} K or more")


def correct_elements(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Give pure elements their critical temperature at ambient pressure; SuperCon mixes in high pressure."""
    compositions = parse(table["formula"].tolist())
    pure = (compositions.amounts > 0).sum(axis=1) == 1
    known = np.array(list(element_tc().values()))
    right = known[compositions.amounts.argmax(axis=1)]
    changed = pure & ~np.isclose(right, table["critical_temperature"])
    tc = np.where(pure, right, table["critical_temperature"])
    rule = "a pure element, given its value at ambient pressure"
    step = CleaningStep(rule, 0, examples(table, changed, "formula"), int(changed.sum()))
    return table.assign(critical_temperature=tc), step


def median_of_repeats(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Give every formula, as it is written, its median Tc and earliest year in its first row, and drop the others."""
    keys = table["formula"].to_numpy()
    first_year = table.groupby(keys)["year"].transform("min")
    rule = "a formula met before, its median kept in its first row"
    return one_row_each(table, keys, "median", rule, year=first_year)


RULES = (drop_open_ends, drop_unreadable, drop_organic, correct_elements, drop_hot, median_of_repeats)


@lru_cache(maxsize=4)  # by the dataset object: experiments ask for the same years again and again
def superconductors(dataset: Dataset, until: int | None = None) -> Dataset:
    """Return SuperCon as the authors prepare it, its report extended by one step per rule.

    Args:
        dataset: SuperCon with ``formula``, ``critical_temperature`` and ``year``.
        until: keep only what was published in this year or before; None: everything.
    """
    return clean_as_paper(dataset, RULES, until)


def moved_by_later_entries(dataset: Dataset, until: int) -> np.ndarray:
    """Return, for each row of SuperCon up to a year, how far its median Tc (K) would move with the later entries."""
    early = superconductors(dataset, until).table
    whole = superconductors(dataset).table.set_index("formula")["critical_temperature"]
    moved = whole.reindex(early["formula"]).to_numpy() - early["critical_temperature"].to_numpy()
    return np.abs(np.where(np.isclose(moved, 0, atol=1e-6), 0, moved))
