"""Networks and baselines on the same splits: predictions, scores, reduced figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.configs import COMPOSITION, CrystalNetwork, Network, SupervisedConfig
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows, Samples, draw, load_rows
from replicate.experiments.scoring import Tests, score
from replicate.experiments.train import Trained, baseline, release, train
from replicate.experiments.verification import stored
from replicate.models.baselines import Task


@dataclass
class Outcome:
    """What a supervised run leaves for what comes after it."""

    rows: Rows
    splits: dict[str, list[Split]] = field(default_factory=dict)  # by kind
    networks: dict[tuple[str, str], Trained] = field(default_factory=dict)  # by kind and name
    # (S, n) of the test rows by kind and name, networks and baselines.
    predictions: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)


def run_supervised(run: Run, rows: Rows | None = None) -> Outcome:
    """Train every network and baseline of a SupervisedConfig on every kind of split; file scores and figures.

    ``rows`` are used in place of the config's dataset as it is.
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


def check_supervised(run: Run, rows: Rows | None = None) -> tuple[Rows, Tests]:
    """Note the splits of :func:`run_supervised`, score the ensemble that it releases and return its tests."""
    config: SupervisedConfig = run.config
    rows = rows or load_rows(run, config)
    splits = {kind: draw(run, rows, config, kind) for kind in config.splits}
    for kind, drawn in splits.items():
        run.note_splits(kind, drawn)
    if config.release is None or "random" not in splits:
        return rows, {}
    name, released = config.release
    network = next(network for network in config.networks if network.name == name)
    predicted = stored(run, rows, network, released).predict_tests(splits["random"])
    classes = config.classes if config.task == "classification" else None
    score(run, f"random/{name}", rows, splits["random"], predicted, unit=config.unit, classes=classes)
    return rows, {"random": (splits["random"], predicted)}


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
        trained[network.name] = train(run, samples, network, splits, label)
        predictions[network.name] = trained[network.name].predict_tests(splits)
    for name in baselines:
        predictions[name] = baseline(run, samples, name, splits, task, small=small)
    return trained, predictions


def evaluate(
    run: Run,
    crystals: Samples,
    networks: Sequence[CrystalNetwork],
    splits: Sequence[Split],
    label: str,
    unit: str,
    classes: tuple[str, str] | None = None,
) -> dict[str, Trained]:
    """Train networks on splits, score them and the baseline under ``label``, and return the networks.

    Targets are in ``unit``, or 0 and 1 for two ``classes``; ``run.config.small`` asks for a small baseline.
    """
    n = len(splits[0].test)
    run.add(f"{label}/split", [{"test_rows": n, "train_rows": len(splits[0].train)}], {}, n)
    task: Task = "regression" if classes is None else "classification"
    trained, predictions = train_all(
        run, crystals, networks, (COMPOSITION,), splits, task, label, small=run.config.small
    )
    loss = "mae" if classes is None else "cross_entropy"
    for name, network in trained.items():
        run.file(f"{label}-validation/{name}/{loss}", network.validation, unit, len(splits[0].validation))
    for name, values in predictions.items():
        score(run, f"{label}/{name}", crystals, splits, values, unit=unit, classes=classes, tail=True)
    return trained
