"""Where each property comes from: the largest source whose values can be tied to a structure.

Shape legend: N crystals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.graph_store import archive_graphs, table_graphs
from replicate.experiments.xie2018.configs import ELASTIC, ENERGIES, ENERGY, POOL

_BELOW = 0.5  # eV/atom
_A_FEW = 0.02  # share of the rows that goes at a time, the farthest first: the line moves as they go

Loader = Callable[[Run], Crystals]


def formation_energies(run: Run) -> Crystals:
    """Return computed formation energies per atom, eV/atom."""
    return joined_by_formula(run, archive_graphs(POOL), ENERGIES, ENERGY)


def semiconductors(run: Run) -> Crystals:
    """Return crystals with a band gap above zero: the paper's list of 27,430 holds next to no metals."""
    gaps = joined_by_formula(run, archive_graphs(POOL), "crabnet-mp-gap", "band_gap")
    _note_left_out(run, "band gap of zero", gaps.target <= 0)
    return gaps.take(gaps.target > 0, "band-gaps")


def absolute_energies(run: Run) -> Crystals:
    """Return total energies per atom of one functional; r2SCAN's are several eV lower and are left out.

    The total energy is the formation energy plus one energy per element. A line through the rows is fitted
    again and again without those that fall below it, until none is more than 0.5 eV/atom below.
    """
    energies = _elastic("energy_per_atom")(run)
    formation = run.dataset(ELASTIC).table.set_index("material_id")[ENERGY]
    reference = energies.target - formation.loc[energies.ids].to_numpy(np.float64)
    x = energies.fractions()
    x = x[:, x.any(axis=0)]
    keep = np.ones(len(x), dtype=bool)
    while True:
        off = reference - x @ np.linalg.lstsq(x[keep], reference[keep], rcond=None)[0]
        if not (keep & (off < -_BELOW)).any():
            break
        fewer = keep & (off >= min(np.quantile(off[keep], _A_FEW), -_BELOW))
        # Many rows equally far down would otherwise stay for ever.
        keep = fewer if fewer.sum() < keep.sum() else keep & (off > off[keep].min())
    _note_left_out(run, "energy of another functional", ~keep)
    return energies.take(keep, "absolute-energies")


def _note_left_out(run: Run, what: str, rows: np.ndarray) -> None:
    run.arrays.setdefault("left-out", {})[what] = int(rows.sum())


def _elastic(column: str) -> Loader:
    return lambda run: joined_by_id(run, archive_graphs(POOL), ELASTIC, column)


def _bundled(name: str, column: str) -> Loader:
    return lambda run: joined_by_id(run, table_graphs(name), name, column)


def _logarithm(column: str) -> Loader:
    """Return the bundled moduli of de Jong 2015 as log10(GPa)."""

    def load(run: Run) -> Crystals:
        moduli = _bundled("dejong2015", column)(run)
        moduli = moduli.take(moduli.target > 0, f"dejong2015-log-{column}")
        return replace(moduli, target=np.log10(moduli.target))

    return load


LOADERS: dict[str, Loader] = {
    "formation_energy": formation_energies,
    "absolute_energy": absolute_energies,
    "band_gap": semiconductors,
    "fermi_energy": _elastic("fermi_energy"),
}
"""Property → crystals with its values, from the largest source that can be tied to structures."""

BUNDLED: dict[str, Loader] = {
    "formation_energy": _bundled("faber2015", ENERGY),
    "band_gap": _bundled("petousis2017", "band_gap"),
    "bulk_modulus": _logarithm("K_VRH"),
    "shear_modulus": _logarithm("G_VRH"),
    "poisson_ratio": _bundled("dejong2015", "poisson_ratio"),
}
"""The same from tables that come with the package, where there is one."""
