"""What a user should know of a stored ensemble before trusting any of its numbers."""

from __future__ import annotations

from replicate import records
from replicate.models.store import EnsembleCard

_TAUGHT = {
    "atcnn/band-gap": "taught with compounds that have a gap: a metal gets one too",
    "atcnn/metal": "the probability of a metal",
}


def notes_on(card: EnsembleCard) -> tuple[str, ...]:
    """Return what holds for every prediction of an ensemble: what it was taught, and how far."""
    found = [_TAUGHT[card.name]] if card.name in _TAUGHT else []
    if card.profile != "full":
        return (*found, f"trained with the {card.profile} profile")
    full = records.full_record(card.experiment)
    return (*found, "trained with a reduced budget") if full and full.config.get("budget") else tuple(found)
