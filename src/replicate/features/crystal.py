"""Crystals as arrays, read from CIF text or pymatgen structures.

Shape legend: n sites of the unit cell, k entries of the site contents (k = n where every site is full).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gemmi
import numpy as np

from replicate.errors import DataError
from replicate.features.elements import ATOMIC_NUMBER

if TYPE_CHECKING:
    from pymatgen.core import Structure

SMALLEST_VOLUME = 1.0  # Å3; no cell of one atom is smaller
SAME_SITE = 1e-3  # fractional coordinates; two elements closer than this share a site
FULL = 1.0 + 1e-3  # rounded occupancies of a full site add up to a little more than one


@dataclass(frozen=True, eq=False)
class Crystal:
    """A periodic arrangement of sites, each holding one element or a mixture.

    Args:
        id: name for reports and errors.
        lattice: (3, 3) lattice vectors as rows, Å.
        positions: (n, 3) fractional coordinates.
        site: (k,) the site each entry belongs to, ascending.
        element: (k,) atomic number of each entry.
        occupancy: (k,) share of the site that is this element; a site may add up to less than one.
    """

    id: str
    lattice: np.ndarray
    positions: np.ndarray
    site: np.ndarray
    element: np.ndarray
    occupancy: np.ndarray

    def __len__(self) -> int:
        """Return the number n of sites."""
        return len(self.positions)


def from_cif(text: str, name: str) -> Crystal:
    """Read the first structure of a CIF text, symmetry applied; sites at one position are merged.

    Args:
        text: content of the file.
        name: the file's name, for errors and as the crystal's id.

    Raises:
        DataError: the text is no CIF, holds no cell or no atoms, or a site has no element, no coordinates, or
            an occupancy that is not above zero, or holds more than one atom; names file and site.
    """
    try:
        document = gemmi.cif.read_string(text)
    except (ValueError, RuntimeError, UnicodeDecodeError) as error:
        raise DataError(f"not a readable CIF: {error}", file=name) from error
    block = next((b for b in document if b.find_loop("_atom_site_fract_x")), None)
    if block is None:
        raise DataError("the CIF holds no atom sites with fractional coordinates", file=name)
    structure = gemmi.make_small_structure_from_block(block)
    lattice = np.array(structure.cell.orth.mat.tolist()).T
    _check_cell(lattice, name)
    labels = [site.label for site in structure.sites]
    for row, (label, given) in enumerate(zip(labels, structure.sites, strict=True), start=1):
        if given.element.atomic_number < 1:
            raise DataError("a site has no element", file=name, row=row, value=given.type_symbol or label)
        if not all(map(math.isfinite, given.fract.tolist())):
            raise DataError("a site has no coordinates", file=name, row=row, value=label)
    sites = structure.get_all_unit_cell_sites()
    return _assemble(
        name,
        lattice,
        np.array([site.fract.tolist() for site in sites]),
        np.array([site.element.atomic_number for site in sites]),
        np.array([site.occ for site in sites]),
        [site.label for site in sites],
    )


def from_structure(structure: Structure, name: str) -> Crystal:
    """Convert a pymatgen structure, ordered or not.

    Raises:
        DataError: no cell volume, no sites, or a site that :func:`from_cif` would refuse.
    """
    lattice = np.array(structure.lattice.matrix)
    _check_cell(lattice, name)
    positions, elements, occupancies, labels = [], [], [], []
    for row, site in enumerate(structure, start=1):
        for species, occupancy in site.species.items():
            symbol = getattr(species, "symbol", str(species))
            if symbol not in ATOMIC_NUMBER:
                raise DataError("a site has no element", file=name, row=row, value=symbol)
            positions.append(site.frac_coords)
            elements.append(ATOMIC_NUMBER[symbol])
            occupancies.append(float(occupancy))
            labels.append(f"{symbol} of site {row}")
    return _assemble(
        name, lattice, np.array(positions), np.array(elements), np.array(occupancies), labels
    )


def _check_cell(lattice: np.ndarray, name: str) -> None:
    volume = abs(float(np.linalg.det(lattice)))
    if not math.isfinite(volume) or volume < SMALLEST_VOLUME:
        raise DataError(f"the cell is empty: its volume is {volume:.3g} Å³", file=name)


def _assemble(
    name: str,
    lattice: np.ndarray,
    positions: np.ndarray,
    element: np.ndarray,
    occupancy: np.ndarray,
    labels: Sequence[str],
) -> Crystal:
    """Check the occupancies and merge entries at one position into one site."""
    if not len(positions):
        raise DataError("the cell holds no atoms", file=name)
    wrong = ~(occupancy > 0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise DataError(
            "an occupancy must be above zero", file=name, row=row + 1, value=f"{labels[row]}: {occupancy[row]}"
        )
    site = np.arange(len(positions))
    if (occupancy < 1).any():
        wrapped = np.round(positions / SAME_SITE).astype(int) % round(1 / SAME_SITE)
        _, first, site = np.unique(wrapped, axis=0, return_index=True, return_inverse=True)
        rank = np.argsort(np.argsort(first))  # sites in the order of their first entry
        site = rank[site.ravel()]
        positions = positions[np.sort(first)]
        order = np.argsort(site, kind="stable")
        site, element, occupancy = site[order], element[order], occupancy[order]
        labels = [labels[i] for i in order]
    total = np.bincount(site, weights=occupancy)
    if total.max() > FULL:
        row = int(total.argmax())
        held = " + ".join(f"{labels[i]}: {occupancy[i]:g}" for i in np.flatnonzero(site == row))
        raise DataError(f"a site holds {total[row]:.4g} atoms", file=name, row=row + 1, value=held)
    return Crystal(name, lattice, positions, site, element.astype(np.int64), occupancy.astype(np.float64))
