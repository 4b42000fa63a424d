"""The sites of the whole cell: a file's symmetry applied to its rows.

Shape legend: n rows of atom sites, m operations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import gemmi
import numpy as np

from replicate.errors import DataError
from replicate.features.cif_evidence import Evidence, formula_of
from replicate.features.cif_sites import Sites
from replicate.features.cif_symmetry import Symmetry, is_crystallographic, listed_group, stated_settings
from replicate.features.cif_text import number
from replicate.features.elements import cordero_radius
from replicate.features.site_merging import ROUNDING, SPLIT, image_entries

Entry = gemmi.SmallStructure.Site
Operation = Callable[..., Any]  # fractional coordinates (3,) → (3,)
_OPERATION = re.compile(r"([-+*/.\dxyz\s]+,){2}[-+*/.\dxyz\s]+", re.IGNORECASE)
_CLOSER = 1.1  # times; the setting with contacts so much shorter is the wrong one


def unit_cell_entries(
    sites: Sites, symmetry: Symmetry, evidence: Evidence, name: str, told: list[str]
) -> tuple[list[Entry], str | None]:
    """Return the sites of the whole cell, a split one at each of its places, and the space group's symbol.

    Gemmi counts translations in 24ths: of a list of operations with others it uses none, and takes the
    standard setting of the space group's name instead. So it does with a list that is no group, or holds its
    identity twice, and without a name it uses no operation at all. Those lists are applied here.
    """
    structure = sites.structure
    if symmetry.magnetic:
        applied = [_operation(text, name) for text in symmetry.listed]
        return _expanded(sites, applied, name, told), listed_group(symmetry)[0]
    if not symmetry.listed:
        group = _setting(sites, symmetry, evidence, name, told)
        structure.spacegroup = group
        structure.setup_cell_images()
        return _by_gemmi(sites, name, told), group.xhm()
    group_name, remarks = listed_group(symmetry)
    told += remarks
    crystallographic = all(map(is_crystallographic, symmetry.listed))
    if crystallographic and _uses_all_operations(structure):
        return _by_gemmi(sites, name, told), group_name
    through = _by_table if crystallographic else _operation
    return _expanded(sites, [through(text, name) for text in symmetry.listed], name, told), group_name


def _by_gemmi(sites: Sites, name: str, told: list[str]) -> list[Entry]:
    structure = sites.structure
    cell = structure.cell
    if not len(cell.images):
        return list(structure.sites)
    if not any(
        cell.is_special_position(site.fract, SPLIT) != cell.is_special_position(site.fract, ROUNDING)
        for site in structure.sites
    ):
        return list(structure.get_all_unit_cell_sites())
    return _expanded(sites, _operations_of_cell(cell), name, told)


def _operations_of_cell(cell: gemmi.UnitCell) -> list[Operation]:
    """Return what gemmi applies to a place, the identity first."""

    def through(image: gemmi.FTransform) -> Operation:
        return lambda place: image.apply(gemmi.Fractional(*place)).tolist()

    return [lambda place: place, *map(through, list(cell.images))]


def _expanded(sites: Sites, operations: Iterable[Operation], name: str, told: list[str]) -> list[Entry]:
    """Return every row at each of its places.

    Raises:
        DataError: a split site holds more than one atom.
    """
    lattice = sites.lattice
    operations = list(operations)
    found = []
    for row, site, written in zip(sites.rows, sites.structure.sites, sites.written(), strict=True):
        place = site.fract.tolist()
        images = np.array([operation(place) for operation in operations])
        places, note, held = image_entries(images, lattice, site.occ, written)
        if held:
            problem = f"images of a site are {note} and would hold {held:.4g} atoms"
            raise DataError(problem, file=name, row=row, value=f"{site.label}: {site.occ:g}")
        if note:
            told.append(f"{site.label}: {note}")
        for image in places:
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


def _by_table(text: str, name: str) -> Operation:
    return gemmi.Op(text).apply_to_xyz


def _operation(text: str, name: str) -> Operation:
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


def _setting(
    sites: Sites, symmetry: Symmetry, evidence: Evidence, name: str, told: list[str]
) -> gemmi.SpaceGroup:
    """Return the setting in which a group given without operations gives what the file says of its contents."""
    settings = stated_settings(symmetry, sites.structure.cell, name, told)
    if len(settings) < 2:
        return settings[0] if settings else gemmi.SpaceGroup("P 1")
    views = [_view(sites, group) for group in settings]
    volume = sites.structure.cell.volume
    fitting = [
        i
        for i, (amounts, counts, _) in enumerate(views)
        if evidence.fits(amounts) is not False
        and evidence.fits_density(amounts, volume) is not False
        and (
            len(evidence.multiplicities) != len(counts)
            or [number(x) for x in evidence.multiplicities] == counts
        )
    ]
    known = bool(evidence.formula or evidence.density > 0 or len(evidence.multiplicities))
    if known and len(fitting) == 1:
        chosen, why = fitting[0], "as the stated contents demand"
    else:
        considered = fitting or list(range(len(settings)))
        # Contacts tell one origin from the other, not a group from one with fewer images.
        considered = [i for i in considered if settings[i].number == settings[considered[0]].number]
        contacts = [views[i][2] for i in considered]
        best = max(considered, key=lambda i: views[i][2])
        first = considered[0]
        clear = max(contacts) > _CLOSER * views[first][2]
        chosen = best if clear else first
        why = "whose shortest distances are likelier" if clear else "which the file leaves open"
    group = settings[chosen]
    others = [
        f"{other.xhm()} gives {formula_of(view[0])}"
        for other, view in zip(settings, views, strict=True)
        if other.xhm() != group.xhm()
    ]
    told.append(
        f"{group.xhm()} was assumed, {why}: it gives {formula_of(views[chosen][0])}, {', '.join(others)}"
    )
    return group


def _view(sites: Sites, group: gemmi.SpaceGroup) -> tuple[dict[int, float], list[int], float]:
    """Return the atoms in the cell by element, places per row, and the shortest contact over the radii's sum."""
    structure = sites.structure
    structure.spacegroup = group
    structure.setup_cell_images()
    lattice = sites.lattice
    amounts: dict[int, float] = {}
    counts, places, radii = [], [], []
    operations = _operations_of_cell(structure.cell)
    for site, written in zip(structure.sites, sites.written(), strict=True):
        place = site.fract.tolist()
        images = np.array([operation(place) for operation in operations])
        distinct, _, _ = image_entries(images, lattice, site.occ, written)
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
        distance = np.linalg.norm((apart[:, None] + shifts) @ lattice, axis=2)
        distance[distance < SPLIT] = math.inf  # itself, and what shares its site
        nearest = min(nearest, float((distance.min(axis=1) / (size + radius)).min()))
    return amounts, counts, nearest
