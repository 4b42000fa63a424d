"""The symmetry a CIF states: listed operations, magnetic ones too, else a space group by name, number or Hall symbol.

What the statement leaves open is decided by the cell and by what the file says of its contents, with a remark.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache

import gemmi
import numpy as np

from replicate.errors import DataError
from replicate.features.cif_text import number
from replicate.features.space_groups import fitting_settings, strain, with_name

_NUMBERS = ("_symmetry_Int_Tables_number", "_space_group_IT_number")
# The first two are those that gemmi reads.
_NAMES = (
    *("_symmetry_space_group_name_H-M", "_space_group_name_H-M_alt", "_space_group_name_H-M_full"),
    *("_space_group_name_H-M_ref", "_space_group_name_H-M", "_symmetry_cell_setting_H-M"),
)
_HALL = ("_symmetry_space_group_name_Hall", "_space_group_name_Hall")
_LISTS = ("_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz")
_MAGNETIC = ("_space_group_symop_magn_operation_xyz", "_space_group_symop_magn_centering_xyz")
_BNS = ("_space_group_magn_number_BNS", "_space_group_magn_name_BNS")
_MODULATED = re.compile(
    r"_cell_modulation_dimension|_\w*ssg[_.]|_atom_site_\w*fourier|_cell_wave_vector", re.IGNORECASE
)
_MODULATION = ("ssg", "fourier", "_cell_modulation", "_cell_wave_vector")
_TRIPLET = re.compile(r"(.*),\s*[-+]?\s*1\s*")


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
        DataError: the structure is modulated, or the space group's number is no number.
    """
    group_number = _number(block, name, remarks)
    listed = next((tuple(_strings(block, tag)) for tag in _LISTS if len(block.find_values(tag))), ())
    states_moments = any(block.find_value(tag) is not None for tag in (_MAGNETIC[0], *_BNS))
    magnetic = states_moments or len(block.find_values(_MAGNETIC[0]))
    operations = _magnetic_operations(block, name) if magnetic else ()
    if operations:
        remarks.append("magnetic operations were applied, and the moments left out")
    symbols = _text(block, _NAMES), group_number, _text(block, _HALL)
    return Symmetry(*symbols, operations or listed, bool(operations))


def refuse_modulated(block: gemmi.cif.Block, text: str, name: str) -> None:
    """Raise DataError where a block describes a modulated structure, whose sites are those of no cell."""
    lower = text.lower()
    dimension = block.find_value("_cell_modulation_dimension")
    if not any(word in lower for word in _MODULATION) or (dimension is not None and number(dimension) == 0):
        return
    for item in block:
        tags = [str(item.pair[0])] if item.pair else item.loop.tags if item.loop else []  # type: ignore[index]
        for tag in filter(_MODULATED.match, tags):
            problem = "a modulated structure: its atoms repeat in no cell, and its average is not read"
            raise DataError(problem, file=name, value=tag)


def _text(block: gemmi.cif.Block, tags: tuple[str, ...]) -> str:
    """Return the first value that some tags have; empty for none."""
    for tag in tags:
        value = block.find_value(tag)
        text = " ".join(gemmi.cif.as_string(value).split()) if value not in (None, "", "?", ".") else ""
        if text not in ("", "?", "."):
            return text
    return ""


def _strings(block: gemmi.cif.Block, tag: str) -> list[str]:
    return [gemmi.cif.as_string(value) for value in block.find_values(tag)]


def _number(block: gemmi.cif.Block, name: str, remarks: list[str]) -> int:
    """Return the stated number of the space group, 0 for none."""
    numbers = [0]
    for tag in _NUMBERS:
        value: str | None = block.find_value(tag)
        if value is None:
            continue
        if not value.isdigit() or value == "0":
            bare = gemmi.cif.as_string(value).strip()
            stated = number(value) if bare not in ("", "?", ".") else 0.0
            if not stated == int(stated if np.isfinite(stated) else -1):
                raise DataError(f"the space group's number cannot be read: not an integer: {bare}", file=name)
            if bare not in ("", "?", ".") and stated == 0:
                remarks.append("the space group's number is 0, which is none")
            # Gemmi takes an unknown number for a broken one.
            block.find([tag]).erase()
            if stated:
                block.set_pair(tag, str(int(stated)))
            value = str(int(stated))
        numbers.append(int(value))
    return next(filter(None, numbers), 0)


