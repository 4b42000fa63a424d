"""Elastic properties of the crystals on the paper's own list, and of those that came later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.xie2018.configs import ELASTIC, ELASTIC_LIST, POOL
from replicate.features.elements import telling_weights
from replicate.features.graph_store import archive_graphs
from replicate.settings import content_key

MODULI = {
    "bulk_modulus": ("crabnet-log-k", "log10_K_VRH", "K_VRH"),
    "shear_modulus": ("crabnet-log-g", "log10_G_VRH", "G_VRH"),
}
"""Modulus → Matbench's table and its column of log10(GPa), and the column in GPa of the other tables."""


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
    early = joined_by_id(run, archive_graphs(POOL), "dejong2015", MODULI[name][2])
    early = early.take(early.target > 0, f"dejong2015-log-{name}")
    values = pd.concat([pd.Series(np.log10(early.target), early.rows), pd.Series(joined.target, joined.rows)])
    values = values[~values.index.duplicated()].sort_index()
    values = values[np.isin(np.array(joined.graphs.ids)[values.index], listed(run))]
    rows = values.index.to_numpy()
    digest = content_key(joined.digest, early.digest, rows.tolist())
    return Crystals(f"listed-{name}", digest, joined.graphs, rows, values.to_numpy(np.float32))


def revised(run: Run, name: str) -> Crystals:
    """Return the crystals of the list with the database's later values, where those are possible for a stable solid."""
    stored = archive_graphs(POOL)
    k, g, ratio = (joined_by_id(run, stored, ELASTIC, c) for c in ("K_VRH", "G_VRH", "poisson_ratio"))
    possible = (k.target > 0) & (g.target > 0) & (ratio.target > -1) & (ratio.target < 0.5)
    possible &= k.named_in(listed(run))
    run.arrays.setdefault("left-out", {})["impossible later moduli"] = int((~possible).sum())
    chosen = {"bulk_modulus": k, "shear_modulus": g}.get(name, ratio).take(possible, f"revised-{name}")
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
    table, column, _ = MODULI[name]
    return joined_by_formula(run, archive_graphs(POOL), table, column)


def listed(run: Run) -> list[str]:
    """Return the ids on the paper's elastic list."""
    return list(run.dataset(ELASTIC_LIST).table["material_id"])


def differences(ours: Crystals, others: Crystals) -> np.ndarray:
    """Return how far the values of crystals in both sets are apart, (n,)."""
    theirs = pd.Series(others.target.astype(np.float64), others.rows).reindex(ours.rows)
    return (theirs - ours.target.astype(np.float64)).abs().dropna().to_numpy()
