"""Which of several structures of one composition: the one of SuperCon's structure type, else the oldest entry."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from types import MappingProxyType

import numpy as np

from replicate.features.crystal import Crystal

SPACE_GROUPS = MappingProxyType(
    {
        "A15": 223,
        "AlB2": 191,
        "Bi2201": 139,
        "Bi2212": 139,
        "Bi2223": 139,
        "BKBO": 221,
        "ABO3": 221,
        "BaNiSn3": 107,
        "CaTiO3": 62,
        "CeNiC2": 38,
        "CeOBiS2": 129,
        "Chevrel": 148,
        "Cr3Si(A15)": 223,
        "CuAl2": 140,
        "Cu1212": 123,
        "Heusler": 225,
        "Hg1201": 123,
        "Hg1212": 123,
        "Hg1223": 123,
        "HoCoGa5": 123,
        "IL": 123,
        "LuNi2B2C": 139,
        "MgCu2(Laves)": 227,
        "NaCl": 225,
        "PbFCl": 129,
        "PbO": 129,
        "Pu2C3": 220,
        "Sc5Co4Si10": 127,
        "T": 139,
        "T'": 139,
        "ThCr2Si2": 139,
        "TiNiSi": 62,
        "Tl1212": 123,
        "Tl1223": 123,
        "Tl2201": 139,
        "Tl2212": 139,
        "Tl2223": 139,
        "W": 229,
        "Y123": 47,
        "Y124": 65,
        "Y247": 65,
        "Yb3Rh4Sn13": 223,
        "alpha-Mn": 217,
        "clathrate": 223,
        "oxypnictide": 129,
        "pyrochlore": 227,
        "skutterudite": 204,
        "spinel": 227,
    }
)
"""SuperCon's names of common structure types → number of their space group."""

TOLERANCE = 0.1  # Å; relaxed structures are seldom exactly symmetric


def space_group(crystal: Crystal) -> int:
    """Return the number of an ordered crystal's space group, by pymatgen."""
    return _symmetry(crystal)[0]


def crystal_system(crystal: Crystal) -> str:
    """Return the crystal system of an ordered crystal, by pymatgen."""
    return _symmetry(crystal)[1]


def _symmetry(crystal: Crystal) -> tuple[int, str]:
    from pymatgen.core import Structure
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

    structure = Structure(crystal.lattice, crystal.element.tolist(), crystal.positions)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # spglib on its future interface, once per call
        analyzer = SpacegroupAnalyzer(structure, symprec=TOLERANCE)
        return int(analyzer.get_space_group_number()), str(analyzer.get_crystal_system())


def choose(names: Sequence[str], structure_type: str, group_of: Callable[[str], int]) -> tuple[str, bool]:
    """Return one of several polymorphs, and whether the structure type decided.

    Args:
        names: their ids in the database.
        structure_type: SuperCon's, empty where it has none.
        group_of: id → number of its space group; asked only where it can decide.
    """
    in_order = sorted(names, key=age)
    wanted = SPACE_GROUPS.get(structure_type, 0)
    if len(in_order) > 1 and wanted:
        groups = np.array([group_of(name) for name in in_order])
        if 0 < (groups == wanted).sum() < len(groups):
            return in_order[int((groups == wanted).argmax())], True
    return in_order[0], False


def age(name: str) -> tuple[bool, int]:
    """Return what sorts entries of the Materials Project by age: compounds known from experiment came first."""
    kind, _, number = name.partition("-")
    return kind != "mp", int(number)
