"""Composition → property on several kinds of split: networks, baselines, scores, reduced figures.

Shape legend: N rows, S seeds, n test rows, E epochs.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from scipy.special import expit

from replicate import records
from replicate.evaluation import metrics
from replicate.evaluation.splits import Split, make_split, shared_with_training
from replicate.experiments.base import Run, Say
from replicate.features.atom_table import atom_table
from replicate.features.composition import Compositions, chemical_systems, parse, reduced_keys
from replicate.features.magpie import magpie
from replicate.models.atcnn import ATCNNConfig
from replicate.models.baselines import fit_predict_baseline, get_baseline
from replicate.models.elemnet import ElemNetConfig
from replicate.models.store import EnsembleCard, save_ensemble
from replicate.training.checkpoint import checkpoint_path, content_key, plain
from replicate.training.config import FitConfig
from replicate.training.fit import FitResult, Progress, fit, predict

SPLIT_KINDS = ("random", "composition", "system")


@dataclass(frozen=True)
class Network:
    """One network and its schedule, on the kinds of split it is tried on."""

    name: str
    model: ATCNNConfig | ElemNetConfig
    fit: FitConfig
    splits: tuple[str, ...] = SPLIT_KINDS


@dataclass(frozen=True)
class SupervisedConfig:
    """Settings of one supervised experiment.

    Args:
        dataset: name in the registry; ``column`` is its target, in ``unit``.
        task: regression, or classification of a 0/1 column.
        networks: trained as stacked ensembles, one member per seed.
        baselines: names known to :mod:`replicate.models.baselines`, on Magpie statistics.
        splits: kinds of split; each seed draws its own split and its own initial weights.
        test, validation: share of all rows, and of the remaining rows.
        max_rows: use only so many rows, drawn with a fixed seed (smoke runs).
        quick_baselines: small baselines for smoke runs.
        release: network whose random-split ensemble is kept for ``replicate predict``, and as what.
        classes: for a classification, what 0 and 1 stand for; names the per-class recalls.
    """

    dataset: str
    column: str
    unit: str
    task: Literal["regression", "classification"]
    networks: tuple[Network, ...]
    baselines: tuple[str, ...]
    seeds: int
    splits: tuple[str, ...] = SPLIT_KINDS
    test: float = 0.2
    validation: float = 0.05
    max_rows: int | None = None
    quick_baselines: bool = False
    release: tuple[str, str] | None = None
    classes: tuple[str, str] = ("negative", "positive")
    extra_datasets: tuple[str, ...] = ()

    @property
    def datasets(self) -> tuple[str, ...]:
        """Datasets the run needs."""
        return (self.dataset, *self.extra_datasets)


@dataclass(frozen=True)
class Rows:
    """The rows a run uses: compositions, targets (N,), and the labels that group them."""

    compositions: Compositions
    target: np.ndarray
    groups: dict[str, np.ndarray]

    def split(self, kind: str, seed: int, config: SupervisedConfig) -> Split:
        """Draw the split of one seed."""
        return make_split(
            self.groups[kind], kind=kind, seed=seed, test=config.test, validation=config.validation
        )


def load_rows(run: Run, config: SupervisedConfig) -> Rows:
    """Return the rows of the experiment's dataset; rows whose formula cannot be read are dropped and filed."""
    table = run.dataset(config.dataset).table
    if config.max_rows is not None and config.max_rows < len(table):
        table = table.sample(config.max_rows, random_state=0).sort_index()
    compositions = parse(table["formula"].tolist(), file=config.dataset, on_error="collect")
    run.arrays["dropped"] = {
        "dataset": config.dataset,
        "read": len(table),
        "rows": [[int(table.index[p.row - 1]) + 1, p.formula, p.reason] for p in compositions.problems],
    }
    table = table.iloc[compositions.rows]
    return Rows(
        compositions=compositions,
        target=table[config.column].to_numpy(np.float32),
        groups={
            "random": np.arange(len(table)),
            "composition": reduced_keys(compositions),
            "system": chemical_systems(compositions),
        },
    )


def train_network(run: Run, config: SupervisedConfig, rows: Rows, network: Network, kind: str) -> FitResult:
    """Train one network's ensemble on one kind of split."""
    splits = [rows.split(kind, seed, config) for seed in run.seeds]
    return train_rows(run, config, rows, network, kind, splits)


