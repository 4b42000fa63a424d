"""Figs. S1 and S2 of Zeng et al. 2019: error against epochs and number of convolutions, on validation rows.

Shape legend: S seeds, E epochs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from replicate.evaluation.splits import Split
from replicate.experiments.base import Run
from replicate.experiments.configs import Network
from replicate.experiments.networks import train_rows
from replicate.experiments.rows import Rows
from replicate.experiments.superconductors import load_superconductors
from replicate.experiments.zeng2019.configs import ArchitectureConfig
from replicate.models.configs import ATCNNConfig
from replicate.records import Metric

FLAT = 0.02
STILL_FALLING = 0.8


def with_convolutions(model: ATCNNConfig, n: int) -> ATCNNConfig:
    """Return the network with n convolutions: 5 × 5 first, 2 × 2 last, 3 × 3 between, as the paper's five."""
    first, middle, last = model.kernels[0], model.kernels[1], model.kernels[-1]
    kernels = (first,) if n == 1 else (first, *(middle,) * (n - 2), last)
    return replace(model, kernels=kernels)


def run_architecture(run: Run) -> None:
    """Train each depth on the same rows and compare validation errors; follow one network for many epochs."""
    config: ArchitectureConfig = run.config
    rows = load_superconductors(run, config.tc)
    drawn = replace(config.tc, validation=config.validation)
    splits = [rows.split("random", seed, drawn) for seed in run.seeds]
    n = len(splits[0].validation)
    last = []
    for count in config.convolutions:
        network = Network(f"convolutions-{count}", with_convolutions(config.model, count), config.fit)
        result = train_rows(run, rows, network, "validation", splits)
        last.append(result.validation_score[-1])
        scores = [
            {"mae": float(end), "best_mae": float(best)}
            for end, best in zip(
                result.validation_score[-1], result.validation_score.min(axis=0), strict=True
            )
        ]
        run.add(f"validation/{network.name}", scores, {"mae": "K", "best_mae": "K"}, n)
    # The lowest mean over splits; the winner of a single split is mostly chance, so it is kept for the page only.
    errors = np.stack(last)  # (depths, S)
    chosen = config.convolutions[int(errors.mean(axis=1).argmin())]
    run.metrics["validation/atcnn/best_convolutions"] = Metric("", (float(chosen),), n)
    run.arrays["best_convolutions_by_split"] = [config.convolutions[i] for i in errors.argmin(axis=0)]
    for count, error in zip(config.convolutions, errors, strict=True):
        against = [{"minus_best_mae": float(e)} for e in error - errors[config.convolutions.index(chosen)]]
        run.add(f"validation/convolutions-{count}", against, {"minus_best_mae": "K"}, n)
    _try_lengths(run, config, rows, splits)
    _follow(run, config, rows, splits)


def _try_lengths(run: Run, config: ArchitectureConfig, rows: Rows, splits: Sequence[Split]) -> None:
    """Train the network for more and more epochs of the short schedule and file the validation errors."""
    seeds = run.seeds[: config.length_seeds]
    for epochs in config.lengths:
        network = Network(f"epochs-{epochs}", config.model, replace(config.fit, epochs=epochs))
        result = train_rows(run, rows, network, "validation", splits[: len(seeds)], "lengths", seeds)
        scores = [{"mae": float(end)} for end in result.validation_score[-1]]
        run.add(f"validation/{network.name}", scores, {"mae": "K"}, len(splits[0].validation))


def _follow(run: Run, config: ArchitectureConfig, rows: Rows, splits: Sequence[Split]) -> None:
    """Train the paper's network by the paper's schedule and file where its validation error stops falling."""
    if config.long is None:
        return
    seeds = run.seeds[: config.long_seeds]
    result = train_rows(run, rows, config.long, "validation", splits[: len(seeds)], "curve", seeds)
    curves, n = result.validation_score.T, len(splits[0].validation)
    units = {"mae_at_best_epoch": "K", "mae_after_best_epoch": "K", "mae_at_end": "K"}
    run.add("validation/atcnn", [{"mae_at_end": float(curve[-1])} for curve in curves], units, n)
    window = _window(curves.shape[1])
    for epoch in sorted({max(1, curves.shape[1] * tenth // 10) for tenth in range(1, 11)}):
        means = curves[:, max(0, epoch - window) : epoch].mean(axis=1)
        run.add(f"curve/epoch-{epoch}", [{"mae": float(mean)} for mean in means], {"mae": "K"}, n)
    found = [flattening(curve) for curve in curves]
    # A curve that still falls where it ends says nothing of where it would have flattened.
    if all(f["best_epoch"] < STILL_FALLING * config.long.fit.epochs for f in found):
        run.add("validation/atcnn", found, units, n)


def _window(epochs: int) -> int:
    return max(1, epochs // 20)


def flattening(curve: np.ndarray) -> dict[str, float]:
    """Return the epoch after which a smoothed curve (E,) falls by less than 2 %, and the errors there and after.

    The window is a twentieth of the curve: single epochs are noisy, because the networks are judged with
    running averages of their batch statistics.
    """
    window = _window(len(curve))
    smooth = np.convolve(curve, np.ones(window) / window, mode="valid")
    place = int(np.flatnonzero(smooth <= (1 + FLAT) * smooth.min())[0])
    epoch = place + window // 2 + 1
    return {
        "best_epoch": float(epoch),
        "mae_at_best_epoch": float(smooth[place]),
        "mae_after_best_epoch": float(smooth[place:].mean()),
        "lowest_epoch": float(curve.argmin() + 1),
    }
