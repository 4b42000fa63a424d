"""Settings compared one at a time, and Debye temperatures: Figs. 3 and 5, SI Figs. 1 and 2 of Quinn and McQueen 2022.

The paper's Debye temperatures, specific heats and Néel temperatures are columns of SuperCon that are not public;
AFLOW's computed Debye temperatures stand in for the first, and nothing for the other two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from replicate.evaluation import metrics
from replicate.experiments.configs import varied
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals, joined_by_composition
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.quinn2022 import specs
from replicate.experiments.quinn2022.compounds import all_crystals, draw, superconductor_crystals
from replicate.experiments.quinn2022.specs import BASE, COMBINED, FEATURE_SETS, NETWORK
from replicate.experiments.quinn2022.thresholds import SCORES, above, five_scores
from replicate.experiments.samples import targets
from replicate.experiments.supervised import evaluate
from replicate.experiments.train import train
from replicate.features.atom_features import TWO

Scores = dict[str, dict[str, np.ndarray]]
"""Variant → score → (S,)."""


def _compare(
    run: Run, crystals: Crystals, group: str, variants: Mapping[str, Mapping[str, Any]], size: int | None = None
) -> Scores:
    """Train the network with each variant's settings, on all training crystals or ``size`` of them, and file scores.

    Returns them with ``validation``, the best validation error or cross-entropy.
    """
    classes = run.config.network.fit.loss == "bce"
    score = five_scores if classes else metrics.regression_metrics
    loss, unit = ("cross_entropy", "") if classes else ("mae", "K")
    splits = draw(run, crystals, train=size)
    by_variant = {}
    for label, changes in variants.items():
        trained = train(run, crystals, varied(run.config.network, **changes), splits, f"{group}/{label}")
        pairs = zip(targets(crystals, splits), trained.predict_tests(splits), strict=True)
        scores = [score(*pair) for pair in pairs]
        run.add(f"{group}/{label}", scores, {"mae": "K", "rmse": "K"}, len(splits[0].test))
        run.file(f"{group}-validation/{label}/{loss}", trained.validation, unit, len(splits[0].validation))
        by_variant[label] = {name: np.array([s[name] for s in scores]) for name in scores[0]}
        by_variant[label]["validation"] = trained.validation
    return by_variant


def _benchmarks(run: Run, best_of: Sequence[str], model: str) -> tuple[dict[int, dict[str, np.ndarray]], Scores]:
    """Train every variant of the settings; return the scores by size of the training set, and by features.

    Of the groups ``best_of`` the number with the lowest mean validation loss is filed under ``model``.
    """
    config: specs.BenchmarksConfig = run.config
    if config.threshold is None:
        crystals = superconductor_crystals(run, config.compounds)
    else:
        crystals = above(all_crystals(run, config.compounds), config.threshold)
    most = round(len(crystals) * (1 - specs.TEST - specs.VALIDATION))
    run.file("data/all/rows", len(crystals))
    run.file("data/training/rows", most, n=len(crystals))
    sizes = {}
    for n in (n for n in config.training if n <= most):
        sizes[n] = _compare(run, crystals, "training-size", {f"train-{n}": {}}, n)[f"train-{n}"]
    swept = {"batch_size": config.batches, "convolutions": config.convolutions, "epochs": config.epochs}
    for setting, values in swept.items():
        group = setting.replace("_", "-")
        variants = {f"{group.removesuffix('-size')}-{n}": {setting: n} for n in values}
        scores = _compare(run, crystals, group, variants)
        if scores and group in best_of:
            losses = [own["validation"].mean() for own in scores.values()]
            run.file(f"{group}/{model}/best", float(values[np.argmin(losses)]))
    features = {name: {"atom_features": FEATURE_SETS[name]} for name in config.features}
    return sizes, _compare(run, crystals, "features", features)


def run_classifier_benchmarks(run: Run) -> None:
    """File how the classifier's scores depend on training size, batch size, convolutions and atom features."""
    sizes, features = _benchmarks(run, ("batch-size", "convolutions"), NETWORK)
    if {12_000, 16_000} <= sizes.keys():
        gain = sizes[16_000]["f1"] - sizes[12_000]["f1"]
        run.file(f"training-size/{NETWORK}/gain_12000_to_16000", gain)
    small = [scores["recall"] for size, scores in sizes.items() if size < 8_500]
    if small:
        run.file(f"training-size/{NETWORK}/recall_below_8500", np.min(small, axis=0))
    if BASE in features:
        means = {name: np.mean([s[score] for score in SCORES], axis=0) for name, s in features.items()}
        gains = {name: mean - means[BASE] for name, mean in means.items()}
        for name, gain in gains.items():
            run.file(f"features/{name}/gain", gain)
        _file_noise(run, "features", [gain for name, gain in gains.items() if name != BASE])