def _magnetic_operations(block: gemmi.cif.Block, name: str) -> tuple[str, ...]:
    """Return the operations of a magnetic space group on positions, without time reversal."""
    listed, centerings = ([_without_time(text) for text in _strings(block, tag)] for tag in _MAGNETIC)
    if not listed:
        return _of_bns(block, name)
    if centerings in (["x,y,z"], []):
        return tuple(dict.fromkeys(listed))
    try:
        both = [(gemmi.Op(c) * gemmi.Op(o)).wrap().triplet() for c in centerings for o in listed]
    except (ValueError, RuntimeError) as error:
        raise DataError(f"a magnetic operation cannot be read: {error}", file=name) from error
    return tuple(dict.fromkeys(both))


def _without_time(text: str) -> str:
    match = _TRIPLET.fullmatch(text) if text.count(",") == 3 else None
    return match[1] if match else text


def _of_bns(block: gemmi.cif.Block, name: str) -> tuple[str, ...]:
    """Return the operations of a magnetic group that is only named, from pymatgen's table."""
    if any(len(block.find_values(tag)) for tag in _LISTS):
        return ()
    from pymatgen.symmetry.maggroups import MagneticSpaceGroup

    numbers, symbol = _text(block, _BNS[:1]), _text(block, _BNS[1:])
    basis = _text(block, ("_space_group_magn_transform_BNS_Pp_abc",)) or "a,b,c;0,0,0"
    try:
        group = MagneticSpaceGroup([int(n) for n in numbers.split(".")] if numbers else symbol, basis)
        operations = [operation.as_xyz_str() for operation in group.symmetry_ops]
    except Exception as error:  # its table raises whatever a label it does not know leads to
        problem = "the magnetic space group is unknown and lists no operations"
        raise DataError(problem, file=name, value=numbers or symbol) from error
    return tuple(dict.fromkeys(operations))


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
    remarks: tuple[str, ...] = ()
    if stated is not None and numbered is not None and stated.number != numbered.number:
        remarks = (f"{symmetry.contradiction}; the operations listed were applied",)
    claimed = stated or numbered
    if not all(map(is_crystallographic, symmetry.listed)):
        remark = "some operations listed are none of a space group; they were applied as listed"
        return None, (*remarks, remark)
    operations = {gemmi.Op(text).wrap() for text in symmetry.listed}
    group: gemmi.SpaceGroup | None = gemmi.find_spacegroup_by_ops(gemmi.GroupOps(list(operations)))
    if group is not None and len(list(group.operations())) != len(operations):
        group = None
    if group is None and not _closed(operations):
        remark = f"the {len(operations)} operations listed are no group; they were applied as listed"
        return None, (*remarks, remark)
    if claimed is not None and not symmetry.magnetic:
        if group is not None:
            same = group.number == claimed.number
        else:
            same = _kinds(operations) == _kinds(set(claimed.operations()))
        if not same:
            form = f"form {group.xhm()}" if group is not None else "form another group"
            remarks += (f"the operations listed {form}, not {claimed.hm}; they were applied",)
            claimed = None
    if group is not None:
        return group.xhm(), remarks
    return (None if claimed is None or symmetry.magnetic else claimed.hm), remarks


def _closed(operations: set[gemmi.Op]) -> bool:
    return all((a * b).wrap() in operations for a in operations for b in operations)


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
            operations = gemmi.symops_from_hall(symmetry.hall)
            if (of_hall := gemmi.find_spacegroup_by_ops(operations)) is not None:
                return [of_hall]
    numbered = gemmi.find_spacegroup_by_number(symmetry.number) if symmetry.number else None
    if named is None and numbered is None:
        if symmetry.name or symmetry.number or symmetry.hall:
            problem = "the space group is unknown and lists no operations"
            raise DataError(problem, file=name, value=symmetry.name or symmetry.number or symmetry.hall)
        remarks.append("no symmetry is given: P 1 was assumed")
        return []
    if named is None and symmetry.name:
        used = f"its number {symmetry.number} was used"
        remarks.append(f"the space group's name {symmetry.name} is unknown; {used}")
    group = named or numbered
    assert group is not None  # there is one of the two
    settings = fitting_settings(group, cell, explicit=symmetry.name, remarks=remarks)
    if settings and named is not None and numbered is not None and named.number != numbered.number:
        remarks.append(symmetry.contradiction)
        settings += fitting_settings(numbered, cell, explicit="", remarks=[])
    if not settings:
        problem = f"the cell has not the shape of {group.hm}, which is given without operations"
        shape = f"{strain(group, cell):.2g} off; {', '.join(f'{x:g}' for x in cell.parameters)}"
        raise DataError(problem, file=name, value=shape)
    return settings
