"""Crystals with a target: graphs of a dataset joined with a property, grouped and split.

Shape legend: N crystals, 118 elements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pymatgen.core import Composition

from replicate.errors import DataError
from replicate.evaluation.splits import Split, make_split
from replicate.experiments.core import Run
from replicate.features.composition import parse, reduced_keys
from replicate.features.crystal_graph import CrystalGraphs
from replicate.features.elements import telling_weights
from replicate.features.graph_store import StoredGraphs
from replicate.features.structure_keys import amounts_of, compositions_of, element_sets, reduced
from replicate.training.checkpoint import content_key


@dataclass(frozen=True, eq=False)
class Crystals:
    """N crystals with a target.

    Args:
        name: of the set, for file names and messages.
        digest: of all that decides graphs and targets.
        graphs: every graph of the dataset.
        rows: (N,) positions in ``graphs`` of the crystals in this set.
        target: (N,) float32.
        labels: further ways to group the crystals, name → (N,).
        quotable: whether the terms of the target's source let single rows be shown on a page.
    """

    name: str
    digest: str
    graphs: CrystalGraphs
    rows: np.ndarray
    target: np.ndarray
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)
    quotable: bool = True

    def __len__(self) -> int:
        """Return N."""
        return len(self.rows)

    @property
    def ids(self) -> list[str]:
        """Names of the crystals."""
        return [self.graphs.ids[i] for i in self.rows]

    def label(self, place: int) -> str:
        """Return the name of one crystal where it is a formula, else its formula and, in brackets, its name."""
        row = int(self.rows[place])
        name = self.graphs.ids[row]
        if not parse([name], file=self.name, on_error="collect").problems:
            return name
        alone = compositions_of(self.graphs.take(np.array([row])), self.name, digits=3)
        return f"{Composition(alone.formulas[0]).reduced_formula} ({name})"

    def take(self, chosen: np.ndarray, name: str) -> Crystals:
        """Return the crystals at ``chosen``, booleans (N,) or positions, as a set of another name."""
        rows = self.rows[chosen]
        target = self.target[chosen]
        labels = {one: label[chosen] for one, label in self.labels.items()}
        digest = content_key(self.digest, name, rows.tolist())
        return Crystals(name, digest, self.graphs, rows, target, labels, self.quotable)

    def compact(self) -> CrystalGraphs:
        """Return the graphs of this set alone, in its order."""
        return self.graphs.take(self.rows)

    def fractions(self) -> np.ndarray:
        """Return (N, 118) atomic fractions."""
        return self.compact().fractions()

    def groups(self, kind: str) -> np.ndarray:
        """Return (N,) labels that a split of a kind keeps together: by crystal, composition, system or its own."""
        if kind == "random":
            return np.arange(len(self))
        if kind in self.labels:
            return self.labels[kind]
        amounts = amounts_of(self.compact())
        return reduced(amounts) if kind == "composition" else element_sets(amounts)

    def split(
        self,
        seed: int,
        *,
        kind: str = "random",
        test: float = 0.2,
        validation: float = 0.25,
        train: int | None = None,
        most_validation: int | None = None,
    ) -> Split:
        """Draw a split, of which fewer training and validation crystals can be kept.

        Args:
            seed: of the draw.
            kind: ``random``, ``composition``, ``system`` or one of the labels.
            test: share of all crystals; more than one: their number.
            validation: share of the others; more than one: their number.
            train: number of training crystals; a smaller number gives a subset of a larger one's.
            most_validation: number of validation crystals, where fewer will do.
        """
        n = len(self)
        n_test = test if test < 1 else test / n
        n_validation = validation if validation < 1 else validation / (n - round(n_test * n))
        drawn = make_split(self.groups(kind), kind=kind, seed=seed, test=n_test, validation=n_validation)
        kept = [
            part
            if most is None
            else np.sort(np.random.default_rng([seed, 20180410]).permutation(part)[:most])
            for part, most in ((drawn.train, train), (drawn.validation, most_validation))
        ]
        return Split(drawn.kind, drawn.seed, kept[0], kept[1], drawn.test)


def joined_by_id(run: Run, stored: StoredGraphs, name: str, column: str) -> Crystals:
    """Return the crystals of a table whose rows name them; rows without a value or a crystal are counted.

    Args:
        run: notes how many rows found their crystal.
        stored: graphs to look in.
        name: dataset in the registry that holds ``column``.
        column: the target.
    """
    place = {one: i for i, one in enumerate(stored.graphs.ids)}
    values = pd.to_numeric(run.dataset(name).table[column]).to_numpy(dtype=float)
    rows = np.array([place.get(one, -1) for one in run.dataset(name).table["material_id"]])
    usable = (rows >= 0) & np.isfinite(values)
    _note_join(run, f"{name}/{column}", len(values), int(np.isfinite(values).sum()), int(usable.sum()))
    return _made(name, column, run, stored, rows[usable], values[usable])


def joined_by_formula(run: Run, stored: StoredGraphs, name: str, column: str) -> Crystals:
    """Return the crystals with a value whose full-cell formula stands once among the graphs and once in the table."""
    table = run.dataset(name).table
    known = np.round(amounts_of(stored.graphs) @ telling_weights(), 8)
    asked = np.round(parse(table["formula"].tolist(), file=name).amounts @ telling_weights(), 8)
    graph, row, usable = _once_each(known, asked)
    values = table[column].to_numpy(dtype=float)[row]
    known_value = np.isfinite(values)
    _note_join(run, f"{name}/{column}", len(table), usable, int(known_value.sum()))
    return _made(name, column, run, stored, graph[known_value], values[known_value])


def joined_by_composition(run: Run, stored: StoredGraphs, names: Sequence[str], column: str) -> Crystals:
    """Return crystals whose reduced composition has one structure here and one value in the tables taken together."""
    tables = [run.dataset(name).table for name in names]
    table = pd.concat(tables, ignore_index=True)
    compositions = parse(table["formula"].tolist(), file=", ".join(names))
    known = reduced_keys(compositions_of(stored.graphs, stored.digest))
    asked = reduced_keys(compositions)
    graph, row, usable = _once_each(known, asked)
    values = table[column].to_numpy(dtype=float)[row]
    known_value = np.isfinite(values)
    _note_join(run, f"{names[0]}/{column}", len(table), usable, int(known_value.sum()))
    rows = graph[known_value]
    digest = content_key(stored.digest, [run.dataset(name).digest for name in names], column, rows.tolist())
    return Crystals(
        f"{names[0]}-{column}", digest, stored.graphs, rows, values[known_value].astype(np.float32)
    )


def _once_each(known: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Return where keys that stand once in each of two arrays stand, and how many stand once in the second."""
    ours = pd.Series(np.arange(len(known)), index=known)[~pd.Index(known).duplicated(keep=False)]
    theirs = pd.Series(np.arange(len(asked)), index=asked)[~pd.Index(asked).duplicated(keep=False)]
    both = pd.concat([ours, theirs], axis=1, join="inner", keys=["graph", "row"]).sort_values("graph")
    return both["graph"].to_numpy(), both["row"].to_numpy(), len(theirs)


def _note_join(run: Run, what: str, rows: int, usable: int, joined: int) -> None:
    run.arrays.setdefault("joins", {})[what] = {"rows": rows, "usable": usable, "joined": joined}


def _made(
    name: str, column: str, run: Run, stored: StoredGraphs, rows: np.ndarray, values: np.ndarray
) -> Crystals:
    if not len(rows):
        raise DataError("no crystal has a value", file=name, value=column)
    digest = content_key(stored.digest, run.dataset(name).digest, column, rows.tolist())
    return Crystals(f"{name}-{column}", digest, stored.graphs, rows, values.astype(np.float32))
