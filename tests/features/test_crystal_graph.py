"""Graphs of many crystals: what they do not depend on, how they are cut, kept and built."""

from dataclasses import fields

import numpy as np
import pytest
import torch
from cells import diamond, rock_salt
from pymatgen.core import Lattice, Structure
from rounding import assert_same_but_for_rounding

from replicate.errors import ConfigError, DataError
from replicate.features import graph_building
from replicate.features.crystal_graph import (
    CrystalGraphs,
    amounts_of,
    element_sets,
    join_graphs,
    load_graphs,
    reduced,
)
from replicate.features.graph_building import GraphReport, graphs_from_structures
from replicate.features.neighbours import VORONOI
from replicate.models.cgcnn import CGCNN
from replicate.models.configs import CGCNNConfig
from replicate.models.graph_batch import GraphSet

PEROVSKITE = Structure(
    Lattice.from_parameters(3.9, 4.0, 4.2, 90, 93, 90),
    ["Ba", {"Ti": 0.7, "Zr": 0.3}, "O", "O", "O"],
    [[0, 0, 0], [0.5, 0.5, 0.52], [0.5, 0.5, 0], [0.5, 0, 0.49], [0, 0.5, 0.5]],
)
DIAMOND, SALT = diamond(), rock_salt(5.64)
SHEARED = np.array([[1, 0, 0], [1, 1, 0], [0, 2, 1]])


def permuted(structure: Structure) -> Structure:
    return Structure.from_sites([structure[i] for i in np.random.default_rng(0).permutation(len(structure))])


def moved(structure: Structure) -> Structure:
    return structure.copy().translate_sites(range(len(structure)), [0.137, -0.41, 0.9], to_unit_cell=False)


def rotated(structure: Structure) -> Structure:
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    return Structure(structure.lattice.matrix @ turn, [s.species for s in structure], structure.frac_coords)


CHANGES = {
    "other order": permuted,
    "translation": moved,
    "rotation": rotated,
    "supercell": lambda structure: structure * (2, 1, 1),
    "other cell vectors": lambda structure: structure * SHEARED,
    "primitive cell": lambda structure: structure.get_primitive_structure(),
}


def predictions(graphs: CrystalGraphs, config: CGCNNConfig) -> torch.Tensor:
    """Return what a random network says of each crystal, (N0,)."""
    with torch.no_grad():
        return CGCNN(config, seed=5).double().eval()(GraphSet(graphs)[torch.arange(len(graphs))].double())[0]


def assert_same(first: CrystalGraphs, second: CrystalGraphs) -> None:
    assert first.ids == second.ids
    for field in fields(CrystalGraphs)[1:]:
        one, other = getattr(first, field.name), getattr(second, field.name)
        assert one.dtype == other.dtype, field.name
        np.testing.assert_array_equal(one, other, err_msg=field.name)


@pytest.fixture(scope="module")
def report(structures) -> GraphReport:
    return graphs_from_structures(structures)


@pytest.mark.parametrize("rule", [graph_building.NEAREST, VORONOI], ids=lambda rule: rule.kind)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_predictions_depend_on_the_crystal_only(change, rule):
    crystals = {"perovskite": PEROVSKITE, "diamond": DIAMOND, "salt": SALT}
    before = graphs_from_structures(crystals.items(), rule).graphs
    after = graphs_from_structures([(name, change(s)) for name, s in crystals.items()], rule).graphs
    for convolution in ("eq5", "eq4"):
        config = CGCNNConfig(convolution=convolution, resolution=None)
        found = predictions(before, config)
        assert found.std() > 1e-3, "the three crystals differ"
        torch.testing.assert_close(predictions(after, config), found, rtol=0, atol=1e-5)
    np.testing.assert_allclose(after.fractions(), before.fractions(), atol=1e-7)


def test_a_batch_is_its_crystals_one_by_one_in_any_order(report):
    graphs = GraphSet(report.graphs)
    for config in (CGCNNConfig(), CGCNNConfig(convolution="eq4", pooling="softmax")):
        model = CGCNN(config, seed=1).eval()
        rows = torch.from_numpy(np.random.default_rng(2).permutation(len(graphs)))
        with torch.no_grad():
            together = model(graphs[rows])[0]
            alone = torch.cat([model(graphs[row])[0] for row in rows.split(1)])
        assert_same_but_for_rounding(together, alone)


