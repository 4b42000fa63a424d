"""Elastic properties of the crystals on the paper's own list, and of those that came later.

Shape legend: N crystals.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals, joined_by_formula, joined_by_id
from replicate.experiments.xie2018.names import ELASTIC, ELASTIC_LIST, POOL
from replicate.features.elements import telling_weights
from replicate.features.graph_store import archive_graphs
from replicate.training.checkpoint import content_key

MODULI = {
    "bulk_modulus": ("crabnet-log-k", "log10_K_VRH", "K_VRH"),
    "shear_modulus": ("crabnet-log-g", "log10_G_VRH", "G_VRH"),
}
"""Modulus → Matbench's table and its column of log10(GPa), and the column in GPa of the other tables."""


def of_the_time(run: Run, name: str) -> Crystals:
    """Return crystals of the paper's elastic list with values of 2015 to 2018.

    By id from de Jong 2015, the others from Matbench by full-cell formula, log10(GPa); the Poisson ratio follows
    from both moduli, as in the paper's source.
    """
    if name not in MODULI:
        k, g = (of_the_time(run, one) for one in MODULI)
        assert np.array_equal(k.rows, g.rows), "both tables name both moduli"
        return replace(
            k, name=f"listed-{name}", digest=content_key(k.digest, g.digest), target=_poisson(k, g)
        )
    table, column, in_gpa = MODULI[name]
    stored = archive_graphs(POOL)
    joined = joined_by_formula(run, stored, table, column)
    known = joined_by_id(run, stored, "dejong2015", in_gpa)
    early = known.take(known.target > 0, f"dejong2015-log-{name}")
    values = dict(zip(joined.rows.tolist(), joined.target.tolist(), strict=True))
    values |= dict(zip(early.rows.tolist(), np.log10(early.target).tolist(), strict=True))
    wanted = _listed(run)
    rows = np.array(sorted(row for row in values if stored.graphs.ids[row] in wanted))
    target = np.array([values[row] for row in rows], dtype=np.float32)
    digest = content_key(joined.digest, early.digest, rows.tolist())
    return Crystals(f"listed-{name}", digest, stored.graphs, rows, target)


def revised(run: Run, name: str) -> Crystals:
    """Return the crystals of the list with the database's later values, where those are possible for a stable solid."""
    stored = archive_graphs(POOL)
    k, g, ratio = (joined_by_id(run, stored, ELASTIC, c) for c in ("K_VRH", "G_VRH", "poisson_ratio"))
    wanted = _listed(run)
    possible = (k.target > 0) & (g.target > 0) & (ratio.target > -1) & (ratio.target < 0.5)
    possible &= np.array([one in wanted for one in k.ids])
    run.arrays.setdefault("left-out", {})["impossible later moduli"] = int((~possible).sum())
    chosen = {"bulk_modulus": k, "shear_modulus": g}.get(name, ratio).take(possible, f"revised-{name}")
    values = np.log10(chosen.target) if name in MODULI else chosen.target
    return replace(chosen, name=f"revised-{name}", target=values.astype(np.float32))


def later(run: Run, name: str) -> Crystals:
    """Return Matbench's crystals whose composition nothing on the paper's elastic list has, log10(GPa)."""
    table, column, _ = MODULI[name]
    stored = archive_graphs(POOL)
    joined = joined_by_formula(run, stored, table, column)
    wanted = _listed(run)
    listed = np.array([i for i, one in enumerate(stored.graphs.ids) if one in wanted])
    # Ids change over the years and cells too; a composition that is on the list is not new.
    fresh = ~np.isin(_compositions(joined.fractions()), _compositions(stored.graphs.take(listed).fractions()))
    return joined.take(fresh, f"later-{name}")


def largest(run: Run, name: str) -> Crystals:
    """Return all of Matbench's crystals with a modulus, log10(GPa): three times the paper's number."""
    table, column, _ = MODULI[name]
    return joined_by_formula(run, archive_graphs(POOL), table, column)


def differences(ours: Crystals, others: Crystals) -> np.ndarray:
    """Return how far the values of crystals in both sets are apart, (n,)."""
    value = dict(zip(others.rows.tolist(), others.target.tolist(), strict=True))
    pairs = zip(ours.rows.tolist(), ours.target.tolist(), strict=True)
    return np.array([abs(here - value[row]) for row, here in pairs if row in value])


def _listed(run: Run) -> set[str]:
    return set(run.dataset(ELASTIC_LIST).table["material_id"])


def _poisson(k: Crystals, g: Crystals) -> np.ndarray:
    """Return (N,) ratios (3K − 2G) / (6K + 2G) of moduli in log10(GPa)."""
    bulk, shear = 10.0 ** k.target.astype(np.float64), 10.0 ** g.target.astype(np.float64)
    return ((3 * bulk - 2 * shear) / (6 * bulk + 2 * shear)).astype(np.float32)


def _compositions(fractions: np.ndarray) -> np.ndarray:
    """Return (N,) numbers that tell compositions apart."""
    return np.round(fractions @ telling_weights(), 6)
