"""CIFs of small cells, written from their parts, and what was read of them."""

from collections import Counter

from replicate.features.crystal import Crystal
from replicate.features.elements import SYMBOLS

SITES = "\n".join(
    ["loop_", "_atom_site_label", "_atom_site_type_symbol"]
    + [f"_atom_site_{tag}" for tag in ("fract_x", "fract_y", "fract_z", "occupancy")]
)
CHLORINE = "Cl1 Cl 0.5 0.5 0.5 1"
SALT = f"Na1 Na 0 0 0 1\n{CHLORINE}\n"
FM3M = "_symmetry_space_group_name_H-M 'F m -3 m'"
PM3M = "_symmetry_space_group_name_H-M 'P m -3 m'"


def cif(symmetry: str = "", sites: str = SALT, a: float = 5.64, angle: float = 90, more: str = "") -> str:
    """Return a CIF with a cell of equal edges (Å) and angles (degrees)."""
    cell = [f"_cell_length_{edge} {a}" for edge in "abc"]
    cell += [f"_cell_angle_{name} {angle}" for name in ("alpha", "beta", "gamma")]
    return "\n".join(["data_x", *cell, symmetry, more, SITES, sites])


def listed(*operations: str, tag: str = "_symmetry_equiv_pos_as_xyz") -> str:
    return "\n".join(["loop_", tag, *operations])


def amounts(crystal: Crystal) -> dict[str, float]:
    """Return element → atoms in the cell."""
    total: Counter[str] = Counter()
    for element, occupancy in zip(crystal.element.tolist(), crystal.occupancy.tolist(), strict=True):
        total[SYMBOLS[element - 1]] += occupancy
    return {symbol: round(amount, 6) for symbol, amount in total.items()}
