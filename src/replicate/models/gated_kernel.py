"""Compiled passes over the edges of Eq. 5's sum: no tensor as long as the edges is kept (needs numba).

Shape legend: C nodes, e edges, R rows of the bond table, F features.

An edge's z is the sum of a row of each of three small tables and is added up anew in every pass. Its exponential is
the product of three exponentials, so these are taken once per row of a table, wherever none is so large that a
product could leave single precision; otherwise they are taken edge by edge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from replicate import paths

# Largest exponent of one table, and of an edge: the product of two edges' exponentials is a number in single precision.
LIMIT = 14.0
LIMIT_OF_EDGE = 3 * LIMIT
FARTHEST = 87.0  # exponent of a number in single precision
BLOCK = 16  # rows that are added up before they go to a sum in double precision
# Not "nnan" or "ninf": a training that diverges is to show it. Not "reassoc": it would cancel what rounds in _exp.
_OPTIONS: dict[str, Any] = {"fastmath": {"contract", "nsz", "arcp"}, "error_model": "numpy"}
_f4, _i4 = np.float32, np.int32


@contextmanager
def _own_folder() -> Iterator[None]:
    """Keep machine code in the project's cache, unless the user names numba a folder; the package may be read-only."""
    named = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = named or str(paths.cache_dir() / "compiled")
    try:
        yield
    finally:
        numba.config.CACHE_DIR = named


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    with _own_folder():
        try:
            return numba.njit(function, cache=True, nogil=True, **_OPTIONS)
        except RuntimeError:  # there is no folder to write to
            return numba.njit(function, nogil=True, **_OPTIONS)


def _exp(x):
    """Return exp(x), |x| ≤ 87 or not a number."""
    raise NotImplementedError  # compiled code only


@overload(_exp, jit_options=_OPTIONS)
def _exp_of(x):
    # Cephes' expf: x = n ln 2 + r, a polynomial in r, n added to the exponent. It vectorises, libm's does not.
    def single(x):
        # Rounded to an integer, which stands in the last bits.
        shifted = _f4(x * _f4(1.4426950408889634) + _f4(12582912.0))
        n = shifted - _f4(12582912.0)
        r = x - n * _f4(0.693359375) + n * _f4(2.12194440e-4)
        p = _f4(1.9875691500e-4)
        p = p * r + _f4(1.3981999507e-3)
        p = p * r + _f4(8.3334519073e-3)
        p = p * r + _f4(4.1665795894e-2)
        p = p * r + _f4(1.6666665459e-1)
        p = p * r + _f4(5.0000001201e-1)
        p = p * r * r + r + _f4(1.0)
        return p * _i4(_i4(np.float32(shifted).view(np.int32) << _i4(23)) + _i4(0x3F800000)).view(np.float32)

    return single if x == types.float32 else lambda x: math.exp(x)


def _log1p(u, m, inverse):
    """Return log(1 + u), u ≥ 0, given m = 1 + u and 1 / m."""
    raise NotImplementedError  # compiled code only


@overload(_log1p, jit_options=_OPTIONS)
def _log1p_of(u, m, inverse):
    # m = 2ⁿ (1 + x) with 1 + x between √½ and √2, the best polynomial for log(1 + x) there, and what m had rounded off.
    def single(u, m, inverse):
        n = _i4(_i4(np.float32(m).view(np.int32) - _i4(0x3F3504F3)) >> _i4(23))
        x = _i4(np.float32(m).view(np.int32) - _i4(n << _i4(23))).view(np.float32) - _f4(1.0)
        p = _f4(8.979434520e-02)
        p = p * x - _f4(1.442684233e-01)
        p = p * x + _f4(1.488370001e-01)
        p = p * x - _f4(1.655179411e-01)
        p = p * x + _f4(1.996347606e-01)
        p = p * x - _f4(2.500258386e-01)
        p = p * x + _f4(3.333393335e-01)
        p = p * x - _f4(4.999998212e-01)
        lost = (u - (m - _f4(1.0))) * inverse
        return _f4(n) * _f4(0.6931471805599453) + (p * x * x + (x + lost))

    return single if u == types.float32 else lambda u, m, inverse: math.log1p(u)


@register_jitable(**_OPTIONS)
def _within(x, limit):
    """Return x, at most ``limit`` away from zero; what is not a number stays so."""
    x = limit if x > limit else x
    return -limit if x < -limit else x


@_compiled
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


@_compiled
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


@_compiled
def dot(x, y, shares, first, second, start, stop):
    """Add Σ shares · x and Σ x · y over rows of a table to (2F,) sums in double precision."""
    width = x.shape[1]
    one, two = np.zeros(width, x.dtype), np.zeros(width, x.dtype)
    for r in range(start, stop):
        for f in range(width):
            one[f] += shares[r] * x[r, f]
            two[f] += x[r, f] * y[r, f]
        if r % BLOCK == BLOCK - 1 or r + 1 == stop:
            for f in range(width):
                first[f] += one[f]
                second[f] += two[f]
                one[f] = two[f] = 0


@_compiled
def fold(x, factor, offset, out, start, stop, exponential):
    """Write exp(factor · x + offset), or the exponent itself, and return the largest exponent's magnitude."""
    largest = np.zeros(x.shape[1], x.dtype)
    for r in range(start, stop):
        for f in range(x.shape[1]):
            y = x[r, f] * factor[f] + offset[f]
            magnitude = abs(y)
            largest[f] = magnitude if magnitude > largest[f] else largest[f]
            out[r, f] = _exp(y) if exponential else y
    return largest.max() if len(largest) else x.dtype.type(0)


