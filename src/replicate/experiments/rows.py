"""The rows an experiment uses: compositions, targets, and how they are grouped and split."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from replicate.evaluation.splits import Split, make_split
from replicate.experiments.base import Run
from replicate.experiments.configs import SupervisedConfig
from replicate.features.composition import Compositions, chemical_systems, parse, reduced_keys
from replicate.training.checkpoint import content_key


class Shares(Protocol):
    """Says how large test and validation sets are; most configs do."""

    @property
    def test(self) -> float: ...

    @property
    def validation(self) -> float: ...


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one table, or of several joined.

    Args:
        name: of the table, for file names and messages.
        digest: of all that decides compositions and targets.
        compositions: N of them.
        target: (N,) float32.
        groups: kind of split → (N,) labels; a group never falls apart.
        part: (N,) which table a row comes from. A random split draws every part by itself, so that rows
            joined to others keep the split they have alone.
    """

    name: str
    digest: str
    compositions: Compositions
    target: np.ndarray
    groups: dict[str, np.ndarray]
    part: np.ndarray

    def __len__(self) -> int:
        """Return N."""
        return len(self.target)

    def split(self, kind: str, seed: int, config: Shares) -> Split:
        """Draw the split of one seed."""
        labels = self.groups[kind]
        parts = [np.arange(len(self))]
        if kind == "random":
            parts = [np.flatnonzero(self.part == p) for p in np.unique(self.part)]
        drawn = [
            make_split(labels[rows], kind=kind, seed=seed, test=config.test, validation=config.validation)
            for rows in parts
        ]
        train, validation, test = (
            np.concatenate([rows[getattr(d, name)] for rows, d in zip(parts, drawn, strict=True)])
            for name in ("train", "validation", "test")
        )
        return Split(kind, seed, train, validation, test)

    def take(self, chosen: np.ndarray, why: str) -> Rows:
        """Return the rows where ``chosen`` (N,) is true; ``why`` enters the digest."""
        return Rows(
            self.name,
            content_key(self.digest, why, int(chosen.sum())),
            self.compositions.take(chosen),
            self.target[chosen],
            {kind: labels[chosen] for kind, labels in self.groups.items()},
            self.part[chosen],
        )

    def relabelled(self, target: np.ndarray, why: str) -> Rows:
        """Return the same rows with another target (N,); ``why`` enters the digest."""
        return replace(self, target=target.astype(np.float32), digest=content_key(self.digest, why))

    def joined(self, other: Rows) -> Rows:
        """Return these rows followed by another table's."""
        return Rows(
            f"{self.name}+{other.name}",
            content_key(self.digest, other.digest),
            self.compositions.joined(other.compositions),
            np.concatenate([self.target, other.target]),
            {
                "random": np.arange(len(self) + len(other)),
                "composition": np.concatenate([self.groups["composition"], other.groups["composition"]]),
                "system": np.concatenate([self.groups["system"], other.groups["system"]]),
            },
            np.concatenate([self.part, other.part + self.part.max() + 1]),
        )


def make_rows(name: str, digest: str, compositions: Compositions, target: np.ndarray) -> Rows:
    """Return rows with the three usual groupings."""
    return Rows(
        name=name,
        digest=digest,
        compositions=compositions,
        target=np.asarray(target, dtype=np.float32),
        groups={
            "random": np.arange(len(compositions)),
            "composition": reduced_keys(compositions),
            "system": chemical_systems(compositions),
        },
        part=np.zeros(len(compositions), dtype=int),
    )


def load_rows(run: Run, config: SupervisedConfig) -> Rows:
    """Return the rows of the experiment's dataset; rows whose formula cannot be read are dropped and filed."""
    dataset = run.dataset(config.dataset)
    table = dataset.table
    if config.max_rows is not None and config.max_rows < len(table):
        table = table.sample(config.max_rows, random_state=0).sort_index()
    compositions = parse(table["formula"].tolist(), file=config.dataset, on_error="collect")
    run.arrays["dropped"] = {
        "dataset": config.dataset,
        "read": len(table),
        "rows": [[int(table.index[p.row - 1]) + 1, p.formula, p.reason] for p in compositions.problems],
    }
    target = table[config.column].to_numpy(np.float32)[compositions.rows]
    digest = content_key(dataset.digest, config.column, config.max_rows)
    return make_rows(config.dataset, digest, compositions, target)
