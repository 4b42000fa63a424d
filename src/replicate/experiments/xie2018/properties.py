"""Energies and band gaps with two convolutions: Table I, Table S4 and Fig. S4 of Xie and Grossman 2018."""

from __future__ import annotations

import numpy as np

from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import evaluate
from replicate.experiments.crystals import Crystals
from replicate.experiments.xie2018.authors import score_authors
from replicate.experiments.xie2018.configs import PropertiesConfig
from replicate.experiments.xie2018.names import GAP_LIST, GATED, SHARED
from replicate.experiments.xie2018.sources import BUNDLED, LOADERS
from replicate.experiments.xie2018.splits import splits_of
from replicate.experiments.xie2018.table1 import PROPERTIES, Property
from replicate.records import Metric


def run_properties(run: Run) -> None:
    """Train and score every property but the elastic ones."""
    config: PropertiesConfig = run.config
    small = config.max_rows is not None
    improved = {}
    for row in reversed(PROPERTIES):  # the small ones first
        if row.id not in config.properties or (config.bundled and row.id not in BUNDLED):
            continue
        crystals = (BUNDLED if config.bundled else LOADERS)[row.id](run)
        if config.max_rows is not None:
            crystals = crystals.take(np.arange(min(config.max_rows, len(crystals))), f"some-{row.id}")
        seeds = _seeds(run, row, crystals)
        if not seeds:
            continue
        splits = splits_of(row, crystals, seeds)
        evaluate(run, crystals, _networks(config, row, crystals), splits, row.id, row.unit, small=small)
        improved[row.id] = _mean(run, row, SHARED) > _mean(run, row, GATED)
        score_authors(run, row.authors, crystals, row.unit, f"{row.id}/authors")
        if row.id in BUNDLED and not config.bundled:
            score_authors(run, row.authors, BUNDLED[row.id](run), row.unit)
        if row.id == "band_gap" and not config.bundled:
            score_by_list(run, row, crystals)
    others = [better for name, better in improved.items() if name != "formation_energy"]
    if others:
        run.metrics["properties/cgcnn-eq5/improved"] = Metric("", (sum(others),), len(others))


def score_by_list(run: Run, row: Property, crystals: Crystals) -> None:
    """File the error of the authors' network for crystals on their list of gaps, and for those it never saw."""
    ids = set(run.dataset(GAP_LIST).table["material_id"])
    listed = np.array([one in ids for one in crystals.ids])
    for label, chosen in {"listed": listed, "unlisted": ~listed}.items():
        part = crystals.take(chosen, f"{row.id}-{label}")
        score_authors(run, row.authors, part, row.unit, f"{row.id}-{label}/authors")


def _mean(run: Run, row: Property, network: str) -> float:
    return float(np.mean(run.metrics[f"{row.id}/{network}/mae"].values))


def _is_large(config: PropertiesConfig, row: Property, crystals: Crystals) -> bool:
    return min(row.train, len(crystals)) > config.large


def _seeds(run: Run, row: Property, crystals: Crystals) -> list[int]:
    large = _is_large(run.config, row, crystals)
    return run.first(run.config.large_seeds) if large else list(run.seeds)


def _networks(config: PropertiesConfig, row: Property, crystals: Crystals) -> tuple[CrystalNetwork, ...]:
    return config.large_networks if _is_large(config, row, crystals) else config.networks
