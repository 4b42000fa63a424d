"""The CGCNN experiments: the worked example, the search among perovskites, and where values come from."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from cells import rock_salt
from pymatgen.core import Lattice, Structure
from rounding import assert_same_but_for_rounding

from replicate.errors import DataError
from replicate.evaluation.splits import Split
from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.graph_store import StoredGraphs
from replicate.experiments.train import train
from replicate.experiments.xie2018 import formation, perovskites, properties, sources
from replicate.experiments.xie2018.metal import score_partners
from replicate.experiments.xie2018.nacl_kcl import WEIGHTS
from replicate.experiments.xie2018.sources import predict_authors
from replicate.experiments.xie2018.specs import ONE_CYCLE, PAPER_TRAIN, PEROVSKITE_SITE
from replicate.features.elements import ATOMIC_NUMBER
from replicate.features.graph_building import graphs_from_structures


def values_below(run: Run, prefix: str) -> dict[str, tuple[float, ...]]:
    """Return what a run filed under a prefix."""
    return {k.removeprefix(prefix): m.values for k, m in run.metrics.items() if k.startswith(prefix)}


def test_the_worked_example_is_the_supplements(smoke):
    record = smoke("xie2018-nacl-kcl")

    def value(name: str) -> float:
        return record.metrics[name].mean

    assert [value(f"nacl/graph/{atom}_neighbours") for atom in ("na", "cl")] == [6, 6]  # Eqs. S3, S4
    assert [value(f"kcl-b2/graph/{atom}_neighbours") for atom in ("k", "cl")] == [8, 8]  # Eqs. S5, S6
    assert [value(f"nacl/pooled/{w}") for w in WEIGHTS] == [3, 3, 0, 0.5, 0.5, 0]  # Eqs. S7, S9
    # Eqs. S8 and S10, and the six potassium neighbours that the Voronoi rule finds besides.
    assert [value(f"kcl-b2/pooled/{w}") for w in WEIGHTS] == [4, 0, 7, 0.5, 0, 0.5]
    assert value("kcl/graph/k_neighbours") == 6, "potassium chloride has the structure of rock salt"
    for name in ("linear", "linear-b2"):
        assert value(f"nacl/{name}/prediction") == pytest.approx(1)
        assert value(f"kcl/{name}/prediction") == pytest.approx(-1)


A_SITES = ("Sn", "Sn", "Pb", "Pb", "Ba", "Be", "B", "La")
B_SITES = ("Ti", "Nb", "Ti", "Fe", "Ti", "Ti", "Nb", "Al")
ENERGY = (0.1, 0.5, 0.06, 0.9, 0.0, 2.0, 3.0, 0.1)


def perovskite(a: str, b: str) -> Structure:
    faces = [[0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    return Structure(Lattice.cubic(4), [a, b, "O", "O", "O"], [[0] * 3, [0.5] * 3, *faces])


@pytest.fixture
def eight(monkeypatch, run_with) -> tuple[Run, Crystals, pd.DataFrame]:
    """Return eight perovskites, their files in another order than the table."""
    pairs = list(zip(A_SITES, B_SITES, strict=True))
    cells = [(f"p{i}", perovskite(*pair)) for i, pair in enumerate(pairs)]
    stored = StoredGraphs(graphs_from_structures(reversed(cells)).graphs, "graphs", (), {})
    monkeypatch.setattr(perovskites, "archive_graphs", lambda name, most=None: stored)
    table = {
        "file": [f"{name}.cif" for name, _ in cells],
        "formula": [f"{a}{b}O3" for a, b in pairs],
        "formation_energy_per_atom": ENERGY,
    }
    made = {"formula": ["O3PbTi", "Pb2Ti2O6", "BaO3Ti", "NaCl"]}
    run = run_with(cmr_perovskites_total=table, konno_cod_2009=made)
    return run, *perovskites.load_perovskites(run)


def test_perovskites_know_their_energy_and_sites(eight):
    run, crystals, sites = eight
    assert crystals.ids == [f"p{i}" for i in range(8)]
    np.testing.assert_allclose(crystals.target, ENERGY)
    for site, symbols in (("a", A_SITES), ("b", B_SITES)):
        assert sites[site].tolist() == [ATOMIC_NUMBER[symbol] for symbol in symbols]
    run.dataset(perovskites.PEROVSKITE_TABLE).table.loc[3, "file"] = "lost.cif"
    with pytest.raises(DataError, match="no structure.*row 4, value 'lost.cif'"):
        perovskites.load_perovskites(run)


def test_the_search_counts_heavy_a_and_early_transition_metal_b(eight):
    run, crystals, sites = eight
    assert perovskites.searched(sites).tolist() == [True, True, True] + [False] * 5
    split = Split("random", 0, np.arange(5), np.array([5]), np.array([2, 4, 6]))
    perovskites.count_searched(run, crystals, sites, [split])
    filed = values_below(run, "search/")
    assert filed["all/compounds"] == (3,) and filed["all/within_cutoff"] == (2,)
    assert filed["all/factor"] == (pytest.approx((2 / 3) / (4 / 8)),)
    assert filed["test/compounds"] == (1,) and filed["test/within_cutoff"] == (1,)


def test_compounds_of_table_s5_are_found_by_composition_and_site(eight):
    run, crystals, sites = eight
    perovskites.compare_table_s5(run, crystals, sites)
    assert [row for row in run.arrays["table-s5"] if row[2] is not None] == [
        ["SnTiO3", 0.1, pytest.approx(0.1)],
        ["SnNbO3", 0.14, pytest.approx(0.5)],
        ["PbTiO3", 0.06, pytest.approx(0.06)],
    ]
    filed = values_below(run, "search/table-s5/")
    assert filed == {"found": (3,), "same_energy": (2,)}


def test_ranks_run_from_the_most_stable_to_the_least(eight):
    run, _, sites = eight
    energies = np.array([ENERGY, ENERGY])
    perovskites.score_sites(run, sites, energies, -energies)
    filed = values_below(run, "sites/")
    # Means on A: Ba 0, La 0.1, Sn 0.3, Pb 0.48, Be 2, B 3: the two small ones rank fifth and sixth.
    assert filed["a/small_element_rank"] == (pytest.approx((0.8 + 1.0) / 2),) * 2
    assert filed["a/groups_13_to_15_rank"] == (pytest.approx((0.4 + 0.6) / 2),) * 2
    assert filed["a/radius_rank_correlation"][0] < -0.8, "large atoms are stable on A here"
    # Means on B: Nb -1.75, Fe -0.9, Ti -0.54, Al -0.1.
    assert filed["b/groups_4_to_6_rank"] == (pytest.approx((0 + 2 / 3) / 2),) * 2
    assert run.arrays["sites/a"]["Pb"] == [pytest.approx(0.48), pytest.approx(0)]


def test_site_energies_add_up_to_the_prediction(eight):
    """Five sites: A, B and three anions of one or more kinds, whose mean is the energy per atom."""
    run, crystals, _ = eight
    network = CrystalNetwork("sites", replace(PEROVSKITE_SITE, width=8), replace(ONE_CYCLE, epochs=2))
    split = Split("random", 0, np.arange(5), np.arange(5, 8), np.arange(8))
    trained = train(run, crystals, network, [split], "random")
    of_a, of_b = perovskites.site_energies(trained, 8)
    fit, sums = trained.fits[0], []
    for row in range(8):
        batch = trained.inputs[torch.tensor([row])]
        with torch.no_grad():
            values = (fit.model.site_values(batch) * fit.scale + fit.centre).numpy()
        anions = float(values[2:] @ batch.count.numpy()[2:])
        sums.append((of_a[0, row] + of_b[0, row] + anions) / 5)
    assert_same_but_for_rounding(sums, trained.predict([np.arange(8)])[0])


def test_the_authors_network_predicts_for_all_whatever_the_batch(eight, monkeypatch):
    _, crystals, _ = eight
    at_once = predict_authors("formation-energy-per-atom", crystals)
    monkeypatch.setattr("replicate.models.graph_batch.GraphSet.rows_at_once", 3)
    assert_same_but_for_rounding(predict_authors("formation-energy-per-atom", crystals), at_once)
    assert at_once.shape == (8,) and at_once[4] < -2, "barium titanate is very stable"


def test_columns_of_sites_tell_abx_from_bax():
    pairs = (("Sr", "Ti"), ("Ti", "Sr"))
    graphs = graphs_from_structures([(f"p{i}", perovskite(*pair)) for i, pair in enumerate(pairs)]).graphs
    crystals = Crystals("two", "digest", graphs, np.arange(2), np.zeros(2, np.float32))
    columns = perovskites.site_columns(crystals, pd.DataFrame({"a": [38, 22], "b": [22, 38]}))
    np.testing.assert_allclose(columns.reshape(2, 3, 118), np.eye(118)[[[37, 21, 7], [21, 37, 7]]], atol=1e-6)


def test_the_unit_and_the_makers_of_perovskites_are_looked_up(eight):
    run, crystals, sites = eight
    perovskites.count_synthesised(run, crystals, sites)
    counts = {"named-in-the-text": (1, 4), "table-s5": (1, 33), "within-cutoff": (2, 4), "beyond-cutoff": (0, 4)}
    for name, (count, n) in counts.items():
        metric = run.metrics[f"made/{name}/compounds"]
        assert (metric.mean, metric.n) == (count, n)
    perovskites.score_unit(run, crystals, sites)
    # Barium titanate from its oxides: (-1659.8 + 553.5 + 944.7) kJ/mol for five atoms.
    assert run.metrics["unit/BaTiO3/measured"].mean == pytest.approx(-161.6 / 96.485 / 5, rel=1e-4)


def test_energies_of_another_functional_are_left_out(monkeypatch, run_with):
    """Total energies are one energy per element and the formation energy; some rows lie 3 eV/atom lower."""
    rng = np.random.default_rng(0)
    cells = [
        (f"{a}{b}{n}", Structure(Lattice.cubic(5), [a] * n + [b], [[0.25 * i, 0, 0] for i in range(n + 1)]))
        for a in ("Na", "K", "Li", "Mg", "Ca")
        for b in ("O", "Cl", "F", "S")
        for n in (1, 2, 3)
    ]
    graphs = graphs_from_structures(cells).graphs
    formation_energy = rng.normal(-1, 0.5, len(graphs))
    total = graphs.fractions() @ rng.uniform(-9, -1, 118) + formation_energy + rng.normal(0, 0.02, len(graphs))
    other = rng.permutation(len(graphs))[:12]
    total[other] -= 3.0
    columns = {"energy_per_atom": total, "formation_energy_per_atom": formation_energy}
    monkeypatch.setattr(sources, "archive_graphs", lambda name: StoredGraphs(graphs, "graphs", (), {}))
    run = run_with(me228_elastic={"material_id": graphs.ids, **columns})
    assert set(sources.absolute_energies(run).ids) == set(graphs.ids) - {graphs.ids[i] for i in other}
    assert run.arrays["left-out"] == {"energy of another functional": 12}


@pytest.mark.parametrize(
    ("n", "train", "sizes"),
    [
        (3_399, None, (2_041, 679, 679)),
        (5_000, None, (2_041, 679, 679)),
        (5_000, 100, (100, 679, 679)),
        (1_000, None, (600, 200, 200)),
        (1_000, 50, (50, 200, 200)),
    ],
)
def test_splits_have_the_papers_sizes_where_there_are_enough_crystals(eight, n, train, sizes):
    rows = np.arange(n) % 8
    crystals = Crystals("some", "digest", eight[1].graphs, rows, rows.astype(np.float32))
    (split,) = properties.splits_of(properties.ELASTIC[0], crystals, [0], train)
    assert (len(split.train), len(split.validation), len(split.test)) == sizes


def test_small_training_sets_are_trained_for_more_epochs():
    sizes = {PAPER_TRAIN * 2: 40, PAPER_TRAIN: 40, 7_012: 80, 1_753: 160, 100: 400}
    network = CrystalNetwork("net", PEROVSKITE_SITE, replace(ONE_CYCLE, epochs=40))
    assert {size: formation.for_size(network, size).fit.epochs for size in sizes} == sizes
    long = replace(network, fit=replace(ONE_CYCLE, epochs=1000))
    assert formation.for_size(long, 100).fit.epochs == 1000


def test_moduli_of_the_time_come_by_id_first_then_by_formula(monkeypatch, run_with):
    """Four crystals: known by id, by formula, by both, and one that is not on the paper's list."""
    cells = [(f"mp-{i}", rock_salt(4 + i / 10, metal)) for i, metal in enumerate(("Li", "Na", "K", "Rb"))]
    stored = StoredGraphs(graphs_from_structures(cells).graphs, "graphs", (), {})
    monkeypatch.setattr(sources, "archive_graphs", lambda name: stored)
    formulas = ["Na4Cl4", "K4Cl4", "Rb4Cl4"]
    run = run_with(
        crabnet_log_k={"formula": formulas, "log10_K_VRH": [1.5, 1.6, 1.7]},
        crabnet_log_g={"formula": formulas, "log10_G_VRH": [1.1, 1.2, 1.3]},
        dejong2015={"material_id": ["mp-0", "mp-2"], "K_VRH": [10.0, 100.0], "G_VRH": [6.0, 60.0]},
        xie2018_ids_3402={"material_id": ["mp-0", "mp-1", "mp-2"]},
    )
    bulk = sources.of_the_time(run, "bulk_modulus")
    assert bulk.ids == ["mp-0", "mp-1", "mp-2"]
    np.testing.assert_allclose(bulk.target, [1.0, 1.5, 2.0], rtol=1e-6)
    ratio = sources.of_the_time(run, "poisson_ratio").target
    np.testing.assert_allclose(ratio[[0, 2]], (3 * 10 - 2 * 6) / (6 * 10 + 2 * 6), rtol=1e-5)
    assert sources.later(run, "bulk_modulus").ids == ["mp-3"], "what is on the list is not new"
    others = replace(bulk, target=bulk.target + np.float32(0.5)).take(np.array([0, 2]), "two")
    np.testing.assert_allclose(properties.differences(bulk, others), 0.5)


