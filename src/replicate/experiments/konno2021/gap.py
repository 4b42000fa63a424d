"""Band gaps from the periodic table: Konno, J. Phys. Soc. Jpn. 89, 124006 (2020), beside the atom table's.

Shape legend: S seeds, n test rows.
"""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.base import Run
from replicate.experiments.konno2021.configs import GapConfig
from replicate.experiments.supervised import run_supervised


def run_gap(run: Run) -> None:
    """Score the networks on the splits of the atom table's gaps, then on the author's own two tables."""
    config: GapConfig = run.config
    for part in (config.same_split, *config.own):
        label = "" if part is config.same_split else part.dataset
        inner = replace(run, config=part, metrics={}, arrays={}, training={}, splits={})
        run_supervised(inner)
        start = f"{label}/" if label else ""
        run.metrics |= {start + key: value for key, value in inner.metrics.items()}
        run.arrays |= {start + key: value for key, value in inner.arrays.items()}
        run.training |= {start + key: value for key, value in inner.training.items()}
        run.splits |= {start + key: value for key, value in inner.splits.items()}
