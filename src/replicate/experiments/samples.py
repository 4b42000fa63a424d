"""What is trained on: compositions or crystals with a target, how they are grouped and how they are split.

Shape legend: N samples, 118 elements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol, Self

import numpy as np

from replicate import data
from replicate.evaluation.splits import Split, make_split
from replicate.experiments.configs import SupervisedConfig
from replicate.experiments.core import Run
from replicate.features.composition import Compositions, chemical_systems, parse, reduced_keys
from replicate.settings import content_key


class Samples(Protocol):
    """N compositions or crystals with a target; ``digest`` is of all that decides what networks read of them."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def target(self) -> np.ndarray: ...

    @property
    def quotable(self) -> bool: ...

    def __len__(self) -> int: ...

    def inputs(self, model: Any) -> Any:
        """Return what a network reads, as :func:`replicate.training.fit.fit` takes it."""

    def fractions(self) -> np.ndarray:
        """Return (N, 118) atomic fractions."""

    def label(self, place: int) -> str:
        """Return what to call a sample on a page."""

    def formulas(self, rows: np.ndarray) -> list[str]:
        """Return the formulas of samples at positions (n,)."""

    def groups(self, kind: str) -> np.ndarray:
        """Return (N,) labels that a split of a kind keeps together."""

    def split(self, seed: int, *, kind: str, test: float, validation: float) -> Split:
        """Draw the split of one seed."""

    def take(self, chosen: np.ndarray, name: str) -> Self:
        """Return some of the samples; ``name`` enters the digest."""


def draw(run: Run, samples: Samples, config: Any, kind: str = "random") -> list[Split]:
    """Return one split per seed of a run, with the shares ``test`` and ``validation`` of settings."""
    shares = {"test": config.test, "validation": config.validation}
    return [samples.split(seed, kind=kind, **shares) for seed in run.seeds]


def targets(samples: Samples, splits: Sequence[Split]) -> np.ndarray:
    """Return (S, n) targets of the test samples."""
    return np.stack([samples.target[s.test] for s in splits])


def some_of(n: int, most: int | None) -> np.ndarray:
    """Return the positions of ``most`` of n samples, drawn with a fixed seed, or of all."""
    if most is None or most >= n:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).permutation(n)[:most])


@dataclass(frozen=True, eq=False)
class Rows:
    """Compositions with a target: the rows of one table, or of several joined.

    Args:
        name: of the table, for file names and messages.
        digest: of all that decides compositions and targets.
        compositions: N of them.
        target: (N,) float32.
        part: (N,) which table a row comes from. A random split draws every part by itself, so that rows
            joined to others fall as they do alone.
        quotable: whether the terms of the table let single rows be shown on a page.
    """

    name: str
    digest: str
    compositions: Compositions
    target: np.ndarray
    part: np.ndarray
    quotable: bool = True

    def __len__(self) -> int:
        return len(self.target)

    @cached_property
    def _groups(self) -> dict[str, np.ndarray]:
        return {
            "random": np.arange(len(self)),
            "composition": reduced_keys(self.compositions),
            "system": chemical_systems(self.compositions),
        }

    def inputs(self, model: Any) -> Any:
        """Return the tables that a network reads."""
        return model.inputs(self.compositions)

    def fractions(self) -> np.ndarray:
        """Return (N, 118) atomic fractions."""
        return self.compositions.fractions

    def label(self, place: int) -> str:
        """Return the formula of a row."""
        return self.compositions.formulas[place]

    def formulas(self, rows: np.ndarray) -> list[str]:
        """Return the formulas of rows (n,)."""
        return [self.compositions.formulas[row] for row in rows]

    def groups(self, kind: str) -> np.ndarray:
        """Return (N,) labels that a split by row, ``composition`` or ``system`` keeps together."""
        return self._groups[kind]

    def split(self, seed: int, *, kind: str = "random", test: float, validation: float) -> Split:
        """Draw the split of one seed; shares as for :func:`replicate.evaluation.splits.make_split`."""
        parts = [np.arange(len(self))]
        if kind == "random":
            parts = [np.flatnonzero(self.part == p) for p in np.unique(self.part)]
        labels = self.groups(kind)
        drawn = [make_split(labels[rows], kind=kind, seed=seed, test=test, validation=validation) for rows in parts]
        train, held, tested = (
            np.concatenate([rows[getattr(d, name)] for rows, d in zip(parts, drawn, strict=True)])
            for name in ("train", "validation", "test")
        )
        return Split(kind, seed, train, held, tested)

    def take(self, chosen: np.ndarray, name: str) -> Rows:
        """Return the rows where ``chosen`` (N,) is true; ``name`` enters the digest."""
        return replace(
            self,
            digest=content_key(self.digest, name, int(chosen.sum())),
            compositions=self.compositions.take(chosen),
            target=self.target[chosen],
            part=self.part[chosen],
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
            np.concatenate([self.part, other.part + self.part.max() + 1]),
            self.quotable and other.quotable,
        )


def make_rows(name: str, digest: str, compositions: Compositions, target: np.ndarray, *, quotable: bool = True) -> Rows:
    """Return the rows of one table."""
    part = np.zeros(len(compositions), dtype=int)
    return Rows(name, digest, compositions, np.asarray(target, dtype=np.float32), part, quotable)


def read_table(run: Run, name: str, column: str = "critical_temperature") -> tuple[Compositions, np.ndarray]:
    """Return the compositions of a dataset whose formulas can be read, and a column's values for them."""
    table = run.dataset(name).table
    compositions = parse(table["formula"].tolist(), file=name, on_error="collect")
    return compositions, table[column].to_numpy()[compositions.rows]


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
    quotable = data.entry(config.dataset).quotable
    return make_rows(config.dataset, digest, compositions, target, quotable=quotable)
