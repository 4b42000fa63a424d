"""Compounds that every representation can read, and the splits they share.

Shape legend: N compounds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from replicate.data.quinn import superconductors
from replicate.errors import ConfigError
from replicate.evaluation.splits import Split
from replicate.experiments.beyond.specs import TEMPORAL
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.konno2021.training_sets import moved_medians, same_as_any
from replicate.experiments.quinn2022.compounds import other_crystals, split, superconductor_crystals
from replicate.experiments.quinn2022.configs import JOINED, SUPERCON, TEST, VALIDATION, CompoundsConfig
from replicate.experiments.samples import Rows, make_rows
from replicate.features.composition import formulas_of, parse, reduced_keys
from replicate.features.crystal_graph import amounts_of, per_formula_unit
from replicate.settings import content_key

LAST_YEAR = 2007
"""Taught is what was known by then: the iron-based superconductors above 10 K were discovered in 2008."""


@dataclass(frozen=True, eq=False)
class Compounds:
    """N compounds, as crystals for the graph network and as compositions for the others."""

    crystals: Crystals  # superconductors with their Tc (K), then other compounds at 0 K
    rows: Rows  # the same compounds in the same order, as compositions

    @cached_property
    def superconducting(self) -> np.ndarray:
        """(N,) booleans: Tc is above 0 K."""
        return np.asarray(self.crystals.target > 0)

    @cached_property
    def ordered(self) -> np.ndarray:
        """(N,) booleans: every site is occupied by one element."""
        return ~self.crystals.disordered()

    def split(self, kind: str) -> Split:
        """Return the split of a kind: three quarters of the compounds for training, a tenth for validation.

        Raises:
            ConfigError: the temporal split has no compound on one of its sides.
        """
        if kind != TEMPORAL:
            return split(self.crystals, 0, kind)
        year = self.crystals.labels["year"]
        old, new = np.flatnonzero(year <= LAST_YEAR), np.flatnonzero(year > LAST_YEAR)
        compositions = self.rows.compositions
        if not len(old) or not len(new):
            raise ConfigError(f"no superconductor up to {LAST_YEAR}, or none after it, among the compounds")
        new = new[~same_as_any(compositions.take(new), compositions.take(old))]
        draw = np.random.default_rng(20080223)
        others = draw.permutation(np.flatnonzero(~self.superconducting))
        n_test = round(TEST * len(others))
        known = draw.permutation(np.concatenate([old, others[n_test:]]))
        n_validation = round(VALIDATION / (1 - TEST) * len(known))
        parts = (known[n_validation:], known[:n_validation], np.concatenate([new, others[:n_test]]))
        return Split(TEMPORAL, 0, *(np.sort(part) for part in parts))


def compounds_then(run: Run, compounds: Compounds) -> Compounds:
    """Return the compounds with the Tc of what was known by the last year; what that changes is filed."""
    table = superconductors(run.dataset(SUPERCON), LAST_YEAR).table
    keys = reduced_keys(parse(table["formula"].tolist(), file=SUPERCON))
    then = pd.Series(table["critical_temperature"].to_numpy(), index=keys)
    crystals, rows = compounds.crystals, compounds.rows
    known = (crystals.labels["year"] <= LAST_YEAR) & compounds.superconducting
    target = crystals.target.copy()
    target[known] = then[rows.groups("composition")[known]]
    name = f"as of {LAST_YEAR}"
    moved = np.abs(target - crystals.target)
    run.arrays[f"later/superconductors-{LAST_YEAR}"] = moved_medians(moved[known])
    digest = content_key(crystals.digest, name, target.tolist())
    return Compounds(replace(crystals, target=target, digest=digest), rows.relabelled(target, name))


def load_compounds(run: Run, config: CompoundsConfig) -> Compounds:
    """Return superconductors that have a structure, and as many other compounds as asked for."""
    known, others = superconductor_crystals(run, config), other_crystals(run, config)
    # Formulas as SuperCon writes them; the others' as one formula unit, not as the cell that was calculated.
    cells = formulas_of(per_formula_unit(amounts_of(others.compact())))
    compositions = parse([*known.ids, *cells.tolist()], file=f"{known.name}, {others.name}")
    crystals = known.joined(others, JOINED)
    rows = make_rows(JOINED, crystals.digest, compositions, crystals.target)
    return Compounds(crystals, rows)
