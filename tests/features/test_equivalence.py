"""Sites that no network can tell apart are computed once, and nothing else is merged."""

import numpy as np
import pytest
import torch
from cells import rock_salt
from pymatgen.core import Lattice, Structure

from replicate.features import graph_building
from replicate.features.crystal_graph import CrystalGraphs
from replicate.features.equivalence import SAME_DISTANCE, Classes, merge_distances, site_classes
from replicate.features.graph_building import graphs_from_structures
from replicate.models.cgcnn import CGCNN
from replicate.models.configs import CGCNNConfig
from replicate.models.graph_batch import GraphSet

NETWORKS = [
    CGCNNConfig(),
    CGCNNConfig(batch_norm=False),
    CGCNNConfig(convolution="eq4", pooling="softmax", hidden=(16, 16)),
    CGCNNConfig(convolution="eq4", pooling="site", hidden=(16,)),
]


def chain(distances: list[float], content: list[int] | None = None) -> Classes:
    """Return the classes of sites in a row, each neighbouring the next."""
    n = len(distances) + 1
    left, right = np.arange(n - 1), np.arange(1, n)
    centre, neighbour = np.concatenate([left, right]), np.concatenate([right, left])
    order = np.argsort(centre, kind="stable")
    return site_classes(
        np.zeros(n, dtype=int),
        np.zeros(n, dtype=int) if content is None else np.array(content),
        centre[order],
        neighbour[order],
        np.tile(distances, 2)[order],
        np.ones(2 * n - 2),
    )


def test_sites_at_the_same_depth_are_alike():
    classes = chain([1.0] * 4)
    assert classes.first.tolist() == [0, 1, 2] and classes.count.tolist() == [2, 2, 1]
    edges = zip(classes.centre.tolist(), classes.neighbour.tolist(), classes.weight.tolist(), strict=True)
    assert list(edges) == [(0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 1, 2.0)]


def test_a_difference_far_away_is_seen():
    assert len(chain([1.0] * 20).first) == 11
    assert len(chain([1.0] * 20, content=[1] + [0] * 20).first) == 21
    assert len(chain([1.0] * 19 + [1.0 + 10 * SAME_DISTANCE]).first) == 21
    assert len(chain([1.0] * 19 + [1.0 + SAME_DISTANCE / 10]).first) == 11


def test_distances_that_follow_each_other_closely_become_their_mean_crystal_by_crystal():
    crystal = np.array([0, 0, 0, 0, 1])
    distance = np.array([2.0, 3.0, 2.0 + SAME_DISTANCE / 2, 2.0 + SAME_DISTANCE, 2.0])
    index, value = merge_distances(crystal, distance)
    assert index.tolist() == [0, 1, 0, 0, 2]
    np.testing.assert_allclose(value, [2.0 + SAME_DISTANCE / 2, 3.0, 2.0])


def test_rock_salt_has_two_nodes_of_four_atoms():
    salt = rock_salt(5.64)
    graphs = graphs_from_structures([("a", salt), ("b", salt)]).graphs
    assert graphs.node_start.tolist() == [0, 2, 4], "equal crystals stay two crystals"
    assert graphs.count.tolist() == [4] * 4
    assert graphs.degree.tolist() == [2] * 4 and graphs.weight.tolist() == [6] * 8
    assert graphs.neighbour.tolist() == [0, 1, 0, 1] * 2
    unlike, like = 2.82, 5.64 / np.sqrt(2)
    np.testing.assert_allclose(graphs.distance, [like, unlike, unlike, like] * 2, rtol=1e-6)


@pytest.fixture(scope="module")
def merged_and_not(structures) -> tuple[CrystalGraphs, CrystalGraphs]:
    """Return the graphs of bundled and of mixed crystals, and the same with a node for every site."""
    mixed = Structure(Lattice.cubic(5), [{"Na": 0.5, "K": 0.3}, "Cl"], [[0] * 3, [0.5] * 3]) * (2, 1, 1)
    given = [*structures, ("mixed", mixed)]
    merged = graphs_from_structures(given).graphs
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            graph_building,
            "site_classes",
            lambda crystal, content, *pairs: site_classes(crystal, np.arange(len(content)), *pairs),
        )
        return merged, graphs_from_structures(given).graphs


def test_merging_shrinks_real_crystals(merged_and_not):
    merged, not_merged = merged_and_not
    assert len(not_merged.kind) == not_merged.n_atoms.sum() and (not_merged.count == 1).all()
    assert len(merged.kind) < 0.5 * len(not_merged.kind)
    assert np.array_equal(np.add.reduceat(merged.count, merged.node_start[:-1]), merged.n_atoms)
    np.testing.assert_allclose(merged.fractions(), not_merged.fractions(), atol=1e-6)


@pytest.mark.parametrize("training", [False, True], ids=["evaluating", "training"])
@pytest.mark.parametrize("config", NETWORKS, ids=["eq5", "eq5 without norm", "eq4", "sites"])
def test_merging_changes_no_prediction_and_no_gradient(config, training, merged_and_not):
    found = []
    for graphs in merged_and_not:
        model = CGCNN(config, seed=3).double().train(training)
        predicted = model(GraphSet(graphs)[torch.arange(len(graphs))].double())[0]
        predicted.square().sum().backward()
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        found.append((predicted.detach(), gradients, list(model.buffers())))
    torch.testing.assert_close(*[predicted for predicted, _, _ in found], rtol=1e-5, atol=1e-6)
    for first, second in zip(*[buffers for _, _, buffers in found], strict=True):
        torch.testing.assert_close(first, second, rtol=1e-5, atol=1e-6)
    first, second = (torch.cat([g.flatten() for g in gradients]) for _, gradients, _ in found)
    torch.testing.assert_close(first, second, rtol=1e-4, atol=1e-6 * float(second.abs().max()))
