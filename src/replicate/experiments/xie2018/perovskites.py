"""Site energies of perovskites and the search they inspire: Fig. 3, Fig. S6 and Table S5 of Xie and Grossman."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from scipy import constants
from scipy.stats import spearmanr

from replicate.errors import DataError
from replicate.evaluation.splits import Split
from replicate.experiments.configs import COMPOSITION
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.graph_store import archive_graphs
from replicate.experiments.scoring import score, spread
from replicate.experiments.supervised import evaluate
from replicate.experiments.train import Trained, baseline
from replicate.experiments.xie2018.specs import COD, PEROVSKITE_CIFS, PEROVSKITE_TABLE, SITE_POOLING, PerovskiteConfig
from replicate.features.composition import parse, reduced_keys
from replicate.features.elements import ATOMIC_NUMBER, N_ELEMENTS, SYMBOLS, cordero_radius, element_properties
from replicate.models.cgcnn import CGCNN
from replicate.results import papers
from replicate.settings import content_key

UNIT = "eV/atom"
SITE_TREES = "extra-trees-sites"
STABILITY_CUTOFF = 0.2  # eV/atom: "potential synthesizability"
SAME_ENERGY = 0.011  # eV/atom; the database keeps steps of 0.02
LARGE = 1.3  # Å; Cordero radius from which the paper's "large atoms of groups 13-15" are counted
_ROUNDING = 1e-4


def load_perovskites(run: Run, most: int | None = None) -> tuple[Crystals, pd.DataFrame]:
    """Return the perovskites with their energy, and a table of their ``formula``, ``a`` and ``b``.

    ``a`` and ``b`` are the atomic numbers on the A and the B site, the first two atoms of each file.
    """
    stored = archive_graphs(PEROVSKITE_CIFS, most=most)
    table = run.dataset(PEROVSKITE_TABLE).table
    place = {f"{name}.cif": i for i, name in enumerate(stored.graphs.ids)}
    if most is not None:
        table = table[table["file"].isin(place)]
    rows = table["file"].map(place).fillna(-1).to_numpy(int)
    if (rows < 0).any():
        at = int(np.flatnonzero(rows < 0)[0])
        raise DataError("no structure", file=PEROVSKITE_CIFS, row=at + 1, value=table["file"].iloc[at])
    target = table["formation_energy_per_atom"].to_numpy(np.float32)
    digest = content_key(stored.digest, run.dataset(PEROVSKITE_TABLE).digest)
    crystals = Crystals("perovskites", digest, stored.graphs, rows, target)
    graphs = crystals.compact()
    first = graphs.node_start[:-1]
    element = graphs.kinds.argmax(axis=1) + 1
    # Nodes keep the order of their first atom, and A and B never merge: they are twelve- and sixfold.
    a, b = element[graphs.kind[first]], element[graphs.kind[first + 1]]
    return crystals, pd.DataFrame({"formula": table["formula"].to_numpy(), "a": a, "b": b})


def run_perovskites(run: Run) -> None:
    """Train both poolings, read the site energies, and count what the search finds."""
    config: PerovskiteConfig = run.config
    crystals, sites = load_perovskites(run, config.max_rows)
    splits = [crystals.split(seed) for seed in run.seeds]
    trained = evaluate(run, crystals, config.networks, splits, "random", UNIT)
    columns = (SITE_TREES, site_columns(crystals, sites))
    trees = baseline(run, crystals, COMPOSITION, splits, "regression", small=config.small, inputs=columns)
    score(run, f"random/{SITE_TREES}", crystals, splits, trees, unit=UNIT, tail=True)
    at_cutoff = np.abs(crystals.target - STABILITY_CUTOFF) < _ROUNDING
    counts = {"within_cutoff": below_cutoff(crystals).sum(), "at_cutoff": at_cutoff.sum()}
    run.file("data/perovskites/rows", len(crystals))
    run.file_all("data/perovskites", counts, n=len(crystals))
    run.arrays["energies"] = np.histogram(crystals.target, bins=np.arange(-0.7, 5.3, 0.1))[0].tolist()
    score_sites(run, sites, *site_energies(trained[SITE_POOLING], len(crystals)))
    count_searched(run, crystals, sites, splits)
    compare_table_s5(run, crystals, sites)
    score_unit(run, crystals, sites)
    if config.max_rows is None:
        count_synthesised(run, crystals, sites)


def site_columns(crystals: Crystals, sites: pd.DataFrame) -> np.ndarray:
    """Return (N, 354) columns: which element sits on A, which on B, and the shares of the anions."""
    on_a, on_b = (np.eye(N_ELEMENTS)[sites[site] - 1] for site in ("a", "b"))
    return np.hstack([on_a, on_b, (5 * crystals.fractions() - on_a - on_b) / 3])


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


def score_sites(run: Run, sites: pd.DataFrame, of_a: np.ndarray, of_b: np.ndarray) -> None:
    """File mean site energies per element (Fig. 3c-d), from (S, N), and the paper's reading of them as ranks."""
    on_a, on_b = _mean_by_element(sites["a"], of_a), _mean_by_element(sites["b"], of_b)
    for name, means in (("a", on_a), ("b", on_b)):
        run.arrays[f"sites/{name}"] = {
            SYMBOLS[z]: [float(means[:, z].mean()), float(spread(means[:, [z]])[0])]
            for z in np.flatnonzero(np.isfinite(means[0]))
        }
    group, radius = element_properties()["group"], cordero_radius()
    held = np.isfinite(on_a[0])
    run.file("sites/a/radius_rank_correlation", [spearmanr(m[held], radius[held]).statistic for m in on_a])
    large = np.isin(group, (13, 14, 15)) & (radius >= LARGE)
    run.file("sites/a/small_element_rank", _ranks(on_a, np.isin(SYMBOLS, ("Be", "B", "Si"))))
    run.file("sites/a/groups_13_to_15_rank", _ranks(on_a, large))
    run.file("sites/b/groups_4_to_6_rank", _ranks(on_b, np.isin(group, (4, 5, 6))))


