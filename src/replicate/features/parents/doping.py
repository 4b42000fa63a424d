"""Put the elements of a compound on the sites of its parent, mixed where they share one.

Shape legend: n sites, 118 elements.
"""

from __future__ import annotations

import numpy as np

from replicate.errors import DataError
from replicate.features.crystal import Crystal
from replicate.features.elements import SYMBOLS
from replicate.features.parents.search import OXYGEN, mendeleev_numbers, sides

LEAST = 1e-3  # share of a site; less is rounding
LARGEST_LEFT_OVER = 0.05


def place(
    parent: Crystal, amounts: np.ndarray, scale: float, formula: np.ndarray, *, open_oxygen: bool = False
) -> Crystal:
    """Return a parent's structure in which sites hold what the compound holds, as probabilities.

    Elements of the parent that the compound has less of leave places, which dopants and elements that the
    compound has more of take, the most alike first, never a metal an anion's place or the reverse; what nobody
    takes stays empty. All sites of one element
    are treated alike, since a formula does not say which of them is doped (Quinn and McQueen 2022,
    "Representation of Off-Stoichiometric Compounds").

    Args:
        parent: its structure, ordered.
        amounts: (118,) of the compound.
        scale: formula units of the parent per formula of the compound.
        formula: (118,) the parent's formula unit.
        open_oxygen: the parent's oxygen sites are full, whatever the compound's formula says.

    Raises:
        DataError: the parent is disordered, or over 5 % of the compound's atoms find no site.
    """
    if len(parent.site) != len(parent):
        raise DataError("a parent must be ordered", file=parent.id)
    seats = scale * formula
    amounts = amounts.astype(float)
    if open_oxygen:
        amounts[OXYGEN] = seats[OXYGEN]
    content = _seated(amounts, seats)  # (118 hosts, 118 elements)
    left_over = float(1 - content.sum() / amounts.sum())
    if left_over > LARGEST_LEFT_OVER:
        most = int(np.argmax(amounts - content.sum(axis=0)))
        raise DataError(f"{left_over:.0%} of the atoms find no site in the parent", file=parent.id, value=SYMBOLS[most])
    shares = content / np.where(seats > 0, seats, 1)[:, None]
    shares[shares < LEAST] = 0
    shares = np.where(np.abs(shares - 1) < LEAST, 1, shares)
    held = shares[parent.element - 1]  # (n, 118)
    full = held.any(axis=1)
    site, element = np.nonzero(held[full])
    occupancy = held[full][site, element]
    return Crystal(parent.id, parent.lattice, parent.positions[full], site, element + 1, occupancy)


def _seated(amounts: np.ndarray, seats: np.ndarray) -> np.ndarray:
    """Return (118, 118): how much of each element sits on the sites of each element of the parent."""
    content = np.diag(np.minimum(amounts, seats))
    free = seats - content.sum(axis=1)
    waiting = amounts - content.sum(axis=0)
    hosts, guests = np.flatnonzero(free > 1e-9), np.flatnonzero(waiting > 1e-9)
    order, side = mendeleev_numbers(), sides()
    # Dopants before elements that have sites of their own.
    pairs = sorted(
        (seats[guest] > 0, abs(order[host] - order[guest]), host, guest)
        for host in hosts.tolist()
        for guest in guests.tolist()
        if side[host] * side[guest] >= 0
    )
    for _, _, host, guest in pairs:
        taken = min(free[host], waiting[guest])
        content[host, guest] += taken
        free[host] -= taken
        waiting[guest] -= taken
    return content
