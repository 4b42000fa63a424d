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
    "choices_konno2021": ("konno2021_choices",),
    "choices_xie2018": ("xie2018_choices",),
    "commands": ("first_commands",),
    "html": (
        "badge",
        "number",
        "searchable",
        "sentence",
        "table",
    ),
    "konno2021": (
        "cod_cleaning",
        "cod_counts",
        "forest_sentence",
        "known_in_cod",
        "later_entries",
        "outliers",
        "periodic_networks",
        "sizes_sentence",
        "temporal_list",
        "temporal_table",
    ),
    "konno2021_collapse": ("collapsed_trainings",),
    "konno2021_discovery": (
        "FAMILIES",
        "authors_boride",
        "authors_predictions",
        "candidate_table",
        "family_models",
        "family_table",
        "in_training",
        "most_often",
        "named_in_supercon",
        "named_table",
        "overlap_sentence",
    ),
    "konno2021_gap": (
        "atom_table_errors",
        "gap_table",
        "own_gap_tables",
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
    "verdict_konno2021": (
        "konno2021_conclusion",
        "konno2021_verdict",
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
