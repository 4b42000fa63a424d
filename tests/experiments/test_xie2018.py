"""The CGCNN experiments: the worked example, the search among perovskites, and where values come from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from cells import rock_salt
from pymatgen.core import Element, Lattice, Structure
from rounding import assert_same_but_for_rounding

from replicate.errors import DataError
from replicate.evaluation.splits import Split
from replicate.experiments.configs import CrystalNetwork
from replicate.experiments.core import Run
from replicate.experiments.crystals import Crystals
from replicate.experiments.train import train
from replicate.experiments.xie2018 import authors, elastic_sources, formation, perovskites, sources
from replicate.experiments.xie2018.configs import PAPER_TRAIN, PROPERTIES
from replicate.experiments.xie2018.metal import score_partners
from replicate.experiments.xie2018.nacl_kcl import coefficients, pooled
from replicate.experiments.xie2018.perovskites import count_synthesised, score_unit
from replicate.experiments.xie2018.properties import splits_of
from replicate.experiments.xie2018.settings import ONE_CYCLE, PEROVSKITE_SITE
from replicate.features.graph_building import graphs_from_structures
from replicate.features.graph_store import StoredGraphs
from replicate.features.neighbours import VORONOI


def test_the_worked_example_is_the_supplements(smoke):
    record = smoke("xie2018-nacl-kcl")

    def value(name: str) -> float:
        return record.metrics[name].mean

    assert [value(f"nacl/graph/{one}_neighbours") for one in ("na", "cl")] == [6, 6]  # Eqs. S3, S4
    assert [value(f"kcl-b2/graph/{one}_neighbours") for one in ("k", "cl")] == [8, 8]  # Eqs. S5, S6
    weights = ("wc1", "wc2", "wc3", "ws1", "ws2", "ws3")
    assert [value(f"nacl/pooled/{w}") for w in weights] == [3, 3, 0, 0.5, 0.5, 0]  # Eqs. S7, S9
    # Eqs. S8 and S10, and the six potassium neighbours that the Voronoi rule finds besides.
    assert [value(f"kcl-b2/pooled/{w}") for w in weights] == [4, 0, 7, 0.5, 0, 0.5]
    assert value("kcl/graph/k_neighbours") == 6, "potassium chloride has the structure of rock salt"
    for name in ("linear", "linear-b2"):
        assert value(f"nacl/{name}/prediction") == pytest.approx(1)
        assert value(f"kcl/{name}/prediction") == pytest.approx(-1)


def test_weights_by_hand_tell_the_salts_apart():
    salts = {metal: rock_salt(a, metal) for metal, a in (("Na", 5.64), ("K", 6.29))}
    graphs = graphs_from_structures(salts.items(), VORONOI).graphs
    weights = np.array([0, 1 / 3, -1 / 3, 0, 0, 0])
    for row, expected in enumerate((1.0, -1.0)):
        graph = graphs.take(np.array([row]))
        assert pooled(graph, weights)[1] == pytest.approx(expected)
        np.testing.assert_allclose(coefficients(graph)[1] @ weights, expected)


HELD = (
    ("Sn", "Ti"),
    ("Sn", "Nb"),
    ("Pb", "Ti"),
    ("Pb", "Fe"),
    ("Ba", "Ti"),
    ("Be", "Ti"),
    ("B", "Nb"),
    ("La", "Al"),
)
ENERGY = (0.1, 0.5, 0.06, 0.9, 0.0, 2.0, 3.0, 0.1)


def perovskite(a: str, b: str, anion: str = "O") -> Structure:
    faces = [[0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    return Structure(Lattice.cubic(4), [a, b, *[anion] * 3], [[0] * 3, [0.5] * 3, *faces])


@pytest.fixture
def eight(monkeypatch, run_with) -> tuple[Run, Crystals, perovskites.Sites]:
    """Return eight perovskites, one of them read from a file of another order than the table."""
    cells = [(f"p{i}", perovskite(*pair)) for i, pair in enumerate(HELD)]
    stored = StoredGraphs(graphs_from_structures(reversed(cells)).graphs, "graphs", (), {})
    monkeypatch.setattr(perovskites, "archive_graphs", lambda name, most=None: stored)
    table = {
        "file": [f"p{i}.cif" for i in range(8)],
        "formula": [f"{a}{b}O3" for a, b in HELD],
        "formation_energy_per_atom": ENERGY,
    }
    run = run_with(cmr_perovskites_total=table)
    return run, *perovskites.load_perovskites(run)


def test_perovskites_know_their_energy_and_sites(eight):
    _, crystals, sites = eight
    assert crystals.ids == [f"p{i}" for i in range(8)]
    np.testing.assert_allclose(crystals.target, ENERGY)
    found = [
        (Element.from_Z(a).symbol, Element.from_Z(b).symbol) for a, b in zip(sites.a, sites.b, strict=True)
    ]
    assert found == list(HELD)


def test_a_perovskite_without_a_structure_is_an_error(eight):
    run, _, _ = eight
    table = run.dataset(perovskites.PEROVSKITE_TABLE).table
    table.loc[3, "file"] = "lost.cif"
    with pytest.raises(DataError, match="no structure.*row 4, value 'lost.cif'"):
        perovskites.load_perovskites(run)


def test_the_search_counts_heavy_a_and_early_transition_metal_b(eight):
    run, crystals, sites = eight
    assert perovskites.searched(sites).tolist() == [True, True, True] + [False] * 5
    split = Split("random", 0, np.arange(5), np.array([5]), np.array([2, 4, 6]))
    perovskites._count_searched(run, crystals, sites, [split])
    found = {name.removeprefix("search/"): metric.values for name, metric in run.metrics.items()}
    assert found["all/compounds"] == (3,) and found["all/within_cutoff"] == (2,)
    assert found["all/factor"] == (pytest.approx((2 / 3) / (4 / 8)),)
    assert found["test/compounds"] == (1,) and found["test/within_cutoff"] == (1,)


def test_compounds_of_table_s5_are_found_by_composition_and_site(eight):
    run, crystals, sites = eight
    perovskites._compare_table_s5(run, crystals, sites)
    assert [row for row in run.arrays["table-s5"] if row[2] is not None] == [
        ["SnTiO3", 0.1, pytest.approx(0.1)],
        ["SnNbO3", 0.14, pytest.approx(0.5)],
        ["PbTiO3", 0.06, pytest.approx(0.06)],
    ]
    assert run.metrics["search/table-s5/found"].values == (3,)
    assert run.metrics["search/table-s5/same_energy"].values == (2,)


def test_ranks_run_from_the_most_stable_to_the_least(eight):
    run, _, sites = eight
    energies = np.array([ENERGY, ENERGY])
    perovskites._score_sites(run, sites, energies, -energies)
    found = {name.removeprefix("sites/"): metric.values for name, metric in run.metrics.items()}
    # Means on A: Ba 0, La 0.1, Sn 0.3, Pb 0.48, Be 2, B 3: the two small ones rank fifth and sixth.
    assert found["a/small_element_rank"] == (pytest.approx((0.8 + 1.0) / 2),) * 2
    assert found["a/groups_13_to_15_rank"] == (pytest.approx((0.4 + 0.6) / 2),) * 2
    assert found["a/radius_rank_correlation"][0] < -0.8, "large atoms are stable on A here"
    # Means on B: Nb -1.75, Fe -0.9, Ti -0.54, Al -0.1.
    assert found["b/groups_4_to_6_rank"] == (pytest.approx((0 + 2 / 3) / 2),) * 2
    assert run.arrays["sites/a"]["Pb"] == [pytest.approx(0.48), pytest.approx(0)]


def test_site_energies_add_up_to_the_prediction(eight):
    """Five sites: A, B and three anions of one or more kinds, whose mean is the energy per atom."""
    run, crystals, _ = eight
    network = CrystalNetwork("sites", replace(PEROVSKITE_SITE, width=8), replace(ONE_CYCLE, epochs=2))
    split = Split("random", 0, np.arange(5), np.arange(5, 8), np.arange(8))
    trained = train(run, crystals, network, [split], "random")
    of_a, of_b = perovskites.site_energies(trained, 8)
    assert of_a.shape == of_b.shape == (1, 8)
    predicted = trained.predict([np.arange(8)])[0]
    one, sums = trained.fits[0], []
    for row in range(8):
        batch = trained.inputs[torch.tensor([row])]
        with torch.no_grad():
            values = (one.model.site_values(batch) * one.scale + one.centre).numpy()  # type: ignore[operator]
        anions = float(values[2:] @ batch.count.numpy()[2:])
        sums.append((of_a[0, row] + of_b[0, row] + anions) / 5)
    assert_same_but_for_rounding(sums, predicted)


def test_the_authors_network_predicts_for_all_whatever_the_batch(eight, monkeypatch):
    _, crystals, _ = eight
    at_once = authors.predict_authors("formation-energy-per-atom", crystals)
    monkeypatch.setattr("replicate.models.graph_batch.GraphSet.rows_at_once", 3)
    assert_same_but_for_rounding(authors.predict_authors("formation-energy-per-atom", crystals), at_once)
    assert at_once.shape == (8,) and at_once[4] < -2, "barium titanate is very stable"


def test_energies_of_another_functional_are_left_out(monkeypatch, run_with):
    """Total energies are one energy per element and the formation energy; some rows lie 3 eV/atom lower."""
    rng = np.random.default_rng(0)
    pairs = [(a, b) for a in ("Na", "K", "Li", "Mg", "Ca") for b in ("O", "Cl", "F", "S")]
    cells = [
        (f"{a}{b}{n}", Structure(Lattice.cubic(5), [a] * n + [b], [[0.25 * i, 0, 0] for i in range(n + 1)]))
        for a, b in pairs
        for n in (1, 2, 3)
    ]
    graphs = graphs_from_structures(cells).graphs
    formation = rng.normal(-1, 0.5, len(graphs))
    total = graphs.fractions() @ rng.uniform(-9, -1, 118) + formation + rng.normal(0, 0.02, len(graphs))
    other = rng.permutation(len(graphs))[:12]
    total[other] -= 3.0
    table = {"material_id": graphs.ids, "energy_per_atom": total, "formation_energy_per_atom": formation}
    monkeypatch.setattr(sources, "archive_graphs", lambda name: StoredGraphs(graphs, "graphs", (), {}))
    run = run_with(me228_elastic=table)
    found = sources.absolute_energies(run)
    assert set(found.ids) == set(graphs.ids) - {graphs.ids[i] for i in other}
    assert run.arrays["left-out"] == {"energy of another functional": 12}


def test_splits_have_the_papers_sizes_where_there_are_enough_crystals(eight):
    graphs = eight[1].graphs
    bulk = next(row for row in PROPERTIES if row.id == "bulk_modulus")

    def sizes(n: int, train: int | None = None) -> tuple[int, int, int]:
        rows = np.arange(n) % 8
        (split,) = splits_of(
            bulk, Crystals("some", "digest", graphs, rows, rows.astype(np.float32)), [0], train
        )
        return len(split.train), len(split.validation), len(split.test)

    assert sizes(3_399) == (2_041, 679, 679) and sizes(5_000) == (2_041, 679, 679)
    assert sizes(5_000, train=100) == (100, 679, 679)
    assert sizes(1_000) == (600, 200, 200) and sizes(1_000, train=50) == (50, 200, 200)


def test_small_training_sets_are_trained_for_more_epochs():
    network = CrystalNetwork("net", PEROVSKITE_SITE, replace(ONE_CYCLE, epochs=40))
    epochs = [
        formation.for_size(network, size).fit.epochs
        for size in (PAPER_TRAIN * 2, PAPER_TRAIN, 7_012, 1_753, 100)
    ]
    assert epochs == [40, 40, 80, 160, 400]
    long = CrystalNetwork("net", PEROVSKITE_SITE, replace(ONE_CYCLE, epochs=1000))
    assert formation.for_size(long, 100).fit.epochs == 1000


def test_moduli_of_the_time_come_by_id_first_then_by_formula(monkeypatch, run_with):
    """Four crystals: known by id, by formula, by both, and one that is not on the paper's list."""
    cells = [(f"mp-{i}", rock_salt(4 + i / 10, metal)) for i, metal in enumerate(("Li", "Na", "K", "Rb"))]
    graphs = graphs_from_structures(cells).graphs
    stored = StoredGraphs(graphs, "graphs", (), {})
    monkeypatch.setattr(elastic_sources, "archive_graphs", lambda name: stored)
    formulas = ["Na4Cl4", "K4Cl4", "Rb4Cl4"]
    run = run_with(
        crabnet_log_k={"formula": formulas, "log10_K_VRH": [1.5, 1.6, 1.7]},
        crabnet_log_g={"formula": formulas, "log10_G_VRH": [1.1, 1.2, 1.3]},
        dejong2015={"material_id": ["mp-0", "mp-2"], "K_VRH": [10.0, 100.0], "G_VRH": [6.0, 60.0]},
        xie2018_ids_3402={"material_id": ["mp-0", "mp-1", "mp-2"]},
    )
    bulk = elastic_sources.of_the_time(run, "bulk_modulus")
    assert bulk.ids == ["mp-0", "mp-1", "mp-2"]
    np.testing.assert_allclose(bulk.target, [1.0, 1.5, 2.0], rtol=1e-6)
    ratio = elastic_sources.of_the_time(run, "poisson_ratio").target
    np.testing.assert_allclose(ratio[[0, 2]], (3 * 10 - 2 * 6) / (6 * 10 + 2 * 6), rtol=1e-5)
    new = elastic_sources.later(run, "bulk_modulus")
    assert new.ids == ["mp-3"], "what is on the list is not new"
    later = replace(bulk, target=bulk.target + np.float32(0.5))
    np.testing.assert_allclose(elastic_sources.differences(bulk, later.take(np.array([0, 2]), "two")), 0.5)


