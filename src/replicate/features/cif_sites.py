"""The rows of a CIF's atom sites: elements, numbers, dummy atoms, attached hydrogen."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

import gemmi
import numpy as np

from replicate.errors import DataError
from replicate.features.cif_text import number, trouble
from replicate.features.elements import ATOMIC_NUMBER

FULL = 1.0 + 1e-3  # rounded occupancies of a full site add up to a little more than one
COORDINATES = ("_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z")
CELL = (
    *("_cell_length_a", "_cell_length_b", "_cell_length_c"),
    *("_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"),
)
_OCCUPANCY = "_atom_site_occupancy"
_LAST_IN_CAPITALS = 100  # CN and NO are molecules, not copernicium and nobelium
_BEYOND = 1.5  # of the cell; coordinates of molecules that leave it stay below
_TYPE = re.compile(r"([A-Za-z]{1,2})(?:[\d.]*[-+]?\d*|\(?[-+]?[IVX]+\)?)")
_NOT_PLAIN = re.compile("['\";/]")
_NO_ATOM = re.compile(r"H2O|D2O|HOH|H3O|NH[234]|CH[234]|WAT(?![a-z])|DUM", re.IGNORECASE)


@dataclass(frozen=True)
class Sites:
    """Atom sites that can be used: n of a structure, their rows in the file, from 1, and their (n, 3) places."""

    structure: gemmi.SmallStructure
    block: gemmi.cif.Block
    rows: list[int]
    places: np.ndarray

    @property
    def lattice(self) -> np.ndarray:
        """The (3, 3) lattice vectors as rows, Å."""
        return np.array(self.structure.cell.orth.mat.tolist()).T

    def written(self) -> list[tuple[str, ...]]:
        """Return the coordinates of the n sites as written."""
        columns = [list(self.block.find_values(tag)) for tag in COORDINATES]
        return [tuple(column[row - 1] for column in columns) for row in self.rows]


def holds_sites(block: gemmi.cif.Block) -> bool:
    """Return whether a block has atom sites with fractional coordinates, and so a structure."""
    return all(len(block.find_values(tag)) for tag in COORDINATES)


def read_sites(block: gemmi.cif.Block, text: str, name: str, remarks: list[str]) -> Sites:
    """Return the atom sites of a block; what is left out or taken for granted is added to ``remarks``.

    Raises:
        DataError: a cell or site that cannot be read, an occupancy that is not above zero and at most one, a
            molecule or a mixture in place of an element; names line or row.
    """
    _write_plain_numbers(block)
    try:
        structure = gemmi.make_small_structure_from_block(block)
    except (ValueError, RuntimeError) as error:
        raise DataError(f"the cell or a site cannot be read: {error}", file=name) from error
    cell = [block.find_value(tag) or "?" for tag in CELL]
    if any(math.isnan(number(value)) for value in cell) or not structure.cell.is_crystal():
        problem = trouble(cell, text) or "; a length or an angle is missing or zero"
        raise DataError(f"the cell is empty{problem}", file=name, value=", ".join(cell))
    occupancies = _occupancies(block, len(structure.sites), name)
    places = np.array([site.fract.tolist() for site in structure.sites])
    flags = [gemmi.cif.as_string(flag).lower() for flag in block.find_values("_atom_site_calc_flag")]
    dummies = [i for i, flag in enumerate(flags) if flag in ("dum", "dummy")]
    rows = [i for i in range(len(places)) if i not in dummies]
    for i in rows:
        _set_element(structure.sites[i], name, i + 1)
    for i in [] if np.isfinite(places[rows]).all() else rows:
        if not np.isfinite(places[i]).all():
            cause = trouble([block.find_values(tag)[i] for tag in COORDINATES], text)
            raise DataError(f"a site has no coordinates{cause}", file=name, row=i + 1, value=structure.sites[i].label)
    possible = {x for x in set(occupancies) if x in (".", "?") or 0 < gemmi.cif.as_number(x) <= FULL}
    for i in rows:
        if occupancies[i] not in possible:
            problem = "an occupancy must be above zero and at most one" + trouble([occupancies[i]], text)
            value = f"{structure.sites[i].label}: {occupancies[i]}"
            raise DataError(problem, file=name, row=i + 1, value=value)
    _remark_on_hydrogen(block, structure, rows, remarks)
    if dummies:
        labels = ", ".join(structure.sites[i].label for i in dummies)
        remarks.append(f"dummy atoms were left out: {labels}")
        sites = [structure.sites[i].clone() for i in rows]
        del structure.sites[:]
        for site in sites:
            structure.add_site(site)
        places = places[rows]
    if (far := float(np.abs(places).max(initial=0.0))) > _BEYOND:
        unit = "if it is in Å, the crystal is wrong"
        remarks.append(f"a coordinate is {far:.4g} cell edges, read as a fraction: {unit}")
    return Sites(structure, block, [i + 1 for i in rows], places)


def _write_plain_numbers(block: gemmi.cif.Block) -> None:
    """Write numbers in quotes and fractions so that gemmi reads them."""
    for tag in (*CELL, *COORDINATES, _OCCUPANCY):
        column = block.find_values(tag)
        odd = _NOT_PLAIN.search(" ".join(column)) is not None
        for i, value in enumerate(column if odd else ()):
            if math.isnan(gemmi.cif.as_number(value)) and math.isfinite(stated := number(value)):
                column[i] = repr(stated)


def _occupancies(block: gemmi.cif.Block, n: int, name: str) -> list[str]:
    """Return what is written for the occupancy of each of n sites; DataError where the columns do not fit."""
    lengths = {len(block.find_values(tag)) for tag in COORDINATES}
    if n not in lengths:
        # Gemmi needs one, and then finds no site at all.
        raise DataError("the atom sites have no labels: _atom_site_label is missing", file=name)
    if len(lengths) > 1:
        raise DataError("the atom sites have coordinates of different numbers", file=name)
    occupancies = list(block.find_values(_OCCUPANCY)) or ["1"] * n
    if len(occupancies) != n:
        differ = f"{len(occupancies)} occupancies, {n} atom sites"
        raise DataError("every atom site needs an occupancy, or none", file=name, value=differ)
    return occupancies


def _set_element(site: gemmi.SmallStructure.Site, name: str, row: int) -> None:
    """Give a site the element of its type or, without one, of its label; DataError where that is none, or several."""
    typed = site.type_symbol not in ("", "?", ".")
    z = _of_type(site.type_symbol) if typed else _of_label(site.label)
    if not z:
        problem = f"a site has no element: its {'type' if typed else 'label'} is not one; write a row for each atom"
        raise DataError(problem, file=name, row=row, value=site.type_symbol if typed else site.label)
    if z != site.element.atomic_number:
        site.element = gemmi.Element(z)


@cache
def _of_type(text: str) -> int:
    """Return the atomic number of a type such as Fe, FE, Fe3+ or Fe(III); 0 for one that is not one element."""
    match = _TYPE.fullmatch(text.strip())
    symbol = match[1].capitalize() if match else ""
    z = ATOMIC_NUMBER.get(symbol, 0)
    return z if match and (match[1] == symbol or z <= _LAST_IN_CAPITALS) else 0


@cache
def _of_label(text: str) -> int:
    """Return the atomic number of a label that begins with a symbol, behind which capitals follow: OW1 is oxygen."""
    match = re.match("[A-Za-z]*", text)
    letters = match[0] if match and not _NO_ATOM.match(text) else ""
    for symbol in (letters[:2].capitalize(), letters[:1].upper()):
        rest = letters[len(symbol) :]
        if symbol in ATOMIC_NUMBER and (not rest or rest.isupper()):
            return ATOMIC_NUMBER[symbol]
    return 0


def _remark_on_hydrogen(
    block: gemmi.cif.Block, structure: gemmi.SmallStructure, rows: list[int], remarks: list[str]
) -> None:
    attached = list(block.find_values("_atom_site_attached_hydrogens"))
    bearing = [i for i in rows if i < len(attached) and gemmi.cif.as_number(attached[i], 0.0) > 0]
    if bearing and all(structure.sites[i].element.atomic_number != 1 for i in rows):
        labels = ", ".join(structure.sites[i].label for i in bearing[:5])
        remarks.append(f"hydrogen attached to {labels} has no sites of its own and was left out")