def _mean_by_element(element: pd.Series, values: np.ndarray) -> np.ndarray:
    """Return (S, 118) means of (S, N) values over the crystals with each element, NaN where there is none."""
    count = np.bincount(element - 1, minlength=N_ELEMENTS).astype(float)
    count[count == 0] = np.nan
    return np.stack([np.bincount(element - 1, weights=v, minlength=N_ELEMENTS) for v in values]) / count


def _ranks(means: np.ndarray, chosen: np.ndarray) -> list[float]:
    """Return each seed's mean rank of ``chosen`` elements among all, 0 for the most stable and 1 for the least."""
    known = np.isfinite(means[0])
    order = np.argsort(np.argsort(means[:, known])) / max(known.sum() - 1, 1)
    return [float(ranks[chosen[known]].mean()) for ranks in order]


def below_cutoff(crystals: Crystals) -> np.ndarray:
    """Return which perovskites lie lower than 0.2 eV/atom (N,), as the caption of Table S5 has it."""
    return crystals.target < STABILITY_CUTOFF - _ROUNDING


def searched(sites: pd.DataFrame) -> np.ndarray:
    """Return which perovskites have A in groups 13-15 and B in groups 4-6, (N,).

    The paper counts 378: the six heavy A elements In, Sn, Sb, Tl, Pb, Bi with nine B elements and seven anions.
    """
    group = element_properties()["group"]
    heavy = [ATOMIC_NUMBER[s] for s in ("In", "Sn", "Sb", "Tl", "Pb", "Bi")]
    return np.isin(sites["a"], heavy) & np.isin(group[sites["b"] - 1], (4, 5, 6))


def count_searched(run: Run, crystals: Crystals, sites: pd.DataFrame, splits: Sequence[Split]) -> None:
    """File how many perovskites of the search lie within the cutoff, in all and in the test sets."""
    chosen, within = searched(sites), below_cutoff(crystals)
    hits = chosen & within
    gain = hits.sum() / max(chosen.sum(), 1) / within.mean() if within.any() else 0.0
    counts = {"compounds": chosen.sum(), "within_cutoff": hits.sum(), "factor": gain}
    run.add("search/all", [counts], {}, None)
    free = crystals.fractions()[:, ATOMIC_NUMBER["F"] - 1] == 0
    run.file("search/fluorine-free/within_cutoff", (hits & free).sum(), n=(chosen & free).sum())
    tests = [{"compounds": chosen[s.test].sum(), "within_cutoff": hits[s.test].sum()} for s in splits]
    run.add("search/test", tests, {}, None)


