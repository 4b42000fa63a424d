"""Which of several structures of one composition: the one of SuperCon's structure type, else the oldest entry."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np

from replicate.features.crystal import Crystal

_TYPES = {
    38: "CeNiC2", 47: "Y123", 62: "CaTiO3 TiNiSi", 65: "Y124 Y247", 107: "BaNiSn3", 127: "Sc5Co4Si10", 140: "CuAl2",
    123: "Cu1212 Hg1201 Hg1212 Hg1223 HoCoGa5 IL Tl1212 Tl1223", 129: "CeOBiS2 PbFCl PbO oxypnictide",
    139: "Bi2201 Bi2212 Bi2223 LuNi2B2C T T' ThCr2Si2 Tl2201 Tl2212 Tl2223", 148: "Chevrel", 191: "AlB2",
    204: "skutterudite", 217: "alpha-Mn", 220: "Pu2C3", 221: "BKBO ABO3", 225: "Heusler NaCl", 229: "W",
    223: "A15 Cr3Si(A15) Yb3Rh4Sn13 clathrate", 227: "MgCu2(Laves) pyrochlore spinel",
}  # fmt: skip
SPACE_GROUPS = {name: number for number, names in _TYPES.items() for name in names.split()}
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