def test_a_recall_is_read_where_its_partner_is_the_printed_one(run_with):
    run = run_with()
    # The recall of metals rises in a line to 1 at one semiconductor in five lost.
    run.arrays["roc/random/net"] = [np.minimum(np.linspace(0, 1, 101) / 0.2, 1).tolist()]
    run.file("random/net/auc", 0.9, n=10)
    score_partners(run, "random/net")
    filed = values_below(run, "random/net/")
    assert filed["metal_recall_beside_semiconductors"] == (pytest.approx(0.05 / 0.2),)
    assert filed["semiconductor_recall_beside_metals"] == (pytest.approx(1 - 0.8 * 0.2),)


def test_measured_energies_are_compared_composition_by_composition(run_with):
    table = {
        "formula": ["NaCl", "ClNa", "KCl", "MgO", "MgO"],
        "formation_energy_per_atom": [-2.0, -2.1, -2.3, -3.0, -9.0],
        "source": ["ssub", "iit", "ssub", "iit", "mat_proj"],
    }
    computed = {"formula": ["Na4Cl4", "NaCl", "MgO"], "formation_energy_per_atom": [-1.8, -1.5, -2.9]}
    run = run_with(experimental_formation_energy=table, crabnet_mp_e_form=computed)
    formation.score_measured_energies(run)
    between, dft = run.metrics["measured/between-sources/mae"], run.metrics["measured/dft/mae"]
    assert (between.mean, between.n) == (pytest.approx(0.1), 1)
    # The lowest computed energy of a composition, and no computed source.
    assert (dft.mean, dft.n) == (pytest.approx((0.25 + 0.1) / 2), 2)
