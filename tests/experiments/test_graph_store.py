"""Crystal graphs of a dataset are built once and read from the work folder afterwards."""

from dataclasses import fields

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

from replicate.experiments.graph_store import stored_graphs
from replicate.features.crystal_graph import CrystalGraphs
from replicate.features.graph_building import NEAREST, GraphReport, graphs_from_structures
from replicate.features.neighbours import VORONOI


def test_stored_graphs_are_built_once_for_each_rule(structures):
    builds = []

    def build() -> GraphReport:
        builds.append(1)
        argon, empty = Structure(Lattice.cubic(20), ["Ar"], [[0] * 3]), Structure(Lattice.cubic(3), [], [])
        return graphs_from_structures([*structures[:3], ("argon", argon), ("empty", empty)])

    first, again = (stored_graphs("some", "digest", NEAREST, build) for _ in range(2))
    assert len(builds) == 1
    for field in fields(CrystalGraphs):
        np.testing.assert_array_equal(getattr(first.graphs, field.name), getattr(again.graphs, field.name))
    assert [crystal.id for crystal in again.dropped] == ["empty"] and "no atoms" in again.dropped[0].reason
    assert again.widened == {"argon": pytest.approx(20 * np.sqrt(2))}
    others = [stored_graphs("some", *key, build) for key in (("digest", VORONOI), ("other", NEAREST))]
    assert len(builds) == 3 and len({first.digest, *(graphs.digest for graphs in others)}) == 3
