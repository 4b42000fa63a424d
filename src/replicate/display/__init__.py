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
    "choices_xie2018": ("xie2018_choices",),
    "commands": ("first_commands",),
    "html": (
        "badge",
        "number",
        "searchable",
        "sentence",
        "table",
    ),
    "pages": (
        "claim_results",
        "claims",
        "data_card",
        "dropped",
        "printed",
        "provenance",
        "scores",
    ),
    "quinn2022": (
        "class_networks",
        "compounds_card",
    ),
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
    "superconductors": (
        "budget",
        "cleaning_steps",
    ),
    "verdict_xie2018": ("xie2018_verdict",),
    "xie2018": (
        "archives",
        "authors_sentence",
        "authors_table",
        "dft_errors",
        "equations",
        "found_weights",
        "hyperparameter_sentence",
        "joins",
        "model_scores",
        "networks",
        "properties_table",
        "search_sentence",
        "table_s5",
    ),
}
__all__ = sorted(name for names in _PLACES.values() for name in names)


def __getattr__(name: str) -> Any:
    return lazy.attribute(__name__, _PLACES, name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
