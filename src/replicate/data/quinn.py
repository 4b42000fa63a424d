"""SuperCon, composition by composition, for the experiments after Quinn and McQueen 2022.

Every rule takes and returns a table with ``formula`` and ``critical_temperature`` (K) and says what it did.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from replicate.data.cards import Dataset
from replicate.data.clean import CleaningStep, drop_rows
from replicate.data.konno import drop_hot
from replicate.data.supercon import (
    clean_as_paper,
    drop_unreadable,
    drop_without_tc,
    has_open_oxygen,
    one_row_each,
)
from replicate.features.composition import parse, reduced_keys


def drop_open(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Drop formulas whose amount of oxygen is open; ``OY`` at the end is such a one, not oxygen and yttrium."""
    return drop_rows(table, has_open_oxygen(table), "the amount of oxygen is left open, such as O4-Y")


def median_of_compositions(table: pd.DataFrame) -> tuple[pd.DataFrame, CleaningStep]:
    """Give every composition its median Tc, commonest structure type and earliest year in its first row."""
    keys = reduced_keys(parse(table["formula"].tolist()))
    named = pd.DataFrame({"key": keys, "type": table["structure_type"].to_numpy()}).dropna()
    # Of equally common ones the first by name.
    counts = named.groupby(["key", "type"]).size().rename("rows").reset_index()
    types = counts.sort_values(["rows", "type"], ascending=[False, True]).drop_duplicates("key")
    return one_row_each(
        table,
        keys,
        "median",
        "a composition met before, its median kept in its first row",
        year=table.groupby(keys)["year"].transform("min"),
        structure_type=pd.Series(keys, index=table.index).map(types.set_index("key")["type"]).fillna(""),
    )


RULES = (drop_open, drop_unreadable, drop_without_tc, drop_hot, median_of_compositions)


@lru_cache(maxsize=2)  # by the dataset object
def superconductors(dataset: Dataset, until: int | None = None) -> Dataset:
    """Return SuperCon's superconductors with stated amounts, one row per composition, its report extended.

    Args:
        dataset: SuperCon with ``formula``, ``critical_temperature``, ``year`` and ``structure_type``.
        until: keep only what was published in this year or before; None: everything.
    """
    return clean_as_paper(dataset, RULES, until)


def tc_until(dataset: Dataset, until: int) -> pd.Series:
    """Return the Tc (K) of every superconductor as it was known in a year, by the key of its composition."""
    table = superconductors(dataset, until).table
    keys = reduced_keys(parse(table["formula"].tolist(), file=dataset.card.name))
    return pd.Series(table["critical_temperature"].to_numpy(), index=keys)
