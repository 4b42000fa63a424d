"""Element properties of Xie and Grossman's Table II, each from a library that keeps it.

Values are those of pymatgen (Pauling electronegativity, ionisation energy, electron affinity, molar volume,
group, row, block) and, for the covalent radius, Cordero et al., Dalton Trans. 2832 (2008), as pymatgen has it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from replicate.features.elements import N_ELEMENTS, SYMBOLS

BLOCKS = "spdf"


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

    found = {name: np.full(N_ELEMENTS, np.nan) for name in PROPERTIES}
    for i in range(N_ELEMENTS):
        element = Element.from_Z(i + 1)
        inner = element.is_lanthanoid or element.is_actinoid
        found["group"][i] = np.nan if inner else element.group
        found["period"][i] = 8 if element.is_lanthanoid else 9 if element.is_actinoid else element.row
        found["block"][i] = 0 if element.Z == 2 else BLOCKS.index(element.block)  # pymatgen has helium in p
        found["valence_electrons"][i] = _valence(element.Z, element.group, element.block, inner)
        found["electronegativity"][i] = _number(element.data.get("X"))
        found["first_ionization_energy"][i] = _number(element.data.get("Ionization energies", [None])[0])
        found["electron_affinity"][i] = _number(element.data.get("Electron affinity"))
        found["atomic_volume"][i] = _number(element.data.get("Molar volume"))
    found["covalent_radius"] = cordero_radius() * 100
    return found


PROPERTIES = (
    "group",
    "period",
    "electronegativity",
    "covalent_radius",
    "valence_electrons",
    "first_ionization_energy",
    "electron_affinity",
    "block",
    "atomic_volume",
)


def _valence(z: int, group: int, block: str, inner: bool) -> float:
    if inner:
        return min(3.0 + (z - (57 if z < 89 else 89)), 12.0)  # the table ends at 12
    if z == 2:
        return 2.0
    return float(group - 10 if block == "p" else group)


def _number(value: object) -> float:
    if isinstance(value, dict):  # some pymatgen versions keep a unit beside the number
        value = value.get("value", value.get("data"))
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return float("nan")
