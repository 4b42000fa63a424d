"""Where each property comes from: the largest source whose values can be tied to a structure.

Shape legend: N crystals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.xie2018.names import ELASTIC, ENERGIES, ENERGY, POOL
from replicate.features.graph_store import archive_graphs, table_graphs

_BELOW = 0.5  # eV/atom
_A_FEW = 0.02  # share of the rows that goes at a time, the farthest first: the line moves as they go


Loader = Callable[[Run], Crystals]


def _pool_by_formula(name: str, column: str) -> Loader:
    return lambda run: joined_by_formula(run, archive_graphs(POOL), name, column)


def _elastic_by_id(column: str) -> Loader:
    return lambda run: joined_by_id(run, archive_graphs(POOL), ELASTIC, column)


def _left_out(run: Run, what: str, hit: np.ndarray) -> None:
    run.arrays.setdefault("left-out", {})[what] = int(hit.sum())


def semiconductors(run: Run) -> Crystals:
    """Return crystals with a band gap above zero: the paper's list of 27,430 holds next to no metals."""
    found = joined_by_formula(run, archive_graphs(POOL), "crabnet-mp-gap", "band_gap")
    _left_out(run, "band gap of zero", found.target <= 0)
    return found.take(found.target > 0, "band-gaps")


def absolute_energies(run: Run) -> Crystals:
    """Return total energies per atom of one functional; r2SCAN's are several eV lower and are left out.

    The total energy is the formation energy plus one energy per element. A line through the rows is fitted
    again and again without those that fall below it, until none is more than 0.5 eV/atom below.
    """
    found = joined_by_id(run, archive_graphs(POOL), ELASTIC, "energy_per_atom")
    formation = run.dataset(ELASTIC).table.set_index("material_id")[ENERGY]
    reference = found.target - formation.loc[found.ids].to_numpy(np.float64)
    x = found.fractions()
    x = x[:, x.any(axis=0)]
    keep = np.ones(len(x), dtype=bool)
    while True:
        off = reference - x @ np.linalg.lstsq(x[keep], reference[keep], rcond=None)[0]
        if not (keep & (off < -_BELOW)).any():
            break
        fewer = keep & (off >= min(np.quantile(off[keep], _A_FEW), -_BELOW))
        # Many rows equally far down would otherwise stay for ever.
        keep = fewer if fewer.sum() < keep.sum() else keep & (off > off[keep].min())
    _left_out(run, "energy of another functional", ~keep)
    return found.take(keep, "absolute-energies")


def _logarithm(column: str) -> Loader:
    """Return the bundled moduli of de Jong 2015 as log10(GPa)."""

    def load(run: Run) -> Crystals:
        found = joined_by_id(run, table_graphs("dejong2015"), "dejong2015", column)
        kept = found.take(found.target > 0, f"dejong2015-log-{column}")
        return replace(kept, target=np.log10(kept.target))

    return load


def _bundled(name: str, column: str) -> Loader:
    return lambda run: joined_by_id(run, table_graphs(name), name, column)


LOADERS: dict[str, Loader] = {
    "formation_energy": _pool_by_formula(ENERGIES, ENERGY),
    "absolute_energy": absolute_energies,
    "band_gap": semiconductors,
    "fermi_energy": _elastic_by_id("fermi_energy"),
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
