"""What a single source needs beyond plain columns: three small functions, named by the registry's ``finish``."""

from __future__ import annotations

import ast
from collections.abc import Callable

import numpy as np
import pandas as pd

from replicate.data.clean import CleaningStep, examples
from replicate.errors import DataError

FIRST_YEAR, LAST_YEAR = 1911, 2021  # the discovery of superconductivity; the last year in the datasheet

Finish = Callable[[pd.DataFrame, str], tuple[pd.DataFrame, tuple[CleaningStep, ...]]]


def journal_year(table: pd.DataFrame, named: str) -> tuple[pd.DataFrame, tuple[CleaningStep, ...]]:
    """Add ``year`` (nullable whole number): the first year in brackets in ``journal``.

    Where a translation is cited too, the original comes first.
    """
    year = table["journal"].str.extract(r"\(\s*(\d{4})\s*\)", expand=False).astype(float)
    impossible = ((year < FIRST_YEAR) | (year > LAST_YEAR)).to_numpy()
    steps = (
        CleaningStep(
            f"year of the journal outside {FIRST_YEAR}–{LAST_YEAR}, set to missing",
            dropped=0,
            changed=int(impossible.sum()),
            examples=examples(table, impossible, "journal"),
        ),
    )
    return table.assign(year=year.mask(impossible).astype("Int64")), steps


def space_group(table: pd.DataFrame, named: str) -> tuple[pd.DataFrame, tuple[CleaningStep, ...]]:
    """Split ``formula,number`` into ``formula`` and ``space_group`` (nullable whole number)."""
    parts = table["formula"].str.extract(r"^([^,]+?)(?:,\s*(\d+))?$")
    unreadable = parts[0].isna().to_numpy()
    if unreadable.any():
        row = int(np.flatnonzero(unreadable)[0])
        raise DataError(
            "this is neither a formula nor formula,space group",
            file=named,
            row=row + 1,
            value=table["formula"].iloc[row],
        )
    return table.assign(
        formula=parts[0].astype(object), space_group=parts[1].astype(float).astype("Int64")
    ), ()


def voigt_reuss_hill(table: pd.DataFrame, named: str) -> tuple[pd.DataFrame, tuple[CleaningStep, ...]]:
    """Replace the moduli ``K_VRH`` and ``G_VRH``, written as dictionaries, by their ``vrh`` value in GPa."""
    moduli = {
        name: [_average(cell, named, row) for row, cell in enumerate(table[name], start=1)]
        for name in ("K_VRH", "G_VRH")
    }
    return table.assign(**{name: np.array(values, dtype=np.float64) for name, values in moduli.items()}), ()


def _average(cell: str | None, named: str, row: int) -> float:
    if cell is None:
        return float("nan")
    try:
        return float(ast.literal_eval(cell)["vrh"])
    except (ValueError, SyntaxError, KeyError, TypeError) as error:
        raise DataError(
            "a modulus must be a dictionary with 'vrh'", file=named, row=row, value=cell
        ) from error


FINISHERS: dict[str, Finish] = {
    "journal_year": journal_year,
    "space_group": space_group,
    "voigt_reuss_hill": voigt_reuss_hill,
}
