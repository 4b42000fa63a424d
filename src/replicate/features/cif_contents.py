"""What a CIF says of its contents apart from the atom sites: the formula, and how often it stands in the cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import gemmi

from replicate.errors import FormulaError
from replicate.features.cif_text import number
from replicate.features.composition import read_formula
from replicate.features.elements import SYMBOLS

_WITHIN = 0.03  # of a formula unit's amount; formulas are rounded
_LEFT_OUT = re.compile(r"\(\d+\)|[\s,]")  # uncertainties and what separates elements


@dataclass(frozen=True)
class StatedFormula:
    """Atomic number → amount of the ``_chemical_formula_sum``, empty for none, and its units in the cell, else nan."""

    amounts: Mapping[int, float]
    units: float

    def fits(self, held: Mapping[int, float]) -> bool:
        """Return whether the amounts in the cell are those of the formula."""
        ratio = self._ratio(held)
        # pymatgen writes the sum of the whole cell, and the units in it.
        known = (1.0, self.units) if self.units > 0 else (ratio,)
        return ratio > 0 and min(abs(ratio / units - 1) for units in known) < _WITHIN

    def _ratio(self, held: Mapping[int, float]) -> float:
        """Return how many of the stated formulas some amounts are; 0 where they differ in more than their size."""
        if set(held) != set(self.amounts) or not held:
            return 0.0
        ratio = sum(held.values()) / sum(self.amounts.values())
        stated = ((held[z], ratio * amount) for z, amount in self.amounts.items())
        worst = max(abs(read - amount) / max(amount, 0.3 * ratio) for read, amount in stated)
        return ratio if worst < _WITHIN else 0.0

    def contradiction(self, held: Mapping[int, float]) -> str:
        """Return in a sentence how the atoms read differ from the formula; empty where they do not."""
        if not self.amounts or self.fits(held):
            return ""
        stated = f"formula_sum is {formula_of(self.amounts)}"
        if missing := [SYMBOLS[z - 1] for z in self.amounts if z not in held]:
            return f"{stated}, but no site holds {' or '.join(missing)}"
        units = f" with {self.units:g} units in the cell" if self._ratio(held) else ""
        return f"{stated}{units}, but the atoms read are {formula_of(held)}"


def stated_formula(block: gemmi.cif.Block) -> StatedFormula:
    """Return the formula that a block states; a sum that cannot be read is none."""
    text = gemmi.cif.as_string(block.find_value("_chemical_formula_sum") or "?")
    amounts: dict[int, float] = {}
    with suppress(FormulaError):
        for z, amount in read_formula(_LEFT_OUT.sub("", text)):
            amounts[z] = amounts.get(z, 0.0) + amount
    return StatedFormula(amounts, number(block.find_value("_cell_formula_units_Z") or "?"))


def formula_of(amounts: Mapping[int, float]) -> str:
    """Return amounts as a formula such as ``Na4Cl4``, an amount of one left out."""
    shown = {z: f"{round(amount, 4):g}" for z, amount in amounts.items()}
    return "".join(SYMBOLS[z - 1] + ("" if amount == "1" else amount) for z, amount in shown.items())