def test_a_recall_is_read_where_its_partner_is_the_printed_one(run_with):
    run = run_with()
    # Metals found rise in a line to 1 at one semiconductor in five lost.
    run.arrays["roc/random/net"] = [np.minimum(np.linspace(0, 1, 101) / 0.2, 1).tolist()]
    run.add("random/net", [{"auc": 0.9}], {}, 10)
    score_partners(run, "random/net")
    found = {name.rpartition("/")[2]: metric.values for name, metric in run.metrics.items()}
    assert found["metal_recall_beside_semiconductors"] == (pytest.approx(0.05 / 0.2),)
    assert found["semiconductor_recall_beside_metals"] == (pytest.approx(1 - 0.8 * 0.2),)


def test_columns_of_sites_tell_abx_from_bax():
    pairs = (("Sr", "Ti"), ("Ti", "Sr"))
    graphs = graphs_from_structures([(f"p{i}", perovskite(*pair)) for i, pair in enumerate(pairs)]).graphs
    crystals = Crystals("two", "digest", graphs, np.arange(2), np.zeros(2, np.float32))
    sites = perovskites.Sites(np.array([38, 22]), np.array([22, 38]))
    columns = perovskites.site_columns(crystals, sites)
    assert columns.shape == (2, 3 * 118)
    for row, (a, b) in enumerate(((38, 22), (22, 38))):
        assert np.flatnonzero(columns[row, :118]).tolist() == [a - 1]
        assert np.flatnonzero(columns[row, 118:236]).tolist() == [b - 1]
        np.testing.assert_allclose(columns[row, 236:], np.eye(118)[7], atol=1e-6)


def test_the_unit_and_the_makers_of_perovskites_are_looked_up(eight, run_with):
    run, crystals, _ = eight
    made = run_with(konno_cod_2009={"formula": ["O3PbTi", "Pb2Ti2O6", "BaO3Ti", "NaCl"]})
    run.datasets |= made.datasets
    count_synthesised(run, crystals, perovskites.below_cutoff(crystals))
    found = {name: (metric.values[0], metric.n) for name, metric in run.metrics.items()}
    assert found["made/named-in-the-text/compounds"] == (1, 4) and found["made/table-s5/compounds"] == (1, 33)
    assert found["made/within-cutoff/compounds"] == (2, 4) and found["made/beyond-cutoff/compounds"] == (0, 4)
    score_unit(run, crystals)
    # Barium titanate from its oxides: (-1659.8 + 553.5 + 944.7) kJ/mol for five atoms.
    assert run.metrics["unit/BaTiO3/measured"].mean == pytest.approx(-161.6 / 96.485 / 5, rel=1e-4)


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
    assert (dft.mean, dft.n) == (pytest.approx((0.25 + 0.1) / 2), 2), (
        "the lowest computed energy, no computed source"
    )
