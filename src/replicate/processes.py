"""What work on this machine may use: how many processes, and memory that stays with its process."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache

from replicate.errors import ConfigError

VARIABLE = "REPLICATE_PROCESSES"


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def allowed() -> int:
    """Return how many processes may be started: ``REPLICATE_PROCESSES``, else 1.

    A new process imports the script that asked for it once more, so a plain script gets none unasked. The command
    line allows one per core; the rules of a build, whose jobs share the cores, say how many.

    Raises:
        ConfigError: the variable is no number of processes.
    """
    named = os.environ.get(VARIABLE) or "1"
    if not named.isdecimal() or int(named) < 1:
        raise ConfigError(f"{VARIABLE} must be 1 or more, not {named!r}")
    return int(named)


@cache
def keep_freed_memory() -> bool:
    """Tell glibc to serve large blocks from the heap and not to trim it; return whether that was possible.

    torch frees and asks again for the same large blocks at every step. By default each of them goes back to the system
    and is cleared on its return: a quarter of a training on a processor would go into page faults.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False  # another C library
    trim_threshold, mmap_max, largest = -1, -4, 2**31 - 1
    return bool(mallopt(mmap_max, 0)) and bool(mallopt(trim_threshold, largest))