def train_rows(
    run: Run, config: SupervisedConfig, rows: Rows, network: Network, kind: str, splits: Sequence[Split]
) -> FitResult:
    """Train one network's ensemble on given splits, continuing from its checkpoint if there is one."""
    run.note_splits(kind, splits)
    inputs = torch.from_numpy(atom_table(rows.compositions))
    targets = torch.from_numpy(rows.target)
    digest = run.datasets[config.dataset].digest
    code = "" if run.profile == "full" else records.code_digest()
    drawn = [split.digest for split in splits]
    parts = (network.model, network.fit, digest, drawn, list(run.seeds), run.device.type, code)
    name = f"{config.dataset}-{network.name}-{kind}"
    path = checkpoint_path(name, *parts)
    if run.refresh:
        path.unlink(missing_ok=True)
    result = fit(
        network.model.build(run.seeds),
        inputs,
        targets,
        splits,
        network.fit,
        seeds=run.seeds,
        device=run.device,
        checkpoint=path,
        progress=_progress_line(run.say, f"{network.name}, {kind}"),
    )
    run.training[f"{kind}/{network.name}"] = {
        "parameters": sum(p.numel() for p in result.model.parameters()) // len(run.seeds),
        "epochs": len(result.train_loss),
        "best_epoch": result.best_epoch.tolist(),
        "seconds": round(result.seconds, 1),
    }
    run.arrays[f"history/{kind}/{network.name}"] = _history(result)
    return result


def _progress_line(say: Say, what: str, every: float = 30.0) -> Progress:
    """Return a callback that tells epoch, validation score and the time left, twice a minute."""
    first: tuple[int, float] | None = None
    said = time.monotonic()

    def progress(epoch: int, epochs: int, score: float) -> None:
        nonlocal first, said
        now = time.monotonic()
        if first is None:
            first = (epoch, now)  # a resumed run starts counting where it resumes
        elif now - said > every:
            said = now
            left = (now - first[1]) / (epoch - first[0]) * (epochs - epoch) / 60
            say(f"{what}: epoch {epoch}/{epochs}, validation {score:.4f}, at most {left:.0f} min left")

    return progress


def _history(result: FitResult, points: int = 120) -> dict[str, list[float]]:
    """Return epoch, training loss and validation score (mean and sd over seeds) at ``points`` epochs."""
    epochs = len(result.train_loss)
    chosen = np.unique(np.geomspace(1, epochs, min(points, epochs)).round().astype(int)) - 1
    ddof = 1 if result.train_loss.shape[1] > 1 else 0
    return {
        "epoch": (chosen + 1).tolist(),
        "train_loss": result.train_loss.mean(1)[chosen].tolist(),
        "validation": result.validation_score.mean(1)[chosen].tolist(),
        "validation_sd": result.validation_score.std(1, ddof=ddof)[chosen].tolist(),
    }


def run_supervised(run: Run) -> dict[tuple[str, str], FitResult]:
    """Train every network and baseline on every kind of split, and file scores and reduced figures.

    Returns:
        The trained ensembles by (kind of split, network).
    """
    config: SupervisedConfig = run.config
    rows = load_rows(run, config)
    trained: dict[tuple[str, str], FitResult] = {}
    for kind in config.splits:
        splits = [rows.split(kind, seed, config) for seed in run.seeds]
        shared = [{"shared_composition": shared_with_training(s, rows.groups["composition"])} for s in splits]
        run.add(f"{kind}/split", shared, {}, len(splits[0].test))
        for network in config.networks:
            if kind not in network.splits:
                continue
            run.say(f"{network.name} on {kind} splits")
            result = trained[kind, network.name] = train_network(run, config, rows, network, kind)
            predicted = predict(
                result, torch.from_numpy(atom_table(rows.compositions)), np.stack([s.test for s in splits])
            )
            if config.task == "classification":
                predicted = expit(predicted)
            score_predictions(run, config, rows, splits, f"{kind}/{network.name}", predicted)
            own_seeds = len(run.seeds) == config.seeds
            if kind == "random" and own_seeds and config.release and config.release[0] == network.name:
                _release(run, config, rows, network, result)
        for baseline in config.baselines:
            run.say(f"{baseline} on {kind} splits")
            predicted = _baseline(run, config, rows, baseline, splits)
            score_predictions(run, config, rows, splits, f"{kind}/{baseline}", predicted)
    return trained


