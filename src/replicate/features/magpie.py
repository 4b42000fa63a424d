"""Magpie statistics of a composition: 132 numbers from 22 properties of its elements.

Ward et al., npj Comput. Mater. 2, 16028 (2016). The element table is matminer's (``MagpieData``), and names,
order and definitions are those of matminer's ``ElementProperty.from_preset("magpie")``, computed for all
compositions at once.

Shape legend: n compositions, e element entries (one per element of each composition), 22 properties.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from replicate.features.composition import Compositions
from replicate.features.elements import SYMBOLS

PROPERTIES = (
    *("Number", "MendeleevNumber", "AtomicWeight", "MeltingT", "Column", "Row", "CovalentRadius"),
    *("Electronegativity", "NsValence", "NpValence", "NdValence", "NfValence", "NValence"),
    *("NsUnfilled", "NpUnfilled", "NdUnfilled", "NfUnfilled", "NUnfilled"),
    *("GSvolume_pa", "GSbandgap", "GSmagmom", "SpaceGroupNumber"),
)
STATISTICS = ("minimum", "maximum", "range", "mean", "avg_dev", "mode")
NORMS = (0, 2, 3, 5, 7, 10)
ORBITALS = ("s", "p", "d", "f")

_CHUNK = 20_000  # compositions at a time: keeps the (e, 22) work arrays in a few tens of megabytes


@lru_cache(maxsize=1)
def element_table() -> np.ndarray:
    """Return the (118, 22) element properties, a missing one as the mean over the elements that have it."""
    from matminer.utils.data import MagpieData

    source = MagpieData(impute_nan=True).all_elemental_props
    return np.array([[source[name][symbol] for name in PROPERTIES] for symbol in SYMBOLS], dtype=np.float64)


def feature_names(*, extended: bool = False) -> tuple[str, ...]:
    """Return the column names in matminer's order and spelling; ``extended`` as in :func:`magpie`."""
    names = [f"MagpieData {statistic} {name}" for name in PROPERTIES for statistic in STATISTICS]
    if extended:
        names += [f"{p}-norm" for p in NORMS] + [f"frac {orbital} valence electrons" for orbital in ORBITALS]
    return tuple(names)


def magpie(compositions: Compositions, *, extended: bool = False) -> pd.DataFrame:
    """Return the Magpie statistics (n, 132) of n compositions, by their ``rows`` and with matminer's column names.

    Minimum, maximum, range, mean, mean absolute deviation and mode (the smallest value among the most frequent
    elements) of each property, weighted by atomic fraction, in pm, K, Å³ per atom and eV. ``extended`` adds the six
    stoichiometry norms and four valence-orbital fractions of the same paper (142).
    """
    names = feature_names(extended=extended)
    values = np.empty((len(compositions), len(names)))
    for start in range(0, len(compositions), _CHUNK):
        part = slice(start, start + _CHUNK)
        fractions = compositions.fractions[part]
        width = len(PROPERTIES) * len(STATISTICS)
        values[part, :width] = _statistics(fractions)
        if extended:
            values[part, width:] = np.hstack([_norms(fractions), _valence_shares(fractions)])
    return pd.DataFrame(values, index=compositions.rows, columns=list(names))


def _statistics(fractions: np.ndarray) -> np.ndarray:
    """Return (n, 132) statistics of fractions (n, 118), every row of which holds an element."""
    table = element_table()
    rows, columns = np.nonzero(fractions)
    starts = np.flatnonzero(np.diff(rows, prepend=-1))  # (n,) first entry of each composition
    share = fractions[rows, columns][:, None]  # (e, 1)
    values = table[columns]  # (e, 22)
    minimum = np.minimum.reduceat(values, starts)
    maximum = np.maximum.reduceat(values, starts)
    mean = np.add.reduceat(share * values, starts)
    deviation = np.add.reduceat(share * np.abs(values - mean[rows]), starts)
    most_frequent = np.isclose(share, np.maximum.reduceat(share, starts)[rows])
    mode = np.minimum.reduceat(np.where(most_frequent, values, np.inf), starts)
    stacked = np.stack([minimum, maximum, maximum - minimum, mean, deviation, mode], axis=-1)  # (n, 22, 6)
    return stacked.reshape(len(fractions), -1)


def _norms(fractions: np.ndarray) -> np.ndarray:
    """Return (n, 6) p-norms of the fractions; the 0-norm is the number of elements."""
    return np.column_stack(
        [(fractions**p).sum(axis=1) ** (1 / p) if p else (fractions > 0).sum(axis=1) for p in NORMS]
    )


def _valence_shares(fractions: np.ndarray) -> np.ndarray:
    """Return (n, 4) shares of the valence electrons in s, p, d and f orbitals."""
    table = element_table()
    columns = [PROPERTIES.index(f"N{orbital}Valence") for orbital in ORBITALS]
    total = fractions @ table[:, PROPERTIES.index("NValence")]
    return fractions @ table[:, columns] / total[:, None]
