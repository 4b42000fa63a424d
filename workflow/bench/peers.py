"""Peers of crystal graphs and networks, which the extra ``dev`` installs, and what the processor allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from ase import Atoms
from ase.neighborlist import neighbor_list
from matscipy.neighbours import neighbour_list
from pymatgen.core import Structure
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode
from torch_geometric.data import Batch, Data
from torch_geometric.nn import CGConv, global_mean_pool

from replicate.features.crystal import Crystal, from_cif
from replicate.features.elements import SYMBOLS
from replicate.features.neighbours import NeighbourRule, nearest, within
from replicate.models.cgcnn import CGCNN
from replicate.models.graph_batch import GraphSet
from workflow.bench.rows import Row, seconds

FEW = 300  # crystals for the searches for neighbours
# Additions, multiplications and divisions for an edge and a feature in a layer of a training and of a prediction, as
# models/edge_kernel.py writes them down: moments, sums and gradients; sums.
_OF_EDGES = (12 + 34 + 50, 34)
# Tables of such a layer, a row for each node or distance, that are written or read: products, moments, exponentials,
# gradients, and what is taken off them.
_TABLES = (16, 5)


def bench_neighbours(texts: Sequence[tuple[str, str]]) -> list[Row]:
    """Time searches for all neighbours within the published cut-off, and for the twelve nearest that graphs hold."""
    rule = NeighbourRule()
    crystals = [from_cif(text, name) for name, text in texts[:FEW]]
    what, unit = f"neighbours within {rule.radius:g} Å", "crystals/s"

    def rate(work: Callable[[], object]) -> float:
        return len(crystals) / seconds(work, 2)

    rates = {name: rate(work) for name, work in _searches(crystals, rule.radius).items()}
    slowest = rates["pymatgen"]
    rows = [
        Row(f"{what}, {name}", found, unit, *((found / slowest, "pymatgen") if name != "pymatgen" else ()))
        for name, found in rates.items()
    ]
    for name, found in (
        (what, rate(lambda: [within(one, rule.radius) for one in crystals])),
        (f"{rule.count} nearest neighbours", rate(lambda: [nearest(one, rule) for one in crystals])),
    ):
        rows.append(Row(name, found, unit, found / slowest, "pymatgen"))
    return rows


def _searches(crystals: Sequence[Crystal], radius: float) -> dict[str, Callable[[], object]]:
    # One element a site: neighbours do not depend on who shares it.
    elements = [dict(zip(one.site, one.element, strict=True)).values() for one in crystals]
    pairs = list(zip(crystals, elements, strict=True))
    structures = [Structure(c.lattice, [SYMBOLS[z - 1] for z in zs], c.positions) for c, zs in pairs]
    atoms = [Atoms(numbers=list(zs), scaled_positions=c.positions, cell=c.lattice, pbc=True) for c, zs in pairs]
    return {
        "pymatgen": lambda: [one.get_neighbor_list(radius) for one in structures],
        "ASE": lambda: [neighbor_list("ijd", one, radius) for one in atoms],
        "matscipy": lambda: [neighbour_list("ijd", one, radius) for one in atoms],
    }


def geometric_network(
    items: Sequence[Any], settings: dict[str, int], device: torch.device
) -> tuple[nn.Module, Callable[[Tensor], tuple[Any, ...]]]:
    """Return a network of PyTorch Geometric's ``CGConv`` with the published code's sizes, and what batches its graphs.

    Args:
        items: the published code's graphs: atoms' and bonds' features and the twelve neighbours of each site.
        settings: the published network's widths and numbers of layers.
        device: of the network and the batches.
    """
    width, hidden = settings["atom_fea_len"], settings["h_fea_len"]
    (atoms, bonds, _), *_ = items[0]

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Linear(atoms.shape[-1], width)
            self.convolutions = nn.ModuleList(
                CGConv(width, dim=bonds.shape[-1], batch_norm=True) for _ in range(settings["n_conv"])
            )
            self.hidden, self.output = nn.Linear(width, hidden), nn.Linear(hidden, 1)

        def forward(self, batch: Any) -> Tensor:
            v = self.embedding(batch.x)
            for convolution in self.convolutions:
                v = convolution(v, batch.edge_index, batch.edge_attr)
            y = F.softplus(global_mean_pool(v, batch.batch))
            return self.output(F.softplus(self.hidden(y)))

    graphs = []
    for (x, u, neighbour), *_ in items:
        centre = torch.arange(len(x)).repeat_interleave(neighbour.shape[1])
        graphs.append(Data(x=x, edge_index=torch.stack([neighbour.flatten(), centre]), edge_attr=u.flatten(0, 1)))
    return Network().to(device), lambda rows: (Batch.from_data_list([graphs[i] for i in rows.tolist()]).to(device),)


def work(model: CGCNN, graphs: GraphSet, *, training: bool) -> tuple[float, float]:
    """Return the floating-point operations and the bytes per crystal of a network with the compiled form of Eq. 5."""
    rows = torch.arange(min(256, len(graphs)), device=graphs.kind.device)
    batch = graphs[rows]
    with FlopCounterMode(display=False) as counter, torch.set_grad_enabled(training):
        found = model.train(training)(batch)
        if training:
            found.sum().backward()
    numbers = model.config.width * model.config.convolutions
    on_edges = len(batch.centre) * numbers * _OF_EDGES[not training]
    table_rows = 2 * len(batch.kind) + len(model.bonds(batch.distance)[0])
    moved = 4 * table_rows * 2 * numbers * _TABLES[not training]
    return (counter.get_total_flops() + on_edges) / len(rows), moved / len(rows)


def bench_limit(name: str, rate: float, done: tuple[float, float]) -> Row:
    """Return the crystals per second at the machine's rates of products and copies, and what share a row's ``rate`` is.

    ``done``: operations and bytes per crystal.
    """
    n = 1024
    a, source = torch.rand(n, n), torch.ones(1 << 26, dtype=torch.uint8)
    target = torch.empty_like(source)
    a @ a, target.copy_(source)
    products = 2 * n**3 / seconds(lambda: a @ a, 10)
    copies = 2 * len(source) / seconds(lambda: target.copy_(source), 5)
    limit = 1 / max(done[0] / products, done[1] / copies)
    return Row(
        f"{name}: limit of products and copies", limit, "crystals/s", rate / limit, "of it reached",
        gflops=1e-9 * done[0] * limit,
    )  # fmt: skip
