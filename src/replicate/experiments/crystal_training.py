"""Train crystal graph networks and score them beside a baseline that knows compositions only.

Shape legend: N crystals, S seeds, n test crystals, E epochs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
import torch
from scipy.special import expit

from replicate.evaluation.splits import Split
from replicate.experiments.configs import COMPOSITION, CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.scoring import score_classification, score_regression
from replicate.experiments.train import SMALL_BASELINES, history, joined, progress_line
from replicate.models.baselines import fit_predict_baseline, get_baseline
from replicate.models.cgcnn import CGCNN, CGCNNEnsemble
from replicate.models.graph_batch import GraphSet
from replicate.models.store import EnsembleCard, save_ensemble
from replicate.package_digest import package_digest
from replicate.training.checkpoint import checkpoint_path, content_key, plain
from replicate.training.fit import FitResult, fit, predict

Task = Literal["regression", "classification"]


@dataclass(frozen=True, eq=False)
class Trained:
    """One network's trainings, a fit per seed, and what they were fed."""

    fits: tuple[FitResult, ...]
    graphs: GraphSet

    def predict(self, rows: Sequence[np.ndarray]) -> np.ndarray:
        """Return each seed's predictions for its own rows (S, n), n equal."""
        return np.stack([predict(f, self.graphs, r[None])[0] for f, r in zip(self.fits, rows, strict=True)])

    def ask(self, crystals: Crystals) -> np.ndarray:
        """Return each seed's predictions for all of N other crystals (S, N)."""
        graphs = GraphSet(crystals.compact())
        return np.stack([predict(f, graphs)[0] for f in self.fits])


def train_crystals(
    run: Run,
    crystals: Crystals,
    network: CrystalNetwork,
    splits: Sequence[Split],
    label: str,
) -> Trained:
    """Train one network per split, each continued from its checkpoint; file history, time and splits.

    Args:
        run: takes progress, history and time.
        crystals: what the splits are splits of.
        network: model and schedule.
        splits: one per seed, the first seeds where there are fewer.
        label: of the table and split in the record.
    """
    members = run.seeds[: len(splits)]
    run.note_splits(label, splits)
    graphs = GraphSet(crystals.compact()).to(run.device)
    targets = torch.from_numpy(crystals.target)
    code = "" if run.profile == "full" else package_digest()
    fits = []
    for seed, split in zip(members, splits, strict=True):
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
    run.arrays[f"history/{label}/{network.name}"] = history(joined(fits))
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
    seen = np.flatnonzero(crystals.take(splits[0].train, "train").fractions().any(axis=0)) + 1
    name, quantity, unit = named
    card = EnsembleCard(
        name=name,
        experiment=run.experiment,
        profile=run.profile,
        unit=unit,
        quantity=quantity,
        model=plain(network.model),
        elements=tuple(int(z) for z in seen),
        seeds=tuple(run.seeds),
        key=content_key(network.model, network.fit, crystals.digest, list(run.seeds)),
    )
    fits = trained.fits
    members = [f.model for f in fits if isinstance(f.model, CGCNN)]
    model = members[0] if len(members) == 1 else CGCNNEnsemble(members)
    centre, scale = (torch.cat([getattr(f, part).cpu() for f in fits]) for part in ("centre", "scale"))
    save_ensemble(replace(fits[0], model=model, centre=centre, scale=scale), card)


def compositions_only(
    run: Run, crystals: Crystals, splits: Sequence[Split], task: Task, *, small: bool = False
) -> np.ndarray:
    """Return (S, n) test predictions of extremely randomised trees on atomic fractions: no structure."""
    return trees_on(run, crystals, splits, task, COMPOSITION, crystals.fractions, small=small)


def trees_on(
    run: Run,
    crystals: Crystals,
    splits: Sequence[Split],
    task: Task,
    name: str,
    columns: Callable[[], np.ndarray],
    *,
    small: bool = False,
) -> np.ndarray:
    """Return (S, n) test predictions of extremely randomised trees on columns (N, c) of a name."""
    settings = get_baseline(COMPOSITION, task).defaults(task) | (
        SMALL_BASELINES[COMPOSITION] if small else {}
    )

    def work(split: Split) -> dict[str, np.ndarray]:
        x, y = columns(), crystals.target
        known = [(x[part], y[part]) for part in (split.train, split.validation)]
        found = fit_predict_baseline(
            COMPOSITION, task, *known[0], *known[1], x[split.test], seed=split.seed, settings=settings
        )
        return {"prediction": np.asarray(found.predictions, dtype=np.float32)}

    predictions = []
    for split in splits:
        stage = f"{crystals.name}-{name}-{split.kind}-{split.seed}"
        parts = (name, task, crystals.digest, settings, split.digest)
        predictions.append(run.stage(stage, parts, partial(work, split))["prediction"])
    return np.stack(predictions)


def measured(crystals: Crystals, splits: Sequence[Split]) -> np.ndarray:
    """Return the (S, n) targets of the test crystals."""
    return np.stack([crystals.target[s.test] for s in splits])


def score_values(
    run: Run, crystals: Crystals, splits: Sequence[Split], name: str, predicted: np.ndarray, unit: str
) -> None:
    """File the scores of (S, n) predictions of a continuous property, its rarest values at the figure's edge."""
    low, high = (float(np.quantile(crystals.target, q)) for q in (0.0005, 0.9995))

    def label(seed: int, row: int) -> str:
        return crystals.label(splits[seed].test[row])

    score_regression(
        run, name, measured(crystals, splits), predicted, unit, (low, high), tail=True,
        names=label if crystals.quotable else None,
    )  # fmt: skip


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
    """Train networks on splits, score them on test crystals beside the baseline, and return the networks.

    Args:
        run: takes everything that is found.
        crystals: with their targets, 0 and 1 for a classification.
        networks: to train.
        splits: one per seed.
        label: prefix of the metrics.
        unit: of the target.
        classes: what 0 and 1 stand for; None: regression.
        small: a small baseline, for smoke runs.
    """
    tests = [s.test for s in splits]
    run.add(
        f"{label}/split",
        [{"test_rows": len(tests[0]), "train_rows": len(splits[0].train)}],
        {},
        len(tests[0]),
    )
    task: Task = "regression" if classes is None else "classification"
    run.say(f"{COMPOSITION}, {label}")
    predictions = {COMPOSITION: compositions_only(run, crystals, splits, task, small=small)}
    found = {}
    for network in networks:
        run.say(f"{network.name}, {label}")
        found[network.name] = trained = train_crystals(run, crystals, network, splits, label)
        predicted = trained.predict(tests)
        predictions[network.name] = predicted if classes is None else expit(predicted)
        best = [float(f.validation_score[int(f.best_epoch[0]) - 1, 0]) for f in trained.fits]
        validation = "mae" if classes is None else "cross_entropy"
        run.add(
            f"{label}-validation/{network.name}",
            [{validation: value} for value in best],
            {"mae": unit},
            len(splits[0].validation),
        )
    for name, predicted in predictions.items():
        if classes is None:
            score_values(run, crystals, splits, f"{label}/{name}", predicted, unit)
        else:
            score_classification(run, f"{label}/{name}", measured(crystals, splits), predicted, classes)
    return found
