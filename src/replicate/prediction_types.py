"""What a prediction consists of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Prediction:
    """One predicted value.

    Args:
        input: formula or file as given.
        value: None where the input could not be used; ``warnings`` then says why.
        spread: standard deviation over members, None for a single network.
        unit: of both.
        warnings: what a user should know before trusting the value.
    """

    input: str
    value: float | None
    spread: float | None
    unit: str
    warnings: tuple[str, ...]
