"""Compiled passes over the rows of a batch's tables, nodes or distances (needs numba).

Shape legend: C nodes, R rows of the bond table, F features.
"""

from __future__ import annotations

import numpy as np

from replicate.models.compiled import compiled, exp, log1p, within

FARTHEST = 87.0  # exponent of a number in single precision
BLOCK = 16  # rows that are added up before they go to a sum in double precision


@compiled
def dot(x, y, shares, first, second, start, stop):
    """Add Σ shares · x and Σ x · y over rows of a table to (2F,) sums in double precision."""
    width = x.shape[1]
    sums, products = np.zeros(width, x.dtype), np.zeros(width, x.dtype)
    for r in range(start, stop):
        for f in range(width):
            sums[f] += shares[r] * x[r, f]
            products[f] += x[r, f] * y[r, f]
        if r % BLOCK == BLOCK - 1 or r + 1 == stop:
            for f in range(width):
                first[f] += sums[f]
                second[f] += products[f]
                sums[f] = products[f] = 0


@compiled
def fold(x, factor, offset, out, lowest, highest, start, stop, exponential):
    """Write exp(factor · x + offset), or the exponent itself, and note each column's lowest and highest (2F,)."""
    for r in range(start, stop):
        for f in range(x.shape[1]):
            y = x[r, f] * factor[f] + offset[f]
            lowest[f] = y if y < lowest[f] else lowest[f]
            highest[f] = y if y > highest[f] else highest[f]
            out[r, f] = exp(y) if exponential else y


@compiled
def correct(gradient, shares, by_row, factor, constant, slope, start, stop):
    """Take off what the batch's mean and variance add to the gradient by y, and turn it into that by z."""
    for r in range(start, stop):
        s = shares[r]
        for f in range(gradient.shape[1]):
            gradient[r, f] = factor[f] * (gradient[r, f] - s * constant[f] - by_row[r, f] * slope[f])


@compiled
def spread(x, shares, first, second, start, stop):
    """Add Σ shares · x and Σ shares · x² over nodes (C, F) to (F,) sums in double precision."""
    for r in range(start, stop):
        s = np.float64(shares[r])
        for f in range(x.shape[1]):
            value = np.float64(x[r, f])
            first[f] += s * value
            second[f] += s * value * value


@compiled
def step(v, x, factor, offset, out, start, stop):
    """Write softplus(v + factor · x + offset) of nodes (C, F)."""
    one, zero, limit = x.dtype.type(1), x.dtype.type(0), x.dtype.type(FARTHEST)
    for r in range(start, stop):
        for f in range(x.shape[1]):
            y = v[r, f] + (x[r, f] * factor[f] + offset[f])
            u = exp(within(-abs(y), limit))
            out[r, f] = log1p(u, one + u, one / (one + u)) + (y if y > zero else y * zero)


@compiled
def step_back(v, x, factor, offset, d_out, d_v, first, second, start, stop):
    """Write the gradient by the softplus' argument and add it, and it times x, to (F,) sums in double precision."""
    one, limit = x.dtype.type(1), x.dtype.type(FARTHEST)
    width = x.shape[1]
    once, twice = np.zeros(width, x.dtype), np.zeros(width, x.dtype)
    for r in range(start, stop):
        for f in range(width):
            y = v[r, f] + (x[r, f] * factor[f] + offset[f])
            d = d_out[r, f] / (one + exp(within(-y, limit)))
            d_v[r, f] = d
            once[f] += d
            twice[f] += d * x[r, f]
        if r % BLOCK == BLOCK - 1 or r + 1 == stop:
            for f in range(width):
                first[f] += once[f]
                second[f] += twice[f]
                once[f] = twice[f] = 0


@compiled
def step_correct(x, shares, d_v, factor, constant, slope, d_x, start, stop):
    """Write the gradient by x, given that by the softplus' argument and what mean and variance take off."""
    for r in range(start, stop):
        s = shares[r]
        for f in range(x.shape[1]):
            d_x[r, f] = factor[f] * (d_v[r, f] - s * (constant[f] + slope[f] * x[r, f]))
