"""The one fit loop: a stacked ensemble, arrays, a frozen config → best weights and history.

Shape legend: N rows, S members, B batch, n training rows per member, E epochs.

The data stay on the device and a batch is an index, so no Python work is done per row. Members may have different
splits, of equal sizes. Each keeps the weights of its own best validation epoch; test rows are never seen here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from replicate.errors import ConfigError, TrainingError
from replicate.evaluation.splits import Split
from replicate.features.periodic_table import PeriodicTables
from replicate.models.graph_batch import GraphSet
from replicate.models.stacked import StackedDropout, StackedModule, member_generators, outputs
from replicate.processes import keep_freed_memory
from replicate.training.checkpoint import load_checkpoint, save_checkpoint
from replicate.training.config import FitConfig

Progress = Callable[[int, int, float], None]
Scaling = tuple[Tensor, Tensor]  # outputs times the second plus the first are in target units, (S,) each
# N rows on a device, of which an index (S, B) cuts out a batch; graphs say how many at once at the most.
Inputs = Tensor | PeriodicTables | GraphSet
CHECKPOINT_SECONDS = 30.0
# Large ensembles write hundreds of megabytes; saving stays below a twentieth of the time.
CHECKPOINT_REST = 20.0
AT_ONCE = 4096  # rows of all members together that a trained network is asked for at once


@dataclass(frozen=True)
class FitResult:
    """Outcome of a fit.

    Args:
        model: the ensemble with every member at its best validation epoch, in evaluation mode.
        best_epoch: (S,) epochs counted from 1.
        train_loss: (E, S) mean loss over each epoch, of targets as they were standardised.
        validation_score: (E, S) mean absolute error in target units, or binary cross-entropy.
        seconds: training time, summed over interruptions.
        centre, scale: (S,) outputs times ``scale`` plus ``centre`` are in target units; 0 and 1 if not standardised.
    """

    model: StackedModule
    best_epoch: np.ndarray
    train_loss: np.ndarray
    validation_score: np.ndarray
    seconds: float
    centre: Tensor
    scale: Tensor


def member_losses(prediction: Tensor, target: Tensor, loss: str) -> Tensor:
    """Return each member's loss over a batch, (S, B), (S, B) → (S,)."""
    if loss == "bce":
        return F.binary_cross_entropy_with_logits(prediction, target, reduction="none").mean(1)
    if loss == "mae":
        return (prediction - target).abs().mean(1)
    squared = (prediction - target).square().mean(1)
    return squared if loss == "mse" else (squared + 1e-12).sqrt()


@torch.no_grad()
def predict(result: FitResult, x: Inputs, rows: np.ndarray | None = None) -> np.ndarray:
    """Return predictions in target units (probabilities are up to the caller), (S, n).

    Args:
        result: a finished fit.
        x: N inputs.
        rows: (S, n) indices into ``x``, one set per member; None: all rows for every member.
    """
    model = result.model.eval()
    device = result.centre.device
    x = x.to(device)
    if rows is None:
        rows = np.tile(np.arange(len(x)), (model.members, 1))
    index = torch.as_tensor(rows, device=device)
    model.expect(index.shape[1])
    scaled = outputs(model, x, index, AT_ONCE) * result.scale[:, None] + result.centre[:, None]
    return scaled.cpu().numpy()


