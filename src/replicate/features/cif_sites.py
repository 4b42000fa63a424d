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
_LABEL, _TYPE, _OCCUPANCY = "_atom_site_label", "_atom_site_type_symbol", "_atom_site_occupancy"
_BEYOND = 1.5  # of the cell; coordinates of molecules that leave it stay below
_PART = re.compile(r"([A-Z][a-z]?)(\d*\.?\d*)")
_CHARGE = re.compile(r"(\d*[+-]\d*|\(?[+-]?[IVX]+\)?)$")
_JOINED = re.compile(r"[A-Za-z)\d]\s*[/,;&|+]\s*(\d*\.?\d*\s*)?[A-Z][a-z]?")
_MOLECULE = re.compile(r"(?:H2O|D2O|HOH|H3O|OH2|NH[234]|CH[234]|[CN]O[23]|CN|NO|SO[34]|PO4|OH|OD|WAT|BO3|BF4|ClO4|IO3)")
_MOLECULAR_LABEL = re.compile(r"(?:H2O|D2O|HOH|H3O|NH[234]|CH[234]|[Ww][Aa][Tt](?![a-z]))")

_MOLECULAR = re.compile(rf"(?<!\S)['\"]?{_MOLECULAR_LABEL.pattern}")


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
    try:
        structure = gemmi.make_small_structure_from_block(block)
    except (ValueError, RuntimeError) as error:
        if _mended(block):
            return read_sites(block, text, name, remarks)
        raise DataError(f"the cell or a site cannot be read: {error}", file=name) from error
    values = [block.find_value(tag) or "?" for tag in CELL]
    unknown = [value for value in values if math.isnan(gemmi.cif.as_number(value))]
    if unknown and _mended(block):
        return read_sites(block, text, name, remarks)
    if unknown or not structure.cell.is_crystal():
        cause = next(filter(None, (trouble(value, text) for value in unknown)), "")
        problem = f"its volume is nan Å³; {cause}" if cause else "a length or an angle is missing or zero"
        raise DataError(f"the cell is empty: {problem}", file=name, value=", ".join(values))
    lengths = {len(block.find_values(tag)) for tag in COORDINATES}
    n = len(structure.sites)
    if n not in lengths:
        # Gemmi needs one, and then finds no site at all.
        raise DataError("the atom sites have no labels: _atom_site_label is missing", file=name)
    if len(lengths) > 1:
        raise DataError("the atom sites have coordinates of different numbers", file=name)
    occupancies = list(block.find_values(_OCCUPANCY)) or ["1"] * n
    if len(occupancies) != n:
        differ = f"{len(occupancies)} occupancies, {n} atom sites"
        raise DataError("every atom site needs an occupancy, or none", file=name, value=differ)
    places = np.array([site.fract.tolist() for site in structure.sites])
    complete = bool(np.isfinite(places).all())
    shares = {x: 1.0 if x in (".", "?") else float(gemmi.cif.as_number(x)) for x in set(occupancies)}
    if not (complete and all(map(math.isfinite, shares.values()))) and _mended(block):
        return read_sites(block, text, name, remarks)
    flags = [gemmi.cif.as_string(flag).lower() for flag in block.find_values("_atom_site_calc_flag")]
    dummies = [i for i, flag in enumerate(flags) if flag in ("dum", "dummy")] if len(flags) == n else []
    rows = [i for i in range(n) if i not in dummies] if dummies else list(range(n))
    _check_elements(block, structure, rows, name, remarks)
    for i in () if complete else rows:
        if not np.isfinite(places[i]).all():
            values = [block.find_values(tag)[i] for tag in COORDINATES]
            cause = next(filter(None, (trouble(value, text) for value in values)), "")
            problem = "a site has no coordinates" + (f"; {cause}" if cause else "")
            raise DataError(problem, file=name, row=i + 1, value=structure.sites[i].label)
    possible = all(0 < share <= FULL for share in shares.values())
    for i in () if possible else rows:
        if not 0 < shares[occupancies[i]] <= FULL:
            cause = trouble(occupancies[i], text)
            problem = "an occupancy must be above zero and at most one" + (f"; {cause}" if cause else "")
            value = f"{structure.sites[i].label}: {occupancies[i]}"
            raise DataError(problem, file=name, row=i + 1, value=value)
    if dummies:
        labels = ", ".join(structure.sites[i].label for i in dummies)
        remarks.append(f"dummy atoms were left out: {labels}")
    attached = list(block.find_values("_atom_site_attached_hydrogens"))
    bearing = [i for i in rows if gemmi.cif.as_number(attached[i], 0.0) > 0] if len(attached) == n else []
    if bearing and all(structure.sites[i].element.atomic_number != 1 for i in rows):
        labels = ", ".join(structure.sites[i].label for i in bearing[:5])
        remarks.append(f"hydrogen attached to {labels} has no sites of its own and was left out")
    places = places[rows] if dummies else places
    if (far := float(np.abs(places).max(initial=0.0))) > _BEYOND:
        unit = "if it is in Å, the crystal is wrong"
        remarks.append(f"a coordinate is {far:.4g} cell edges, read as a fraction: {unit}")
    if dummies:
        sites = [structure.sites[i].clone() for i in rows]
        del structure.sites[:]
        for site in sites:
            structure.add_site(site)
    return Sites(structure, block, [i + 1 for i in rows], places)


