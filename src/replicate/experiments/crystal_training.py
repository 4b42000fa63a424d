"""Train crystal graph networks and score them with a baseline that knows compositions only.

Shape legend: N crystals, S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from scipy.special import expit

from replicate.evaluation import metrics
from replicate.evaluation.splits import Split
from replicate.experiments.base import Run
from replicate.experiments.configs import COMPOSITION, CrystalNetwork
from replicate.experiments.crystals import Crystals
from replicate.experiments.learners import SMALL_BASELINES
from replicate.experiments.networks import beside, history, progress_line
from replicate.experiments.scoring import score_classification, score_regression
from replicate.models.baselines import Task, fit_predict_baseline, get_baseline
from replicate.models.cgcnn import CGCNN, CGCNNEnsemble
from replicate.models.graph_batch import GraphSet
from replicate.models.store import EnsembleCard, save_ensemble
from replicate.package_digest import package_digest
from replicate.training.checkpoint import checkpoint_path, content_key, plain
from replicate.training.fit import FitResult, fit, predict

FIVE_SCORES = ("accuracy", "precision", "recall", "f1", "auc")


@dataclass(frozen=True, eq=False)
class Trained:
    """One network's trainings, a fit per seed, and the graphs they were trained on."""

    fits: tuple[FitResult, ...]
    graphs: GraphSet

    @property
    def validation(self) -> np.ndarray:
        """(S,) best validation errors: in the target's unit, or cross-entropies."""
        return np.array([float(fit.validation_score.min()) for fit in self.fits])

    def predict(self, rows: Sequence[np.ndarray]) -> np.ndarray:
        """Return each seed's predictions for its own rows (S, n), n equal."""
        pairs = zip(self.fits, rows, strict=True)
        return np.stack([predict(fit, self.graphs, part[None])[0] for fit, part in pairs])

    def predict_tests(self, splits: Sequence[Split]) -> np.ndarray:
        """Return each seed's predictions for its own test crystals (S, n)."""
        return self.predict([split.test for split in splits])

    def predict_crystals(self, crystals: Crystals) -> np.ndarray:
        """Return each seed's predictions for all of N other crystals (S, N)."""
        graphs = GraphSet(crystals.compact())
        return np.stack([predict(fit, graphs)[0] for fit in self.fits])


def train_crystals(
    run: Run, crystals: Crystals, network: CrystalNetwork, splits: Sequence[Split], label: str
) -> Trained:
    """Train one network per split, each resumed from its checkpoint; file history, time and splits.

    Args:
        run: takes progress, history and time.
        crystals: what the splits are splits of.
        network: model and schedule.
        splits: one per seed, the first seeds where there are fewer.
        label: of the table and split in the record.
    """
    run.note_splits(label, splits)
    graphs = GraphSet(crystals.compact()).to(run.device)
    targets = torch.from_numpy(crystals.target)
    code = "" if run.profile == "full" else package_digest()
    fits = []
    for seed, split in zip(run.seeds[: len(splits)], splits, strict=True):
        parts = (network.model, network.fit, crystals.digest, split.digest, seed, run.device.type, code)
        path = checkpoint_path(f"{crystals.name}-{network.name}-{split.kind}-{seed}", *parts)
        run.forget_old(path)
        fits.append(
            fit(
                network.model.build([seed]),
                graphs,
                targets,
                [split],
                network.fit,
                seeds=[seed],
                device=run.device,
                checkpoint=path,
                progress=progress_line(run.say, f"{network.name}, {label}, seed {seed}"),
            )
        )
    run.training[f"{label}/{network.name}"] = {
        "parameters": sum(p.numel() for p in fits[0].model.parameters()),
        "epochs": max(len(f.train_loss) for f in fits),
        "best_epoch": [int(f.best_epoch[0]) for f in fits],
        "seconds": round(sum(f.seconds for f in fits), 1),
        "train_rows": len(splits[0].train),
    }
    run.arrays[f"history/{label}/{network.name}"] = history(beside(fits))
    return Trained(tuple(fits), graphs)


def release_crystals(
    run: Run,
    crystals: Crystals,
    network: CrystalNetwork,
    trained: Trained,
    splits: Sequence[Split],
    named: tuple[str, str, str],
) -> None:
    """Keep an ensemble for ``replicate predict``, unless it has other seeds than the profile's.

    Args:
        run: whose seeds the ensemble has.
        crystals: it was trained with.
        network: its model and schedule.
        trained: the ensemble.
        splits: one per member.
        named: name for the user, quantity and unit.
    """
    if list(run.seeds) != list(range(run.config.seeds)):
        return
    elements = np.flatnonzero(crystals.fractions()[splits[0].train].any(axis=0)) + 1
    name, quantity, unit = named
    card = EnsembleCard(
        name=name,
        experiment=run.experiment,
        profile=run.profile,
        unit=unit,
        quantity=quantity,
        model=plain(network.model),
        elements=tuple(elements.tolist()),
        seeds=tuple(run.seeds),
        key=content_key(network.model, network.fit, crystals.digest, list(run.seeds)),
    )
    fits = trained.fits
    members = [f.model for f in fits if isinstance(f.model, CGCNN)]
    model = members[0] if len(members) == 1 else CGCNNEnsemble(members)
    centre, scale = (torch.cat([getattr(f, part).cpu() for f in fits]) for part in ("centre", "scale"))
    save_ensemble(replace(fits[0], model=model, centre=centre, scale=scale), card)


