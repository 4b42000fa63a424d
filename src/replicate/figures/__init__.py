"""The book's figures, all drawn from records, in one colour-blind safe style.

Every function takes records (never arrays of rows), returns a matplotlib Figure, puts units on the axes and
draws the published value in where there is one.
"""

from replicate.figures.crystals import database, hyperparameters, site_energies, training_sizes
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
from replicate.figures.scoreboard import verdict_strip
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
    tc_test_sets,
)

__all__ = [
    "METRIC_NAMES",
    "MODEL_NAMES",
    "SPLIT_NAMES",
    "TEMPORAL_NAMES",
    "VERDICT_COLOURS",
    "cod_predictions",
    "confusion",
    "database",
    "depth",
    "element_heatmap",
    "element_pca",
    "error_by_distance",
    "formula_sizes",
    "found_against_others",
    "found_histogram",
    "held_out",
    "hyperparameters",
    "insulator_predictions",
    "learning_curves",
    "lengths",
    "named_compounds",
    "panels",
    "parity",
    "precision_by_threshold",
    "precision_recall",
    "roc",
    "scores_by_split",
    "site_energies",
    "spread",
    "tc_test_sets",
    "training_sizes",
    "use_house_style",
    "verdict_strip",
]
