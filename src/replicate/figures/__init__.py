"""The book's figures, all drawn from records, in one colour-blind safe style.

Every function takes records (never arrays of rows), returns a matplotlib Figure, puts units on the axes and
draws the published value in where there is one.
"""

from replicate.figures.beyond import finds, reliability, representation_errors
from replicate.figures.crystals import (
    database,
    hyperparameters,
    printed_factors,
    site_energies,
    training_sizes,
)
from replicate.figures.elements import element_heatmap, element_pca
from replicate.figures.general import confusion, learning_curves, parity, roc, scores_by_split
from replicate.figures.konno2021 import (
    TEMPORAL_NAMES,
    cod_predictions,
    formula_sizes,
    found_against_others,
    found_histogram,
    named_compounds,
    precision_by_threshold,
    precision_recall,
)
from replicate.figures.quinn2022 import (
    CLASS_NAMES,
    benchmark_curves,
    feature_scores,
    ionization_density,
    parent_distances,
    tc_by_class,
)
from replicate.figures.quinn2022_classes import (
    attribute_scores,
    class_precision_recall,
    classifier_variants,
    feature_gains,
    regression_as_classes,
    threshold_models,
    threshold_scores,
)
from replicate.figures.quinn2022_regression import class_models, leakage, relative_errors
from replicate.figures.quinn2022_search import candidate_temperatures, search_shares
from replicate.figures.scoreboard import verdict_ratios
from replicate.figures.style import (
    METRIC_NAMES,
    MODEL_NAMES,
    SPLIT_NAMES,
    VERDICT_COLOURS,
    panels,
    spread,
    use_house_style,
)
from replicate.figures.superconductors import (
    depth,
    error_by_distance,
    held_out,
    insulator_predictions,
    lengths,
    screened_candidates,
    tc_test_sets,
)

__all__ = [
    "CLASS_NAMES",
    "METRIC_NAMES",
    "MODEL_NAMES",
    "SPLIT_NAMES",
    "TEMPORAL_NAMES",
    "VERDICT_COLOURS",
    "attribute_scores",
    "benchmark_curves",
    "candidate_temperatures",
    "class_models",
    "class_precision_recall",
    "classifier_variants",
    "cod_predictions",
    "confusion",
    "database",
    "depth",
    "element_heatmap",
    "element_pca",
    "error_by_distance",
    "feature_gains",
    "feature_scores",
    "finds",
    "formula_sizes",
    "found_against_others",
    "found_histogram",
    "held_out",
    "hyperparameters",
    "insulator_predictions",
    "ionization_density",
    "leakage",
    "learning_curves",
    "lengths",
    "named_compounds",
    "panels",
    "parent_distances",
    "parity",
    "precision_by_threshold",
    "precision_recall",
    "printed_factors",
    "regression_as_classes",
    "relative_errors",
    "reliability",
    "representation_errors",
    "roc",
    "scores_by_split",
    "screened_candidates",
    "search_shares",
    "site_energies",
    "spread",
    "tc_by_class",
    "tc_test_sets",
    "threshold_models",
    "threshold_scores",
    "training_sizes",
    "use_house_style",
    "verdict_ratios",
]
