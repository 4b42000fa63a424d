"""Networks and baselines on the same splits: predictions, scores, reduced figures.

Shape legend: S seeds, n test samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.configs import CrystalNetwork, Network, SupervisedConfig
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows, Samples, draw, load_rows
from replicate.experiments.scoring import score
from replicate.experiments.train import Trained, baseline, release, train
from replicate.models.baselines import Task


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
    networks: dict[tuple[str, str], Trained] = field(default_factory=dict)
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
        splits = done.splits[kind] = draw(run, rows, config, kind)
        shared = [shared_with_training(s, rows.groups("composition")) for s in splits]
        run.file(f"{kind}/split/shared_composition", shared, n=len(splits[0].test))
        networks = [network for network in config.networks if kind in network.splits]
        baselines = (*config.baselines, *(config.random_baselines if kind == "random" else ()))
        trained, predictions = train_all(
            run, rows, networks, baselines, splits, config.task, small=config.quick_baselines
        )
        done.networks |= {(kind, name): network for name, network in trained.items()}
        done.predictions |= {(kind, name): values for name, values in predictions.items()}
        if kind == "random" and config.release:
            network, name = config.release
            unit = config.unit if config.task == "regression" else "probability"
            release(run, rows, trained[network], splits, name, config.column, unit)
    classes = config.classes if config.task == "classification" else None
    for (kind, model), predicted in done.predictions.items():
        splits = done.splits[kind]
        score(run, f"{kind}/{model}", rows, splits, predicted, unit=config.unit, classes=classes)
    return done


def train_all(
    run: Run,
    samples: Samples,
    networks: Sequence[Network | CrystalNetwork],
    baselines: Sequence[str],
    splits: Sequence[Split],
    task: Task,
    label: str = "",
    *,
    small: bool = False,
) -> tuple[dict[str, Trained], dict[str, np.ndarray]]:
    """Train networks and baselines on the same splits; return the networks, and all test predictions (S, n), by name.

    ``label`` is as for :func:`replicate.experiments.train.train`; ``small`` asks for small baselines, for smoke runs.
    """
    label = label or splits[0].kind
    trained, predictions = {}, {}
    for network in networks:
        run.say(f"{network.name}, {label}")
        trained[network.name] = train(run, samples, network, splits, label)
        predictions[network.name] = trained[network.name].predict_tests(splits)
    for name in baselines:
        run.say(f"{name}, {label}")
        predictions[name] = baseline(run, samples, name, splits, task, small=small)
    return trained, predictions