def fit(
    model: StackedModule,
    x: Inputs,
    y: Tensor,
    splits: Sequence[Split],
    config: FitConfig,
    *,
    seeds: Sequence[int],
    start: Scaling | None = None,
    device: torch.device | None = None,
    checkpoint: Path | None = None,
    progress: Progress | None = None,
) -> FitResult:
    """Train every member on its own split and return it at its best validation epoch.

    Args:
        x: N inputs: a float32 tensor (N, ...), or a set of crystal graphs.
        y: (N,) float32 targets; 0 or 1 for ``bce``.
        splits: one per member; training and validation sets of equal size.
        seeds: one per member; decide the batch order (weights and dropout were seeded with the model).
        start: scaling of a model trained before, which keeps it and its output bias; best epoch 0 is the start itself.
        checkpoint: file to continue from and to save to; an interrupted run ends with the same numbers.
        progress: called after every epoch with (epoch, epochs, mean validation score).

    Raises:
        ConfigError: numbers of members, splits and seeds differ, or split sizes do.
        TrainingError: a loss is not finite; names epoch, batch and seed.
    """
    run = _Run(model, x, y, splits, config, seeds, device or torch.device("cpu"), start)
    if checkpoint is not None and checkpoint.is_file():
        run.restore(load_checkpoint(checkpoint))
    saved = run.epoch
    due = time.monotonic() + CHECKPOINT_SECONDS
    while run.epoch < config.epochs and bool(run.active.any()):
        run.one_epoch()
        if progress:
            progress(run.epoch, config.epochs, float(run.validation[-1].mean()))
        if checkpoint is not None and time.monotonic() > due:
            started = time.monotonic()
            save_checkpoint(checkpoint, run.state())
            saved, now = run.epoch, time.monotonic()
            due = now + max(CHECKPOINT_SECONDS, CHECKPOINT_REST * (now - started))
    if checkpoint is not None and run.epoch > saved:
        save_checkpoint(checkpoint, run.state())
    return run.result()


# What a checkpoint holds of a run as it is, and what is put back on the run's device.
_SCALARS = ("epoch", "seconds", "losses", "validation")
_TENSORS = ("best_score", "best_epoch", "active")


