"""Compiled passes over the edges of a batch: no tensor as long as the edges is kept (needs numba).

Shape legend: C nodes, e edges, R rows of the bond table, F features.

An edge's z in Eq. 5 is the sum of a row of each of three small tables and is added up anew in every pass. Its
exponential is the product of three exponentials, so these are taken once per row of a table, unless some are so large
that a product could leave single precision; then they are taken edge by edge, which takes twice as long. ``sums`` and
``gradients`` both write this out: as a function it keeps their loops from being vectorised, and a training takes twice
as long.
"""

from __future__ import annotations

import math

import numpy as np

from replicate.models.compiled import compiled, exp, log1p, within

LIMIT = 42.0  # largest exponent whose exponential's product with another such is a number in single precision
SHUT = math.exp(LIMIT)  # exp(−y) of a gate that is shut: a larger one makes no difference, but its products no number


@compiled
def survey(centre, neighbour, bond, share, cuts, lowest, of_centre, of_neighbour, of_bond):
    """Add up the shares of each node and bond row, and move the cuts (T + 1,) to edges that no crystal spans.

    ``lowest`` (e,) is written over. Returns False if an index is out of range or the centres are not sorted.
    """
    n, nodes = len(centre), len(of_centre)
    for e in range(n):
        i, j, r = centre[e], neighbour[e], bond[e]
        inside = 0 <= i < nodes and 0 <= j < nodes and 0 <= r < len(of_bond)
        if not inside or (e and i < centre[e - 1]):
            return False
        of_centre[i] += share[e]
        of_neighbour[j] += share[e]
        of_bond[r] += share[e]
    below = nodes
    for e in range(n - 1, -1, -1):
        below = min(below, centre[e], neighbour[e])
        lowest[e] = below
    above, k = -1, 1
    for e in range(n):
        while k < len(cuts) - 1 and cuts[k] <= e and above < lowest[e]:
            cuts[k] = e
            k += 1
        above = max(above, centre[e], neighbour[e])
    cuts[k:] = n
    return True


@compiled
def moments(a, b, t, centre, neighbour, bond, share, by_centre, by_neighbour, by_bond, start, stop):
    """Add each edge's share · z to the rows it comes from."""
    width = a.shape[1]
    total = np.zeros(width, a.dtype)
    for e in range(start, stop):
        i, j, r, s = np.uint64(centre[e]), np.uint64(neighbour[e]), np.uint64(bond[e]), share[e]
        for f in range(width):
            z = s * (a[i, f] + b[j, f] + t[r, f])
            total[f] += z
            by_neighbour[j, f] += z
            by_bond[r, f] += z
        if e + 1 == stop or centre[e + 1] != centre[e]:
            for f in range(width):
                by_centre[i, f] = total[f]
                total[f] = 0


@compiled
def sums(a, b, t, centre, neighbour, bond, weight, out, start, stop, limit):
    """Write Σ_j w σ(y_f) · softplus(y_s) of every centre.

    Args:
        a, b, t: exponentials of the parts of −y_f and y_s; the parts themselves where ``limit`` is given.
        limit: beyond which an exponential is not taken.
    """
    width = out.shape[1]
    one, zero = out.dtype.type(1), out.dtype.type(0)
    shut, total = out.dtype.type(SHUT), np.zeros(width, out.dtype)
    for e in range(start, stop):
        i, j, r, w = np.uint64(centre[e]), np.uint64(neighbour[e]), np.uint64(bond[e]), weight[e]
        for f in range(width):
            if limit is None:
                v, u = a[i, f] * b[j, f] * t[r, f], a[i, f + width] * b[j, f + width] * t[r, f + width]
                v, beyond = (shut if v > shut else v), zero
            else:
                v, u = a[i, f] + b[j, f] + t[r, f], a[i, f + width] + b[j, f + width] + t[r, f + width]
                beyond = u - limit if u > limit else zero
                v, u = exp(within(v, limit)), exp(within(u, limit))
            p, q = one + v, one + u
            inverse = one / (p * q)
            total[f] += w * (inverse * q) * (log1p(u, q, inverse * p) + beyond)
        if e + 1 == stop or centre[e + 1] != centre[e]:
            for f in range(width):
                out[i, f] = total[f]
                total[f] = zero


@compiled
def gradients(a, b, t, centre, neighbour, bond, weight, along, d_a, d_b, d_t, start, stop, limit):
    """Add each edge's gradient by y to the rows it comes from, given that by the sums (C, F); tables as in ``sums``."""
    width = along.shape[1]
    one, zero = along.dtype.type(1), along.dtype.type(0)
    shut = along.dtype.type(SHUT)
    total, d_y = np.zeros(2 * width, along.dtype), np.zeros(2 * width, along.dtype)
    for e in range(start, stop):
        i, j, r, w = np.uint64(centre[e]), np.uint64(neighbour[e]), np.uint64(bond[e]), weight[e]
        for f in range(width):
            if limit is None:
                v, u = a[i, f] * b[j, f] * t[r, f], a[i, f + width] * b[j, f + width] * t[r, f + width]
                v, beyond = (shut if v > shut else v), zero
            else:
                v, u = a[i, f] + b[j, f] + t[r, f], a[i, f + width] + b[j, f + width] + t[r, f + width]
                beyond = u - limit if u > limit else zero
                v, u = exp(within(v, limit)), exp(within(u, limit))
            p, q = one + v, one + u
            inverse = one / (p * q)
            gate = inverse * q
            message = along[i, f] * w
            # d σ = σ (1 − σ) and 1 − σ = v σ; d softplus = u / (1 + u).
            d_y[f] = message * gate * (gate * v) * (log1p(u, q, inverse * p) + beyond)
            d_y[f + width] = message * (inverse * u)
        for f in range(2 * width):
            total[f] += d_y[f]
            d_b[j, f] += d_y[f]
            d_t[r, f] += d_y[f]
        if e + 1 == stop or centre[e + 1] != centre[e]:
            for f in range(2 * width):
                d_a[i, f] = total[f]
                total[f] = zero


@compiled
def plain_sums(b, t, centre, neighbour, bond, weight, out, start, stop):
    """Write Σ_j w (b_j + t_ij) of every centre."""
    width = out.shape[1]
    total = np.zeros(width, out.dtype)
    for e in range(start, stop):
        i, j, r, w = np.uint64(centre[e]), np.uint64(neighbour[e]), np.uint64(bond[e]), weight[e]
        for f in range(width):
            total[f] += w * (b[j, f] + t[r, f])
        if e + 1 == stop or centre[e + 1] != centre[e]:
            for f in range(width):
                out[i, f] = total[f]
                total[f] = 0


@compiled
def plain_gradients(along, centre, neighbour, bond, weight, d_b, d_t, start, stop):
    """Add each edge's gradient to the rows it comes from, given that by the sums."""
    for e in range(start, stop):
        i, j, r, w = np.uint64(centre[e]), np.uint64(neighbour[e]), np.uint64(bond[e]), weight[e]
        for f in range(along.shape[1]):
            d = w * along[i, f]
            d_b[j, f] += d
            d_t[r, f] += d
