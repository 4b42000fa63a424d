"""The book's figures, all drawn from records, in one colour-blind safe style.

Every function takes records (never arrays of rows), returns a matplotlib Figure, puts units on the axes and
draws the published value in where there is one.
"""

from __future__ import annotations

from typing import Any

from replicate import lazy

# Module → what it holds for pages; imported when a page asks for it, so that a page waits for nothing it does not show.
_PLACES: dict[str, tuple[str, ...]] = {
    "beyond": (
        "finds",
        "reliability",
        "representation_errors",
    ),
    "elements": (
        "atom_tables",
        "element_heatmap",
        "element_pca",
    ),
    "general": (
        "confusion",
        "learning_curves",
        "parity",
        "roc",
        "scores_by_split",
    ),
    "konno2021": (
        "cod_predictions",
        "formula_sizes",
        "found_against_others",
        "found_histogram",
        "named_compounds",
        "precision_by_threshold",
        "precision_recall",
    ),
    "names": (
        "CLASS_NAMES",
        "METRIC_NAMES",
        "MODEL_NAMES",
        "SPLIT_NAMES",
        "TEMPORAL_NAMES",
        "panels",
        "spread",
    ),
    "quinn2022": (
        "benchmark_curves",
        "feature_scores",
        "ionization_density",
        "parent_distances",
        "tc_by_class",
    ),
    "quinn2022_classes": (
        "attribute_scores",
        "class_precision_recall",
        "classifier_variants",
        "feature_gains",
        "regression_as_classes",
        "threshold_models",
        "threshold_scores",
    ),
    "quinn2022_regression": (
        "class_models",
        "leakage",
        "relative_errors",
    ),
    "quinn2022_search": (
        "candidate_temperatures",
        "search_shares",
    ),
    "scoreboard": ("verdict_ratios",),
    "style": (
        "VERDICT_COLOURS",
        "use_house_style",
    ),
    "superconductors": (
        "depth",
        "error_by_distance",
        "held_out",
        "insulator_predictions",
        "lengths",
        "screened_candidates",
        "tc_test_sets",
    ),
}
__all__ = sorted(name for names in _PLACES.values() for name in names)


def __getattr__(name: str) -> Any:
    return lazy.attribute(__name__, _PLACES, name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
