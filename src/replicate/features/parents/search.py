"""The parent of a composition: the simplest known compound of its elements that differs from it least.

Shape legend: m known compounds, k of one set of elements, h elements they hold, 118 elements.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np

from replicate.features.elements import ATOMIC_NUMBER, N_ELEMENTS

LARGEST_DISTANCE = 0.15
"""Share of atoms in which a compound may differ from its parent, a little more than pairs of the 3DSC differ by."""
PER_ATOM = 0.0015
"""What an atom in the parent's formula counts as in that distance, so that La2CuO4 goes before La12Cu6O25."""
MOST_DOPANTS = 4
# Of an empty site and of an atom that the parent has no site for: oxygen comes and goes, metals seldom do.
ANION_WEIGHTS = (1.0, 1.0)
METAL_WEIGHTS = (1.5, 3.0)
DOPANT_BETWEEN = 3.0
SWAPPED = 1.5  # an element of the parent on the sites of another
WHOLE = 1e-2
OXYGEN = ATOMIC_NUMBER["O"] - 1  # its column
ANIONS = ("H", "N", "O", "F", "S", "Cl", "Se", "Br", "Te", "I")
EITHER = ("B", "C", "Si", "P", "Ge", "As", "Sb")


@dataclass(frozen=True, eq=False)
class Match:
    """The parent of one composition."""

    place: int  # among the known compounds
    rows: np.ndarray  # known structures of the parent's composition, its polymorphs
    distance: float  # share of the compound's atoms that differ, empty sites and atoms between sites by their weight
    scale: float  # formula units of the parent (as fractions that sum to one) per formula of the compound
    formula: np.ndarray  # (118,) the parent's fractions


class ParentPool:
    """Compositions of known structures, looked up by the elements they hold."""

    def __init__(self, amounts: np.ndarray) -> None:
        """Sort known structures by composition.

        Args:
            amounts: (structures, 118) atoms of each element in the cell.
        """
        fractions = np.round(amounts / amounts.sum(axis=1, keepdims=True), 5)
        known, inverse = np.unique(fractions, axis=0, return_inverse=True)
        order = np.argsort(inverse.ravel(), kind="stable")
        starts = np.searchsorted(inverse.ravel()[order], np.arange(len(known) + 1))
        self.fractions = known / known.sum(axis=1, keepdims=True)  # (m, 118)
        self.rows = [order[a:b] for a, b in pairwise(starts)]
        first = np.array([rows[0] for rows in self.rows])
        self.formula_atoms = np.array([formula_unit(amounts[row]) for row in first])  # (m,)
        self._by_elements: dict[tuple[int, ...], list[int]] = {}
        for i, fractions in enumerate(self.fractions):
            self._by_elements.setdefault(tuple(np.flatnonzero(fractions)), []).append(i)

    def __len__(self) -> int:
        """Return m."""
        return len(self.fractions)

    def find(
        self,
        amounts: np.ndarray,
        *,
        open_oxygen: bool = False,
        largest: float = LARGEST_DISTANCE,
        per_atom: float = PER_ATOM,
    ) -> Match | None:
        """Return the parent of a composition, None where no compound is near enough.

        Args:
            amounts: (118,) of the compound.
            open_oxygen: its amount of oxygen is not known; the parent needs oxygen, in any amount.
            largest: distance.
            per_atom: what an atom of the parent's formula counts as.
        """
        best: Match | None = None
        lowest = np.inf
        for candidates in self._of_elements(amounts, open_oxygen):
            distance, scale = _distances(amounts, self.fractions[candidates], open_oxygen)
            cost = distance + per_atom * self.formula_atoms[candidates]
            cost[distance > largest] = np.inf
            i = int(cost.argmin())
            if cost[i] < lowest:
                lowest, place = cost[i], candidates[i]
                rows, formula = self.rows[place], self.fractions[place]
                best = Match(place, rows, float(distance[i]), float(scale[i]), formula)
        return best

    def _of_elements(self, amounts: np.ndarray, open_oxygen: bool) -> Iterator[list[int]]:
        """Yield the compounds of a composition's elements, or of some of them, all the others being dopants."""
        elements = np.flatnonzero(amounts).tolist()
        for n in range(len(elements), max(len(elements) - MOST_DOPANTS, 1) - 1, -1):
            for chosen in combinations(elements, n):
                if chosen in self._by_elements and not (open_oxygen and OXYGEN not in chosen):
                    yield self._by_elements[chosen]


def formula_unit(amounts: np.ndarray) -> float:
    """Return the number of atoms in the formula unit of (118,) atoms of a cell; of the cell where it is disordered."""
    held = amounts[amounts > 0]
    whole = np.round(held).astype(int)
    if not whole_numbers(held) or whole.min() < 1:
        return float(held.sum())
    return float(whole.sum() / np.gcd.reduce(whole))


def _distances(amounts: np.ndarray, known: np.ndarray, open_oxygen: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return (k,) distances and scales of a compound to (k, 118) compounds of one set of elements.

    The best scale is one at which some element's amounts agree, or the sites of metals, of anions, or all of them
    are full.
    """
    counted = np.ones(N_ELEMENTS, dtype=bool)
    counted[OXYGEN] = not open_oxygen
    wanted, held, anion = amounts[counted], known[:, counted], sides()[counted] < 0
    shared = held[0] > 0
    if not shared.any():  # an oxide of nothing else
        return np.full(len(known), np.inf), np.ones(len(known))
    scales = [wanted[shared] / held[:, shared]]  # (k, h), and one each for the full sites
    for part in (np.ones_like(anion), anion, ~anion):
        seats = held[:, part].sum(axis=1, keepdims=True)
        if seats.all() and wanted[part].any():
            scales.append(wanted[part].sum() / seats)
    scale = np.concatenate(scales, axis=1)
    apart = wanted - scale[:, :, None] * held[:, None, :]
    distance = sum(
        _changes(apart[:, :, part & shared], float(wanted[part & ~shared].sum()), *weights)
        for part, weights in ((anion, ANION_WEIGHTS), (~anion, METAL_WEIGHTS))
    )
    distance = np.asarray(distance / wanted.sum())
    best = distance.argmin(axis=1)
    chosen = np.arange(len(known))
    return distance[chosen, best], scale[chosen, best]


def _changes(apart: np.ndarray, dopants: float, empty: float, between: float) -> np.ndarray:
    """Return the changed atoms of one side, by weight.

    Dopants take the parent's free sites first, then what the compound has more of than the parent.
    """
    extra, missing = np.maximum(apart, 0).sum(axis=2), np.maximum(-apart, 0).sum(axis=2)
    seated = np.minimum(missing, dopants)
    swapped = np.minimum(missing - seated, extra)
    return np.asarray(
        seated
        + SWAPPED * swapped
        + empty * (missing - seated - swapped)
        + between * (extra - swapped)
        + DOPANT_BETWEEN * (dopants - seated)
    )


def whole_numbers(values: np.ndarray) -> bool:
    """Return whether all amounts are whole numbers: a stoichiometric formula."""
    return bool(np.allclose(values, np.round(values), rtol=0, atol=WHOLE))


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
