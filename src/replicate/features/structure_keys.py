"""What a crystal is made of, as labels to group and to join by.

Shape legend: N0 crystals, 118 elements.
"""

from __future__ import annotations

import numpy as np

from replicate.features.composition import Compositions, formulas_of, parse
from replicate.features.crystal_graph import CrystalGraphs

_STEP = 1e-4  # of an atomic fraction


def amounts_of(graphs: CrystalGraphs) -> np.ndarray:
    """Return (N0, 118) atoms of each element in the cell."""
    return graphs.fractions() * atoms_of(graphs)[:, None]


def atoms_of(graphs: CrystalGraphs) -> np.ndarray:
    """Return (N0,) atoms in the cell; less than its sites where sites are partly empty."""
    crystal = np.repeat(np.arange(len(graphs)), np.diff(graphs.node_start))
    held = graphs.kinds.sum(axis=1)[graphs.kind] * graphs.count
    return np.bincount(crystal, weights=held, minlength=len(graphs))


def compositions_of(graphs: CrystalGraphs, file: str, digits: int = 6) -> Compositions:
    """Return the N0 compositions of the cells, amounts to so many digits; ``file`` is named in errors."""
    return parse(formulas_of(np.round(amounts_of(graphs), digits)).tolist(), file=file)


def per_formula_unit(amounts: np.ndarray) -> np.ndarray:
    """Return (N0, 118) whole amounts of cells as those of one formula unit."""
    whole = np.round(amounts).astype(int)
    return whole / np.maximum(np.gcd.reduce(whole, axis=1), 1)[:, None]


def reduced(amounts: np.ndarray) -> np.ndarray:
    """Return (N0,) labels, equal for crystals of one composition whatever the size of the cell."""
    fractions = np.round(amounts / amounts.sum(axis=1, keepdims=True) / _STEP).astype(np.int32)
    return np.unique(fractions, axis=0, return_inverse=True)[1].ravel()


def element_sets(amounts: np.ndarray) -> np.ndarray:
    """Return (N0,) labels, equal for crystals of the same elements: their chemical system."""
    return np.unique(amounts > 0, axis=0, return_inverse=True)[1].ravel()
