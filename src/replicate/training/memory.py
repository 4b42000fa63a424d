"""Keep freed memory in the process: a quarter of a CPU training would go into page faults otherwise."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

# glibc's mallopt parameters; torch frees and asks again for the same large blocks at every step, and by
# default each of them goes back to the system and is cleared on its return.
_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
_LARGEST_INT = 2**31 - 1


@cache
def keep_freed_memory() -> bool:
    """Tell glibc to serve large blocks from the heap and not to trim it; return whether that was possible."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False  # another C library
    return bool(mallopt(_M_MMAP_MAX, 0)) and bool(mallopt(_M_TRIM_THRESHOLD, _LARGEST_INT))
