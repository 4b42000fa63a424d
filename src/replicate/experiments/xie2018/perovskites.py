"""Site energies of perovskites and the search they inspire: Fig. 3, Fig. S6 and Table S5 of Xie and Grossman.

Shape legend: N perovskites of five atoms, S seeds, 118 elements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy import constants
from scipy.stats import spearmanr

from replicate import papers
from replicate.errors import DataError
from replicate.evaluation.splits import Split
from replicate.experiments.configs import COMPOSITION
from replicate.experiments.core import Run
from replicate.experiments.crystal_training import evaluate, score_values
from replicate.experiments.crystals import Crystals
from replicate.experiments.train import Trained, baseline
from replicate.experiments.xie2018.configs import (
    COD,
    PEROVSKITE_CIFS,
    PEROVSKITE_TABLE,
    SAME_ENERGY,
    SITE_POOLING,
    SITE_TREES,
    SMALL_ATOMS,
    STABILITY_CUTOFF,
    SYNTHESISED,
    PerovskiteConfig,
)
from replicate.features.composition import parse, reduced_keys
from replicate.features.element_table import cordero_radius, element_properties
from replicate.features.elements import ATOMIC_NUMBER, N_ELEMENTS, SYMBOLS
from replicate.features.graph_store import archive_graphs
from replicate.models.cgcnn import CGCNN
from replicate.settings import content_key

UNIT = "eV/atom"
LARGE = 1.3  # Å; Cordero radius from which the paper's "large atoms of groups 13-15" are counted
_ROUNDING = 1e-4


@dataclass(frozen=True, eq=False)
class Sites:
    """Atomic numbers of the A and the B site of each perovskite, (N,)."""

    a: np.ndarray
    b: np.ndarray


def load_perovskites(run: Run, most: int | None = None) -> tuple[Crystals, Sites]:
    """Return the perovskites with their energy, and who sits on A and B (the first two atoms of each file)."""
    stored = archive_graphs(PEROVSKITE_CIFS, most=most)
    table = run.dataset(PEROVSKITE_TABLE).table
    place = {f"{name}.cif": i for i, name in enumerate(stored.graphs.ids)}
    if most is not None:
        table = table[table["file"].isin(place)]
    rows = table["file"].map(place).fillna(-1).to_numpy(int)
    if (rows < 0).any():
        missing = int(np.flatnonzero(rows < 0)[0])
        raise DataError(
            "no structure", file=PEROVSKITE_CIFS, row=missing + 1, value=table["file"].iloc[missing]
        )
    target = table["formation_energy_per_atom"].to_numpy(np.float32)
    digest = content_key(stored.digest, run.dataset(PEROVSKITE_TABLE).digest)
    crystals = Crystals("perovskites", digest, stored.graphs, rows, target)
    graphs = crystals.compact()
    first = graphs.node_start[:-1]
    element = graphs.kinds.argmax(axis=1) + 1
    # Nodes keep the order of their first atom, and A and B never merge: they are twelve- and sixfold.
    return crystals, Sites(element[graphs.kind[first]], element[graphs.kind[first + 1]])


def run_perovskites(run: Run) -> None:
    """Train both poolings, read the site energies, and count what the search finds."""
    config: PerovskiteConfig = run.config
    crystals, sites = load_perovskites(run, config.max_rows)
    splits = [crystals.split(seed) for seed in run.seeds]
    small = config.max_rows is not None
    trained = evaluate(run, crystals, config.networks, splits, "random", UNIT, small=small)
    columns = (SITE_TREES, site_columns(crystals, sites))
    predictions = baseline(run, crystals, COMPOSITION, splits, "regression", small=small, inputs=columns)
    score_values(run, crystals, splits, f"random/{SITE_TREES}", predictions, UNIT)
    within = below_cutoff(crystals)
    at_cutoff = np.abs(crystals.target - STABILITY_CUTOFF) < _ROUNDING
    run.file("data/perovskites/rows", len(crystals))
    run.file("data/perovskites/within_cutoff", within.sum(), n=len(crystals))
    run.file("data/perovskites/at_cutoff", at_cutoff.sum(), n=len(crystals))
    run.arrays["energies"] = np.histogram(crystals.target, bins=np.arange(-0.7, 5.3, 0.1))[0].tolist()
    _score_sites(run, sites, *site_energies(trained[SITE_POOLING], len(crystals)))
    _count_searched(run, crystals, sites, splits)
    _compare_table_s5(run, crystals, sites)
    score_unit(run, crystals)
    if config.max_rows is None:
        count_synthesised(run, crystals, within)


def site_columns(crystals: Crystals, sites: Sites) -> np.ndarray:
    """Return (N, 354) columns: which element sits on A, which on B, and the shares of the anions."""
    anions = 5 * crystals.fractions()
    rows = np.arange(len(crystals))
    on_a, on_b = np.zeros_like(anions), np.zeros_like(anions)
    for element, held in ((sites.a, on_a), (sites.b, on_b)):
        held[rows, element - 1] = 1
        anions[rows, element - 1] -= 1
    return np.hstack([on_a, on_b, anions / 3])


def site_energies(trained: Trained, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what A and B contribute to each perovskite's energy, eV/atom, (S, N) each.

    The network predicts the mean over five atoms of its site values (Eq. S15), scaled to target units.
    """
    energies = []
    for fit in trained.fits:
        model = fit.model
        assert isinstance(model, CGCNN)
        pairs = []
        with torch.no_grad():
            for rows in torch.arange(n).split(trained.inputs.rows_at_once):
                batch = trained.inputs[rows.to(fit.centre.device)]
                values = (model.site_values(batch) * fit.scale + fit.centre).cpu().numpy()
                first = np.searchsorted(batch.crystal.cpu().numpy(), np.arange(len(rows)))
                pairs.append(values[np.stack([first, first + 1])])
        energies.append(np.concatenate(pairs, axis=1))
    on_a, on_b = np.stack(energies, axis=1)
    return on_a, on_b


