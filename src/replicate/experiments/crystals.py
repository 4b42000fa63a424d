"""Crystals with a target: graphs of a dataset joined with a property, grouped and split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from pymatgen.core import Composition

from replicate.errors import DataError
from replicate.evaluation.splits import Split, make_split
from replicate.experiments.core import Run
from replicate.experiments.graph_store import StoredGraphs
from replicate.experiments.samples import some_of
from replicate.features.composition import parse, reduced_keys
from replicate.features.crystal_graph import (
    CrystalGraphs,
    amounts_of,
    compositions_of,
    element_sets,
    join_graphs,
    reduced,
)
from replicate.features.elements import telling_weights
from replicate.models.graph_batch import GraphSet
from replicate.settings import content_key


@dataclass(frozen=True, eq=False)
class Crystals:
    """N crystals with a target."""

    name: str  # of the set, for file names and messages
    digest: str  # of all that decides graphs and targets
    graphs: CrystalGraphs  # of the whole dataset
    rows: np.ndarray  # (N,) positions in ``graphs`` of the crystals in this set
    target: np.ndarray  # (N,) float32
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)  # further groups, name → (N,)
    quotable: bool = True  # whether the terms of the target's source let single rows be shown on a page

    def __len__(self) -> int:
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

    def formulas(self, rows: np.ndarray) -> list[str]:
        """Return the reduced formulas of crystals at positions (n,)."""
        cells = compositions_of(self.graphs.take(self.rows[rows]), self.name, digits=3)
        reduced_formulas = {cell: Composition(cell).reduced_formula for cell in set(cells.formulas)}
        return [reduced_formulas[cell] for cell in cells.formulas]

    def take(self, chosen: np.ndarray, name: str) -> Crystals:
        """Return the crystals at ``chosen``, booleans (N,) or positions, as a set of another name."""
        rows = self.rows[chosen]
        labels = {kind: label[chosen] for kind, label in self.labels.items()}
        digest = content_key(self.digest, name, rows.tolist())
        return Crystals(name, digest, self.graphs, rows, self.target[chosen], labels, self.quotable)

    def first(self, most: int | None, name: str) -> Crystals:
        """Return the first so many crystals as a set of another name; all of them, as they are, for None."""
        return self if most is None else self.take(np.arange(len(self))[:most], name)

    def drawn(self, most: int | None, name: str) -> Crystals:
        """Return so many crystals drawn with a fixed seed, in their order; all of them, as they are, for None."""
        return self if most is None else self.take(some_of(len(self), most), name)

    def relabelled(self, target: np.ndarray, name: str) -> Crystals:
        """Return the same crystals with another target (N,); ``name`` is added to theirs."""
        target = target.astype(np.float32)
        digest = content_key(self.digest, name, target.tolist())
        return replace(self, name=f"{self.name}-{name}", digest=digest, target=target)

    def joined(self, other: Crystals, name: str) -> Crystals:
        """Return these crystals followed by others, with the labels that both have."""
        graphs = join_graphs([self.compact(), other.compact()])
        both = self.labels.keys() & other.labels.keys()
        labels = {kind: np.concatenate([self.labels[kind], other.labels[kind]]) for kind in both}
        target = np.concatenate([self.target, other.target])
        digest = content_key(self.digest, other.digest)
        return Crystals(name, digest, graphs, np.arange(len(graphs)), target, labels)

    def named_in(self, names: Iterable[str]) -> np.ndarray:
        """Return (N,) booleans: the crystal's name is among ``names``."""
        return np.isin(self.ids, list(names))

    def disordered(self) -> np.ndarray:
        """Return (N,) booleans: a site of the crystal is shared or partly empty."""
        graphs = self.compact()
        mixed = ~np.isclose(graphs.kinds.max(axis=1), 1)
        crystal = np.repeat(np.arange(len(graphs)), np.diff(graphs.node_start))
        return np.bincount(crystal, weights=mixed[graphs.kind], minlength=len(graphs)) > 0

    def compact(self) -> CrystalGraphs:
        """Return the graphs of this set alone, in its order."""
        return self.graphs.take(self.rows)

    def fractions(self) -> np.ndarray:
        """Return (N, 118) atomic fractions."""
        return self.compact().fractions()

    def inputs(self, model: Any) -> GraphSet:
        """Return the graphs of this set alone, as every network reads them."""
        return GraphSet(self.compact())

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
        """Draw a split of which only ``train`` and ``most_validation`` crystals are kept, where these are given.

        ``test`` is a share of all crystals, ``validation`` of the others; numbers of them where above one. The training
        set of a smaller number is a subset of that of a larger one.
        """
        n = len(self)
        n_test = test if test < 1 else test / n
        n_validation = validation if validation < 1 else validation / (n - round(n_test * n))
        drawn = make_split(self.groups(kind), kind=kind, seed=seed, test=n_test, validation=n_validation)

        def cut(part: np.ndarray, most: int | None) -> np.ndarray:
            if most is None:
                return part
            return np.sort(np.random.default_rng([seed, 20180410]).permutation(part)[:most])

        return replace(drawn, train=cut(drawn.train, train), validation=cut(drawn.validation, most_validation))


