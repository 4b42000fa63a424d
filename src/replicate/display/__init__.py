"""Pieces of a book page; each function returns an object that a notebook shows."""

from __future__ import annotations

from typing import Any

from replicate import lazy

# Module → what it holds for pages; imported when a page asks for it, so that a page waits for nothing it does not show.
_PLACES: dict[str, tuple[str, ...]] = {
    "beyond": (
        "beyond_choices",
        "beyond_conclusion",
        "beyond_data",
        "beyond_errors",
        "beyond_finds",
        "beyond_spread",
    ),
    "chapters": (
        "chapter_claims",
        "chapter_data",
        "verdict_sentences",
    ),
    "choices_konno2021": ("konno2021_choices",),
    "choices_quinn2022": ("quinn2022_choices",),
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
        "archives",
        "claim_results",
        "claims",
        "data_card",
        "dropped",
        "joins",
        "networks",
        "printed",
        "provenance",
        "scores",
    ),
    "quinn2022": (
        "agreement_sentence",
        "assignment_rules",
        "commonest_parents",
        "composition_counts",
        "compounds_card",
        "disagreements",
        "entry_counts",
    ),
    "quinn2022_as_classes": (
        "as_classes_sentence",
        "as_classes_table",
        "attribute_sets",
        "attribute_table",
        "ordered_as_classes",
    ),
    "quinn2022_classes": (
        "class_networks",
        "dataset_sentence",
        "split_sentence",
        "split_table",
        "threshold_histories",
        "threshold_sentence",
        "threshold_table",
        "variants_sentence",
        "variants_table",
    ),
    "quinn2022_regression": (
        "NAMED_FEATURES",
        "benchmark_histories",
        "benchmark_table",
        "class_table",
        "feature_sentence",
        "feature_table",
        "ionization_table",
        "leakage_table",
        "ordered_sentence",
        "regression_histories",
    ),
    "quinn2022_search": (
        "named_candidates",
        "new_candidates",
        "pipeline_sentence",
        "search_readings",
    ),
    "quinn2022_statements": (
        "families_sentence",
        "iron_readings",
        "least_spread",
        "spread_table",
        "stanev_sentence",
    ),
    "scoreboard": (
        "comparison",
        "full_scoreboard",
        "headline",
        "reduced_budgets",
        "scoreboard_picture",
        "verdict_counts",
    ),
    "status": (
        "bench_sentence",
        "bench_table",
        "data_status",
        "run_status",
        "version_table",
    ),
    "superconductors": (
        "budget",
        "candidates",
        "cleaning_steps",
        "list_agreement",
        "mixed_scores",
        "table1",
        "table2",
    ),
    "verdict_konno2021": (
        "konno2021_conclusion",
        "konno2021_verdict",
    ),
    "verdict_quinn2022": (
        "quinn2022_conclusion",
        "quinn2022_verdict",
    ),
    "zeng2019": (
        "element_scores",
        "table3",
    ),
}
__all__ = sorted(name for names in _PLACES.values() for name in names)


def __getattr__(name: str) -> Any:
    return lazy.attribute(__name__, _PLACES, name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
