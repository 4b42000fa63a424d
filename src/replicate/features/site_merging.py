"""Entries of a cell become sites: elements that share a place, and images of one atom that is split over several.

Shape legend: k entries, n sites, m operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from replicate.errors import DataError
from replicate.features.cif_sites import FULL

SAME_SITE = 1e-3  # fractional coordinates; two elements closer than this share a site
SPLIT = 0.4  # Å; images of one site closer than this are one atom, which is never in two of them
ROUNDING = 0.02  # Å; images closer than this are one special position, written with rounded coordinates
SLOPPY = 0.1  # Å; a full atom's images closer than this, too
_ROUNDED = 0.005  # an occupancy written with two digits


def image_entries(
    images: np.ndarray, lattice: np.ndarray, occupancy: float, written: Sequence[str]
) -> tuple[np.ndarray, str, float]:
    """Return the places of a site in the cell, a remark on them, and its atoms where those are too many.

    Args:
        images: (m, 3) fractional coordinates, the site itself first.
        lattice: (3, 3) Å.
        occupancy: of the site.
        written: coordinates as the file has them: of 0.33 and 0.67 the digits say that they are thirds.
    """
    images = images % 1.0
    distinct = _apart(images, lattice, ROUNDING)
    near = distinct - distinct[0]
    near -= near.round()
    extent = np.linalg.norm(near @ lattice, axis=1)
    cluster = extent <= SPLIT
    centre = near[cluster].mean(axis=0)
    units = np.array([10.0 ** -len(x.partition("(")[0].partition(".")[2]) for x in written])
    if (np.abs(centre) <= 0.7 * units).all():
        return _apart(images, lattice, SPLIT), "", 0.0
    held = int(cluster.sum()) * occupancy
    if held <= 1 + _ROUNDED * cluster.sum() + 1e-9:
        return distinct, "", 0.0
    widest = float(extent[cluster].max())
    if widest <= SLOPPY:
        note = f"images {widest:.2g} Å apart were read as one atom on a special position"
        return _apart(images, lattice, SPLIT), note, 0.0
    return distinct, f"{widest:.2g} Å apart", held


def _apart(images: np.ndarray, lattice: np.ndarray, least: float) -> np.ndarray:
    """Return the images that are farther than ``least`` Å from every one before."""
    distinct: list[np.ndarray] = []
    for image in images:
        apart = np.array(distinct).reshape(-1, 3) - image
        if not len(apart) or np.linalg.norm((apart - apart.round()) @ lattice, axis=1).min() > least:
            distinct.append(image)
    return np.array(distinct)


class Entries(NamedTuple):
    """What a cell holds: positions (k, 3), atomic numbers (k,), occupancies (k,) and labels for errors."""

    positions: np.ndarray
    element: np.ndarray
    occupancy: np.ndarray
    labels: Sequence[str]


Contents = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def merged(name: str, lattice: np.ndarray, entries: Entries, remarks: list[str]) -> Contents:
    """Return positions (n, 3) and the site, element and occupancy of each entry (k,), sites merged.

    Raises:
        DataError: no entry, an occupancy that is not above zero, or a site with more than one atom.
    """
    positions, element, occupancy, labels = entries
    if not len(positions):
        raise DataError("the cell holds no atoms", file=name)
    if not (occupancy > 0).all():
        row = int(np.argmin(occupancy > 0))
        value = f"{labels[row]}: {occupancy[row]}"
        raise DataError("an occupancy must be above zero", file=name, row=row + 1, value=value)
    site = np.arange(len(positions))
    if (occupancy < 1).any():
        inside = positions % 1.0 % 1.0  # a tiny negative number is 1.0 after the first
        near = cKDTree(inside, boxsize=1.0).query_pairs(SAME_SITE, output_type="ndarray")
        first, site = _joined(near, len(inside))
        positions = positions[first]
        order = np.argsort(site, kind="stable")
        site, element, occupancy = site[order], element[order], occupancy[order]
        labels = [labels[i] for i in order]
    entries = Entries(positions, element, occupancy, labels)
    total = np.bincount(site, weights=occupancy)
    if total.max() > FULL:
        row = int(total.argmax())
        _refuse(name, "a site holds", total[row], site == row, entries)
    if (occupancy < 1).any():
        return _unsplit(name, lattice, entries, site, remarks)
    return positions, site, element, occupancy


def _joined(pairs: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first of each group of linked entries, and the group of each; groups in the order of their first."""
    linked = coo_array((np.ones(len(pairs)), pairs.T), shape=(n, n))
    groups = connected_components(linked, directed=False)[1].astype(np.intp)
    return np.unique(groups, return_index=True)[1], groups


