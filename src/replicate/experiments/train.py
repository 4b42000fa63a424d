"""One way to train: a network or a baseline on samples and splits, continued from its checkpoints, with its history."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from scipy.special import expit

from replicate import progress as watchers
from replicate.evaluation.splits import Split
from replicate.experiments.configs import CrystalNetwork, Network
from replicate.experiments.core import Run, Say
from replicate.experiments.samples import Rows, Samples
from replicate.experiments.scoring import reference
from replicate.features.composition import Compositions
from replicate.features.magpie import magpie
from replicate.models.baselines import Task, fit_predict_baseline, get_baseline
from replicate.models.stacked import SideBySide
from replicate.settings import content_key, plain
from replicate.training.checkpoint import checkpoint_path
from replicate.training.fit import FitResult, Progress, fit, predict
from replicate.training.store import EnsembleCard, save_ensemble

SMALL_BASELINES: dict[str, dict[str, Any]] = {
    "forest": {"n_estimators": 20},
    "extra-trees-fractions": {"n_estimators": 20},
    "xgboost": {"n_estimators": 60, "learning_rate": 0.2, "max_depth": 4},
    "svr": {"C": 10.0, "gamma": "scale"},
    "svc": {"C": 10.0, "gamma": "scale"},
}


@dataclass(frozen=True, eq=False)
class Trained:
    """One network trained with S seeds, a fit for each group of seeds that train together, and what it was fed."""

    network: Network | CrystalNetwork
    fits: tuple[FitResult, ...]
    inputs: Any

    @property
    def result(self) -> FitResult:
        """All fits as one, with their histories cut to the shortest."""
        return joined(self.fits)

    @property
    def validation(self) -> np.ndarray:
        """(S,) best validation errors: in the target's unit, or cross-entropies."""
        return np.concatenate([fitted.validation_score.min(axis=0) for fitted in self.fits])

    def predict_tests(self, splits: Sequence[Split]) -> np.ndarray:
        """Return each member's predictions for its own test samples (S, n)."""
        return self.predict([split.test for split in splits])

    def predict(
        self, rows: Sequence[np.ndarray] | np.ndarray | None = None, of: Compositions | Samples | None = None
    ) -> np.ndarray:
        """Return each member's predictions (S, n), probabilities where it classifies.

        ``rows`` are positions of n samples for each member (None: all), ``of`` other samples than it was trained with.
        """
        model: Any = self.network.model
        inputs = self.inputs
        if of is not None:
            inputs = model.inputs(of) if isinstance(of, Compositions) else of.inputs(model)
        values, first = [], 0
        for fitted in self.fits:
            last = first + fitted.model.members
            values.append(predict(fitted, inputs, None if rows is None else np.asarray(rows[first:last])))
            first = last
        outputs = np.concatenate(values)
        return np.asarray(expit(outputs) if self.network.fit.loss == "bce" else outputs)


def train(
    run: Run, samples: Samples, network: Network | CrystalNetwork, splits: Sequence[Split], label: str = ""
) -> Trained:
    """Train a network on given splits, continued from its checkpoints; file history, time and splits.

    There is one split per seed of the run, or of its first seeds; ``label`` of table and split in the record is the
    kind of split where there is none.
    """
    label = label or splits[0].kind
    run.say(f"{network.name}, {label}")
    members = list(run.seeds)[: len(splits)]
    run.note_splits(label, splits)
    inputs = samples.inputs(network.model).to(run.device)
    at_once = 1
    if isinstance(network, Network):
        at_once = network.model.members_at_once(run.device) or len(members)
    fits = tuple(
        _fit(run, samples, network, inputs, splits[i : i + at_once], members[i : i + at_once], label)
        for i in range(0, len(members), at_once)
    )
    whole = joined(fits)
    run.training[f"{label}/{network.name}"] = {
        "parameters": sum(p.numel() for p in whole.model.parameters()) // len(members),
        "epochs": max(len(fitted.train_loss) for fitted in fits),
        "best_epoch": whole.best_epoch.tolist(),
        "seconds": round(whole.seconds, 1),
        "train_rows": len(splits[0].train),
    }
    run.arrays[f"history/{label}/{network.name}"] = history(whole)
    return Trained(network, fits, inputs)


def _fit(
    run: Run,
    samples: Samples,
    network: Network | CrystalNetwork,
    inputs: Any,
    splits: Sequence[Split],
    members: list[int],
    label: str,
) -> FitResult:
    """Train the members that are trained together."""
    name = f"{samples.name}-{network.name}-{splits[0].kind}"
    parts: tuple[Any, ...] = ([split.digest for split in splits], members)
    if isinstance(network, CrystalNetwork):  # seed groups look for the checkpoint of one seed
        name, parts = f"{name}-{members[0]}", (splits[0].digest, members[0])
    if run.start is not None:
        parts = (*parts, run.start.card.key)
    path = checkpoint_path(name, network.model, network.fit, samples.digest, *parts, run.device.type, run.code)
    model = network.model.build(members)
    start = None if run.start is None else run.start.begin(model, members)
    run.forget_old(path)
    which = f", seed {members[0]}" if len(members) < len(run.seeds) else ""
    return fit(
        model,
        inputs,
        torch.from_numpy(samples.target),
        splits,
        network.fit,
        seeds=members,
        start=start,
        device=run.device,
        checkpoint=path,
        progress=progress_line(run.say, f"{network.name}, {label}{which}"),
    )


