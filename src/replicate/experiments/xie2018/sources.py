"""Where each property comes from: the largest source with structures, or a bundled table; the authors' own networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import torch

from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.graph_store import archive_graphs, table_graphs
from replicate.experiments.scoring import score_errors
from replicate.experiments.xie2018.specs import ELASTIC_LIST, ELASTIC_TABLE, ENERGIES, ENERGY, POOL
from replicate.features.elements import telling_weights
from replicate.models.cgcnn_authors import load_authors
from replicate.models.graph_batch import GraphSet
from replicate.settings import content_key

BUNDLED = {
    "formation_energy": ("faber2015", ENERGY),
    "band_gap": ("petousis2017", "band_gap"),
    "bulk_modulus": ("dejong2015", "K_VRH"),
    "shear_modulus": ("dejong2015", "G_VRH"),
    "poisson_ratio": ("dejong2015", "poisson_ratio"),
}
"""Property → table with the package and its column, GPa for moduli."""
MODULI = {"bulk_modulus": ("crabnet-log-k", "log10_K_VRH"), "shear_modulus": ("crabnet-log-g", "log10_G_VRH")}
"""Modulus → Matbench's table and its column, log10(GPa)."""
_BELOW = 0.5  # eV/atom
_A_FEW = 0.02  # share of the rows that goes at a time, the farthest first: the line moves as they go


def load(run: Run, name: str) -> Crystals:
    """Return crystals with a property's values from the source that the settings ask for."""
    return bundled(run, name) if run.config.bundled else LARGEST[name](run)


def bundled(run: Run, name: str) -> Crystals:
    """Return crystals with values that come with the package, moduli as log10(GPa)."""
    table, column = BUNDLED[name]
    crystals = joined_by_id(run, table_graphs(table), table, column)
    return logarithm(crystals, f"{table}-log-{column}") if name in MODULI else crystals


def logarithm(moduli: Crystals, name: str) -> Crystals:
    """Return the crystals with a modulus above zero (GPa), as log10(GPa)."""
    moduli = moduli.take(moduli.target > 0, name)
    return replace(moduli, target=np.log10(moduli.target))


def semiconductors(run: Run) -> Crystals:
    """Return crystals with a band gap above zero: the paper's list of 27,430 holds next to no metals."""
    gaps = joined_by_formula(run, archive_graphs(POOL), "crabnet-mp-gap", "band_gap")
    return _without(run, gaps, gaps.target <= 0, "band gap of zero", "band-gaps")


def absolute_energies(run: Run) -> Crystals:
    """Return total energies per atom of one functional; r2SCAN's are several eV lower and are left out.

    The total energy is the formation energy plus one energy per element. A line through the rows is fitted
    again and again without those that fall below it, until none is more than 0.5 eV/atom below.
    """
    energies = _by_id(run, "energy_per_atom")
    formation = run.dataset(ELASTIC_TABLE).table.set_index("material_id")[ENERGY]
    reference = energies.target - formation.loc[energies.ids].to_numpy(np.float64)
    x = energies.fractions()
    x = x[:, x.any(axis=0)]
    keep = np.ones(len(x), dtype=bool)
    while True:
        off = reference - x @ np.linalg.lstsq(x[keep], reference[keep], rcond=None)[0]
        if not (keep & (off < -_BELOW)).any():
            return _without(run, energies, ~keep, "energy of another functional", "absolute-energies")
        fewer = keep & (off >= min(np.quantile(off[keep], _A_FEW), -_BELOW))
        # Many rows equally far down would otherwise stay for ever.
        keep = fewer if fewer.sum() < keep.sum() else keep & (off > off[keep].min())


