"""Crystals as arrays, read from CIF text or pymatgen structures.

Shape legend: n sites of the unit cell, k entries of the site contents (k = n where every site is full).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import gemmi
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from replicate.errors import DataError
from replicate.features.elements import ATOMIC_NUMBER

if TYPE_CHECKING:
    from pymatgen.core import Structure

SMALLEST_VOLUME = 1.0  # Å3; no cell of one atom is smaller
LONGEST_EDGE = 1e4  # Å; far beyond any cell there is; the neighbour search ends the process at 1e6 Å
# Å between opposite faces; the search takes hours over a flatter cell, or ends the process
SMALLEST_HEIGHT = 0.05
SAME_SITE = 1e-3  # fractional coordinates; two elements closer than this share a site
SAME_IMAGE = 0.4  # Å; symmetry images of an atom closer than this are one atom on a special position
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


_COORDINATES = ("_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z")
_NUMBERS = ("_symmetry_Int_Tables_number", "_space_group_IT_number")
_OPERATION = re.compile(r"([-+*/.\dxyz\s]+,){2}[-+*/.\dxyz\s]+", re.IGNORECASE)
_CELL = tuple(f"_cell_length_{x}" for x in "abc") + tuple(
    f"_cell_angle_{x}" for x in ("alpha", "beta", "gamma")
)


def from_cif(text: str, name: str) -> Crystal:
    """Read the first structure of a CIF text, symmetry applied; sites at one position are merged.

    Args:
        text: content of the file.
        name: the file's name, for errors and as the crystal's id.

    Raises:
        DataError: the text is no CIF, holds no cell, no atoms or symmetry that cannot be read, or a site has
            no element, no coordinates, or an occupancy that is not above zero, or holds more than one atom;
            names file and site.
    """
    try:
        document = gemmi.cif.read_string(text)
    except (ValueError, RuntimeError, UnicodeDecodeError) as error:
        raise DataError(f"not a readable CIF: {error}", file=name) from error
    block = next((b for b in document if all(len(b.find_values(tag)) for tag in _COORDINATES)), None)
    if block is None:
        raise DataError("the CIF holds no atom sites with fractional coordinates", file=name)
    for tag in _NUMBERS:
        if block.find_value(tag) in (".", "?"):  # gemmi takes an unknown number for a broken one
            block.find([tag]).erase()
    try:
        structure = gemmi.make_small_structure_from_block(block)
    except (ValueError, RuntimeError) as error:
        raise DataError(f"the cell or a site cannot be read: {error}", file=name) from error
    if not structure.cell.is_crystal():
        cell = ", ".join(block.find_value(tag) or "?" for tag in _CELL)
        raise DataError("the cell is empty: a length or an angle is missing or zero", file=name, value=cell)
    lattice = np.array(structure.cell.orth.mat.tolist()).T
    _check_cell(lattice, name)
    if len(structure.sites) != len(block.find_values(_COORDINATES[0])):
        # Gemmi needs one, and then finds no site at all.
        raise DataError("the atom sites have no labels: _atom_site_label is missing", file=name)
    occupancies = list(block.find_values("_atom_site_occupancy")) or ["1"] * len(structure.sites)
    if len(occupancies) != len(structure.sites):
        differ = f"{len(occupancies)} occupancies, {len(structure.sites)} atom sites"
        raise DataError("every atom site needs an occupancy, or none", file=name, value=differ)
    for row, (site, occupancy) in enumerate(zip(structure.sites, occupancies, strict=True), start=1):
        if site.element.atomic_number < 1:
            raise DataError("a site has no element", file=name, row=row, value=site.type_symbol or site.label)
        if not all(map(math.isfinite, site.fract.tolist())):
            raise DataError("a site has no coordinates", file=name, row=row, value=site.label)
        if occupancy not in (".", "?") and not 0 < gemmi.cif.as_number(occupancy) <= FULL:
            raise DataError(
                "an occupancy must be above zero and at most one",
                file=name,
                row=row,
                value=f"{site.label}: {occupancy}",
            )
    sites = _unit_cell_sites(structure, name)
    return _assemble(
        name,
        lattice,
        np.array([site.fract.tolist() for site in sites]),
        np.array([site.element.atomic_number for site in sites]),
        np.array([site.occ for site in sites]),
        [site.label for site in sites],
    )


def _unit_cell_sites(structure: gemmi.SmallStructure, name: str) -> list[gemmi.SmallStructure.Site]:
    """Return the sites of the whole cell.

    Gemmi counts translations in 24ths: of a list of operations with others it uses none, and takes the
    standard setting of the space group's name instead. So it does with a list that is no group, or holds its
    identity twice, and without a name it uses no operation at all. Those lists are applied here.
    """
    operations = structure.symops
    crystallographic = all(map(_is_crystallographic, operations))
    if crystallographic:
        named, number = structure.spacegroup_hm, structure.spacegroup_number
        known: gemmi.SpaceGroup | None = structure.spacegroup
        if not operations and known is None and (named or number):
            known = None if named else gemmi.find_spacegroup_by_number(number)
            if known is None:
                problem = "the space group is unknown and lists no operations"
                raise DataError(problem, file=name, value=named or number)
            structure.spacegroup = known
            structure.setup_cell_images()
        if _uses_all_operations(structure):
            return list(structure.get_all_unit_cell_sites())
    read = [
        gemmi.Op(text).apply_to_xyz if crystallographic else _operation(text, name) for text in operations
    ]
    lattice = np.array(structure.cell.orth.mat.tolist()).T
    found = []
    for site in structure.sites:
        images: list[np.ndarray] = []
        for operation in read:
            image = np.asarray(operation(site.fract.tolist())) % 1.0
            apart = np.array(images).reshape(-1, 3) - image
            if not len(apart) or np.linalg.norm((apart - apart.round()) @ lattice, axis=1).min() > SAME_IMAGE:
                images.append(image)
        for image in images:
            copy = site.clone()
            copy.fract = gemmi.Fractional(*image)
            found.append(copy)
    return found


def _uses_all_operations(structure: gemmi.SmallStructure) -> bool:
    """Return whether every listed operation, or a translation of it, is among those that gemmi applies."""
    if len(structure.symops) < 2:
        return True
    listed = {gemmi.Op(text).wrap() for text in structure.symops}
    group: gemmi.SpaceGroup | None = structure.spacegroup
    if group is None:
        return len(listed) <= len(structure.cell.images) + 1  # a group in a setting without a name
    return listed <= _operations_of(group.hall)


@cache
def _operations_of(hall: str) -> frozenset[gemmi.Op]:
    return frozenset(operation.wrap() for operation in gemmi.symops_from_hall(hall))


def _operation(text: str, name: str) -> Callable[[Sequence[float]], np.ndarray]:
    """Return what a written operation does to fractional coordinates (3,)."""
    from pymatgen.core import SymmOp

    try:
        if not _OPERATION.fullmatch(text):
            raise ValueError("it holds more than x, y, z and numbers")
        operation = SymmOp.from_xyz_str(text)
    except (ValueError, ZeroDivisionError) as error:
        raise DataError("a symmetry operation cannot be read", file=name, value=text) from error
    if not np.isfinite(operation.affine_matrix).all():
        raise DataError("a symmetry operation cannot be read", file=name, value=text)
    return operation.operate


def _is_crystallographic(operation: str) -> bool:
    try:
        gemmi.Op(operation)
    except (ValueError, RuntimeError):
        return False
    return True


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
    return _assemble(name, lattice, np.array(positions), np.array(elements), np.array(occupancies), labels)


def _check_cell(lattice: np.ndarray, name: str) -> None:
    for edge in lattice.tolist():
        if (length := math.hypot(*edge)) > LONGEST_EDGE:
            raise DataError(f"an edge of the cell is longer than {LONGEST_EDGE:g} Å", file=name, value=length)
    faces = np.cross(lattice[[1, 2, 0]], lattice[[2, 0, 1]])
    volume = abs(float(lattice[0] @ faces[0]))
    if not math.isfinite(volume) or volume < SMALLEST_VOLUME:
        raise DataError(f"the cell is empty: its volume is {volume:.3g} Å³", file=name)
    height = volume / float(np.linalg.norm(faces, axis=1).max())
    if height < SMALLEST_HEIGHT:
        raise DataError(f"the cell is flat: two of its faces are {height:.3g} Å apart", file=name)


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
            "an occupancy must be above zero",
            file=name,
            row=row + 1,
            value=f"{labels[row]}: {occupancy[row]}",
        )
    site = np.arange(len(positions))
    if (occupancy < 1).any():
        inside = positions % 1.0 % 1.0  # a tiny negative number is 1.0 after the first
        near = cKDTree(inside, boxsize=1.0).query_pairs(SAME_SITE, output_type="ndarray")
        linked = coo_array((np.ones(len(near)), near.T), shape=(len(inside), len(inside)))
        labels_of_sites = connected_components(linked, directed=False)[1]
        _, first, site = np.unique(labels_of_sites, return_index=True, return_inverse=True)
        rank = np.argsort(np.argsort(first))  # sites in the order of their first entry
        site = rank[site.ravel()]
        positions = positions[np.sort(first)]
        order = np.argsort(site, kind="stable")
        site, element, occupancy = site[order], element[order], occupancy[order]
        labels = [labels[i] for i in order]
    total = np.bincount(site, weights=occupancy)
    if total.max() > FULL:
        row = int(total.argmax())
        held = " + ".join(f"{labels[i]}: {occupancy[i]:g}" for i in np.flatnonzero(site == row).tolist())
        raise DataError(f"a site holds {total[row]:.4g} atoms", file=name, value=held)
    return Crystal(name, lattice, positions, site, element.astype(np.int64), occupancy.astype(np.float64))