def test_taken_crystals_are_those_built_alone(report, structures):
    rows = np.array([7, 2, 2, 30])
    taken = report.graphs.take(rows)
    alone = graphs_from_structures([structures[i] for i in rows]).graphs
    assert taken.ids == alone.ids
    np.testing.assert_array_equal(taken.kinds[taken.kind], alone.kinds[alone.kind])
    for name in ("n_atoms", "node_start", "edge_start", "count", "degree", "neighbour", "weight"):
        np.testing.assert_array_equal(getattr(taken, name), getattr(alone, name), err_msg=name)
    np.testing.assert_allclose(taken.distance, alone.distance, atol=1e-6)


def test_joined_parts_are_the_whole(report, structures):
    parts = [graphs_from_structures(structures[i : i + 13]).graphs for i in range(0, len(structures), 13)]
    joined = join_graphs(parts)
    assert_same(joined, join_graphs([report.graphs]))
    np.testing.assert_array_equal(joined.kinds[joined.kind], report.graphs.kinds[report.graphs.kind])
    with pytest.raises(ConfigError, match="no crystal graphs"):
        join_graphs([])


def test_saved_graphs_come_back_mapped_from_disk(report, tmp_path):
    report.graphs.save(tmp_path / "graphs")
    loaded = load_graphs(tmp_path / "graphs")
    assert_same(loaded, report.graphs)
    assert isinstance(loaded.distance, np.memmap) and not loaded.distance.flags.writeable
    config = CGCNNConfig()
    torch.testing.assert_close(predictions(loaded, config), predictions(report.graphs, config))


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"not an array")])
def test_broken_files_are_named(report, tmp_path, damage):
    report.graphs.save(tmp_path)
    damage(tmp_path / "weight.npy")
    with pytest.raises(DataError, match=f"cannot be read.*{tmp_path.name}"):
        load_graphs(tmp_path)


def test_what_cannot_be_used_is_reported_and_the_rest_goes_on(monkeypatch):
    monkeypatch.setattr(graph_building, "CHUNK", 2)
    good = SALT.to(fmt="cif")
    overlapping = Structure(Lattice.cubic(4), ["Na", "Cl"], [[0] * 3, [0.01, 0, 0]]).to(fmt="cif")
    given = [("a", "nothing"), ("b", good.replace("Na  Na0", "X  X0")), ("c", good), ("d", overlapping)]
    report = graphs_from_structures([*given, ("e", good)])
    assert report.graphs.ids == ("c", "e") and report.rows.tolist() == [2, 4]
    assert [one.id for one in report.dropped] == ["a", "b", "d"]
    for one, reason in zip(report.dropped, ("not a readable CIF", "no element", "overlap"), strict=True):
        assert reason in one.reason and f"file {one.id}" in one.reason
    with pytest.raises(ConfigError, match="none of 1 crystals could be used; the first: not a readable CIF"):
        graphs_from_structures(given[:1])
    with pytest.raises(ConfigError, match="no crystal"):
        graphs_from_structures([])


def test_two_processes_build_what_one_builds(structures, monkeypatch):
    monkeypatch.setattr(graph_building, "CHUNK", 10)
    given = [(name, structure.to(fmt="cif")) for name, structure in structures[:30]]
    given.insert(15, ("empty", "data_empty"))
    one, two = (graphs_from_structures(given, processes=n) for n in (1, 2))
    assert_same(one.graphs, two.graphs)
    assert one.rows.tolist() == two.rows.tolist() == [i for i in range(31) if i != 15]
    assert one.dropped == two.dropped and one.widened == two.widened


def test_amounts_of_shared_and_partly_empty_sites():
    holes = Structure(Lattice.cubic(4), [{"Na": 0.5, "K": 0.3}, "Cl"], [[0] * 3, [0.5] * 3])
    cells = (holes, holes * (2, 1, 1), SALT, SALT.copy().scale_lattice(200))
    graphs = graphs_from_structures(zip("abcd", cells, strict=True)).graphs
    assert graphs.node_start[2] == 2 * graphs.node_start[1], "a larger cell has the same nodes"
    amounts = amounts_of(graphs)
    expected = np.zeros((4, 118))
    expected[0, [10, 18, 16]] = 0.5, 0.3, 1
    expected[1] = 2 * expected[0]
    expected[2:, [10, 16]] = 4
    np.testing.assert_allclose(amounts, expected, atol=1e-6)
    np.testing.assert_allclose(graphs.fractions().sum(axis=1), 1)
    same = reduced(amounts)
    assert same[0] == same[1] != same[2] == same[3]
    system = element_sets(amounts)
    assert system[0] == system[1] != system[2] == system[3]
