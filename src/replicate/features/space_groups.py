"""Space groups by the names people write, in the setting a cell has."""

from __future__ import annotations

import re
from functools import cache

import gemmi
import numpy as np

_STRAINED = 0.05  # of the metric; a cell this far from a group's shape belongs to another setting or group
_REMARKABLE = 0.005
_SUFFIX = re.compile(r"\s*[:(]?\s*(?:origin)?\s*(?:choice|at)?\s*([12SZ])\s*\)?$", re.IGNORECASE)
_TRAILING_NUMBER = re.compile(r"\s*[(#]\s*(?:No\.?\s*)?\d+\s*\)?$", re.IGNORECASE)
_ORIGINS = {"S": "1", "Z": "2", "1": "1", "2": "2"}
RHOMBOHEDRAL = {146, 148, 155, 160, 161, 166, 167}


def with_name(name: str, cell: gemmi.UnitCell | None = None) -> gemmi.SpaceGroup | None:
    """Return the space group of a Hermann–Mauguin symbol as people write it; None where there is none."""
    angles = (cell.alpha, cell.gamma) if cell is not None else (0.0, 0.0)
    for spelling in _spellings(name):
        try:
            group: gemmi.SpaceGroup | None = gemmi.find_spacegroup_by_name(spelling, *angles, "2")
        except (ValueError, RuntimeError):
            continue
        if group is not None:
            return group
    return None


@cache
def _spellings(name: str) -> tuple[str, ...]:
    plain = " ".join(name.replace("_", " ").split())
    joined = re.sub(r"(?<=\d)_(?=\d)", "", name)
    tries = [name, joined, plain, _TRAILING_NUMBER.sub("", plain)]
    if origin := _SUFFIX.search(plain):
        stem = plain[: origin.start()].rstrip(" :(")
        tries.append(f"{stem}:{_ORIGINS[origin[1].upper()]}")
    tries += [re.sub(r"\s*[Ss]etting.*|\s*[HR]$", "", plain)]
    return tuple(dict.fromkeys(tries))


def strain(group: gemmi.SpaceGroup, cell: gemmi.UnitCell) -> float:
    """Return how far a cell is from the shape its group demands: the largest relative change of its metric."""
    edges = np.array(cell.orth.mat.tolist()).T
    metric = edges @ edges.T
    rotations = (np.array(operation.rot) / operation.DEN for operation in group.operations().sym_ops)
    worst = max(float(np.abs(rotation.T @ metric @ rotation - metric).max()) for rotation in rotations)
    return worst / float(np.abs(metric).max())


def fitting_settings(
    group: gemmi.SpaceGroup, cell: gemmi.UnitCell, *, explicit: str, remarks: list[str]
) -> list[gemmi.SpaceGroup]:
    """Return the settings that a cell may have of a group in whichever setting, the likeliest first.

    Of two origins both, unless ``explicit``, the name as written, says which. ``remarks`` gets what was decided.
    """
    off = strain(group, cell)
    if off > _STRAINED or (group.number in RHOMBOHEDRAL and _wrong_axes(group, cell)):
        settings = (setting for setting in gemmi.spacegroup_table() if setting.number == group.number)
        fitting = [s for s in settings if strain(s, cell) <= _STRAINED and not _wrong_axes(s, cell)]
        if not fitting:
            return []
        remarks.append(f"the cell has the shape of the setting {fitting[0].xhm()}, which was used")
        group = fitting[0]
        if group.number not in RHOMBOHEDRAL and len(fitting) > 1:
            others = ", ".join(setting.xhm() for setting in fitting[1:4])
            remarks.append(f"other settings fit the cell too: {others}")
    elif off > _REMARKABLE:
        remarks.append(f"the cell is {100 * off:.1g} % off the shape of {group.hm}")
    states_origin = _SUFFIX.search(explicit) and with_name(_SUFFIX.sub("", explicit))
    if group.ext in ("1", "2") and not states_origin:
        return [gemmi.find_spacegroup_by_name(f"{group.hm}:{ext}") for ext in ("2", "1")]
    return [group]


def _wrong_axes(group: gemmi.SpaceGroup, cell: gemmi.UnitCell) -> bool:
    """Return whether a trigonal group is set on hexagonal axes and the cell is rhombohedral, or the other way round."""
    hexagonal = abs(cell.gamma - 120) < 1 and abs(cell.alpha - 90) < 1
    return (group.ext == "H" and not hexagonal) or (group.ext == "R" and hexagonal)
