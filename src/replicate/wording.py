"""Numbers and their nouns in texts."""

from __future__ import annotations


def number_of(n: int, noun: str) -> str:
    """Return a count with its noun: ``1 seed``, ``2 seeds``."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
