"""What can be checked of the perovskites outside their database: the unit of its energies, and which exist."""

from __future__ import annotations

import numpy as np
from scipy import constants

from replicate import papers
from replicate.experiments.base import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.xie2018.configs import COD, PEROVSKITE_TABLE, SYNTHESISED
from replicate.features.composition import parse, reduced_keys
from replicate.records import Metric

_ATOMS = 5
_KJ_PER_EV = constants.eV * constants.Avogadro / 1000


def score_unit(run: Run, crystals: Crystals) -> None:
    """File the database's energy of three oxides and their measured enthalpy of formation from binary oxides.

    Both per atom; were the database's per cell of five atoms, their ratio would be near five.
    """
    energy = dict(zip(formulas_of_files(run, crystals), crystals.target.tolist(), strict=True))
    table = papers.table("xie2018", "enthalpies")
    enthalpy = table.set_index("formula")["enthalpy"]
    ratios = []
    for formula, a, b in table.dropna(subset=["of_a"])[["formula", "of_a", "of_b"]].itertuples(index=False):
        if formula in energy:
            measured = float(enthalpy[formula] - enthalpy[a] - enthalpy[b]) / _KJ_PER_EV / _ATOMS
            ratios.append(energy[formula] / measured)
            run.metrics[f"unit/{formula}/database"] = Metric("eV/atom", (energy[formula],), None)
            run.metrics[f"unit/{formula}/measured"] = Metric("eV/atom", (measured,), None)
    if ratios:
        run.metrics["unit/oxides/ratio"] = Metric("", (float(np.mean(ratios)),), len(ratios))


def count_synthesised(run: Run, crystals: Crystals, within: np.ndarray) -> None:
    """File which compositions stand in the Crystallography Open Database, and of those ``within`` (N,) the cutoff."""
    synthesised = reduced_keys(
        parse(run.dataset(COD).table["formula"].tolist(), file=COD, on_error="collect")
    )

    def known(formulas: list[str]) -> np.ndarray:
        return np.isin(reduced_keys(parse(formulas)), synthesised)

    printed = papers.table("xie2018", "table_s5")["formula"].to_numpy()
    run.arrays["made"] = printed[known(printed.tolist())].tolist()
    held = known(formulas_of_files(run, crystals))
    for name, here in {
        "named-in-the-text": np.isin(SYNTHESISED, run.arrays["made"]),
        "table-s5": known(printed.tolist()),
        "within-cutoff": held[within],
        "beyond-cutoff": held[~within],
    }.items():
        run.metrics[f"made/{name}/compounds"] = Metric("", (int(here.sum()),), len(here))


def formulas_of_files(run: Run, crystals: Crystals) -> list[str]:
    """Return the formulas (N,) of the database's files."""
    formula = run.dataset(PEROVSKITE_TABLE).table.set_index("file")["formula"]
    return [str(formula[f"{name}.cif"]) for name in crystals.ids]
