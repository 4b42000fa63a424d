"""Train a network on a user's data, on splits that tell how it does on what it has not seen.

Shape legend: S seeds, n test samples.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from replicate.errors import ConfigError, DataError
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.configs import COMPOSITION, SPLIT_KINDS, CrystalNetwork
from replicate.experiments.core import Run, Say, silent
from replicate.experiments.runs import limit_threads
from replicate.experiments.scoring import Tests, reference, score
from replicate.experiments.supervised import train_all
from replicate.experiments.train import Trained
from replicate.features.elements import N_ELEMENTS
from replicate.models.baselines import Task
from replicate.own.model import UNSAVED, Model
from replicate.own.reading import Reading, read
from replicate.own.recipes import Recipe, of_config, recipe
from replicate.settings import MOST_SEEDS, content_key, plain
from replicate.training import store
from replicate.training.config import resolve_device
from replicate.training.store import EnsembleCard

DEFAULT = "atcnn"
CLASSES = ("zero", "one")
SCORES = {"regression": ("mae", "rmse", "r2"), "classification": ("auc", "accuracy")}
SPREAD_TESTS = 30  # of test samples with a composition from training; fewer say nothing of what was seen


def train(
    inputs: Any,
    y: Any,
    model: str | None = None,
    *,
    unit: str = "",
    target: str = "target",
    seeds: int = 3,
    epochs: int | None = None,
    profile: str = "",
    start: str | bool = False,
    device: str = "auto",
    say: Say | None = print,
    file: str | None = None,
) -> Model:
    """Train an ensemble on formulas or crystals, and test it on random, composition and system splits.

    The ensemble that predicts is that of the random splits. An interrupted training goes on where it was when it is
    called again with the same data; nothing is trained twice.

    Args:
        inputs: formulas or pymatgen Compositions; for a model that reads crystals CIF texts, structure files or
            pymatgen Structures.
        y: a target for each: numbers in ``unit``; true and false, or 0 and 1, for classes. Inputs without one, or that
            cannot be read, are left out and counted.
        model: ``atcnn`` (the default), ``periodic-table``, ``elemnet`` or ``cgcnn``, or a stored ensemble such as
            ``atcnn/band-gap``, whose layers are taken.
        unit: of the target.
        target: what the target is called.
        seeds: members of the ensemble; each has its own splits and initial weights.
        epochs: passes over the training samples, in place of as many as suit the number of samples.
        profile: ``full``, ``quick`` or ``smoke``: network, schedule and shares of the splits as the experiment of
            ``model`` has them in that profile, in place of a brief one-cycle schedule.
        start: ensemble to begin from in place of random weights; True: ``model``. Its layers, output bias and scaling
            stay, and the learning rate is a tenth.
        device: ``auto``, ``cpu`` or ``cuda``.
        say: receives progress lines; None: nobody.
        file: where the data are from, for messages.

    Raises:
        ConfigError: a setting is not known or does not fit the others.
        DataError: a target is a text or infinite, formulas and crystals are mixed, fewer than 20 inputs can be used, or
            all targets are the same; names row and value.
    """
    say = say or silent
    if not 1 <= seeds <= MOST_SEEDS:
        raise ConfigError(f"seeds must be 1 to {MOST_SEEDS:,}, not {seeds}")
    chosen = resolve_device(device)
    plan = _plan(model, profile, start, chosen.type)
    last = getattr(plan.network.model, "last_element", N_ELEMENTS)
    reading = read(inputs, y, crystals=isinstance(plan.network, CrystalNetwork), last=last, file=file)
    samples = reading.samples
    classes = plan.classifies if profile else bool(np.isin(samples.target, (0, 1)).all())
    plan = _fitted(plan, reading, classes=classes, unit=unit, epochs=epochs, profile=profile)
    notes = reading.sentences
    if plan.start is not None and plan.start.reference is not None:
        near = plan.start.reference.nearest(samples.fractions())
        seen = sum(each.distance == 0 for each in near)
        notes += [f"the start was trained on {seen:,} of these compositions: errors on them look too good"] * (seen > 0)
    elif plan.start is not None:
        notes += ["which of these compositions the start was trained on is unknown: errors on those look too good"]
    for note in notes:
        say(note)
    run = Run("own", store.OWN, None, list(range(seeds)), chosen, say, start=plan.start)
    limit_threads()
    splits, remarks = _draw(plan, reading, seeds, classes=classes)
    tests, trained, scores = _train(run, plan, samples, splits, unit, classes=classes)
    for remark in remarks:
        say(remark)
    network, whole = plan.network, trained.result
    card = EnsembleCard(
        name=UNSAVED,
        experiment="",
        profile=store.OWN,
        quantity=target,
        unit="probability" if classes else unit or (plan.start.card.unit if plan.start else ""),
        model=plain(network.model),
        elements=tuple(int(z) + 1 for z in np.flatnonzero(samples.fractions().any(axis=0))),
        seeds=tuple(run.seeds),
        key=content_key(network.model, network.fit, samples.digest, run.seeds),
        training={
            "samples": len(samples),
            "left_out": len(reading.left_out),
            "digest": samples.digest,
            "schedule": plain(network.fit),
            "test": plan.test,
            "validation": plan.validation,
            "start": plan.start.card.name if plan.start else "",
            "notes": notes + remarks,
            "date": datetime.now(UTC).date().isoformat(),
        },
        errors=scores,
    )
    known = reference(samples, _with_training(tests, trained, samples))
    model_here = whole.model.cpu().eval()
    ensemble = store.Ensemble(model_here, whole.centre.cpu(), whole.scale.cpu(), card, network.model, known)
    columns = ("split", "seed", "formula", "target", "predicted")
    rows = (
        (kind, split.seed, samples.formulas(split.test), samples.target[split.test], values)
        for kind, (drawn, predicted) in tests.items()
        for split, values in zip(drawn, predicted, strict=True)
    )
    frames = [pd.DataFrame(dict(zip(columns, row, strict=True))) for row in rows]
    return Model(ensemble, pd.concat(frames, ignore_index=True))


def _plan(model: str | None, profile: str, start: str | bool, device: str) -> Recipe:
    """Return the recipe that model and start name."""
    if not start:
        return recipe(model or DEFAULT, profile, device)
    begun = model if start is True else start
    if not begun:
        raise ConfigError("start=True begins from the weights of a model: name it")
    ensemble = store.load_ensemble(store.find_ensemble(begun))
    family = ensemble.card.name.partition("/")[0]
    if model not in (None, ensemble.card.name, family):
        wanted = recipe(model, profile, device).network.model
        if plain(wanted) != plain(ensemble.config):
            raise ConfigError(f"{ensemble.card.name} has other layers than {model}: name one of them")
    return replace(of_config(family, ensemble.config), start=ensemble)


def _fitted(plan: Recipe, reading: Reading, *, classes: bool, unit: str, epochs: int | None, profile: str) -> Recipe:
    """Return the recipe with a schedule for these samples, once targets and unit are known to fit the model."""
    begun = plan.start.card.unit if plan.start else None
    if (plan.classifies or begun == "probability") and not classes:
        row = int(np.argmin(np.isin(reading.samples.target, (0, 1))))
        value = float(reading.samples.target[row])
        raise DataError("the model tells two classes apart; targets are 0 and 1", value=value)
    if begun is not None and (classes != (begun == "probability") or unit not in ("", begun)):
        raise ConfigError(f"the start predicts {begun or 'no unit'}, and the targets are {unit or 'classes'}")
    if profile:
        fit = plan.network.fit
        return replace(plan, network=replace(plan.network, fit=replace(fit, epochs=epochs or fit.epochs)))
    return plan.brief(len(reading.samples), epochs, classes=classes)


def _draw(plan: Recipe, reading: Reading, seeds: int, *, classes: bool) -> tuple[dict[str, list[Split]], list[str]]:
    """Return the splits of every kind that the samples allow, and why another is not there."""
    samples, splits, remarks = reading.samples, {}, []
    shares: dict[str, Any] = {"test": plan.test, "validation": plan.validation}
    for kind in SPLIT_KINDS:
        if kind == "composition" and not reading.repeated:
            remarks.append("no composition stands twice: the composition split is the random one")
            continue
        try:
            drawn = [samples.split(seed, kind=kind, **shares) for seed in range(seeds)]
        except ConfigError as error:
            remarks.append(f"there is no {kind} split: {error}")
            continue
        parts = [samples.target[part] for s in drawn for part in (s.train, s.validation, s.test)]
        if classes and any(np.ptp(part) == 0 for part in parts):
            remarks.append(f"there is no {kind} split: one of its sets would hold one class only")
            continue
        splits[kind] = drawn
    if "random" not in splits:
        raise DataError(remarks[0])
    return splits, remarks


def _train(
    run: Run, plan: Recipe, samples: Any, splits: dict[str, list[Split]], unit: str, *, classes: bool
) -> tuple[Tests, Trained, list[dict[str, Any]]]:
    """Train and score network and baseline on every kind of split; return tests, the random ensemble, and scores."""
    task: Task = "classification" if classes else "regression"
    tests: dict[str, tuple[list[Split], np.ndarray]] = {}
    networks: dict[str, Trained] = {}
    scores: list[dict[str, Any]] = []
    for kind, drawn in splits.items():
        trained, predicted = train_all(run, samples, [plan.network], (COMPOSITION,), drawn, task)
        networks[kind] = trained[plan.network.name]
        tests[kind] = drawn, predicted[plan.network.name]
        for model, values in predicted.items():
            name, named = f"{kind}/{model}", CLASSES if classes else None
            score(run, name, samples, drawn, values, unit=unit, classes=named, named=False)
            metrics = {score: run.metrics[f"{name}/{score}"] for score in SCORES[task]}
            row = {"split": kind, "model": model, "rows": len(drawn[0].test)}
            scores.append(row | {k: v for s, m in metrics.items() for k, v in ((s, m.mean), (f"{s}_sd", m.sd))})
    return tests, networks["random"], scores


def _with_training(tests: Tests, trained: Trained, samples: Any) -> Tests:
    """Return the tests, and the training samples themselves where too few tests share a composition with them."""
    splits = tests["random"][0]
    groups = samples.groups("composition")
    if sum(shared_with_training(split, groups) * len(split.test) for split in splits) >= SPREAD_TESTS:
        return tests
    own = [replace(split, test=split.train) for split in splits]
    return {**tests, "training": (own, trained.predict_tests(own))}