def _mended(block: gemmi.cif.Block) -> bool:
    """Write numbers in quotes, as fractions or as Fortran does as plain ones; return whether there were any."""
    changed = False
    for tag in (*CELL, *COORDINATES, _OCCUPANCY):
        column = block.find_values(tag)
        for i, value in enumerate(list(column)):
            if value in (".", "?") or not math.isnan(gemmi.cif.as_number(value)):
                continue
            if math.isfinite(stated := number(value)):
                column[i] = repr(stated)
                changed = True
    return changed


def _check_elements(
    block: gemmi.cif.Block, structure: gemmi.SmallStructure, rows: list[int], name: str, remarks: list[str]
) -> None:
    """Refuse sites that are not of one element; mend those whose element gemmi does not find."""
    types = list(block.find_values(_TYPE))
    labels = list(block.find_values(_LABEL))
    typed = len(types) == len(labels)
    if typed and _MOLECULAR.search(" ".join(labels)) is None and not {"?", "."} & {types[i] for i in rows}:
        rows = sorted({types[i]: i for i in reversed(rows)}.values())  # sites of one type have one element
    for i in rows:
        site = structure.sites[i]
        known = typed and site.type_symbol not in ("", "?", ".")
        symbol = site.type_symbol if known else site.label
        problem, element = _judged(symbol, known)
        if problem:
            raise DataError(problem, file=name, row=i + 1, value=symbol)
        if element and element != site.element.name:
            site.element = gemmi.Element(element)
            if not symbol.lower().startswith(element.lower()):
                remarks.append(f"{symbol} was read as {element}")
        if site.element.atomic_number < 1:
            raise DataError("a site has no element", file=name, row=i + 1, value=symbol)
        if known and _MOLECULAR_LABEL.match(site.label) and site.element.name in ("O", "N", "C"):
            read = f"only its {site.element.name} was read"
            remarks.append(f"the label {site.label} is that of a molecule; {read}")


@cache
def _judged(symbol: str, is_type: bool) -> tuple[str, str]:
    """Return (what keeps a type or label from being one element, the element where gemmi finds another or none)."""
    bare = symbol.strip()
    if _JOINED.search(bare):
        return "a site's type names more than one element; write a row for each", ""
    if is_type:
        core = _CHARGE.sub("", bare)
        if (_MOLECULE.fullmatch(core) and core not in ATOMIC_NUMBER and core != "No") or core in ("CN", "NO"):
            return "a site's type is a molecule, not an element; write a row for each atom", ""
        parts = _PART.findall(core)
        whole = "".join(a + b for a, b in parts) == core
        if whole and len(parts) > 1 and all(a in ATOMIC_NUMBER or a == "D" for a, _ in parts):
            capitals = len(parts) == 2 and len(core.rstrip("0123456789")) == 2
            if capitals and core[:2].capitalize() in ATOMIC_NUMBER and core[2:] in ("", "0", "1"):
                return "", ""  # a symbol in capitals
            return "a site's type names more than one element; write a row for each", ""
        return "", ""
    if _MOLECULAR_LABEL.match(bare):
        return "a site's label names a molecule, and it has no type; write a row for each atom", ""
    two = re.match(r"([A-Z][a-z]?)([A-Z][a-z])(?![a-z])", bare)
    if two and two[1] in ATOMIC_NUMBER and two[2] in ATOMIC_NUMBER:
        return "a site's label names more than one element, and it has no type", ""
    return "", _of_label(bare)


def _of_label(label: str) -> str:
    """Return the element of a label that begins with one, though letters follow: OW1 is oxygen, Va1 nothing."""
    letters = (re.match(r"[A-Za-z]+", label) or [""])[0]
    if len(letters) > 1 and letters[:2].capitalize() in ATOMIC_NUMBER:
        return letters[:2].capitalize()
    if letters[:1] in ATOMIC_NUMBER and (len(letters) == 1 or letters[1:].isupper()) and letters != "DUM":
        return letters[:1]
    return "H" if letters in ("D", "H") else ""
