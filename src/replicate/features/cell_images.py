"""The sites of the whole cell: a file's symmetry applied to its rows.

Shape legend: n rows of atom sites, m operations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import gemmi
import numpy as np

from replicate.errors import DataError
from replicate.features.cif_contents import StatedFormula, formula_of
from replicate.features.cif_sites import Sites
from replicate.features.cif_symmetry import Symmetry, is_crystallographic, listed_group, stated_settings
from replicate.features.site_merging import ROUNDING, SPLIT, image_entries

Entry = gemmi.SmallStructure.Site
Operation = Callable[..., Any]  # fractional coordinates (3,) → (3,)
_OPERATION = re.compile(r"([-+*/.\dxyz\s]+,){2}[-+*/.\dxyz\s]+", re.IGNORECASE)


def unit_cell_entries(
    sites: Sites, symmetry: Symmetry, stated: StatedFormula, name: str, remarks: list[str]
) -> tuple[list[Entry], str | None]:
    """Return the sites of the whole cell, a split one at each of its places, and the space group's symbol.

    Gemmi counts translations in 24ths: of a list of operations with others it uses none, and takes the
    standard setting of the space group's name instead. So it does with a list that is no group, or holds its
    identity twice, and without a name it uses no operation at all. Those lists are applied here.
    """
    structure = sites.structure
    if not symmetry.listed:
        group = _setting(sites, symmetry, stated, name, remarks)
        structure.spacegroup = group
        structure.setup_cell_images()
        return _by_gemmi(sites, name, remarks), group.xhm()
    group_name, contradictions = listed_group(symmetry)
    if not symmetry.magnetic:
        remarks += contradictions
        if all(map(is_crystallographic, symmetry.listed)):
            if _uses_all_operations(structure):
                return _by_gemmi(sites, name, remarks), group_name
            applied: list[Operation] = [gemmi.Op(text).apply_to_xyz for text in symmetry.listed]
            return _expanded(sites, applied, name, remarks), group_name
    return _expanded(sites, [_operation(text, name) for text in symmetry.listed], name, remarks), group_name


def _by_gemmi(sites: Sites, name: str, remarks: list[str]) -> list[Entry]:
    structure = sites.structure
    cell = structure.cell
    if not len(cell.images):
        return list(structure.sites)
    special = [[cell.is_special_position(s.fract, r) for s in structure.sites] for r in (SPLIT, ROUNDING)]
    if special[0] == special[1]:
        return list(structure.get_all_unit_cell_sites())
    return _expanded(sites, _operations_of_cell(cell), name, remarks)


def _operations_of_cell(cell: gemmi.UnitCell) -> list[Operation]:
    """Return what gemmi applies to a place, the identity first."""

    def through(image: gemmi.FTransform) -> Operation:
        return lambda place: image.apply(gemmi.Fractional(*place)).tolist()

    return [lambda place: place, *map(through, list(cell.images))]


def _expanded(sites: Sites, operations: list[Operation], name: str, remarks: list[str]) -> list[Entry]:
    """Return every row at each of its places; DataError where a split site holds more than one atom."""
    entries = []
    images = _images(sites, operations)
    for row, site, (places, note, held) in zip(sites.rows, sites.structure.sites, images, strict=True):
        if held:
            problem = f"images of a site are {note} and would hold {held:.4g} atoms"
            raise DataError(problem, file=name, row=row, value=f"{site.label}: {site.occ:g}")
        if note:
            remarks.append(f"{site.label}: {note}")
        for image in places:
            copy = site.clone()
            copy.fract = gemmi.Fractional(*image)
            entries.append(copy)
    return entries


def _images(sites: Sites, operations: list[Operation]) -> Iterator[tuple[np.ndarray, str, float]]:
    """Yield what :func:`image_entries` says of each row."""
    lattice = sites.lattice
    for site, written in zip(sites.structure.sites, sites.written(), strict=True):
        place = site.fract.tolist()
        yield image_entries(np.array([operation(place) for operation in operations]), lattice, site.occ, written)


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


def _operation(text: str, name: str) -> Operation:
    """Return what a written operation does to fractional coordinates (3,)."""
    from pymatgen.core import SymmOp

    with suppress(ValueError, ZeroDivisionError):
        operation = SymmOp.from_xyz_str(text) if _OPERATION.fullmatch(text) else None
        if operation is not None and np.isfinite(operation.affine_matrix).all():
            return operation.operate
    raise DataError("a symmetry operation cannot be read", file=name, value=text)


def _setting(
    sites: Sites, symmetry: Symmetry, stated: StatedFormula, name: str, remarks: list[str]
) -> gemmi.SpaceGroup:
    """Return the setting of a group given without operations: of two origins the one that gives the stated formula.

    Without a formula it is the one with fewer atoms: the rows of a file stand on special positions.
    """
    settings = stated_settings(symmetry, sites.structure.cell, name, remarks)
    if len(settings) < 2:
        return settings[0] if settings else gemmi.SpaceGroup("P 1")
    amounts = [_amounts(sites, group) for group in settings]
    fitting = [i for i in range(len(settings)) if stated.fits(amounts[i])]
    chosen = fitting[0] if len(fitting) == 1 else min(range(len(settings)), key=lambda i: sum(amounts[i].values()))
    why = "as the stated formula demands" if len(fitting) == 1 else "which the file leaves open"
    gives = [f"{group.xhm()} gives {formula_of(held)}" for group, held in zip(settings, amounts, strict=True)]
    remarks.append(f"{settings[chosen].xhm()} was assumed, {why}: {', '.join(gives)}")
    return settings[chosen]


def _amounts(sites: Sites, group: gemmi.SpaceGroup) -> Mapping[int, float]:
    """Return the atoms of each element that a group gives the cell."""
    structure = sites.structure
    structure.spacegroup = group
    structure.setup_cell_images()
    amounts: dict[int, float] = {}
    images = _images(sites, _operations_of_cell(structure.cell))
    for site, (places, _, _) in zip(structure.sites, images, strict=True):
        z = site.element.atomic_number
        amounts[z] = amounts.get(z, 0.0) + len(places) * site.occ
    return amounts
