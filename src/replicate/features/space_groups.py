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
            found: gemmi.SpaceGroup | None = gemmi.find_spacegroup_by_name(spelling, *angles, "2")
        except (ValueError, RuntimeError):
            continue
        if found is not None:
            return found
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


def states_origin(name: str, group: gemmi.SpaceGroup) -> bool:
    """Return whether a name says which of two origins is meant."""
    return (
        bool(name)
        and (_SUFFIX.search(name) is not None and with_name(_bare(name)) is not None)
        and bool(group.ext)
    )


def _bare(name: str) -> str:
    return _SUFFIX.sub("", name)


def strain(group: gemmi.SpaceGroup, cell: gemmi.UnitCell) -> float:
    """Return how far a cell is from the shape its group demands: the largest relative change of its metric."""
    edges = np.array(cell.orth.mat.tolist()).T
    metric = edges @ edges.T
    worst = 0.0
    for operation in group.operations().sym_ops:
        rotation = np.array(operation.rot) / operation.DEN
        worst = max(worst, float(np.abs(rotation.T @ metric @ rotation - metric).max()))
    return worst / float(np.abs(metric).max())


def fitting_settings(
    group: gemmi.SpaceGroup, cell: gemmi.UnitCell, *, explicit: str, told: list[str]
) -> list[gemmi.SpaceGroup]:
    """Return the settings of a group that a cell may have, the likeliest first: both where there are two origins.

    Args:
        group: as named, in whichever setting.
        cell: of the crystal.
        explicit: the name as written, which may say the origin.
        told: gets what was decided.
    """
    off = strain(group, cell)
    if off > _STRAINED or (group.number in RHOMBOHEDRAL and _wrong_axes(group, cell)):
        others = [one for one in gemmi.spacegroup_table() if one.number == group.number]
        fitting = [one for one in others if strain(one, cell) <= _STRAINED and not _wrong_axes(one, cell)]
        if not fitting:
            return []
        told.append(f"the cell has the shape of the setting {fitting[0].xhm()}, which was used")
        group = fitting[0]
        if group.number not in RHOMBOHEDRAL and len(fitting) > 1:
            told.append(f"other settings fit the cell too: {', '.join(one.xhm() for one in fitting[1:4])}")
    elif off > _REMARKABLE:
        told.append(f"the cell is {100 * off:.1g} % off the shape of {group.hm}")
    if group.ext in ("1", "2") and not states_origin(explicit, group):
        return [gemmi.find_spacegroup_by_name(f"{group.hm}:{ext}") for ext in ("2", "1")]
    return [group]


def _wrong_axes(group: gemmi.SpaceGroup, cell: gemmi.UnitCell) -> bool:
    """Return whether a trigonal group is set on hexagonal axes and the cell is rhombohedral, or the other way round."""
    hexagonal = abs(cell.gamma - 120) < 1 and abs(cell.alpha - 90) < 1
    return (group.ext == "H" and not hexagonal) or (group.ext == "R" and hexagonal)
