"""Train the stacked ensembles of an experiment, resumed from checkpoints, with their histories filed.

Shape legend: N rows, S seeds, E epochs.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch

from replicate import progress as watchers
from replicate.evaluation.splits import Split
from replicate.experiments.base import Run, Say
from replicate.experiments.configs import Network, SupervisedConfig
from replicate.experiments.rows import Rows
from replicate.models.stacked import SideBySide
from replicate.package_digest import package_digest
from replicate.training.checkpoint import checkpoint_path
from replicate.training.fit import FitResult, Progress, fit


def train_network(
    run: Run, config: SupervisedConfig, rows: Rows, network: Network, kind: str, label: str = ""
) -> FitResult:
    """Train one network's ensemble on one kind of split."""
    splits = [rows.split(kind, seed, config) for seed in run.seeds]
    return train_rows(run, rows, network, kind, splits, label)


def train_rows(
    run: Run,
    rows: Rows,
    network: Network,
    kind: str,
    splits: Sequence[Split],
    label: str = "",
    seeds: Sequence[int] | None = None,
) -> FitResult:
    """Train one network's ensemble on given splits, continuing from its checkpoint if there is one.

    Args:
        run: takes progress, history and time.
        rows: what the splits are splits of.
        network: model and schedule.
        kind: of split.
        splits: one per seed.
        label: stands for the kind of split in the record where a run trains on several tables.
        seeds: in place of the run's.
    """
    label = label or kind
    members = list(run.seeds if seeds is None else seeds)
    run.note_splits(label, splits)
    at_once = network.model.members_at_once(run.device) or len(members)
    groups = [slice(i, i + at_once) for i in range(0, len(members), at_once)]
    fits = [_fit(run, rows, network, kind, splits[g], members[g], label) for g in groups]
    result = beside(fits)
    run.training[f"{label}/{network.name}"] = {
        "parameters": sum(p.numel() for p in result.model.parameters()) // len(members),
        "epochs": len(result.train_loss),
        "best_epoch": result.best_epoch.tolist(),
        "seconds": round(result.seconds, 1),
    }
    run.arrays[f"history/{label}/{network.name}"] = history(result)
    return result


def _fit(
    run: Run,
    rows: Rows,
    network: Network,
    kind: str,
    splits: Sequence[Split],
    members: Sequence[int],
    label: str,
) -> FitResult:
    """Train the members that are trained together."""
    code = "" if run.profile == "full" else package_digest()
    drawn = [split.digest for split in splits]
    parts = (network.model, network.fit, rows.digest, drawn, list(members), run.device.type, code)
    path = checkpoint_path(f"{rows.name}-{network.name}-{kind}", *parts)
    run.forget_old(path)
    which = f", seed {members[0]}" if len(members) < len(run.seeds) else ""
    return fit(
        network.model.build(members),
        network.model.inputs(rows.compositions),
        torch.from_numpy(rows.target),
        splits,
        network.fit,
        seeds=members,
        device=run.device,
        checkpoint=path,
        progress=progress_line(run.say, f"{network.name}, {label}{which}"),
    )


def beside(fits: Sequence[FitResult]) -> FitResult:
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
    said = time.monotonic()

    def progress(epoch: int, epochs: int, score: float) -> None:
        nonlocal first, said
        watchers.report(what, epoch, epochs)
        now = time.monotonic()
        if first is None:
            first = (epoch, now)  # a resumed run starts counting where it resumes
        elif now - said > every:
            said = now
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
