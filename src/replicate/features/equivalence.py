"""Sites and bonds that no message-passing network can tell apart, found once and computed once.

Two sites with the same content whose neighbours are alike, in every shell, have the same feature vector
after any number of convolutions (Eqs. 4 and 5). Colour refinement (Weisfeiler and Leman 1968) finds these
classes. A graph of classes that counts how often each stands in the cell gives the same predictions and
gradients as the graph of all sites; real crystals shrink about threefold.

Shape legend: N sites, E ordered pairs, both of many crystals one after the other; C classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAME_DISTANCE = 1e-4  # Å; distances of one crystal this close follow each other into one value
_ROUNDS = 64
_STEPS = 27_720  # weights as whole numbers; divisible by every shell size up to 12
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def _mix(x: np.ndarray) -> np.ndarray:
    """Return a well-mixed 64-bit hash of whole numbers (the finaliser of splitmix64)."""
    x = (x ^ (x >> np.uint64(30))) * _A
    x = (x ^ (x >> np.uint64(27))) * _B
    return x ^ (x >> np.uint64(31))


@dataclass(frozen=True, eq=False)
class Classes:
    """Graph of site classes.

    Args:
        first: (C,) one site of each class, ascending, so classes stay sorted by crystal.
        count: (C,) sites in the class.
        centre, neighbour: (e,) classes, sorted by centre.
        distance: (e,) Å.
        weight: (e,) neighbours of that class at that distance, for one site of the centre's class.
    """

    first: np.ndarray
    count: np.ndarray
    centre: np.ndarray
    neighbour: np.ndarray
    distance: np.ndarray
    weight: np.ndarray


def merge_distances(crystal: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each pair the index of its distance, and the distances; those nearly equal become their mean.

    Args:
        crystal: (E,) index of the crystal; distances of different crystals are never merged.
        distance: (E,) Å.
    """
    order = np.lexsort((distance, crystal))
    d, c = distance[order], crystal[order]
    new = np.ones(len(d), dtype=bool)
    new[1:] = (np.diff(d) > SAME_DISTANCE) | (np.diff(c) != 0)
    label = np.cumsum(new) - 1
    index = np.empty(len(d), dtype=np.int64)
    index[order] = label
    return index, np.bincount(label, weights=d) / np.bincount(label)


def site_classes(
    crystal: np.ndarray,
    content: np.ndarray,
    centre: np.ndarray,
    neighbour: np.ndarray,
    distance: np.ndarray,
    weight: np.ndarray,
) -> Classes:
    """Merge the sites of each crystal that are alike, and the pairs that then coincide.

    Args:
        crystal: (N,) index of the crystal of each site, ascending.
        content: (N,) equal for sites that hold the same elements with the same occupancies.
        centre, neighbour: (E,) sites, sorted by centre; every site is a centre.
        distance: (E,) Å.
        weight: (E,) how much of a neighbour each pair counts as.
    """
    n = len(crystal)
    label, value = merge_distances(crystal[centre], distance)
    start = np.searchsorted(centre, np.arange(n))
    with np.errstate(over="ignore"):
        bond = _mix(label.astype(np.uint64) + np.uint64(1)) * np.round(weight * _STEPS).astype(np.uint64)
        seed = _mix(crystal.astype(np.uint64) + np.uint64(1))
        colour = _mix(content.astype(np.uint64) ^ seed)
        n_colours = 0
        for _ in range(_ROUNDS):
            unique, first, member = np.unique(colour, return_index=True, return_inverse=True)
            if len(unique) == n_colours:
                break
            n_colours = len(unique)
            around = np.add.reduceat(_mix(colour[neighbour] ^ bond) * bond, start)
            colour = _mix(colour + _mix(around))
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    member, first = rank[member], first[order]
    of_first = np.isin(centre, first)
    a, b, d = member[centre[of_first]], member[neighbour[of_first]], label[of_first]
    order = np.lexsort((d, b, a))
    a, b, d, w = a[order], b[order], d[order], weight[of_first][order]
    new = np.ones(len(a), dtype=bool)
    new[1:] = (np.diff(a) != 0) | (np.diff(b) != 0) | (np.diff(d) != 0)
    at = np.flatnonzero(new)
    return Classes(first, np.bincount(member), a[at], b[at], value[d[at]], np.add.reduceat(w, at) if len(at) else w)
