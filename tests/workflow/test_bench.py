"""``make bench``: both sides of a ratio do the same work, and operations are counted as the layers have them."""

from itertools import pairwise

import numpy as np

from replicate.features.crystal import from_structure
from replicate.features.neighbours import within
from replicate.models.configs import FORMATION, SIDE
from workflow.bench import __main__ as bench
from workflow.bench import peers as bench_peers


def test_all_searches_find_the_same_neighbours(structures) -> None:
    crystals = [from_structure(structure, name) for name, structure in structures[:4]]
    searches = bench_peers._searches(crystals, 5.0)
    assert "pymatgen" in searches
    expected = [within(one, 5.0) for one in crystals]
    for search in searches.values():
        for one, ours in zip(search(), expected, strict=True):
            assert len(one[0]) == len(ours[0])
            np.testing.assert_allclose(np.sort(one[-1]), np.sort(ours[2]), atol=1e-5)


def test_operations_are_those_of_the_layers() -> None:
    (channels, size), *_ = FORMATION.kernels
    widths = (channels * (SIDE // 2) ** 2, *FORMATION.hidden, 1)
    connected = sum(a * b for a, b in pairwise(widths))
    assert bench.operations(FORMATION) == 2 * (SIDE**2 * size**2 * channels + connected)
