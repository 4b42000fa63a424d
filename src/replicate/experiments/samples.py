"""What is trained on: compositions or crystals with a target, how they are grouped and how they are split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from replicate import data
from replicate.evaluation.splits import Split, make_split
from replicate.experiments.configs import SupervisedConfig
from replicate.experiments.core import Run
from replicate.features.composition import Compositions, chemical_systems, parse, reduced_keys
from replicate.settings import content_key

if TYPE_CHECKING:
    from replicate.experiments.crystals import Crystals

Samples: TypeAlias = "Rows | Crystals"


def draw(run: Run, samples: Samples, config: Any, kind: str = "random") -> list[Split]:
    """Return one split per seed of a run, with the shares ``test`` and ``validation`` of settings."""
    return [samples.split(s, kind=kind, test=config.test, validation=config.validation) for s in run.seeds]


def tests(splits: Sequence[Split]) -> np.ndarray:
    """Return (S, n) positions of the test samples."""
    return np.stack([split.test for split in splits])


def targets(samples: Samples, splits: Sequence[Split]) -> np.ndarray:
    """Return (S, n) targets of the test samples."""
    return samples.target[tests(splits)]


def where(values: Sequence[np.ndarray] | np.ndarray, chosen: Sequence[np.ndarray] | np.ndarray) -> list[np.ndarray]:
    """Return, seed by seed, the values (S, n) where ``chosen`` (S, n) is true: their number may differ."""
    return [each[some] for each, some in zip(values, chosen, strict=True)]


def some_of(n: int, most: int | None) -> np.ndarray:
    """Return the positions of ``most`` of n samples, drawn with a fixed seed, or of all."""
    if most is None or most >= n:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).permutation(n)[:most])


@dataclass(frozen=True, eq=False)
class Rows:
    """Compositions with a target: the rows of one table, or of several joined.

    A random split draws every part by itself, so that rows joined to others fall as they do alone.
    """

    name: str  # of the table, for file names and messages
    digest: str  # of all that decides compositions and targets
    compositions: Compositions
    target: np.ndarray  # (N,) float32
    part: np.ndarray  # (N,) which table a row comes from
    quotable: bool = True  # whether the terms of the table let single rows be shown on a page

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
        """Return the tables that a network reads, as :func:`replicate.training.fit.fit` takes them."""
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
