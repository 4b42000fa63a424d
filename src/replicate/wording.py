"""Numbers and their nouns in texts."""

from __future__ import annotations

import math


def number_of(n: int, noun: str) -> str:
    """Return a count with its noun: ``1 seed``, ``2 seeds``."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def decimals_for(sd: float, decimals: int) -> int:
    """Return decimals that show the first digit of a deviation: ``decimals``, or up to two more where it would be 0."""
    if round(sd, decimals) > 0 or round(sd, decimals + 2) == 0:
        return decimals
    return -math.floor(math.log10(sd))