def compare_table_s5(run: Run, crystals: Crystals, sites: pd.DataFrame) -> None:
    """File every compound of Table S5 with the energy in the database, None where it is not there."""
    # One composition stands twice, with A and B exchanged, so the sites belong to the name.
    name = ["key", "a", "b"]
    keys = reduced_keys(parse(sites["formula"].tolist(), file=PEROVSKITE_TABLE))
    ours = sites[["a", "b"]].assign(key=keys, here=crystals.target.astype(float))
    printed = papers.table("xie2018", "table_s5")
    printed = printed.assign(
        key=reduced_keys(parse(printed["formula"].tolist())),
        a=printed["a_site"].map(ATOMIC_NUMBER),
        b=printed["b_site"].map(ATOMIC_NUMBER),
        energy=printed["energy"].astype(float),
    )
    table = printed.merge(ours.drop_duplicates(name, keep="last"), "left", on=name)
    run.arrays["table-s5"] = [
        [formula, energy, None if np.isnan(here) else here]
        for formula, energy, here in table[["formula", "energy", "here"]].itertuples(index=False)
    ]
    # The energies of fluorides were revised after the paper, so they are counted apart.
    fluoride = table["formula"].str.contains("F")
    for label, some in (("table-s5", table), ("table-s5-fluorine-free", table[~fluoride])):
        known = some.dropna(subset=["here"])
        same = (known["energy"] - known["here"]).abs() < SAME_ENERGY
        run.file(f"search/{label}/found", len(known), n=len(some))
        run.file(f"search/{label}/same_energy", same.sum(), n=len(some))


def score_unit(run: Run, crystals: Crystals, sites: pd.DataFrame) -> None:
    """File the database's energy of three oxides and their measured enthalpy of formation from binary oxides.

    Both per atom; were the database's per cell of five atoms, their ratio would be near five.
    """
    energy = dict(zip(sites["formula"], crystals.target.tolist(), strict=True))
    table = papers.table("xie2018", "enthalpies")
    enthalpy = table.set_index("formula")["enthalpy"]
    kj_per_cell = constants.eV * constants.Avogadro / 1000
    ratios = []
    for formula, a, b in table.dropna(subset=["of_a"])[["formula", "of_a", "of_b"]].itertuples(index=False):
        if formula in energy:
            measured = float(enthalpy[formula] - enthalpy[a] - enthalpy[b]) / kj_per_cell / 5
            ratios.append(energy[formula] / measured)
            run.file(f"unit/{formula}/database", energy[formula], UNIT)
            run.file(f"unit/{formula}/measured", measured, UNIT)
    if ratios:
        run.file("unit/oxides/ratio", np.mean(ratios), n=len(ratios))


def count_synthesised(run: Run, crystals: Crystals, sites: pd.DataFrame) -> None:
    """File which compositions of Table S5 and of each side of the cutoff are in the Crystallography Open Database."""
    formulas = run.dataset(COD).table["formula"].tolist()
    synthesised = reduced_keys(parse(formulas, file=COD, on_error="collect"))
    printed = papers.table("xie2018", "table_s5")["formula"].to_numpy()
    in_table, held = (
        np.isin(reduced_keys(parse(names.tolist())), synthesised) for names in (printed, sites["formula"])
    )
    run.arrays["made"] = printed[in_table].tolist()
    within = below_cutoff(crystals)
    parts = {
        "named-in-the-text": np.isin(("PbTiO3", "PbZrO3", "SnTaO3", "PbMoO3"), run.arrays["made"]),
        "table-s5": in_table,
        "within-cutoff": held[within],
        "beyond-cutoff": held[~within],
    }
    for name, here in parts.items():
        run.file(f"made/{name}/compounds", here.sum(), n=len(here))
