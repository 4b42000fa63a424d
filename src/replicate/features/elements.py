"""The chemical elements in the order every array of this package uses, column Z − 1, and their properties.

Properties are those of Table II of Xie and Grossman's supplement, as pymatgen has them; the covalent radii are those of
Cordero et al., Dalton Trans. 2832 (2008).
"""

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


BLOCKS = "spdf"
PROPERTIES = (
    *("group", "period", "electronegativity", "covalent_radius", "valence_electrons"),
    *("first_ionization_energy", "electron_affinity", "block", "atomic_volume"),
)


@lru_cache(maxsize=1)
def cordero_radius() -> np.ndarray:
    """Return (118,) covalent radii, Å; the mean of all where there is no value (Z > 96)."""
    from pymatgen.analysis.molecule_structure_comparator import CovalentRadius

    radii = np.array([CovalentRadius.radius.get(symbol, np.nan) for symbol in SYMBOLS])
    return np.where(np.isnan(radii), np.nanmean(radii), radii)


@lru_cache(maxsize=1)
def element_properties() -> dict[str, np.ndarray]:
    """Return property → (118,) values, NaN where there is none, in the units of Table II.

    Lanthanides and actinides are in no group and in periods 8 and 9, as the table's footnote has it.
    Electrons beyond the last closed noble-gas shell are valence electrons, filled d and f shells not counted.
    """
    from pymatgen.core import Element

    values = {name: np.full(N_ELEMENTS, np.nan) for name in PROPERTIES}
    for i in range(N_ELEMENTS):
        element = Element.from_Z(i + 1)
        inner = element.is_lanthanoid or element.is_actinoid
        values["group"][i] = np.nan if inner else element.group
        values["period"][i] = 8 if element.is_lanthanoid else 9 if element.is_actinoid else element.row
        values["block"][i] = 0 if element.Z == 2 else BLOCKS.index(element.block)  # pymatgen has helium in p
        values["valence_electrons"][i] = _valence(element.Z, element.group, element.block, inner)
        values["electronegativity"][i] = _number(element.data.get("X"))
        values["first_ionization_energy"][i] = _number(element.data.get("Ionization energies", [None])[0])
        values["electron_affinity"][i] = _number(element.data.get("Electron affinity"))
        values["atomic_volume"][i] = _number(element.data.get("Molar volume"))
    values["covalent_radius"] = cordero_radius() * 100
    return values


def _valence(z: int, group: int, block: str, inner: bool) -> float:
    if inner:
        return min(3.0 + (z - (57 if z < 89 else 89)), 12.0)  # the table ends at 12
    if z == 2:
        return 2.0
    return float(group - 10 if block == "p" else group)


def _number(value: object) -> float:
    if isinstance(value, dict):  # some pymatgen versions keep a unit with the number
        value = value.get("value", value.get("data"))
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return float("nan")