class _Run:
    """State of one training run between epochs; everything in it is saved and restored."""

    def __init__(
        self,
        model: StackedModule,
        x: Inputs,
        y: Tensor,
        splits: Sequence[Split],
        config: FitConfig,
        seeds: Sequence[int],
        device: torch.device,
        start: Scaling | None,
    ) -> None:
        n = model.members
        if not len(splits) == len(seeds) == n:
            raise ConfigError(f"{n} members need as many splits ({len(splits)}) and seeds ({len(seeds)})")
        sizes = {(len(s.train), len(s.validation)) for s in splits}
        if len(sizes) != 1:
            raise ConfigError(f"members need training and validation sets of equal size, got {sorted(sizes)}")
        if not min(next(iter(sizes))):
            raise ConfigError("every split needs training and validation rows")
        # Told the same by every run of a training, so an interrupted one goes on in the form it began with.
        model.expect(config.epochs * len(splits[0].train))
        keep_freed_memory()
        torch.set_flush_denormal(True)  # Adadelta's accumulators go denormal, which is very slow on a CPU
        self.config, self.seeds = config, list(seeds)
        self.model = model.to(device)
        self.x, self.y = x.to(device), y.to(device)
        self.train = torch.as_tensor(np.stack([s.train for s in splits]), device=device)  # (S, n)
        self.held = torch.as_tensor(np.stack([s.validation for s in splits]), device=device)
        training_targets = self.y[self.train]
        self.centre, self.scale = torch.zeros(n, device=device), torch.ones(n, device=device)
        if start is not None:
            self.centre, self.scale = (values.to(device) for values in start)
        elif config.loss != "bce":
            if config.standardise:
                self.centre = training_targets.mean(1)
                self.scale = training_targets.std(1).clamp_min(1e-12)
            else:
                # A ReLU output that starts below zero on every row would never learn.
                model.set_output_bias(training_targets.mean(1))
        fused = model.compiled and device.type == "cpu"
        self.optimizer = config.make_optimizer(list(model.parameters()), fused=fused)
        self.order = member_generators(self.seeds, stream=2)
        self.epoch, self.seconds = 0, 0.0
        self.best = {name: tensor.clone() for name, tensor in model.by_member().items()}
        self.best_score = torch.full((n,), torch.inf, device=device)
        self.best_epoch = torch.zeros(n, dtype=torch.long, device=device)
        self.active = torch.ones(n, dtype=torch.bool, device=device)
        self.losses: list[Tensor] = []
        self.validation: list[Tensor] = []
        if start is not None:
            self.best_score = self._score()

    def one_epoch(self) -> None:
        started = time.perf_counter()
        (members, n), device = self.train.shape, self.train.device
        shuffled = torch.stack([torch.randperm(n, generator=g) for g in self.order]).to(device)
        batches = self.train.gather(1, shuffled).split(self.config.batch_size, dim=1)
        steps, bfloat16 = len(batches), self.config.precision == "bfloat16"
        self.model.train()
        batch_losses = torch.empty(steps, members, device=device)
        for step, rows in enumerate(batches):
            rate = self.config.learning_rate_at(self.epoch * steps + step, self.config.epochs * steps)
            for group in self.optimizer.param_groups:
                group["lr"] = rate
            target = (self.y[rows] - self.centre[:, None]) / self.scale[:, None]
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                predicted = self.model(self.x[rows])
            losses = member_losses(predicted, target, self.config.loss)
            self.optimizer.zero_grad(set_to_none=True)
            losses.sum().backward()
            self.optimizer.step()
            batch_losses[step] = losses.detach()
        self.epoch += 1
        self._check_finite(batch_losses)
        weights = torch.tensor([b.shape[1] / n for b in batches], device=device)
        self.losses.append((weights[:, None] * batch_losses).sum(0).cpu())
        self._validate()
        self.seconds += time.perf_counter() - started

    def _check_finite(self, batch_losses: Tensor) -> None:
        # A member that was stopped goes on beside the others; what becomes of it no longer matters.
        for step, member in (~torch.isfinite(batch_losses) & self.active).nonzero().tolist():
            raise TrainingError(
                f"loss is {batch_losses[step, member].item()} in epoch {self.epoch}, batch {step + 1} of "
                f"{len(batch_losses)}, seed {self.seeds[member]}; lower the learning rate "
                f"({self.config.learning_rate}) or look at the targets"
            )

    @torch.no_grad()
    def _score(self) -> Tensor:
        """Return each member's score on its validation rows, (S,)."""
        self.model.eval()
        predicted = outputs(self.model, self.x, self.held, None)
        target = self.y[self.held]
        if self.config.loss == "bce":
            return member_losses(predicted, target, "bce")
        return member_losses(predicted * self.scale[:, None] + self.centre[:, None], target, "mae")

    @torch.no_grad()
    def _validate(self) -> None:
        score = self._score()
        better = self.active & (score < self.best_score)
        for name, tensor in self.model.by_member().items():
            self.best[name][better] = tensor[better]
        self.best_score = torch.where(better, score, self.best_score)
        self.best_epoch[better] = self.epoch
        if self.config.patience is not None:
            self.active = self.active & (self.epoch - self.best_epoch < self.config.patience)
        self.validation.append(score.cpu())

    def state(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in (*_SCALARS, *_TENSORS)},
            "seeds": self.seeds,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "best": self.best,
            "order": [g.get_state() for g in self.order],
            "dropout": [[g.get_state() for g in generators] for generators in self._dropout()],
        }

    def restore(self, state: dict[str, Any]) -> None:
        device = self.train.device
        if state["seeds"] != self.seeds:
            raise ConfigError(f"checkpoint holds seeds {state['seeds']}, this run has {self.seeds}")
        for name in _SCALARS:
            setattr(self, name, state[name])
        for name in _TENSORS:
            setattr(self, name, state[name].to(device))
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.best = {name: tensor.to(device) for name, tensor in state["best"].items()}
        drawn = (self.order, *self._dropout())
        for generators, states in zip(drawn, (state["order"], *state["dropout"]), strict=True):
            for generator, saved in zip(generators, states, strict=True):
                generator.set_state(saved)

    def _dropout(self) -> list[list[torch.Generator]]:
        """Return the generators of dropout: all layers of a network share them, so the first one stands for all."""
        layers = [m for m in self.model.modules() if isinstance(m, StackedDropout)]
        return [layer.generators for layer in layers[:1]]

    def result(self) -> FitResult:
        self.model.load_state_dict({name: tensor.flatten(0, 1) for name, tensor in self.best.items()})
        return FitResult(
            model=self.model.eval(),
            best_epoch=self.best_epoch.cpu().numpy(),
            train_loss=torch.stack(self.losses).numpy(),
            validation_score=torch.stack(self.validation).numpy(),
            seconds=self.seconds,
            centre=self.centre,
            scale=self.scale,
        )
