"""How many processes work may be spread over."""

from __future__ import annotations

import os

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
