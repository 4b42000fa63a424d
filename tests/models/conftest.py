"""Crystal graphs that the tests of networks share, and threads that they may change."""

from collections.abc import Iterator

import pytest
import torch
from pymatgen.core import Lattice, Structure

from replicate.features.graph_building import graphs_from_structures
from replicate.models.graph_batch import GraphSet


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="package")
def graphs(structures: list[tuple[str, Structure]]) -> GraphSet:
    """Return a crystal with mixed sites, and bundled ones."""
    mixed = Structure(Lattice.cubic(4), [{"Na": 0.5, "K": 0.25}, "Cl"], [[0] * 3, [0.5] * 3])
    return GraphSet(graphs_from_structures([("mixed", mixed), *structures]).graphs)
