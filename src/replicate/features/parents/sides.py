"""Which elements take each other's places."""

from __future__ import annotations

import warnings
from functools import lru_cache

import numpy as np

from replicate.features.elements import ATOMIC_NUMBER, N_ELEMENTS

OXYGEN = ATOMIC_NUMBER["O"] - 1  # its column
ANIONS = ("H", "N", "O", "F", "S", "Cl", "Se", "Br", "Te", "I")
EITHER = ("B", "C", "Si", "P", "Ge", "As", "Sb")


@lru_cache(maxsize=1)
def sides() -> np.ndarray:
    """Return (118,) −1 for elements that form anions, 0 for those that sit on either side, 1 for metals."""
    side = np.ones(N_ELEMENTS, dtype=int)
    side[[ATOMIC_NUMBER[symbol] - 1 for symbol in ANIONS]] = -1
    side[[ATOMIC_NUMBER[symbol] - 1 for symbol in EITHER]] = 0
    return side


@lru_cache(maxsize=1)
def mendeleev_numbers() -> np.ndarray:
    """Return (118,) places in Pettifor's order, in which elements that replace each other are neighbours."""
    from pymatgen.core import Element

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one warning per element without a place, all beyond lawrencium
        places = [Element.from_Z(z).mendeleev_no for z in range(1, N_ELEMENTS + 1)]
    return np.nan_to_num(np.array(places, dtype=float), nan=0.0)
