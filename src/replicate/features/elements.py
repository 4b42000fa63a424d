"""The chemical elements in the order every array of this package uses: column Z − 1."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

import numpy as np

# Written out because asking pymatgen would make every import of the features wait for it.
_IN_ORDER = """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr
    Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu
    Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr
    Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""
SYMBOLS = tuple(_IN_ORDER.split())
N_ELEMENTS = len(SYMBOLS)

# Deuterium and tritium are hydrogen to every representation built on atomic numbers.
ATOMIC_NUMBER = MappingProxyType({symbol: z for z, symbol in enumerate(SYMBOLS, start=1)} | {"D": 1, "T": 1})


@lru_cache(maxsize=1)
def telling_weights() -> np.ndarray:
    """Return (118,) random weights; amounts @ weights is one number that tells compositions apart.

    Comparing single numbers is a hundred times faster than comparing rows of 118.
    """
    return np.random.default_rng(118).uniform(1, 2, N_ELEMENTS)
