"""How passes over edges and nodes are compiled, and functions that vectorise there (needs numba)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from replicate import paths

# Not "nnan" or "ninf": a training that diverges is to show it. Not "reassoc": it would cancel what rounds in exp.
_OPTIONS: dict[str, Any] = {"fastmath": {"contract", "nsz", "arcp"}, "error_model": "numpy"}
_SOURCES = ("compiled.py", "edge_kernel.py", "row_kernel.py")
_f4, _i4 = np.float32, np.int32


def _folder() -> str:
    """Return where machine code is kept: by the text of all that is compiled, for numba looks at one file only."""
    texts = b"".join((Path(__file__).parent / name).read_bytes() for name in _SOURCES)
    return str(paths.cache_dir() / "compiled" / hashlib.sha256(texts).hexdigest()[:16])


@contextmanager
def _own_folder() -> Iterator[None]:
    """Keep machine code in the project's cache, unless the user names numba a folder; the package may be read-only."""
    named = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = named or _folder()
    try:
        yield
    finally:
        numba.config.CACHE_DIR = named


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that is compiled when it is first called, once per machine, and lets other threads run."""
    with _own_folder():
        try:
            passes = numba.njit(function, cache=True, nogil=True, **_OPTIONS)
        except RuntimeError:  # there is no folder to write to
            return numba.njit(function, nogil=True, **_OPTIONS)
    save = passes._cache.save_overload

    def save_if_possible(*arguments: Any) -> None:
        with suppress(OSError):  # a full disk is no reason to stop a training
            save(*arguments)

    passes._cache.save_overload = save_if_possible
    return passes


def exp(x):
    """Return e to the power x, |x| ≤ 87 or not a number."""
    raise NotImplementedError  # compiled code only


@overload(exp, jit_options=_OPTIONS)
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


def log1p(u, m, inverse):
    """Return log(1 + u), u ≥ 0, given m = 1 + u and 1 / m."""
    raise NotImplementedError  # compiled code only


@overload(log1p, jit_options=_OPTIONS)
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
def within(x, limit):
    """Return x, at most ``limit`` away from zero; what is not a number stays so."""
    x = limit if x > limit else x
    return -limit if x < -limit else x
