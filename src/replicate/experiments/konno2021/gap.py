"""Band gaps from the periodic table: Konno, J. Phys. Soc. Jpn. 89, 124006 (2020) and from the atom table."""

from __future__ import annotations

from dataclasses import replace

from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import GapConfig
from replicate.experiments.supervised import run_supervised


def run_gap(run: Run) -> None:
    """Score the networks on the splits of the atom table's gaps, then on the author's own two tables."""
    config: GapConfig = run.config
    for part in (config.same_split, *config.own):
        start = "" if part is config.same_split else f"{part.dataset}/"
        inner = replace(run, config=part, metrics={}, arrays={}, training={}, splits={})
        run_supervised(inner)
        for name in ("metrics", "arrays", "training", "splits"):
            getattr(run, name).update({start + key: value for key, value in getattr(inner, name).items()})
