"""Pieces of a book page; each function returns an object that a notebook shows."""

from __future__ import annotations

from typing import Any

from replicate import lazy

# Module → what it holds for pages; imported when a page asks for it, so that a page waits for nothing it does not show.
_PLACES: dict[str, tuple[str, ...]] = {
    "chapters": (
        "chapter_claims",
        "chapter_data",
        "verdict_sentences",
    ),
    "commands": ("first_commands",),
    "html": (
        "badge",
        "number",
        "searchable",
        "sentence",
        "table",
    ),
    "pages": (
        "archives",
        "claim_results",
        "data_card",
        "dropped",
        "joins",
        "networks",
        "printed",
        "provenance",
        "scores",
    ),
    "quinn2022": ("compounds_card",),
    "scoreboard": (
        "comparison",
        "full_scoreboard",
        "scoreboard_picture",
        "verdict_counts",
    ),
    "status": (
        "bench_sentence",
        "bench_table",
    ),
    "superconductors": ("cleaning_steps",),
}
__all__ = sorted(name for names in _PLACES.values() for name in names)


def __getattr__(name: str) -> Any:
    return lazy.attribute(__name__, _PLACES, name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