@_compiled
def sums(a, b, t, centre, neighbour, bond, weight, out, start, stop, limit):
    """Write Σ_j w σ(y_f) · softplus(y_s) of every centre.

    Args:
        a, b, t: exponentials of the parts of −y_f and y_s; the parts themselves where ``limit`` is given.
        limit: beyond which an exponential is not taken.
    """
    width = out.shape[1]
    one, zero = out.dtype.type(1), out.dtype.type(0)
    total = np.zeros(width, out.dtype)
    for e in range(start, stop):
        i, j, r, w = np.uint64(centre[e]), np.uint64(neighbour[e]), np.uint64(bond[e]), weight[e]
        for f in range(width):
            if limit is None:
                v, u = a[i, f] * b[j, f] * t[r, f], a[i, f + width] * b[j, f + width] * t[r, f + width]
                beyond = zero
            else:
                v, u = a[i, f] + b[j, f] + t[r, f], a[i, f + width] + b[j, f + width] + t[r, f + width]
                beyond = u - limit if u > limit else zero
                v, u = _exp(_within(v, limit)), _exp(_within(u, limit))
            p, q = one + v, one + u
            inverse = one / (p * q)
            total[f] += w * (inverse * q) * (_log1p(u, q, inverse * p) + beyond)
        if e + 1 == stop or centre[e + 1] != centre[e]:
            for f in range(width):
                out[i, f] = total[f]
                total[f] = zero


@_compiled
def gradients(a, b, t, centre, neighbour, bond, weight, along, d_a, d_b, d_t, start, stop, limit):
    """Add each edge's gradient by y to the rows it comes from, given that by the sums (C, F); tables as in ``sums``."""
    width = along.shape[1]
    one, zero = along.dtype.type(1), along.dtype.type(0)
    total, d_y = np.zeros(2 * width, along.dtype), np.zeros(2 * width, along.dtype)
    for e in range(start, stop):
        i, j, r, w = np.uint64(centre[e]), np.uint64(neighbour[e]), np.uint64(bond[e]), weight[e]
        for f in range(width):
            if limit is None:
                v, u = a[i, f] * b[j, f] * t[r, f], a[i, f + width] * b[j, f + width] * t[r, f + width]
                beyond = zero
            else:
                v, u = a[i, f] + b[j, f] + t[r, f], a[i, f + width] + b[j, f + width] + t[r, f + width]
                beyond = u - limit if u > limit else zero
                v, u = _exp(_within(v, limit)), _exp(_within(u, limit))
            p, q = one + v, one + u
            inverse = one / (p * q)
            gate = inverse * q
            message = along[i, f] * w
            # d σ = σ (1 − σ) and 1 − σ = v σ; d softplus = u / (1 + u).
            d_y[f] = message * gate * (gate * v) * (_log1p(u, q, inverse * p) + beyond)
            d_y[f + width] = message * (inverse * u)
        for f in range(2 * width):
            total[f] += d_y[f]
            d_b[j, f] += d_y[f]
            d_t[r, f] += d_y[f]
        if e + 1 == stop or centre[e + 1] != centre[e]:
            for f in range(2 * width):
                d_a[i, f] = total[f]
                total[f] = zero


@_compiled
def correct(gradient, shares, by_row, factor, constant, slope, start, stop):
    """Take off what the batch's mean and variance add to the gradient by y, and turn it into that by z."""
    for r in range(start, stop):
        s = shares[r]
        for f in range(gradient.shape[1]):
            gradient[r, f] = factor[f] * (gradient[r, f] - s * constant[f] - by_row[r, f] * slope[f])


@_compiled
def spread(x, shares, first, second, start, stop):
    """Add Σ shares · x and Σ shares · x² over nodes (C, F) to (F,) sums in double precision."""
    for r in range(start, stop):
        s = np.float64(shares[r])
        for f in range(x.shape[1]):
            value = np.float64(x[r, f])
            first[f] += s * value
            second[f] += s * value * value


@_compiled
def step(v, x, factor, offset, out, start, stop):
    """Write softplus(v + factor · x + offset) of nodes (C, F)."""
    one, zero, limit = x.dtype.type(1), x.dtype.type(0), x.dtype.type(FARTHEST)
    for r in range(start, stop):
        for f in range(x.shape[1]):
            y = v[r, f] + (x[r, f] * factor[f] + offset[f])
            u = _exp(_within(-abs(y), limit))
            out[r, f] = _log1p(u, one + u, one / (one + u)) + (y if y > zero else y * zero)


@_compiled
def step_back(v, x, factor, offset, d_out, d_v, first, second, start, stop):
    """Write the gradient by the softplus' argument and add it, and it times x, to (F,) sums in double precision."""
    one, limit = x.dtype.type(1), x.dtype.type(FARTHEST)
    width = x.shape[1]
    once, twice = np.zeros(width, x.dtype), np.zeros(width, x.dtype)
    for r in range(start, stop):
        for f in range(width):
            y = v[r, f] + (x[r, f] * factor[f] + offset[f])
            d = d_out[r, f] / (one + _exp(_within(-y, limit)))
            d_v[r, f] = d
            once[f] += d
            twice[f] += d * x[r, f]
        if r % BLOCK == BLOCK - 1 or r + 1 == stop:
            for f in range(width):
                first[f] += once[f]
                second[f] += twice[f]
                once[f] = twice[f] = 0


@_compiled
def step_correct(x, shares, d_v, factor, constant, slope, d_x, start, stop):
    """Write the gradient by x, given that by the softplus' argument and what mean and variance take off."""
    for r in range(start, stop):
        s = shares[r]
        for f in range(x.shape[1]):
            d_x[r, f] = factor[f] * (d_v[r, f] - s * (constant[f] + slope[f] * x[r, f]))
