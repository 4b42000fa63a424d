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
COLUMNS = [f"MagpieData {statistic} {name}" for name in PROPERTIES for statistic in STATISTICS]
_CHUNK = 20_000  # compositions at a time: keeps the (e, 22) work arrays in a few tens of megabytes


@lru_cache(maxsize=1)
def element_table() -> np.ndarray:
    """Return the (118, 22) element properties, a missing one as the mean over the elements that have it."""
    from matminer.utils.data import MagpieData

    source = MagpieData(impute_nan=True).all_elemental_props
    return np.array([[source[name][symbol] for name in PROPERTIES] for symbol in SYMBOLS], dtype=np.float64)


def magpie(compositions: Compositions) -> pd.DataFrame:
    """Return the Magpie statistics (n, 132) of n compositions, by their ``rows`` and with matminer's column names.

    Minimum, maximum, range, mean, mean absolute deviation and mode (the smallest value among the most frequent
    elements) of each property, weighted by atomic fraction, in pm, K, Å³ per atom and eV.
    """
    fractions = compositions.fractions
    parts = [_statistics(fractions[start : start + _CHUNK]) for start in range(0, len(fractions), _CHUNK)]
    values = np.concatenate(parts) if parts else np.empty((0, len(COLUMNS)))
    return pd.DataFrame(values, index=compositions.rows, columns=COLUMNS)


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