def train_trees(
    run: Run,
    crystals: Crystals,
    splits: Sequence[Split],
    task: Task,
    *,
    name: str = COMPOSITION,
    columns: Callable[[], np.ndarray] | None = None,
    small: bool = False,
) -> np.ndarray:
    """Return (S, n) test predictions of extremely randomised trees on columns (N, c), by default atomic fractions."""
    settings = get_baseline(COMPOSITION, task).defaults(task)
    if small:
        settings |= SMALL_BASELINES[COMPOSITION]

    def work(split: Split) -> dict[str, np.ndarray]:
        x, y = (columns or crystals.fractions)(), crystals.target
        known = [(x[part], y[part]) for part in (split.train, split.validation)]
        fitted = fit_predict_baseline(
            COMPOSITION, task, *known[0], *known[1], x[split.test], seed=split.seed, settings=settings
        )
        return {"prediction": np.asarray(fitted.predictions, dtype=np.float32)}

    predictions = []
    for split in splits:
        stage = f"{crystals.name}-{name}-{split.kind}-{split.seed}"
        parts = (name, task, crystals.digest, settings, split.digest)
        predictions.append(run.stage(stage, parts, partial(work, split))["prediction"])
    return np.stack(predictions)


def targets_of(crystals: Crystals, splits: Sequence[Split]) -> np.ndarray:
    """Return the (S, n) targets of the test crystals."""
    return np.stack([crystals.target[split.test] for split in splits])


def score_values(
    run: Run, crystals: Crystals, splits: Sequence[Split], name: str, predictions: np.ndarray, unit: str
) -> None:
    """File the scores of (S, n) predictions of a continuous property, its rarest values at the figure's edge."""
    low, high = (float(np.quantile(crystals.target, share)) for share in (0.0005, 0.9995))
    names = (lambda seed, row: crystals.label(int(splits[seed].test[row]))) if crystals.quotable else None
    targets = targets_of(crystals, splits)
    score_regression(run, name, targets, predictions, unit, (low, high), tail=True, names=names)


def evaluate(
    run: Run,
    crystals: Crystals,
    networks: Sequence[CrystalNetwork],
    splits: Sequence[Split],
    label: str,
    unit: str,
    *,
    classes: tuple[str, str] | None = None,
    small: bool = False,
) -> dict[str, Trained]:
    """Train networks on splits, score them and the baseline on test crystals, and return the networks.

    Args:
        run: takes the scores.
        crystals: with their targets, 0 and 1 for a classification.
        networks: to train.
        splits: one per seed.
        label: prefix of the metrics.
        unit: of the target.
        classes: what 0 and 1 stand for; None: regression.
        small: a small baseline, for smoke runs.
    """
    n = len(splits[0].test)
    run.add(f"{label}/split", [{"test_rows": n, "train_rows": len(splits[0].train)}], {}, n)
    task: Task = "regression" if classes is None else "classification"
    loss = "mae" if classes is None else "cross_entropy"
    run.say(f"{COMPOSITION}, {label}")
    predictions = {COMPOSITION: train_trees(run, crystals, splits, task, small=small)}
    trained = {}
    for network in networks:
        run.say(f"{network.name}, {label}")
        trained[network.name] = this = train_crystals(run, crystals, network, splits, label)
        outputs = this.predict_tests(splits)
        predictions[network.name] = outputs if classes is None else expit(outputs)
        scores = [{loss: value} for value in this.validation]
        run.add(f"{label}-validation/{network.name}", scores, {"mae": unit}, len(splits[0].validation))
    for name, values in predictions.items():
        if classes is None:
            score_values(run, crystals, splits, f"{label}/{name}", values, unit)
        else:
            score_classification(run, f"{label}/{name}", targets_of(crystals, splits), values, classes)
    return trained


def evaluate_variant(
    run: Run,
    crystals: Crystals,
    network: CrystalNetwork,
    splits: Sequence[Split],
    group: str,
    label: str,
    unit: str,
    *,
    classes: bool = False,
) -> dict[str, np.ndarray]:
    """Train one network of a comparison, file its scores under ``group/label``, return them with ``validation``, (S,).

    Args:
        run: takes the scores.
        crystals: with their targets, 0 and 1 for ``classes``.
        network: to train.
        splits: one per seed.
        group: of the comparison.
        label: of the network in it.
        unit: of the target.
        classes: whether the targets are classes.
    """
    run.say(f"{group}, {label}")
    trained = train_crystals(run, crystals, network, splits, f"{group}/{label}")
    pairs = zip(targets_of(crystals, splits), trained.predict_tests(splits), strict=True)
    if classes:
        scores = [five_scores(target, expit(output)) for target, output in pairs]
    else:
        scores = [metrics.regression_metrics(target, output) for target, output in pairs]
    run.add(f"{group}/{label}", scores, {"mae": unit, "rmse": unit}, len(splits[0].test))
    loss = "cross_entropy" if classes else "mae"
    validation = [{loss: value} for value in trained.validation]
    run.add(f"{group}-validation/{label}", validation, {"mae": unit}, len(splits[0].validation))
    return {name: np.array([s[name] for s in scores]) for name in scores[0]} | {
        "validation": trained.validation
    }


def five_scores(target: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """Return accuracy, precision, recall, F1 and AUC of (n,) probabilities."""
    scores = metrics.classification_metrics(target, probability)
    return {name: scores[name] for name in FIVE_SCORES}
