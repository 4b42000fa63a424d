"""What can be checked of the perovskites outside their database: the unit of its energies, and which were made.

Shape legend: N perovskites.
"""

from __future__ import annotations

import numpy as np
from scipy import constants

from replicate import papers
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.xie2018.names import COD, PEROVSKITE_TABLE, SYNTHESISED
from replicate.features.composition import parse, reduced_keys
from replicate.records import Metric

_ATOMS = 5
_KJ_PER_EV = constants.eV * constants.Avogadro / 1000


def check_unit(run: Run, crystals: Crystals) -> None:
    """File the database's energy of three oxides beside their measured enthalpy of formation from binary oxides.

    Both per atom; were the database's per cell of five atoms, their ratio would be near five.
    """
    energy = dict(zip(_formulas(run, crystals), crystals.target.tolist(), strict=True))
    table = papers.table("xie2018", "enthalpies")
    enthalpy = table.set_index("formula")["enthalpy"]
    ratios = []
    for formula, a, b in table.dropna(subset=["of_a"])[["formula", "of_a", "of_b"]].itertuples(index=False):
        if formula not in energy:
            continue
        measured = (enthalpy[formula] - enthalpy[a] - enthalpy[b]) / _KJ_PER_EV / _ATOMS
        ratios.append(energy[formula] / measured)
        run.metrics[f"unit/{formula}/database"] = Metric("eV/atom", (energy[formula],), None)
        run.metrics[f"unit/{formula}/measured"] = Metric("eV/atom", (float(measured),), None)
    if ratios:
        run.metrics["unit/oxides/ratio"] = Metric("", (float(np.mean(ratios)),), len(ratios))


def check_made(run: Run, crystals: Crystals, within: np.ndarray) -> None:
    """File which compositions stand in the Crystallography Open Database, which holds what somebody made.

    Args:
        run: takes the counts.
        crystals: all perovskites.
        within: (N,) which of them lie within the cutoff.
    """
    listed = parse(run.dataset(COD).table["formula"].tolist(), file=COD, on_error="collect")
    made = set(reduced_keys(listed))
    held = np.array([key in made for key in reduced_keys(parse(_formulas(run, crystals)))])
    printed = papers.table("xie2018", "table_s5")["formula"].tolist()
    named = [f for f, key in zip(printed, reduced_keys(parse(printed)), strict=True) if key in made]
    run.arrays["made"] = named
    counts = {
        "named-in-the-text": ([one in named for one in SYNTHESISED], len(SYNTHESISED)),
        "table-s5": (named, len(printed)),
        "within-cutoff": (held[within], int(within.sum())),
        "beyond-cutoff": (held[~within], int((~within).sum())),
    }
    for name, (found, n) in counts.items():
        count = len(found) if found is named else int(np.sum(found))
        run.metrics[f"made/{name}/compounds"] = Metric("", (count,), n)


def _formulas(run: Run, crystals: Crystals) -> list[str]:
    formula_of = run.dataset(PEROVSKITE_TABLE).table.set_index("file")["formula"]
    return [str(formula_of[f"{one}.cif"]) for one in crystals.ids]
