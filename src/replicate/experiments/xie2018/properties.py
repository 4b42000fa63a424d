"""Energies and band gaps with two convolutions: Table I, Table S4 and Fig. S4 of Xie and Grossman 2018."""

from __future__ import annotations

from collections.abc import Sequence

from replicate.evaluation.splits import Split
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import evaluate
from replicate.experiments.crystals import Crystals
from replicate.experiments.xie2018.authors import score_authors
from replicate.experiments.xie2018.configs import (
    GAP_LIST,
    GATED,
    PROPERTIES,
    SHARED,
    PropertiesConfig,
    Property,
)
from replicate.experiments.xie2018.sources import BUNDLED, LOADERS


def run_properties(run: Run) -> None:
    """Train and score every property but the elastic ones."""
    config: PropertiesConfig = run.config
    improved = {}
    for row in reversed(PROPERTIES):  # the small ones first
        if row.id not in config.properties or (config.bundled and row.id not in BUNDLED):
            continue
        crystals = (BUNDLED if config.bundled else LOADERS)[row.id](run).first(
            config.max_rows, f"some-{row.id}"
        )
        large = min(row.train, len(crystals)) > config.large
        seeds = run.first(config.large_seeds) if large else run.seeds
        if not seeds:
            continue
        networks = config.large_networks if large else config.networks
        splits = splits_of(row, crystals, seeds)
        evaluate(run, crystals, networks, splits, row.id, row.unit, small=config.max_rows is not None)
        improved[row.id] = gated_is_better(run, row)
        score_authors(run, row.authors, crystals, row.unit, f"{row.id}/authors")
        if row.id in BUNDLED and not config.bundled:
            score_authors(run, row.authors, BUNDLED[row.id](run), row.unit)
        if row.id == "band_gap" and not config.bundled:
            score_by_list(run, row, crystals)
    others = [better for name, better in improved.items() if name != "formation_energy"]
    if others:
        run.file("properties/cgcnn-eq5/improved", sum(others), n=len(others))


def splits_of(
    row: Property, crystals: Crystals, seeds: Sequence[int], train: int | None = None
) -> list[Split]:
    """Return one split a seed of the paper's sizes, or 60, 20 and 20 % where there are not that many crystals.

    ``train`` is a number of training crystals in place of the paper's.
    """
    if row.train + row.validation + row.test > len(crystals):
        return [crystals.split(seed, train=train) for seed in seeds]
    most = row.train if train is None else train
    return [crystals.split(seed, test=row.test, validation=row.validation, train=most) for seed in seeds]


def gated_is_better(run: Run, row: Property) -> bool:
    """Return whether Eq. 5 has a lower mean error than Eq. 4."""
    return run.metrics[f"{row.id}/{GATED}/mae"].mean < run.metrics[f"{row.id}/{SHARED}/mae"].mean


def score_by_list(run: Run, row: Property, crystals: Crystals) -> None:
    """File the error of the authors' network for crystals on their list of gaps, and for those it never saw."""
    listed = crystals.named_in(run.dataset(GAP_LIST).table["material_id"])
    for label, chosen in {"listed": listed, "unlisted": ~listed}.items():
        part = crystals.take(chosen, f"{row.id}-{label}")
        score_authors(run, row.authors, part, row.unit, f"{row.id}-{label}/authors")