def of_the_time(run: Run, name: str) -> Crystals:
    """Return crystals of the paper's elastic list with values of 2015 to 2018.

    By id from de Jong 2015, the others from Matbench by full-cell formula, log10(GPa); the Poisson ratio follows
    from both moduli, (3K − 2G) / (6K + 2G), as in the paper's source.
    """
    if name not in MODULI:
        k, g = (of_the_time(run, modulus) for modulus in MODULI)
        assert np.array_equal(k.rows, g.rows), "both tables name both moduli"
        bulk, shear = (10.0 ** modulus.target.astype(np.float64) for modulus in (k, g))
        ratio = ((3 * bulk - 2 * shear) / (6 * bulk + 2 * shear)).astype(np.float32)
        return replace(k, name=f"listed-{name}", digest=content_key(k.digest, g.digest), target=ratio)
    joined = matbench(run, name)
    early = joined_by_id(run, archive_graphs(POOL), *BUNDLED[name])
    early = logarithm(early, f"dejong2015-log-{name}")
    values = pd.concat([pd.Series(crystals.target, crystals.rows) for crystals in (early, joined)])
    values = values[~values.index.duplicated()].sort_index()
    values = values[np.isin(np.array(joined.graphs.ids)[values.index], listed(run))]
    rows = values.index.to_numpy()
    digest = content_key(joined.digest, early.digest, rows.tolist())
    return Crystals(f"listed-{name}", digest, joined.graphs, rows, values.to_numpy(np.float32))


def revised(run: Run, name: str) -> Crystals:
    """Return the crystals of the list with the database's later values, where those are possible for a stable solid."""
    k, g, ratio = (_by_id(run, column) for column in ("K_VRH", "G_VRH", "poisson_ratio"))
    possible = (k.target > 0) & (g.target > 0) & (ratio.target > -1) & (ratio.target < 0.5)
    possible &= k.named_in(listed(run))
    chosen = {"bulk_modulus": k, "shear_modulus": g}.get(name, ratio)
    chosen = _without(run, chosen, ~possible, "impossible later moduli", f"revised-{name}")
    values = np.log10(chosen.target) if name in MODULI else chosen.target
    return replace(chosen, name=f"revised-{name}", target=values.astype(np.float32))


def later(run: Run, name: str) -> Crystals:
    """Return Matbench's crystals whose composition nothing on the paper's elastic list has, log10(GPa)."""
    joined = matbench(run, name)
    on_list = joined.graphs.take(np.flatnonzero(np.isin(joined.graphs.ids, listed(run))))
    # Ids change over the years and cells too; a composition that is on the list is not new.
    new, old = (np.round(crystals.fractions() @ telling_weights(), 6) for crystals in (joined, on_list))
    return joined.take(~np.isin(new, old), f"later-{name}")


def matbench(run: Run, name: str) -> Crystals:
    """Return all of Matbench's crystals with a modulus, log10(GPa): three times the paper's number."""
    return joined_by_formula(run, archive_graphs(POOL), *MODULI[name])


def listed(run: Run) -> list[str]:
    """Return the ids on the paper's elastic list."""
    return list(run.dataset(ELASTIC_LIST).table["material_id"])


def _by_id(run: Run, column: str) -> Crystals:
    """Return crystals with the database's later values."""
    return joined_by_id(run, archive_graphs(POOL), ELASTIC_TABLE, column)


def _without(run: Run, crystals: Crystals, bad: np.ndarray, why: str, name: str) -> Crystals:
    """Return the crystals that are not ``bad`` (N,) under a new name, and count the others."""
    run.arrays.setdefault("left-out", {})[why] = int(bad.sum())
    return crystals.take(~bad, name)


LARGEST: dict[str, Callable[[Run], Crystals]] = {
    "formation_energy": lambda run: joined_by_formula(run, archive_graphs(POOL), ENERGIES, ENERGY),
    "absolute_energy": absolute_energies,
    "band_gap": semiconductors,
    "fermi_energy": partial(_by_id, column="fermi_energy"),
    **{name: partial(of_the_time, name=name) for name in ("bulk_modulus", "shear_modulus", "poisson_ratio")},
}
"""Property → its loader."""


def predict_authors(name: str, crystals: Crystals) -> np.ndarray:
    """Return the predictions (N,) of a published network for a set of crystals."""
    network, graphs = load_authors(name), GraphSet(crystals.compact())
    parts = torch.arange(len(graphs)).split(graphs.rows_at_once)
    return torch.cat([network(graphs[rows]) for rows in parts]).numpy()


def score_authors(run: Run, name: str, crystals: Crystals, unit: str, key: str | None = None) -> None:
    """File the error of a published network, under ``key`` or ``authors/NAME``; it has seen many of the crystals."""
    predicted = predict_authors(name, crystals)
    score_errors(run, key or f"authors/{name}", [crystals.target], [predicted], unit)
