"""Every experiment that this package runs, the papers' and our own; ``get`` and ``run`` are the way in."""

from replicate.experiments.changes import settings_of
from replicate.experiments.core import Experiment
from replicate.experiments.registry import all_experiments, get, questions
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