def joined_by_id(run: Run, stored: StoredGraphs, name: str, column: str) -> Crystals:
    """Return the crystals of a table whose rows name them; rows without a value or a crystal are counted."""
    keys = stored.graphs.ids, run.dataset(name).table["material_id"]
    return _joined(run, stored, [name], column, *keys, once=False)


def joined_by_formula(run: Run, stored: StoredGraphs, name: str, column: str) -> Crystals:
    """Return the crystals with a value whose full-cell formula stands once among the graphs and once in the table."""
    amounts = parse(run.dataset(name).table["formula"].tolist(), file=name).amounts
    keys = (np.round(some @ telling_weights(), 8) for some in (amounts_of(stored.graphs), amounts))
    return _joined(run, stored, [name], column, *keys)


def joined_by_composition(run: Run, stored: StoredGraphs, names: Sequence[str], column: str) -> Crystals:
    """Return crystals whose reduced composition has one structure here and one value in the tables taken together."""
    formulas = [formula for name in names for formula in run.dataset(name).table["formula"]]
    compositions = compositions_of(stored.graphs, stored.digest), parse(formulas, file=", ".join(names))
    return _joined(run, stored, names, column, *map(reduced_keys, compositions))


def _joined(
    run: Run,
    stored: StoredGraphs,
    names: Sequence[str],
    column: str,
    known: Sequence[str] | np.ndarray,
    keys: pd.Series | np.ndarray,
    *,
    once: bool = True,
) -> Crystals:
    """Return the crystals with a value, joined by the keys of graphs and of rows, those that stand ``once`` in each."""
    values = np.concatenate([pd.to_numeric(run.dataset(name).table[column]).to_numpy(dtype=float) for name in names])
    crystals = pd.DataFrame({"key": known, "row": np.arange(len(known))})
    table = pd.DataFrame({"key": keys, "value": values})
    usable = table[np.isfinite(values)]
    if once:
        crystals, table = (each.drop_duplicates("key", keep=False) for each in (crystals, table))
        usable = table
    both = table.merge(crystals, on="key")
    both = both[np.isfinite(both["value"])]
    if once:
        both = both.sort_values("row")
    joins = run.arrays.setdefault("joins", {})
    joins[f"{names[0]}/{column}"] = {"rows": len(keys), "usable": len(usable), "joined": len(both)}
    if both.empty:
        raise DataError("no crystal has a value", file=names[0], value=column)
    rows, digests = both["row"].to_numpy(), [run.dataset(name).digest for name in names]
    key = content_key(stored.digest, digests if len(digests) > 1 else digests[0], column, rows.tolist())
    return Crystals(f"{names[0]}-{column}", key, stored.graphs, rows, both["value"].to_numpy(np.float32))
