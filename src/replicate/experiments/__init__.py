"""Every experiment that this package runs, the papers' and our own; ``get`` and ``run`` are the way in.

Shapes in all modules: N samples (rows or crystals), n of them tested or predicted, v for validation; S seeds, one
network and one split each; E epochs; 118 elements.
"""

from replicate.experiments.changes import settings_of
from replicate.experiments.core import Experiment, all_experiments, get, questions
from replicate.experiments.runs import base_record, base_settings, run, run_or_full
from replicate.settings import PROFILES

__all__ = [
    "PROFILES",
    "Experiment",
    "all_experiments",
    "base_record",
    "base_settings",
    "get",
    "questions",
    "run",
    "run_or_full",
    "settings_of",
]