def _file_noise(run: Run, group: str, gains: Sequence[np.ndarray]) -> None:
    """File the standard deviation over seeds of gains (S,), pooled over the features: a smaller gain is none."""
    if len(run.seeds) > 1 and gains:
        noise = float(np.sqrt(np.mean([gain.var(ddof=1) for gain in gains])))
        run.file(f"{group}/single-features/noise", noise, n=len(gains))


def run_regression_benchmarks(run: Run) -> None:
    """File how the regression's scores depend on training size, epochs and convolutions."""
    sizes, _ = _benchmarks(run, ("convolutions", "epochs"), COMBINED)
    if {4_000, 8_000} <= sizes.keys():
        run.file(f"training-size/{COMBINED}/gain_4000_to_8000", sizes[8_000]["r2"] - sizes[4_000]["r2"])


def run_features(run: Run) -> None:
    """Train on each class with group and period, one more feature, the best few, and all nine."""
    config: specs.FeaturesConfig = run.config
    crystals = superconductor_crystals(run, config.compounds)
    single = [name for name in config.features if name not in (BASE, specs.ALL)]
    for family in config.classes:
        own = crystals.take(crystals.labels["family"] == family, f"{crystals.name}-{family}")
        run.file(f"data/{family}/rows", len(own), n=len(crystals))
        variants = {name: {"atom_features": FEATURE_SETS[name]} for name in config.features}
        scores = _compare(run, own, family, variants)
        summarise_single(run, family, single)
        # Chosen by validation error, so that the test set does not pick its own winner.
        chosen = sorted(single, key=lambda name: float(scores[name]["validation"].mean()))[: config.combined]
        properties = (*TWO, *(FEATURE_SETS[name][-1] for name in chosen))
        _compare(run, own, family, {"best-combination": {"atom_features": properties}})
        run.arrays[f"combination/{family}"] = chosen


def summarise_single(run: Run, family: str, single: Sequence[str]) -> None:
    """File the order of the single features by validation error, the best last, and how far their test R² differ.

    The error is the lowest of the mean over seeds. The noise is the spread over seeds of what a feature adds to
    group and period, pooled over the features.
    """
    r2 = {name: np.array(run.metrics[f"{family}/{name}/r2"].values) for name in (BASE, *single)}
    histories = {name: run.arrays[f"history/{family}/{name}/{run.config.network.name}"] for name in single}
    order = sorted(single, key=lambda name: -min(histories[name]["validation"]))
    run.arrays[f"order/{family}"] = order
    for label, names in (("single-features", order), ("six-best-features", order[-6:])):
        run.file(f"{family}/{label}/r2_range", float(np.ptp([r2[name].mean() for name in names])))
    _file_noise(run, family, [r2[name] - r2[BASE] for name in single])


def run_attributes(run: Run) -> None:
    """Train on logarithms of Debye temperatures, of all compounds and of as many as the paper had."""
    config: specs.AttributesConfig = run.config
    stored = archive_graphs(specs.POOL, most=config.pool)
    debye = joined_by_composition(run, stored, config.datasets, "debye_temperature")
    debye = debye.take(debye.target > 0, f"{debye.name}-positive")
    crystals = replace(debye, name="log-debye", target=np.log(debye.target))
    sets = {"debye_temperature": crystals}
    if config.few is not None and config.few < len(crystals):
        sets["debye_temperature-few"] = crystals.drawn(config.few, f"log-debye-{config.few}")
    for label, some in sets.items():
        evaluate(run, some, [replace(config.network, name=NETWORK)], draw(run, some), label, "")
