"""Metals and semiconductors: the scores of every model, and what the two halves of the data hold."""

from __future__ import annotations

import numpy as np

from replicate.experiments.base import Run
from replicate.experiments.rows import Rows
from replicate.experiments.supervised import run_supervised
from replicate.records import Metric


def run_metal(run: Run) -> None:
    """Score the classifiers on every split and count rows and compositions of each class."""
    count_classes(run, run_supervised(run).rows)


def count_classes(run: Run, rows: Rows) -> None:
    """File rows and distinct compositions of semiconductors and of metals, and how many compositions are both."""
    keys = rows.groups["composition"]
    found = {name: keys[rows.target == value] for name, value in (("semiconductors", 0), ("metals", 1))}
    for name, of_class in found.items():
        run.metrics[f"data/{name}/rows"] = Metric("", (float(len(of_class)),), None)
        run.metrics[f"data/{name}/compositions"] = Metric("", (float(len(np.unique(of_class))),), None)
    both = np.intersect1d(*found.values())
    run.metrics["data/both/compositions"] = Metric("", (float(len(both)),), None)
