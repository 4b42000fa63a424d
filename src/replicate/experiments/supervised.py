"""Composition → property on several kinds of split: networks, baselines, scores, reduced figures.

Shape legend: N rows, S seeds, n test rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit

from replicate import data
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.base import Run
from replicate.experiments.configs import Network, SupervisedConfig
from replicate.experiments.learners import predict_with_baseline
from replicate.experiments.networks import train_network
from replicate.experiments.rows import Rows, load_rows
from replicate.experiments.scoring import score_classification, score_regression
from replicate.models.store import EnsembleCard, save_ensemble
from replicate.training.checkpoint import content_key, plain
from replicate.training.fit import FitResult, predict


@dataclass
class Outcome:
    """What a supervised run leaves for what comes after it.

    Args:
        rows: the rows used.
        splits: kind → one split per seed.
        networks: (kind, network) → trained ensemble.
        predictions: (kind, model) → (S, n) test predictions, networks and baselines.
    """

    rows: Rows
    splits: dict[str, list[Split]] = field(default_factory=dict)
    networks: dict[tuple[str, str], FitResult] = field(default_factory=dict)
    predictions: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)


def run_supervised(run: Run, rows: Rows | None = None) -> Outcome:
    """Train every network and baseline on every kind of split, and file scores and reduced figures.

    Args:
        run: its config is a SupervisedConfig.
        rows: what to use in place of the config's dataset as it is.
    """
    config: SupervisedConfig = run.config
    rows = rows or load_rows(run, config)
    done = Outcome(rows)
    for kind in config.splits:
        splits = done.splits[kind] = [rows.split(kind, seed, config) for seed in run.seeds]
        shared = [{"shared_composition": shared_with_training(s, rows.groups["composition"])} for s in splits]
        run.add(f"{kind}/split", shared, {}, len(splits[0].test))
        for network in config.networks:
            if kind not in network.splits:
                continue
            run.say(f"{network.name} on {kind} splits")
            result = done.networks[kind, network.name] = train_network(run, config, rows, network, kind)
            inputs = network.model.inputs(rows.compositions)
            predicted = predict(result, inputs, np.stack([s.test for s in splits]))
            if config.task == "classification":
                predicted = expit(predicted)
            done.predictions[kind, network.name] = predicted
            if kind == "random" and config.release and config.release[0] == network.name:
                release(run, config, rows, network, result)
        for baseline in (*config.baselines, *(config.random_baselines if kind == "random" else ())):
            run.say(f"{baseline} on {kind} splits")
            done.predictions[kind, baseline] = predict_with_baseline(run, config, rows, baseline, splits)
    for (kind, model), predicted in done.predictions.items():
        score_predictions(run, config, rows, done.splits[kind], f"{kind}/{model}", predicted)
    return done


def score_predictions(
    run: Run, config: SupervisedConfig, rows: Rows, splits: Sequence[Split], name: str, predicted: np.ndarray
) -> None:
    """File the scores of (S, n) test predictions and the arrays their figures need."""
    targets = np.stack([rows.target[s.test] for s in splits])
    if config.task == "regression":
        limits = (float(rows.target.min()), float(rows.target.max()))
        score_regression(
            run,
            name,
            targets,
            predicted,
            config.unit,
            limits,
            names=formulas_shown(rows, splits, config.dataset),
        )
    else:
        score_classification(run, name, targets, predicted, config.classes)


def formulas_shown(rows: Rows, splits: Sequence[Split], dataset: str) -> Callable[[int, int], str] | None:
    """Return what gives the formula of a seed's test row, or None where the dataset's terms forbid showing rows."""
    if not data.entry(dataset).quotable:
        return None
    return lambda seed, row: rows.compositions.formulas[splits[seed].test[row]]


def release(run: Run, config: SupervisedConfig, rows: Rows, network: Network, result: FitResult) -> None:
    """Keep the random-split ensemble for ``replicate predict``, unless it has other seeds than the profile's."""
    if config.release is None or len(run.seeds) != config.seeds:
        return
    trained_on = rows.split("random", run.seeds[0], config).train
    seen = np.flatnonzero(rows.compositions.amounts[trained_on].any(axis=0)) + 1
    card = EnsembleCard(
        name=config.release[1],
        experiment=run.experiment,
        profile=run.profile,
        unit=config.unit if config.task == "regression" else "probability",
        quantity=config.column,
        model=plain(network.model),
        elements=tuple(int(z) for z in seen),
        seeds=tuple(run.seeds),
        key=content_key(network.model, network.fit, rows.digest, list(run.seeds)),
    )
    save_ensemble(result, card)
