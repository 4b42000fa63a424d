"""The symmetry a CIF states: operations, magnetic ones too, else a space group by name, number or Hall symbol."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache

import gemmi

from replicate.errors import DataError
from replicate.features.cif_text import number

_NUMBERS = ("_symmetry_Int_Tables_number", "_space_group_IT_number")
# The first two are those that gemmi reads.
_NAMES = (
    *("_symmetry_space_group_name_H-M", "_space_group_name_H-M_alt", "_space_group_name_H-M_full"),
    *("_space_group_name_H-M_ref", "_space_group_name_H-M", "_symmetry_cell_setting_H-M"),
)
_HALL = ("_symmetry_space_group_name_Hall", "_space_group_name_Hall")
_LISTS = ("_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz")
_MAGNETIC = ("_space_group_symop_magn_operation_xyz", "_space_group_symop_magn_centering_xyz")
_MAGNETIC_GROUP = ("_space_group_magn_number_BNS", "_space_group_magn_name_BNS")
_MODULATED = re.compile(
    r"_cell_modulation_dimension(?!\s+0\s)|_cell_wave_vector\w*|_atom_site_\w*[Ff]ourier\w*|_space_group_\w*ssg_\w*"
)
_TIME_REVERSAL = re.compile(r"(.*,.*,.*),\s*[-+]?\s*1\s*")
_STRAINED = 0.05  # of the metric; a cell this far from a group's shape belongs to another setting or group
_ORIGIN = re.compile(r"\s*[:(]?\s*(?:origin)?\s*(?:choice|at)?\s*([12SZ])\s*\)?$", re.IGNORECASE)
_TRAILING_NUMBER = re.compile(r"\s*[(#]\s*(?:No\.?\s*)?\d+\s*\)?$", re.IGNORECASE)
_ORIGINS = {"S": "1", "Z": "2", "1": "1", "2": "2"}


@dataclass(frozen=True)
class Symmetry:
    """What a block states, as read.

    Args:
        name, hall: Hermann–Mauguin and Hall symbol; empty for none.
        number: of the space group; 0 for none.
        listed: operations as written.
        magnetic: whether they come from magnetic ones.
    """

    name: str
    number: int
    hall: str
    listed: tuple[str, ...]
    magnetic: bool

    @property
    def contradiction(self) -> str:
        """The sentence on a name and a number that differ."""
        return f"the space group's name is {self.name}, but its number {self.number}"


def read_symmetry(block: gemmi.cif.Block, name: str, remarks: list[str]) -> Symmetry:
    """Return the symmetry a block states; numbers that gemmi would stumble over are taken out of the block.

    Raises:
        DataError: the space group's number is no number, or a magnetic group lists no operations.
    """
    symbols = _text(block, _NAMES), _number(block, name), _text(block, _HALL)
    listed = next((tuple(_strings(block, tag)) for tag in _LISTS if len(block.find_values(tag))), ())
    operations = _magnetic_operations(block, name)
    if operations:
        remarks.append("magnetic operations were applied, and the moments left out")
    elif not listed and (group := _text(block, _MAGNETIC_GROUP)):
        raise DataError("the magnetic space group lists no operations", file=name, value=group)
    return Symmetry(*symbols, operations or listed, bool(operations))


def refuse_modulated(text: str, name: str) -> None:
    """Raise DataError where a block describes a modulated structure, whose sites are those of no cell."""
    if tag := _MODULATED.search(text):
        problem = "a modulated structure: its atoms repeat in no cell, and its average is not read"
        raise DataError(problem, file=name, value=tag[0])


def _text(block: gemmi.cif.Block, tags: tuple[str, ...]) -> str:
    """Return the first value that some tags have; empty for none."""
    values = (gemmi.cif.as_string(block.find_value(tag) or "?") for tag in tags)
    return next((" ".join(value.split()) for value in values if value.strip() not in ("", "?", ".")), "")


def _strings(block: gemmi.cif.Block, tag: str) -> list[str]:
    return [gemmi.cif.as_string(value) for value in block.find_values(tag)]


def _number(block: gemmi.cif.Block, name: str) -> int:
    """Return the stated number of the space group, 0 for none."""
    for tag in _NUMBERS:
        value = block.find_value(tag)
        bare = gemmi.cif.as_string(value).strip() if value else ""
        stated = 0.0 if bare in ("", "?", ".") else number(bare)
        if not stated.is_integer():
            raise DataError(f"the space group's number cannot be read: not an integer: {bare}", file=name)
        if value and not (value.isdigit() and stated):
            block.find([tag]).erase()  # gemmi takes an unknown number for a broken one
        if stated:
            return int(stated)
    return 0


def _magnetic_operations(block: gemmi.cif.Block, name: str) -> tuple[str, ...]:
    """Return the operations of a magnetic space group on positions, without time reversal."""
    listed, centerings = (
        [_TIME_REVERSAL.sub(r"\1", operation) for operation in _strings(block, tag)] for tag in _MAGNETIC
    )
    if centerings in (["x,y,z"], []):
        return tuple(dict.fromkeys(listed))
    try:
        both = [(gemmi.Op(c) * gemmi.Op(o)).wrap().triplet() for c in centerings for o in listed]
    except (ValueError, RuntimeError) as error:
        raise DataError(f"a magnetic operation cannot be read: {error}", file=name) from error
    return tuple(dict.fromkeys(both))


@cache
def is_crystallographic(operation: str) -> bool:
    """Return whether gemmi can hold an operation, whose translations it counts in 24ths."""
    try:
        gemmi.Op(operation)
    except (ValueError, RuntimeError):
        return False
    return True


@lru_cache(maxsize=4096)
def listed_group(symmetry: Symmetry) -> tuple[str | None, tuple[str, ...]]:
    """Return the space group that listed operations form, None for one without a name, and remarks."""
    stated = with_name(symmetry.name) if symmetry.name else None
    numbered = gemmi.find_spacegroup_by_number(symmetry.number) if 0 < symmetry.number < 231 else None
    remarks: list[str] = []
    if stated is not None and numbered is not None and stated.number != numbered.number:
        remarks.append(f"{symmetry.contradiction}; the operations listed were applied")
    if not all(map(is_crystallographic, symmetry.listed)):
        remarks.append("some operations listed are none of a space group; they were applied as listed")
        return None, tuple(remarks)
    operations = {gemmi.Op(text).wrap() for text in symmetry.listed}
    group: gemmi.SpaceGroup | None = gemmi.find_spacegroup_by_ops(gemmi.GroupOps(list(operations)))
    if group is not None and len(list(group.operations())) != len(operations):
        group = None
    if group is None and any((a * b).wrap() not in operations for a in operations for b in operations):
        remarks.append(f"the {len(operations)} operations listed are no group; they were applied as listed")
        return None, tuple(remarks)
    name = group.xhm() if group is not None else None
    claimed = None if symmetry.magnetic else stated or numbered
    if claimed is not None:
        if group is not None:
            agrees = group.number == claimed.number
        else:
            agrees = _kinds(operations) == _kinds(set(claimed.operations()))
        if agrees:
            name = name or claimed.hm  # written in a setting without a name
        else:
            formed = name or "another group"
            remarks.append(f"the operations listed form {formed}, not {claimed.hm}; they were applied")
    return name, tuple(remarks)


def _kinds(operations: set[gemmi.Op]) -> list[tuple[int, int]]:
    """Return (determinant, trace) of the different rotations, the same in whichever cell a group is written."""
    rotations = {str(operation.rot): operation for operation in operations}.values()
    return sorted((op.det_rot(), sum(op.rot[i][i] for i in range(3))) for op in rotations)


def stated_settings(symmetry: Symmetry, cell: gemmi.UnitCell, name: str, remarks: list[str]) -> list[gemmi.SpaceGroup]:
    """Return the settings that a name or number without operations may mean, the likeliest first; empty for nothing.

    Raises:
        DataError: the space group is unknown, or the cell has not its shape.
    """
    named = with_name(symmetry.name, cell) if symmetry.name else None
    if named is None and symmetry.hall:
        with suppress(ValueError, RuntimeError):
            named = gemmi.find_spacegroup_by_ops(gemmi.symops_from_hall(symmetry.hall))
            if named is not None:
                return [named]
    numbered = gemmi.find_spacegroup_by_number(symmetry.number) if symmetry.number else None
    group = named or numbered
    if group is None:
        if stated := symmetry.name or symmetry.number or symmetry.hall:
            raise DataError("the space group is unknown and lists no operations", file=name, value=stated)
        remarks.append("no symmetry is given: P 1 was assumed")
        return []
    if named is None and symmetry.name:
        remarks.append(f"the space group's name {symmetry.name} is unknown; its number {symmetry.number} was used")
    if named is not None and numbered is not None and named.number != numbered.number:
        remarks.append(symmetry.contradiction)
    if not _fits(group, cell):
        settings = (setting for setting in gemmi.spacegroup_table() if setting.number == group.number)
        fitting = [setting for setting in settings if _fits(setting, cell)]
        if not fitting:
            problem = f"the cell has not the shape of {group.hm}, which is given without operations"
            raise DataError(problem, file=name, value=", ".join(f"{x:g}" for x in cell.parameters))
        group = fitting[0]
        others = "".join(f"; {setting.xhm()} fits too" for setting in fitting[1:4])
        remarks.append(f"the cell has the shape of the setting {group.xhm()}, which was used{others}")
    states_origin = _ORIGIN.search(symmetry.name) and with_name(_ORIGIN.sub("", symmetry.name))
    if group.ext in ("1", "2") and not states_origin:
        return [gemmi.find_spacegroup_by_name(f"{group.hm}:{origin}") for origin in ("2", "1")]
    return [group]


def _fits(group: gemmi.SpaceGroup, cell: gemmi.UnitCell) -> bool:
    """Return whether a cell has about the shape that a group demands."""
    longest = max(cell.parameters[:3])
    return bool(cell.is_compatible_with_spacegroup(group, _STRAINED * longest**2))


def with_name(name: str, cell: gemmi.UnitCell | None = None) -> gemmi.SpaceGroup | None:
    """Return the space group of a Hermann–Mauguin symbol as people write it; None where there is none."""
    angles = (cell.alpha, cell.gamma) if cell is not None else (0.0, 0.0)
    for spelling in _spellings(name):
        with suppress(ValueError, RuntimeError):
            group: gemmi.SpaceGroup | None = gemmi.find_spacegroup_by_name(spelling, *angles, "2")
            if group is not None:
                return group
    return None


@cache
def _spellings(name: str) -> tuple[str, ...]:
    plain = " ".join(name.replace("_", " ").split())
    joined = re.sub(r"(?<=\d)_(?=\d)", "", name)
    tries = [name, joined, plain, _TRAILING_NUMBER.sub("", plain)]
    if origin := _ORIGIN.search(plain):
        stem = plain[: origin.start()].rstrip(" :(")
        tries.append(f"{stem}:{_ORIGINS[origin[1].upper()]}")
    tries += [re.sub(r"\s*[Ss]etting.*|\s*[HR]$", "", plain)]
    return tuple(dict.fromkeys(tries))