def _mean_by_element(element: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return (S, 118) means of (S, N) values over the crystals with each element, NaN where there is none."""
    count = np.bincount(element - 1, minlength=N_ELEMENTS).astype(float)
    count[count == 0] = np.nan
    return np.stack([np.bincount(element - 1, weights=v, minlength=N_ELEMENTS) for v in values]) / count


def _score_sites(run: Run, sites: Sites, of_a: np.ndarray, of_b: np.ndarray) -> None:
    """File mean site energies per element (Fig. 3c-d) and the paper's reading of them as rank statements."""
    on_a, on_b = _mean_by_element(sites.a, of_a), _mean_by_element(sites.b, of_b)
    for name, means in (("a", on_a), ("b", on_b)):
        run.arrays[f"sites/{name}"] = {
            SYMBOLS[z]: [float(means[:, z].mean()), float(means[:, z].std(ddof=1) if len(means) > 1 else 0)]
            for z in np.flatnonzero(np.isfinite(means[0]))
        }
    group, radius = element_properties()["group"], cordero_radius()
    held = np.isfinite(on_a[0])
    large = np.isin(group, (13, 14, 15)) & (radius >= LARGE)
    statements = {
        "a/radius_rank_correlation": [float(spearmanr(m[held], radius[held]).statistic) for m in on_a],
        "a/small_element_rank": [_rank(m, np.isin(SYMBOLS, SMALL_ATOMS)) for m in on_a],
        "a/groups_13_to_15_rank": [_rank(m, large) for m in on_a],
        "b/groups_4_to_6_rank": [_rank(m, np.isin(group, (4, 5, 6))) for m in on_b],
    }
    for name, values in statements.items():
        run.file(f"sites/{name}", values)


def _rank(means: np.ndarray, chosen: np.ndarray) -> float:
    """Return the mean rank of ``chosen`` elements among all, 0 for the most stable and 1 for the least."""
    known = np.isfinite(means)
    order = np.argsort(np.argsort(means[known])) / max(known.sum() - 1, 1)
    picked = chosen[known]
    return float(order[picked].mean()) if picked.any() else float("nan")


def below_cutoff(crystals: Crystals) -> np.ndarray:
    """Return which perovskites lie lower than 0.2 eV/atom (N,), as the caption of Table S5 has it."""
    return crystals.target < STABILITY_CUTOFF - _ROUNDING


def searched(sites: Sites) -> np.ndarray:
    """Return which perovskites have A in groups 13-15 and B in groups 4-6, (N,).

    The paper counts 378: the six heavy A elements In, Sn, Sb, Tl, Pb, Bi with nine B elements and seven anions.
    """
    group = element_properties()["group"]
    heavy = np.array([ATOMIC_NUMBER[s] for s in ("In", "Sn", "Sb", "Tl", "Pb", "Bi")])
    return np.isin(sites.a, heavy) & np.isin(group[sites.b - 1], (4, 5, 6))


def _count_searched(run: Run, crystals: Crystals, sites: Sites, splits: Sequence[Split]) -> None:
    """File how many perovskites of the search lie within the cutoff, in all and in the test sets."""
    chosen, within = searched(sites), below_cutoff(crystals)
    hits = chosen & within
    gain = hits.sum() / max(chosen.sum(), 1) / within.mean() if within.any() else 0.0
    counts = {"compounds": chosen.sum(), "within_cutoff": hits.sum(), "factor": gain}
    run.add("search/all", [counts], {}, None)
    free = crystals.fractions()[:, ATOMIC_NUMBER["F"] - 1] == 0
    count = int((hits & free).sum())
    run.file("search/fluorine-free/within_cutoff", count, n=int((chosen & free).sum()))
    tests = [{"compounds": chosen[s.test].sum(), "within_cutoff": hits[s.test].sum()} for s in splits]
    run.add("search/test", tests, {}, None)


def _compare_table_s5(run: Run, crystals: Crystals, sites: Sites) -> None:
    """File every compound of Table S5 with the energy in the database, None where it is not there."""
    # One composition stands twice, with A and B exchanged, so the sites belong to the name.
    keys = reduced_keys(parse(formulas_of_files(run, crystals), file=PEROVSKITE_TABLE))
    energies = dict(zip(zip(keys, sites.a, sites.b, strict=True), crystals.target.tolist(), strict=True))
    printed = papers.table("xie2018", "table_s5")
    printed_keys = reduced_keys(parse(printed["formula"].tolist()))
    columns = printed[["formula", "a_site", "b_site", "energy"]].itertuples(index=False)
    rows = [
        [formula, float(energy), energies.get((key, ATOMIC_NUMBER[a], ATOMIC_NUMBER[b]))]
        for key, (formula, a, b, energy) in zip(printed_keys, columns, strict=True)
    ]
    run.arrays["table-s5"] = rows
    # The energies of fluorides were revised after the paper, so they are counted apart.
    for label, some in {
        "table-s5": rows,
        "table-s5-fluorine-free": [row for row in rows if "F" not in row[0]],
    }.items():
        same = [abs(there - here) < SAME_ENERGY for _, there, here in some if here is not None]
        run.file(f"search/{label}/found", len(same), n=len(some))
        run.file(f"search/{label}/same_energy", sum(same), n=len(some))


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
            run.file(f"unit/{formula}/database", energy[formula], "eV/atom")
            run.file(f"unit/{formula}/measured", measured, "eV/atom")
    if ratios:
        run.file("unit/oxides/ratio", np.mean(ratios), n=len(ratios))


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
        run.file(f"made/{name}/compounds", here.sum(), n=len(here))


def formulas_of_files(run: Run, crystals: Crystals) -> list[str]:
    """Return the formulas (N,) of the database's files."""
    formula = run.dataset(PEROVSKITE_TABLE).table.set_index("file")["formula"]
    return [str(formula[f"{name}.cif"]) for name in crystals.ids]