def _unsplit(name: str, lattice: np.ndarray, entries: Entries, site: np.ndarray, remarks: list[str]) -> Contents:
    """Merge sites closer than ``SPLIT`` Å, in the middle of their atoms; occupancies of one element add up."""
    positions, element, occupancy, labels = entries
    n = len(positions)
    total = np.bincount(site, weights=occupancy, minlength=n)
    inside = positions % 1.0 % 1.0
    # A sphere of Å lies within a ball of fractions whose radius the shortest axis of the cell decides.
    reach = min(SPLIT / np.linalg.svd(lattice, compute_uv=False).min(), 0.49)
    near = cKDTree(inside, boxsize=1.0).query_pairs(reach, output_type="ndarray")
    apart = inside[near[:, 0]] - inside[near[:, 1]]
    apart = np.linalg.norm((apart - apart.round()) @ lattice, axis=1)
    # Two full atoms this close are no split atom; the search for neighbours refuses them.
    some_empty = (total[near] < 1).any(axis=1)
    near, apart = near[(apart <= SPLIT) & some_empty], apart[(apart <= SPLIT) & some_empty]
    if not len(near):
        return positions, site, element, occupancy
    first, group = _joined(near, n)
    count = np.bincount(group)
    held = np.bincount(group, weights=total)
    excess = held - 1 - _ROUNDED * count
    if (excess > 1e-9).any() and (held > FULL).any():
        row = int(np.argmax(np.where(count > 1, excess, -np.inf)))
        inner = apart[(group[near] == row).any(axis=1)]
        problem = f"sites {inner.min():.2g} Å apart are one split site, and it holds"
        _refuse(name, problem, held[row], group[site] == row, entries)
    offset = inside - inside[first][group]
    offset -= offset.round()
    shift = np.stack([np.bincount(group, weights=total * offset[:, i]) for i in range(3)], axis=1)
    middle = inside[first] + shift / held[:, None]
    places = np.where((count > 1)[:, None], middle, positions[first])
    # Entries of one element on one site become one, the first of them.
    entry_site = group[site]
    kinds, at, entry = np.unique(entry_site * 200 + element, return_index=True, return_inverse=True)
    amount = np.bincount(entry, weights=occupancy) / np.maximum(held, 1.0)[kinds // 200]
    order = np.lexsort((at, kinds // 200))
    split = sorted({labels[i] for i in np.flatnonzero(count[entry_site] > 1).tolist()})
    names = ", ".join(split[:6]) + (" …" if len(split) > 6 else "")
    places_read = f"places of split sites closer than {SPLIT} Å were read as one site"
    remarks.append(f"{places_read} with their occupancies added up: {names}")
    return places, (kinds // 200)[order], element[at][order], amount[order]


def _refuse(name: str, problem: str, held: float, members: np.ndarray, entries: Entries) -> None:
    shown = np.flatnonzero(members).tolist()[:8]
    parts = " + ".join(f"{entries.labels[i]}: {entries.occupancy[i]:g}" for i in shown)
    raise DataError(f"{problem} {held:.4g} atoms", file=name, value=parts)
