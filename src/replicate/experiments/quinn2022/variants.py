"""Train variants of a network, one thing changed at a time, and file their test scores.

Shape legend: S seeds, n test crystals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from replicate.evaluation import metrics
from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import train_crystals
from replicate.experiments.crystals import Crystals
from replicate.experiments.quinn2022.splitting import split
from replicate.experiments.quinn2022.thresholds import class_scores


@dataclass(frozen=True)
class Variant:
    """A network under a label, with as many training crystals as there are unless told otherwise."""

    label: str
    network: CrystalNetwork
    train: int | None = None


def with_features(network: CrystalNetwork, sets: dict[str, tuple[str, ...]]) -> Iterator[Variant]:
    """Yield the network with other atom features, named."""
    for name, properties in sets.items():
        yield Variant(name, replace(network, model=replace(network.model, atom_features=properties)))


def with_convolutions(network: CrystalNetwork, numbers: Sequence[int]) -> Iterator[Variant]:
    """Yield the network with other numbers of convolutions."""
    for n in numbers:
        yield Variant(f"convolutions-{n}", replace(network, model=replace(network.model, convolutions=n)))


def with_batches(network: CrystalNetwork, sizes: Sequence[int]) -> Iterator[Variant]:
    """Yield the network trained in other batches."""
    for size in sizes:
        yield Variant(f"batch-{size}", replace(network, fit=replace(network.fit, batch_size=size)))


def with_training(network: CrystalNetwork, sizes: Sequence[int], most: int) -> Iterator[Variant]:
    """Yield the network trained on fewer crystals, of ``most``."""
    for size in sizes:
        if size <= most:
            yield Variant(f"train-{size}", network, size)


def with_epochs(network: CrystalNetwork, numbers: Sequence[int]) -> Iterator[Variant]:
    """Yield the network trained for other numbers of epochs, each a whole schedule."""
    for n in numbers:
        yield Variant(f"epochs-{n}", replace(network, fit=replace(network.fit, epochs=n)))


def train_variant(
    run: Run, crystals: Crystals, variant: Variant, group: str, *, classes: bool
) -> dict[str, np.ndarray]:
    """Train a variant, file its test scores under ``group/label``, and return them and its validation scores (S,).

    Args:
        run: takes the scores.
        crystals: with Tc, or with classes 0 and 1.
        variant: to train.
        group: of the label in the record.
        classes: whether the targets are classes.
    """
    run.say(f"{group}, {variant.label}")
    splits = [split(crystals, seed, train=variant.train) for seed in run.seeds]
    trained = train_crystals(run, crystals, variant.network, splits, f"{group}/{variant.label}")
    predicted = trained.predict([s.test for s in splits])
    pairs = [(crystals.target[s.test], p) for s, p in zip(splits, predicted, strict=True)]
    scores = [class_scores(t, expit(p)) if classes else metrics.regression_metrics(t, p) for t, p in pairs]
    run.add(f"{group}/{variant.label}", scores, {"mae": "K", "rmse": "K"}, len(splits[0].test))
    found = {name: np.array([score[name] for score in scores]) for name in scores[0]}
    found["validation"] = np.array([float(f.validation_score.min()) for f in trained.fits])
    loss, unit = ("cross_entropy", "") if classes else ("mae", "K")
    reached = [{loss: float(value)} for value in found["validation"]]
    run.add(f"{group}-validation/{variant.label}", reached, {loss: unit}, len(splits[0].validation))
    return found


def noise_of_gains(gains: Sequence[np.ndarray]) -> float:
    """Return the standard deviation over seeds of a gain (S,), pooled over several: a smaller gain is none."""
    return float(np.sqrt(np.mean([gain.var(ddof=1) for gain in gains])))
