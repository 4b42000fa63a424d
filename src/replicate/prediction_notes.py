"""What a user should know of a stored ensemble before trusting any of its numbers."""

from __future__ import annotations

from collections.abc import Iterable

from replicate import records
from replicate.features.elements import SYMBOLS
from replicate.models.store import EnsembleCard

_TAUGHT = {
    "atcnn/band-gap": "taught with compounds that have a gap: a metal gets one too",
    "atcnn/metal": "the probability of a metal",
}


def never_saw(present: Iterable[int], known: set[int]) -> list[str]:
    """Return the warning on elements that are no part of the training data, by atomic number; empty for none."""
    unseen = [SYMBOLS[z - 1] for z in present if z not in known]
    return [f"elements the model never saw: {', '.join(unseen)}"] if unseen else []


def notes_on(card: EnsembleCard) -> tuple[str, ...]:
    """Return what holds for every prediction of an ensemble: what it was taught, and how far."""
    found = [_TAUGHT[card.name]] if card.name in _TAUGHT else []
    if card.profile != "full":
        return (*found, f"trained with the {card.profile} profile")
    full = records.full_record(card.experiment)
    return (*found, "trained with a reduced budget") if full and full.budget else tuple(found)