def score_predictions(
    run: Run, config: SupervisedConfig, rows: Rows, splits: Sequence[Split], name: str, predicted: np.ndarray
) -> None:
    """File the scores of (S, n) test predictions and the arrays their figures need."""
    targets = np.stack([rows.target[s.test] for s in splits])
    n = targets.shape[1]
    if config.task == "regression":
        scores = [metrics.regression_metrics(t, p) for t, p in zip(targets, predicted, strict=True)]
        run.add(name, scores, {"mae": config.unit, "rmse": config.unit}, n)
        limits = (float(rows.target.min()), float(rows.target.max()))
        run.arrays[f"parity/{name}"] = metrics.parity_histogram(
            targets.ravel(), predicted.ravel(), limits=limits
        )
        return
    probability = predicted
    scores = [metrics.classification_metrics(t, p) for t, p in zip(targets, probability, strict=True)]
    for score in scores:
        score[f"{config.classes[0]}_recall"] = score.pop("specificity")
        score[f"{config.classes[1]}_recall"] = score.pop("recall")
    run.add(name, scores, {}, n)
    run.arrays[f"roc/{name}"] = [metrics.roc_points(t, p) for t, p in zip(targets, probability, strict=True)]
    run.arrays[f"confusion/{name}"] = [
        metrics.confusion(t, p) for t, p in zip(targets, probability, strict=True)
    ]


def _baseline(
    run: Run, config: SupervisedConfig, rows: Rows, name: str, splits: Sequence[Split]
) -> np.ndarray:
    """Return (S, n) test predictions of a baseline on the features it is meant for."""
    baseline = get_baseline(name, config.task)
    small = SMALL_BASELINES.get(name, {}) if config.quick_baselines else {}
    settings = {**baseline.defaults(config.task), **small}
    digest = run.datasets[config.dataset].digest

    def work(split: Split) -> dict[str, np.ndarray]:
        x = _magpie(run, config, rows) if baseline.inputs == "magpie" else rows.compositions.fractions
        known = [(x[part], rows.target[part]) for part in (split.train, split.validation)]
        found = fit_predict_baseline(
            name, config.task, *known[0], *known[1], x[split.test], seed=split.seed, settings=settings
        )
        return {"prediction": np.asarray(found.predictions, dtype=np.float32)}

    predictions = []
    for split in splits:
        stage = f"{run.experiment}-{name}-{split.kind}-{split.seed}"
        parts = (name, config.task, digest, settings, split.digest)
        predictions.append(run.stage(stage, parts, partial(work, split))["prediction"])
    return np.stack(predictions)


SMALL_BASELINES: dict[str, dict[str, Any]] = {
    "forest": {"n_estimators": 20},
    "xgboost": {"n_estimators": 30},
    "svr": {"C": 10.0, "gamma": "scale"},
    "svc": {"C": 10.0, "gamma": "scale"},
}


def _magpie(run: Run, config: SupervisedConfig, rows: Rows) -> np.ndarray:
    """Return (N, 132) Magpie statistics, computed once per dataset and kept."""
    digest = run.datasets[config.dataset].digest

    def work() -> dict[str, np.ndarray]:
        return {"magpie": np.asarray(magpie(rows.compositions).to_numpy(), dtype=np.float32)}

    return run.stage(f"{config.dataset}-magpie", (digest, config.max_rows, "magpie"), work)["magpie"]


def _release(run: Run, config: SupervisedConfig, rows: Rows, network: Network, result: FitResult) -> None:
    """Keep the random-split ensemble for ``replicate predict``."""
    assert config.release is not None
    seen = np.flatnonzero(rows.compositions.amounts.any(axis=0)) + 1
    card = EnsembleCard(
        name=config.release[1],
        experiment=run.experiment,
        profile=run.profile,
        unit=config.unit if config.task == "regression" else "probability",
        quantity=config.column,
        model=plain(network.model),
        elements=tuple(int(z) for z in seen),
        seeds=tuple(run.seeds),
        key=content_key(network.model, network.fit, run.datasets[config.dataset].digest, list(run.seeds)),
    )
    save_ensemble(result, card)
