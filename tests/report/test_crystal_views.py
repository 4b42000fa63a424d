"""Crystals in a page: what is drawn is the graph, and a title from elsewhere stays text."""

import json
from collections import Counter

import numpy as np
import pytest
from bs4 import BeautifulSoup
from pymatgen.core import Lattice, Structure

from replicate import report
from replicate.features.crystal import Crystal, from_structure
from replicate.features.elements import ATOMIC_NUMBER
from replicate.features.graph_building import graphs_from_structures
from replicate.features.neighbours import NeighbourRule
from replicate.report.crystals import MOST

SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.69), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
LAYERS = Structure(
    Lattice.hexagonal(3.09, 3.52), ["Mg", "B", "B"], [[0, 0, 0], [1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]]
)


def drawn(view: report.View) -> tuple[BeautifulSoup, dict]:
    page = BeautifulSoup(str(report.crystal_view([view]).data), "html.parser")
    assert page.figure is not None
    (scene,) = json.loads(str(page.figure["data-crystals"]))
    return page, scene


def neighbours_in_graph(structure: Structure, centre: int, count: int) -> dict[tuple[int, float], float]:
    """Return (atomic number, distance) → how many neighbours the graph's node of a site has there."""
    graph = graphs_from_structures([("x", structure)], NeighbourRule(count=count)).graphs
    elements = graph.kinds[graph.kind].argmax(axis=1) + 1
    node = elements.tolist().index(structure[centre].specie.Z)  # of each element there is one class of sites
    edges = slice(*np.cumsum([0, *graph.degree])[node : node + 2])
    found: Counter[tuple[int, float]] = Counter()
    for j, d, w in zip(graph.neighbour[edges], graph.distance[edges], graph.weight[edges], strict=True):
        found[int(elements[j]), round(float(d), 2)] += float(w)
    return dict(found)


@pytest.mark.parametrize(("structure", "centre"), [(SALT, 0), (SALT, 4), (LAYERS, 0), (LAYERS, 1)])
def test_the_bonds_of_every_number_of_neighbours_are_those_of_the_graph(structure: Structure, centre: int) -> None:
    _, scene = drawn(report.View("x", from_structure(structure, "x"), centre))
    lines = [line.split() for line in scene["xyz"].splitlines()[2:]]
    assert len(lines) == int(scene["xyz"].splitlines()[0])
    places = np.array([place for _, *place in lines], dtype=float)
    for count in range(1, MOST + 1):
        seen: Counter[tuple[int, float]] = Counter()
        for start, end, weights in scene["bonds"]:
            assert lines[start][0] == structure[centre].specie.symbol
            if weights[count - 1]:
                length = round(float(np.linalg.norm(places[end] - places[start])), 2)
                seen[ATOMIC_NUMBER[lines[end][0]], length] += weights[count - 1]
        assert dict(seen) == pytest.approx(neighbours_in_graph(structure, centre, count), abs=0.01)
        assert scene["says"][count - 1].startswith(f"{structure[centre].specie.symbol}, {count} neighbour")


def test_a_closed_cell_is_drawn_with_its_faces_and_faint_where_a_site_is_partly_empty() -> None:
    crystal = from_structure(SALT, "x")
    half = Crystal("x", crystal.lattice, crystal.positions, crystal.site, crystal.element, crystal.occupancy / 2)
    page, scene = drawn(report.View("x", half))
    names = Counter(line.split()[0] for line in scene["xyz"].splitlines()[2:])
    assert names == {"Na": 14, "Cl": 13} and len(scene["cell"]) == 12 and not scene["bonds"]
    assert {circle["fill-opacity"] for circle in page.select("circle")} == {"0.5"}
    assert page.svg is not None and "14 Na, 13 Cl" in page.svg["aria-label"]


def test_a_title_stays_text() -> None:
    page, _ = drawn(report.View("<img src=x onerror=alert(1)>\"'", from_structure(SALT, "x"), 0, "<b>said</b>"))
    assert not page.select("img, b") and "<img" in page.get_text() and "<b>said" in page.get_text()