def joined(fits: Sequence[FitResult]) -> FitResult:
    """Return the fits of several members as one, with their histories cut to the shortest."""
    if len(fits) == 1:
        return fits[0]
    epochs = min(len(f.train_loss) for f in fits)
    return FitResult(
        model=SideBySide([f.model for f in fits]),
        best_epoch=np.concatenate([f.best_epoch for f in fits]),
        train_loss=np.concatenate([f.train_loss[:epochs] for f in fits], axis=1),
        validation_score=np.concatenate([f.validation_score[:epochs] for f in fits], axis=1),
        seconds=sum(f.seconds for f in fits),
        centre=torch.cat([f.centre for f in fits]),
        scale=torch.cat([f.scale for f in fits]),
    )


def progress_line(say: Say, what: str, every: float = 30.0) -> Progress:
    """Return a callback that tells epoch, validation score and the time left, twice a minute."""
    first: tuple[int, float] | None = None
    last = time.monotonic()

    def progress(epoch: int, epochs: int, score: float) -> None:
        nonlocal first, last
        watchers.report(what, epoch, epochs)
        now = time.monotonic()
        if first is None:
            first = (epoch, now)  # a resumed run starts counting where it resumes
        elif now - last > every:
            last = now
            left = (now - first[1]) / (epoch - first[0]) * (epochs - epoch) / 60
            say(f"{what}: epoch {epoch}/{epochs}, validation {score:.4f}, at most {left:.0f} min left")

    return progress


def history(result: FitResult, points: int = 120) -> dict[str, list[float]]:
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


def baseline(
    run: Run,
    samples: Samples,
    name: str,
    splits: Sequence[Split],
    task: Task,
    *,
    small: bool = False,
    of: Compositions | None = None,
    inputs: tuple[str, np.ndarray] | None = None,
) -> np.ndarray:
    """Return (S, n) predictions of a baseline on the features it is meant for, for the test samples or ``of``.

    Args:
        run: keeps every fit as a stage.
        samples, splits: one split per seed; baselines on Magpie statistics need rows.
        name: known to :mod:`replicate.models.baselines`.
        task: regression, or classification of targets 0 and 1.
        small: a small baseline, for smoke runs.
        of: other compositions.
        inputs: name and columns (N, c) of other features than those it is meant for.
    """
    run.say(f"{name}, {samples.name}, {splits[0].kind}")
    learner = get_baseline(name, task)
    settings = learner.defaults(task) | (SMALL_BASELINES.get(name, {}) if small else {})
    whom = "test" if of is None else list(of.formulas)
    label, columns = inputs or (name, None)

    def statistics(compositions: Compositions) -> dict[str, np.ndarray]:
        return {"magpie": np.asarray(magpie(compositions), dtype=np.float32)}

    def features() -> np.ndarray:
        if columns is not None:
            return columns
        if learner.inputs == "fractions":
            return samples.fractions()
        assert isinstance(samples, Rows)
        work = partial(statistics, samples.compositions)
        return np.asarray(run.stage(f"{samples.name}-magpie", (samples.digest, "magpie"), work)["magpie"])

    def prediction(split: Split) -> dict[str, np.ndarray]:
        x, y = features(), samples.target
        tested = x[split.test]
        if of is not None:
            tested = of.fractions if learner.inputs == "fractions" else statistics(of)["magpie"]
        training = (x[split.train], y[split.train], x[split.validation], y[split.validation])
        fitted = fit_predict_baseline(name, task, *training, tested, seed=split.seed, settings=settings)
        return {"prediction": fitted.astype(np.float32)}

    predictions = []
    for split in splits:
        stage = f"{samples.name}-{label}-{split.kind}-{split.seed}"
        parts = (label, task, samples.digest, settings, split.digest, whom)
        predictions.append(run.stage(stage, parts, partial(prediction, split))["prediction"])
    return np.stack(predictions)


def release(
    run: Run, samples: Samples, trained: Trained, splits: Sequence[Split], name: str, quantity: str, unit: str
) -> None:
    """Keep an ensemble as ``<representation>/<quantity>`` for ``replicate predict``, if it has the profile's seeds.

    That of a variant is not kept. The test samples of the splits say what error to expect by distance.
    """
    if run.change or list(run.seeds) != list(range(run.config.seeds)):
        return
    seen = np.flatnonzero(samples.fractions()[splits[0].train].any(axis=0)) + 1
    model, schedule = trained.network.model, trained.network.fit
    card = EnsembleCard(
        name=name,
        experiment=run.experiment,
        profile=run.profile,
        unit=unit,
        quantity=quantity,
        model=plain(model),
        elements=tuple(int(z) for z in seen),
        seeds=tuple(run.seeds),
        key=content_key(model, schedule, samples.digest, list(run.seeds)),
    )
    tests = {"random": (splits, trained.predict_tests(splits))}
    save_ensemble(trained.result, card, reference(samples, tests))
