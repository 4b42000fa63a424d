"""The worked example of Xie and Grossman's supplement: one linear convolution tells NaCl from KCl (Eqs. S1-S10).

Shape legend: C nodes of a crystal; elements Cl, Na, K in the paper's order; 6 weights (Wc, Ws).
"""

from __future__ import annotations

import numpy as np

from replicate.data.structures import to_structure
from replicate.experiments.core import Run
from replicate.experiments.xie2018.configs import WEIGHTS
from replicate.features.crystal_graph import CrystalGraphs
from replicate.features.elements import ATOMIC_NUMBER
from replicate.features.graph_building import graphs_from_structures
from replicate.features.neighbours import VORONOI

ELEMENTS = ("Cl", "Na", "K")
_B2_EDGE = 3.63  # Å; KCl above 2 GPa, the only KCl in which K has eight neighbours


def pooled(graph: CrystalGraphs, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each node's feature after Eq. 4 with g(x) = x and b = 0, and their mean over the cell.

    Args:
        graph: one crystal.
        weights: (6, ...) Wc and Ws of one-hot features of Cl, Na and K (Eqs. S1-S2).
    """
    v = graph.kinds[graph.kind][:, [ATOMIC_NUMBER[symbol] - 1 for symbol in ELEMENTS]]  # (C, 3)
    around = np.zeros_like(v)
    centre = np.repeat(np.arange(len(graph.kind)), graph.degree)
    np.add.at(around, centre, graph.weight[:, None] * v[graph.neighbour])
    feature = np.hstack([around, v]) @ weights
    return feature, graph.count @ feature / graph.n_atoms[0]


def coefficients(graph: CrystalGraphs) -> tuple[np.ndarray, np.ndarray]:
    """Return the factor of every weight in each node's feature (C, 6) and in the crystal's (6,)."""
    return pooled(graph, np.eye(6))


def run_nacl_kcl(run: Run) -> None:
    """Derive Eqs. S3-S10 from real structures, and solve for weights that give +1 and −1."""
    from pymatgen.core import Lattice, Structure

    table = run.dataset("dejong2015").table.set_index("material_id")["structure"]
    b2 = Structure(Lattice.cubic(_B2_EDGE), ["K", "Cl"], np.array([[0, 0, 0], [0.5, 0.5, 0.5]]))
    structures = {
        "nacl": to_structure(table[run.config.nacl]),
        "kcl": to_structure(table[run.config.kcl]),
        "kcl-b2": b2,
    }
    report = graphs_from_structures(structures.items(), VORONOI)
    graphs = {name: report.graphs.take(np.array([row])) for row, name in enumerate(report.graphs.ids)}
    equations = {}
    for name, graph in graphs.items():
        nodes, equations[name] = coefficients(graph)
        for kind, factors in zip(graph.kinds[graph.kind].argmax(axis=1) + 1, nodes, strict=True):
            own = next(i for i, s in enumerate(ELEMENTS) if ATOMIC_NUMBER[s] == kind)
            prefix = f"{name}/graph/{ELEMENTS[own].lower()}"
            run.file(f"{prefix}_neighbours", factors[:3].sum() - factors[own])
            run.file(f"{prefix}_own_kind", factors[own])
        run.add(f"{name}/pooled", [dict(zip(WEIGHTS, equations[name], strict=True))], {}, None)
        run.arrays[f"distances/{name}"] = sorted({round(float(d), 3) for d in graph.distance})
    for name, other in (("linear", "kcl"), ("linear-b2", "kcl-b2")):
        system = np.stack([equations["nacl"], equations[other]])
        weights = np.linalg.lstsq(system, np.array([1.0, -1.0]), rcond=None)[0]
        for crystal in ("nacl", other):
            value = float(pooled(graphs[crystal], weights)[1])
            run.file(f"{crystal.removesuffix('-b2')}/{name}/prediction", value)
        run.arrays[f"weights/{name}"] = dict(zip(WEIGHTS, weights.tolist(), strict=True))
