"""The sites of the whole cell: a file's symmetry applied to its rows.

Shape legend: n rows of atom sites, m operations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import gemmi
import numpy as np

from replicate.errors import DataError
from replicate.features.cif_evidence import Evidence, formula_of
from replicate.features.cif_sites import Sites
from replicate.features.cif_symmetry import Symmetry, is_crystallographic, listed_group, stated_settings
from replicate.features.elements import cordero_radius
from replicate.features.site_merging import ROUNDING, SPLIT, image_entries

Entry = gemmi.SmallStructure.Site
Operation = Callable[..., Any]  # fractional coordinates (3,) → (3,)
_OPERATION = re.compile(r"([-+*/.\dxyz\s]+,){2}[-+*/.\dxyz\s]+", re.IGNORECASE)
_CLOSER = 1.1  # times; the setting with contacts so much shorter is the wrong one


def unit_cell_entries(
    sites: Sites, symmetry: Symmetry, evidence: Evidence, name: str, remarks: list[str]
) -> tuple[list[Entry], str | None]:
    """Return the sites of the whole cell, a split one at each of its places, and the space group's symbol.

    Gemmi counts translations in 24ths: of a list of operations with others it uses none, and takes the
    standard setting of the space group's name instead. So it does with a list that is no group, or holds its
    identity twice, and without a name it uses no operation at all. Those lists are applied here.
    """
    structure = sites.structure
    if symmetry.magnetic:
        applied = [_operation(text, name) for text in symmetry.listed]
        return _expanded(sites, applied, name, remarks), listed_group(symmetry)[0]
    if not symmetry.listed:
        group = _setting(sites, symmetry, evidence, name, remarks)
        structure.spacegroup = group
        structure.setup_cell_images()
        return _by_gemmi(sites, name, remarks), group.xhm()
    group_name, contradictions = listed_group(symmetry)
    remarks += contradictions
    if not all(map(is_crystallographic, symmetry.listed)):
        applied = [_operation(text, name) for text in symmetry.listed]
    elif _uses_all_operations(structure):
        return _by_gemmi(sites, name, remarks), group_name
    else:
        applied = [gemmi.Op(text).apply_to_xyz for text in symmetry.listed]
    return _expanded(sites, applied, name, remarks), group_name


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
        images = np.array([operation(place) for operation in operations])
        yield image_entries(images, lattice, site.occ, written)


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


def _setting(sites: Sites, symmetry: Symmetry, evidence: Evidence, name: str, remarks: list[str]) -> gemmi.SpaceGroup:
    """Return the setting in which a group given without operations gives what the file says of its contents."""
    settings = stated_settings(symmetry, sites.structure.cell, name, remarks)
    if len(settings) < 2:
        return settings[0] if settings else gemmi.SpaceGroup("P 1")
    views = [_view(sites, group) for group in settings]
    volume = sites.structure.cell.volume
    fitting = [i for i, (amounts, counts, _) in enumerate(views) if evidence.allows(amounts, counts, volume)]
    known = bool(evidence.formula or evidence.density > 0 or len(evidence.multiplicities))
    if known and len(fitting) == 1:
        chosen, why = fitting[0], "as the stated contents demand"
    else:
        considered = fitting or list(range(len(settings)))
        first = considered[0]
        # Contacts tell one origin from the other, not a group from one with fewer images.
        considered = [i for i in considered if settings[i].number == settings[first].number]
        best = max(considered, key=lambda i: views[i][2])
        clear = views[best][2] > _CLOSER * views[first][2]
        chosen = best if clear else first
        why = "whose shortest distances are likelier" if clear else "which the file leaves open"
    group = settings[chosen]
    contents = [(setting.xhm(), formula_of(view[0])) for setting, view in zip(settings, views, strict=True)]
    others = [f"{setting} gives {formula}" for setting, formula in contents if setting != group.xhm()]
    remarks.append(f"{group.xhm()} was assumed, {why}: it gives {contents[chosen][1]}, {', '.join(others)}")
    return group


def _view(sites: Sites, group: gemmi.SpaceGroup) -> tuple[dict[int, float], list[int], float]:
    """Return the atoms in the cell by element, places per row, and the shortest contact over the radii's sum."""
    structure = sites.structure
    structure.spacegroup = group
    structure.setup_cell_images()
    amounts: dict[int, float] = {}
    counts, places, radii = [], [], []
    images = _images(sites, _operations_of_cell(structure.cell))
    for site, (distinct, _, _) in zip(structure.sites, images, strict=True):
        counts.append(len(distinct))
        z = site.element.atomic_number
        amounts[z] = amounts.get(z, 0.0) + len(distinct) * site.occ
        places += list(distinct)
        radii += [float(cordero_radius()[z - 1])] * len(distinct)
    points, size = np.array(places), np.array(radii)
    shifts = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3), axis=-1).reshape(-1, 3)
    nearest = math.inf
    for place, radius in zip(points, size, strict=True):
        apart = points - place
        apart -= apart.round()
        distance = np.linalg.norm((apart[:, None] + shifts) @ sites.lattice, axis=2)
        distance[distance < SPLIT] = math.inf  # itself, and what shares its site
        nearest = min(nearest, float((distance.min(axis=1) / (size + radius)).min()))
    return amounts, counts, nearest
