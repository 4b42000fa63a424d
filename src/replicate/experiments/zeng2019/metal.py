"""Metals and semiconductors: the scores of every model, and what the two halves of the data hold."""

from __future__ import annotations

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.samples import Rows
from replicate.experiments.supervised import run_supervised


def run_metal(run: Run) -> None:
    """Score the classifiers on every split and count rows and compositions of each class."""
    count_classes(run, run_supervised(run).rows)


def count_classes(run: Run, rows: Rows) -> None:
    """File rows and distinct compositions of semiconductors and of metals, and how many compositions are both."""
    keys = rows.groups("composition")
    classes = {name: keys[rows.target == value] for name, value in (("semiconductors", 0), ("metals", 1))}
    for name, of_class in classes.items():
        run.file(f"data/{name}/rows", len(of_class))
        run.file(f"data/{name}/compositions", len(np.unique(of_class)))
    run.file("data/both/compositions", len(np.intersect1d(*classes.values())))
