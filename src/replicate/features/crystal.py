"""Crystals as arrays, read from CIF text or pymatgen structures.

Shape legend: n sites of the unit cell, k entries of the site contents (k = n where every site is full).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import gemmi
import numpy as np

from replicate.errors import DataError
from replicate.features.cell_images import unit_cell_entries
from replicate.features.cif_evidence import Evidence, evidence_of, formula_of
from replicate.features.cif_sites import holds_sites, read_sites
from replicate.features.cif_symmetry import read_symmetry, refuse_modulated
from replicate.features.cif_text import blocks_of, plain
from replicate.features.elements import ATOMIC_NUMBER
from replicate.features.reading import Read
from replicate.features.site_merging import merged

if TYPE_CHECKING:
    from pymatgen.core import Structure

SMALLEST_VOLUME = 1.0  # Å3; no cell of one atom is smaller
LONGEST_EDGE = 1e4  # Å; far beyond any cell there is; the neighbour search ends the process at 1e6 Å
# Å between opposite faces; the search takes hours over a flatter cell, or ends the process
SMALLEST_HEIGHT = 0.05


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
        read: what the input was taken for.
    """

    id: str
    lattice: np.ndarray
    positions: np.ndarray
    site: np.ndarray
    element: np.ndarray
    occupancy: np.ndarray
    read: Read = field(default=Read(""), repr=False)

    def __len__(self) -> int:
        """Return the number n of sites."""
        return len(self.positions)


def from_cif(text: str, name: str) -> Crystal:
    """Read the first structure of a CIF text, symmetry applied; sites at one position, or split ones, are merged.

    What the text leaves open and was assumed, and what it holds and was left out, is told in ``read.assumed``.

    Args:
        text: content of the file.
        name: the file's name, for errors and as the crystal's id.

    Raises:
        DataError: the text is no CIF, holds no cell, no atoms or symmetry that cannot be read, or a site has
            no element, no coordinates, or an occupancy that is not above zero, or holds more than one atom;
            names file and site.
    """
    text = plain(text, name)
    found = list(filter(holds_sites, blocks_of(text, name)))
    if not found:
        raise DataError("the CIF holds no atom sites with fractional coordinates", file=name)
    told = []
    if len(found) > 1:
        rest = "the other one was" if len(found) == 2 else f"the other {len(found) - 1} were"
        told.append(f"the file holds {len(found)} structures: data_{found[0].name} was read, {rest} left out")
    return _of_block(found[0], text, name, told)


def _of_block(block: gemmi.cif.Block, text: str, name: str, told: list[str]) -> Crystal:
    refuse_modulated(block, text, name)
    symmetry = read_symmetry(block, name, told)
    sites = read_sites(block, text, name, told)
    lattice = sites.lattice
    _check_cell(lattice, name)
    evidence = evidence_of(block)
    entries, group = unit_cell_entries(sites, symmetry, evidence, name, told)
    return _assemble(
        name,
        lattice,
        np.array([site.fract.tolist() for site in entries])
        if len(entries) > len(sites.places)
        else sites.places,
        np.array([site.element.atomic_number for site in entries]),
        np.array([site.occ for site in entries]),
        [site.label for site in entries],
        told,
        group,
        evidence,
    )


def _amounts(element: np.ndarray, occupancy: np.ndarray) -> dict[int, float]:
    """Return atomic number → atoms in the cell, in the order of the entries."""
    total = np.bincount(element, weights=occupancy)
    return {z: float(total[z]) for z in dict.fromkeys(element.tolist())}


def from_structure(structure: Structure, name: str) -> Crystal:
    """Convert a pymatgen structure, ordered or not.

    Raises:
        DataError: no cell volume, no sites, or a site that :func:`from_cif` would refuse.
    """
    lattice = np.array(structure.lattice.matrix)
    _check_cell(lattice, name)
    positions, elements, occupancies, labels = [], [], [], []
    for row, site in enumerate(structure, start=1):
        if not site.species:
            raise DataError("a site has no element", file=name, row=row)
        for species, occupancy in site.species.items():
            symbol = getattr(species, "symbol", str(species))
            if symbol not in ATOMIC_NUMBER:
                raise DataError("a site has no element", file=name, row=row, value=symbol)
            positions.append(site.frac_coords)
            elements.append(ATOMIC_NUMBER[symbol])
            occupancies.append(float(occupancy))
            labels.append(f"{symbol} of site {row}")
    contents = np.array(positions), np.array(elements), np.array(occupancies)
    return _assemble(name, lattice, *contents, labels, [])


def _check_cell(lattice: np.ndarray, name: str) -> None:
    for edge in lattice.tolist():
        if (length := math.hypot(*edge)) > LONGEST_EDGE:
            raise DataError(f"an edge of the cell is longer than {LONGEST_EDGE:g} Å", file=name, value=length)
    a, b, c = lattice.tolist()
    faces = [_cross(b, c), _cross(c, a), _cross(a, b)]
    volume = abs(sum(x * y for x, y in zip(a, faces[0], strict=True)))
    if not math.isfinite(volume) or volume < SMALLEST_VOLUME:
        raise DataError(f"the cell is empty: its volume is {volume:.3g} Å³", file=name)
    height = volume / max(math.hypot(*face) for face in faces)
    if height < SMALLEST_HEIGHT:
        raise DataError(f"the cell is flat: two of its faces are {height:.3g} Å apart", file=name)


def _cross(one: list[float], other: list[float]) -> list[float]:
    (a, b, c), (x, y, z) = one, other
    return [b * z - c * y, c * x - a * z, a * y - b * x]


def _assemble(
    name: str,
    lattice: np.ndarray,
    positions: np.ndarray,
    element: np.ndarray,
    occupancy: np.ndarray,
    labels: Sequence[str],
    told: list[str],
    group: str | None = None,
    evidence: Evidence | None = None,
) -> Crystal:
    """Check the occupancies and merge entries at one position, or of one split atom, into one site."""
    if not len(positions):
        raise DataError("the cell holds no atoms", file=name)
    wrong = ~(occupancy > 0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise DataError(
            "an occupancy must be above zero",
            file=name,
            row=row + 1,
            value=f"{labels[row]}: {occupancy[row]}",
        )
    positions, site, element, occupancy = merged(name, lattice, positions, element, occupancy, labels, told)
    element, occupancy = element.astype(np.int64), occupancy.astype(np.float64)
    amounts = _amounts(element, occupancy)
    if evidence is not None:
        told += evidence.remarks(amounts, lattice)
    read = Read(formula_of(amounts), len(positions), group, tuple(dict.fromkeys(told)))
    return Crystal(name, lattice, positions, site, element, occupancy, read)
