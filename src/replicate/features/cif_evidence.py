"""What a CIF says of its contents apart from the atom sites: formula, formula units, density, multiplicities."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import gemmi
import numpy as np

from replicate.features.cif_text import number
from replicate.features.elements import ATOMIC_NUMBER, SYMBOLS

_AMOUNT = re.compile(r"([A-Z][a-z]?)\s*(\d+\.?\d*|\.\d+)?(?:\(\d+\))?")
_WITHIN = 0.03  # of a formula unit's amount; formulas are rounded
_DENSE = 0.1
_GRAM = 1.66053907  # Da/Å3 in g/cm3


@dataclass(frozen=True)
class Evidence:
    """What a block says of its contents; empty, nan or zero where it says nothing.

    Args:
        formula, units: atomic number → amount of ``_chemical_formula_sum``, and how often it stands in the cell.
        density: g/cm³.
        multiplicities: (n,) places of each atom site in the cell, as written.
    """

    formula: Mapping[int, float]
    units: float
    density: float
    multiplicities: Sequence[str]

    def fits(self, amounts: Mapping[int, float]) -> bool | None:
        """Return whether the amounts in the cell are those of the formula; None where that cannot be said."""
        if not self.formula:
            return None
        ratio = self._ratio(amounts)
        if ratio is None:
            return False
        if not self.units > 0:
            return True
        # pymatgen writes the sum of the whole cell, and the units in it.
        return min(abs(ratio / units - 1) for units in (1.0, self.units)) < _WITHIN

    def _ratio(self, amounts: Mapping[int, float]) -> float | None:
        """Return how many of the stated formulas the amounts are; None where they differ in more than their size."""
        if set(amounts) != set(self.formula):
            return None
        ratio = sum(amounts.values()) / sum(self.formula.values())
        stated = ((amounts[z], ratio * amount) for z, amount in self.formula.items())
        worst = max(abs(read - amount) / max(amount, 0.3 * ratio) for read, amount in stated)
        return ratio if worst < _WITHIN else None

    def fits_density(self, amounts: Mapping[int, float], volume: float) -> bool | None:
        """Return whether the amounts in a cell of so many Å³ have the stated density."""
        if not self.density > 0:
            return None
        return abs(density(amounts, volume) / self.density - 1) < _DENSE

    def allows(self, amounts: Mapping[int, float], counts: Sequence[int], volume: float) -> bool:
        """Return whether nothing stated speaks against amounts, and places of each site, in a cell of so many Å³."""
        stated = [number(value) for value in self.multiplicities]
        known = self.fits(amounts) is not False and self.fits_density(amounts, volume) is not False
        return known and (len(stated) != len(counts) or stated == counts)

    def contradictions(self, amounts: Mapping[int, float], lattice: np.ndarray) -> list[str]:
        """Return a sentence for each point on which the atoms read in a cell (3, 3), Å, differ from what is stated."""
        if self.fits(amounts) is not False:
            volume = abs(float(np.linalg.det(lattice))) if self.density > 0 else 1.0
            if self.fits_density(amounts, volume) is not False:
                return []
            read = f"the atoms read have {density(amounts, volume):.3g} g/cm³"
            return [f"the file states {self.density:g} g/cm³, {read}"]
        stated = f"formula_sum is {formula_of(self.formula)}"
        if missing := [SYMBOLS[z - 1] for z in self.formula if z not in amounts]:
            return [f"{stated}, but no site holds {' or '.join(missing)}"]
        if extra := [SYMBOLS[z - 1] for z in amounts if z not in self.formula]:
            return [f"{stated}, but sites hold {', '.join(extra)}"]
        if (ratio := self._ratio(amounts)) is not None:
            return [f"{stated} with {self.units:g} units in the cell, the atoms read are {ratio:.3g} of them"]
        return [f"{stated}, but the atoms read are {formula_of(amounts)}"]


def evidence_of(block: gemmi.cif.Block) -> Evidence:
    """Return what a block states."""
    return Evidence(
        _formula(block.find_value("_chemical_formula_sum")),
        _number(block, "_cell_formula_units_Z"),
        _number(block, "_exptl_crystal_density_diffrn"),
        tuple(block.find_values("_atom_site_symmetry_multiplicity")),
    )


def _number(block: gemmi.cif.Block, tag: str) -> float:
    value = block.find_value(tag)
    return math.nan if value is None else number(value)


def _formula(value: str | None) -> dict[int, float]:
    amounts: dict[int, float] = {}
    text = "?" if value is None or value in ("?", ".") else gemmi.cif.as_string(value)
    if _AMOUNT.sub("", text).strip(" ,\n"):
        return {}  # none, a sum with variables, or no sum
    for symbol, amount in _AMOUNT.findall(text):
        if symbol not in ATOMIC_NUMBER or symbol == "T":
            return {}
        z = ATOMIC_NUMBER[symbol]
        amounts[z] = amounts.get(z, 0.0) + float(amount or 1)
    return {z: amount for z, amount in amounts.items() if amount > 0}


def density(amounts: Mapping[int, float], volume: float) -> float:
    """Return g/cm³ of so many atoms in so many Å³."""
    return _GRAM * sum(gemmi.Element(z).weight * amount for z, amount in amounts.items()) / volume


def formula_of(amounts: Mapping[int, float]) -> str:
    """Return amounts as a formula such as ``Na4Cl4``, an amount of one left out."""
    shown = {z: f"{round(amount, 4):g}" for z, amount in amounts.items()}
    return "".join(SYMBOLS[z - 1] + ("" if amount == "1" else amount) for z, amount in shown.items())
