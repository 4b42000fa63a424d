"""Crystals as arrays, read from CIF text or pymatgen structures.

Shape legend: n sites of the unit cell, k entries of the site contents (k = n where every site is full).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from replicate.errors import DataError
from replicate.features.cell_images import unit_cell_entries
from replicate.features.cif_contents import StatedFormula, formula_of, stated_formula
from replicate.features.cif_sites import holds_sites, read_sites
from replicate.features.cif_symmetry import read_symmetry, refuse_modulated
from replicate.features.cif_text import blocks_of, plain
from replicate.features.elements import ATOMIC_NUMBER
from replicate.features.reading import Read
from replicate.features.site_merging import Entries, merged

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

    What was assumed where the text leaves it open, and what was left out, stands in ``read.assumed``.

    Args:
        text: content of the file.
        name: the file's name, for errors and as the crystal's id.

    Raises:
        DataError: no CIF, no cell, no atoms, symmetry that cannot be read, a site without an element, coordinates or
            an occupancy above zero, or with more than one atom; names file and site.
    """
    text = plain(text)
    blocks = list(filter(holds_sites, blocks_of(text, name)))
    if not blocks:
        raise DataError("the CIF holds no atom sites with fractional coordinates", file=name)
    block = blocks[0]
    remarks = []
    if len(blocks) > 1:
        rest = "the other one was" if len(blocks) == 2 else f"the other {len(blocks) - 1} were"
        remarks.append(f"the file holds {len(blocks)} structures: data_{block.name} was read, {rest} left out")
    refuse_modulated(text, name)
    symmetry = read_symmetry(block, name, remarks)
    sites = read_sites(block, text, name, remarks)
    lattice = sites.lattice
    _check_cell(lattice, name)
    formula = stated_formula(block)
    entries, group = unit_cell_entries(sites, symmetry, formula, name, remarks)
    places = sites.places
    if len(entries) > len(places):
        places = np.array([site.fract.tolist() for site in entries])
    elements = np.array([site.element.atomic_number for site in entries])
    occupancies = np.array([site.occ for site in entries])
    contents = Entries(places, elements, occupancies, [site.label for site in entries])
    return _crystal(name, lattice, contents, remarks, group, formula)


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
    contents = Entries(np.array(positions), np.array(elements), np.array(occupancies), labels)
    return _crystal(name, lattice, contents, [])


def crystal_of(item: tuple[str, str | Structure]) -> Crystal:
    """Return the crystal of a name with CIF text or a pymatgen structure; errors as of these."""
    name, content = item
    return from_cif(content, name) if isinstance(content, str) else from_structure(content, name)


def _check_cell(lattice: np.ndarray, name: str) -> None:
    for edge in lattice.tolist():
        if (length := math.hypot(*edge)) > LONGEST_EDGE:
            raise DataError(f"an edge of the cell is longer than {LONGEST_EDGE:g} Å", file=name, value=length)
    # In plain Python, ten times as fast as numpy's cross product of so few numbers.
    a, b, c = lattice.tolist()
    faces = [[x[i - 2] * y[i - 1] - x[i - 1] * y[i - 2] for i in range(3)] for x, y in ((b, c), (c, a), (a, b))]
    volume = abs(sum(x * y for x, y in zip(a, faces[0], strict=True)))
    if not math.isfinite(volume) or volume < SMALLEST_VOLUME:
        raise DataError(f"the cell is empty: its volume is {volume:.3g} Å³", file=name)
    height = volume / max(math.hypot(*face) for face in faces)
    if height < SMALLEST_HEIGHT:
        raise DataError(f"the cell is flat: two of its faces are {height:.3g} Å apart", file=name)


def _crystal(
    name: str,
    lattice: np.ndarray,
    entries: Entries,
    remarks: list[str],
    group: str | None = None,
    formula: StatedFormula | None = None,
) -> Crystal:
    positions, site, element, occupancy = merged(name, lattice, entries, remarks)
    element, occupancy = element.astype(np.int64), occupancy.astype(np.float64)
    total = np.bincount(element, weights=occupancy)
    amounts = {z: float(total[z]) for z in dict.fromkeys(element.tolist())}  # in the order of the entries
    if formula is not None and (contradiction := formula.contradiction(amounts)):
        remarks.append(contradiction)
    read = Read(formula_of(amounts), len(positions), group, tuple(dict.fromkeys(remarks)))
    return Crystal(name, lattice, positions, site, element, occupancy, read)
