"""Who neighbours whom in a crystal: the two rules of Xie and Grossman, Phys. Rev. Lett. 120, 145301 (2018).

Shape legend: n sites, e ordered pairs (centre, neighbour), each periodic image a pair of its own.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from scipy.spatial import QhullError, Voronoi

from replicate.errors import ConfigError, DataError
from replicate.features.crystal import Crystal
from replicate.features.elements import SYMBOLS, cordero_radius

OVERLAP = 0.3  # Å; the shortest bond there is, H–H, has 0.74
WIDEN = 1.3
_WIDEST = 60.0  # Å; a cell that still lacks neighbours is no crystal
_FAR = 100.0  # Å
ROUNDED = 1e-8  # Å; distances this close differ by rounding only
_THIRD = 1e-4  # of a third; pymatgen takes coordinates this close for thirds
_FACE = 1e-3  # share of the largest face; smaller ones are rounding

Kind = Literal["nearest", "voronoi", "released"]


@dataclass(frozen=True)
class NeighbourRule:
    """How neighbours are chosen.

    Args:
        kind: ``nearest``, the ``count`` nearest within ``radius``; a shell that is cut is shared (see
            :func:`nearest`). ``voronoi`` (the supplement): within ``radius``, a shared Voronoi face, and closer
            than the sum of the Cordero radii plus ``tolerance``. ``released``: as the published code does
            it, for its networks.
        count: neighbours per site of ``nearest`` and ``released``.
        radius: Å.
        tolerance: Å.
        tie: Å; distances this close to the last neighbour's belong to its shell.
    """

    kind: Kind = "nearest"
    count: int = 12
    radius: float = 8.0
    tolerance: float = 0.25
    tie: float = 1e-3

    def __post_init__(self) -> None:
        if self.count < 1 or self.radius <= 0:
            raise ConfigError(f"count and radius must be positive, got {self.count}, {self.radius}")
        if self.kind not in get_args(Kind):
            raise ConfigError(f"neighbours are {' or '.join(get_args(Kind))}, not {self.kind!r}")


VORONOI = NeighbourRule("voronoi", radius=6.0)
RELEASED = NeighbourRule("released")


@dataclass(frozen=True, eq=False)
class Pairs:
    """Neighbours of every site.

    Args:
        centre, neighbour: (e,) site indices, sorted by centre, then distance.
        distance: (e,) Å.
        weight: (e,) how much of a neighbour each pair counts as.
        widened: the distance, Å, of the farthest neighbour where the rule's radius held too few; else None.
    """

    centre: np.ndarray
    neighbour: np.ndarray
    distance: np.ndarray
    weight: np.ndarray
    widened: float | None = None


def find_neighbours(crystal: Crystal, rule: NeighbourRule) -> Pairs:
    """Return the neighbours of every site by a rule.

    Raises:
        DataError: atoms overlap, or no neighbours are found however wide the radius; names the crystal.
    """
    return {"nearest": nearest, "voronoi": bonded, "released": released}[rule.kind](crystal, rule)


def within(crystal: Crystal, radius: float, quantities: str = "ijd") -> tuple[np.ndarray, ...]:
    """Return centre, neighbour, distance and more of all pairs within ``radius`` Å, sorted by centre and distance."""
    # Here: it brings torch, and rules are named where no neighbour is searched.
    from vesin import NeighborList

    points = crystal.positions @ crystal.lattice
    search = NeighborList(cutoff=radius, full_list=True)
    arrays = search.compute(points=points, box=crystal.lattice, periodic=True, quantities=quantities)
    order = np.lexsort((arrays[2], arrays[0]))
    centre, neighbour, distance, *others = (array[order] for array in arrays)
    centre, neighbour = centre.astype(np.int64), neighbour.astype(np.int64)
    _refuse_overlap(crystal, centre, neighbour, distance)
    return centre, neighbour, distance, *others


def _refuse_overlap(crystal: Crystal, centre: np.ndarray, neighbour: np.ndarray, distance: np.ndarray) -> None:
    if len(distance) and (shortest := float(distance.min())) < OVERLAP:
        at = distance.argmin()
        pair = f"sites {centre[at] + 1} and {neighbour[at] + 1}, {shortest:.3f} Å apart"
        raise DataError("atoms overlap", file=crystal.id, value=pair)


def nearest(crystal: Crystal, rule: NeighbourRule) -> Pairs:
    """Return the ``count`` nearest neighbours; a shell that ``count`` cuts through is shared by weight.

    Where the published code takes whichever atoms of that shell come first, here all its m atoms count
    (what is left of ``count``) / m each, so that the graph does not depend on the order of the atoms or the
    choice of cell.
    """
    n = len(crystal)
    density = n / abs(float(np.linalg.det(crystal.lattice)))
    # Most crystals have their neighbours well inside the radius: look close first, the result is the same.
    radius = min((3 * 2.2 * rule.count / (4 * np.pi * density)) ** (1 / 3), rule.radius)
    while True:
        centre, neighbour, distance = within(crystal, radius + 2 * rule.tie)
        counts = np.bincount(centre, minlength=n)
        if counts.min() >= rule.count:
            last = distance[np.cumsum(counts) - counts + rule.count - 1]
            if last.max() <= radius:
                break
        if radius > _WIDEST:
            raise DataError(f"an atom has {counts.min()} neighbours within {radius:.0f} Å", file=crystal.id)
        radius = min(radius * WIDEN, rule.radius) if radius < rule.radius else radius * WIDEN
    keep = distance <= last[centre] + rule.tie
    centre, neighbour, distance = centre[keep], neighbour[keep], distance[keep]
    inside = distance < last[centre] - rule.tie
    n_inside = np.bincount(centre, weights=inside, minlength=n)
    n_shell = np.bincount(centre, minlength=n) - n_inside
    weight = np.where(inside, 1.0, ((rule.count - n_inside) / n_shell)[centre])
    farthest = float(last.max())
    return Pairs(centre, neighbour, distance, weight, farthest if farthest > rule.radius else None)


def released(crystal: Crystal, rule: NeighbourRule) -> Pairs:
    """Return the neighbours of the published code: of a shell that is cut, whichever atoms come first.

    The order is that of pymatgen's search in what it reads of the crystal's CIF: a cell set up from lengths and
    angles, atoms sorted by electronegativity, thirds made exact. An atom with too few neighbours gets the
    cell's first atom at ``radius`` + 1 Å for each that lacks. The published code reads no shared sites; a crystal with
    one gets its nearest neighbours, with ties only to rounding.
    """
    if len(crystal.element) != len(crystal) or (crystal.occupancy < 1).any():
        return nearest(crystal, replace(rule, kind="nearest", tie=ROUNDED))
    from pymatgen.core import Element, Lattice, Structure

    # As the file states them: rounding in the last bit would order atoms at one distance anew.
    lattice = Lattice.from_parameters(*np.round(Lattice(crystal.lattice).parameters, 10).tolist())
    symbols = [SYMBOLS[z - 1] for z in crystal.element]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of an element without an electronegativity
        by_electronegativity = sorted(set(symbols), key=Element)
    order = np.argsort([by_electronegativity.index(symbol) for symbol in symbols], kind="stable")
    places = crystal.positions[order] % 1.0
    for third in (1 / 3, 2 / 3):
        places[np.abs(places - third) < _THIRD * places] = third
    structure = Structure(lattice, [symbols[i] for i in order], places)
    centre, neighbour, _, distance = structure.get_neighbor_list(rule.radius)
    by_distance = np.lexsort((distance, centre))
    centre, neighbour, distance = centre[by_distance], neighbour[by_distance], distance[by_distance]
    _refuse_overlap(crystal, order[centre], order[neighbour], distance)
    rank = np.arange(len(centre)) - np.searchsorted(centre, np.arange(len(crystal)))[centre]
    near = rank < rule.count
    at = order[centre[near]], rank[near]
    neighbours = np.full((len(crystal), rule.count), order[0])
    distances = np.full((len(crystal), rule.count), rule.radius + 1.0)
    neighbours[at], distances[at] = order[neighbour[near]], distance[near]
    widened = rule.radius + 1.0 if (distances > rule.radius).any() else None
    centre = np.repeat(np.arange(len(crystal)), rule.count)
    return Pairs(centre, neighbours.ravel(), distances.ravel(), np.ones(len(centre)), widened)


def bonded(crystal: Crystal, rule: NeighbourRule) -> Pairs:
    """Return the neighbours that share a Voronoi face and are closer than a bond (supplement, first section).

    A site without any such neighbour gets its nearest ones, all at the same distance, and the crystal is
    reported as widened.
    """
    centre, neighbour, distance, shift = within(crystal, rule.radius, "ijdS")
    # Cordero radii, (n,) Å, the occupancy-weighted mean where a site is shared.
    total = np.bincount(crystal.site, weights=crystal.occupancy * cordero_radius()[crystal.element - 1])
    radii = total / np.bincount(crystal.site, weights=crystal.occupancy)
    near = distance <= np.minimum(rule.radius, radii[centre] + radii[neighbour] + rule.tolerance)
    keep = near & _shares_face(crystal, centre, neighbour, shift, near)
    bonds = centre[keep], neighbour[keep], distance[keep]
    lonely = np.setdiff1d(np.arange(len(crystal)), bonds[0])
    if not len(lonely):
        return Pairs(*bonds, np.ones(len(bonds[0])))
    pairs = nearest(crystal, NeighbourRule(count=1, radius=rule.radius))
    extra = np.isin(pairs.centre, lonely)
    widened = max(float(pairs.distance[extra].max()), rule.radius)
    others = pairs.centre[extra], pairs.neighbour[extra], pairs.distance[extra]
    centre, neighbour, distance = map(np.concatenate, zip(bonds, others, strict=True))
    order = np.lexsort((distance, centre))
    return Pairs(centre[order], neighbour[order], distance[order], np.ones(len(order)), widened)


def _shares_face(
    crystal: Crystal, centre: np.ndarray, neighbour: np.ndarray, shift: np.ndarray, near: np.ndarray
) -> np.ndarray:
    """Return for each pair whether its atoms share a Voronoi face; asked only where ``near``."""
    points = crystal.positions @ crystal.lattice
    shares = np.zeros(len(centre), dtype=bool)
    for site in np.unique(centre[near]):
        around = np.flatnonzero(centre == site)
        images = points[neighbour[around]] + shift[around] @ crystal.lattice
        cell = _voronoi(np.concatenate([points[[site]], images]))
        with_site = (cell.ridge_points == 0).any(axis=1) & (cell.ridge_points <= len(around)).all(axis=1)
        others = cell.ridge_points[with_site].max(axis=1) - 1
        vertices = [cell.ridge_vertices[r] for r in np.flatnonzero(with_site)]
        areas = np.array([_area(cell.vertices[v]) if min(v) >= 0 else np.inf for v in vertices])
        finite = areas[np.isfinite(areas)]
        shares[around[others[areas > _FACE * (finite.max() if len(finite) else 0)]]] = True
    return shares


def _voronoi(points: np.ndarray) -> Voronoi:
    """Return the cells of points; too few of them, or a flat layer, get eight far corners around them."""
    try:
        return Voronoi(points)
    except QhullError:
        corners = np.stack(np.meshgrid(*[[-1.0, 1.0]] * 3), axis=-1).reshape(8, 3)
        return Voronoi(np.concatenate([points, points[0] + _FAR * corners]))


def _area(corners: np.ndarray) -> float:
    """Return the area of a flat polygon whose corners (m, 3) come in order."""
    spokes = corners[1:] - corners[0]
    return 0.5 * float(np.linalg.norm(np.cross(spokes[:-1], spokes[1:]).sum(axis=0)))
