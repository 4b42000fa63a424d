"""Figs. S1 and S2 of Zeng et al. 2019: error against epochs and number of convolutions, on validation rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from replicate.evaluation.splits import Split
from replicate.experiments.configs import Network
from replicate.experiments.core import Run
from replicate.experiments.samples import draw
from replicate.experiments.train import train
from replicate.experiments.zeng2019.specs import ArchitectureConfig
from replicate.experiments.zeng2019.superconductors import load_superconductors
from replicate.models.configs import ATCNNConfig

FLAT = 0.02
STILL_FALLING = 0.8


def with_convolutions(model: ATCNNConfig, n: int) -> ATCNNConfig:
    """Return the network with n convolutions: 5 × 5 first, 2 × 2 last, 3 × 3 between, as the paper's five."""
    first, middle, *_, last = model.kernels
    return replace(model, kernels=(first, *(middle,) * (n - 2), last)[:n])


def run_architecture(run: Run) -> None:
    """Train each depth on the same rows and compare validation errors; follow one network for many epochs."""
    config: ArchitectureConfig = run.config
    rows = load_superconductors(run, config.tc)
    shares = replace(config.tc, validation=config.validation)
    splits = [replace(split, kind="validation") for split in draw(run, rows, shares)]
    n = len(splits[0].validation)

    def try_depths(splits: list[Split]) -> np.ndarray:
        """File the validation errors of each number of convolutions, and return those at the end, (depths, S)."""
        kind = splits[0].kind
        last = []
        for count in config.convolutions:
            network = Network(f"convolutions-{count}", with_convolutions(config.model, count), config.fit)
            scores = train(run, rows, network, splits).result.validation_score
            last.append(scores[-1])
            run.file(f"{kind}/{network.name}/mae", scores[-1], "K", n)
            run.file(f"{kind}/{network.name}/best_mae", scores.min(axis=0), "K", n)
        return np.stack(last)

    # The lowest mean over splits; the winner of a single split is mostly chance, so only the page shows it.
    errors = try_depths(splits)
    best = int(errors.mean(axis=1).argmin())
    run.file("validation/atcnn/best_convolutions", config.convolutions[best], n=n)
    run.arrays["best_convolutions_by_split"] = [config.convolutions[i] for i in errors.argmin(axis=0)]
    for count, error in zip(config.convolutions, errors, strict=True):
        run.file(f"validation/convolutions-{count}/minus_best_mae", error - errors[best], "K", n)
    if config.by_system:
        try_depths([replace(s, kind="validation-system") for s in draw(run, rows, shares, "system")])
    for epochs in config.lengths:
        network = Network(f"epochs-{epochs}", config.model, replace(config.fit, epochs=epochs))
        scores = train(run, rows, network, splits[: config.length_seeds], "lengths").result.validation_score
        run.file(f"validation/{network.name}/mae", scores[-1], "K", n)
    if config.long is None:
        return
    curves = train(run, rows, config.long, splits[: config.long_seeds], "curve").result.validation_score.T
    epochs = curves.shape[1]
    run.file("validation/atcnn/mae_at_end", curves[:, -1], "K", n)
    for epoch in sorted({max(1, epochs * tenth // 10) for tenth in range(1, 11)}):
        means = curves[:, max(0, epoch - _window(epochs)) : epoch].mean(axis=1)
        run.file(f"curve/epoch-{epoch}/mae", means, "K", n)
    knees = [flattening(curve) for curve in curves]
    # A curve that still falls where it ends says nothing of where it would have flattened.
    if all(knee["best_epoch"] < STILL_FALLING * config.long.fit.epochs for knee in knees):
        run.add("validation/atcnn", knees, {"mae_at_best_epoch": "K", "mae_after_best_epoch": "K"}, n)


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
    return {
        "best_epoch": float(place + window // 2 + 1),
        "mae_at_best_epoch": float(smooth[place]),
        "mae_after_best_epoch": float(smooth[place:].mean()),
        "lowest_epoch": float(curve.argmin() + 1),
    }
