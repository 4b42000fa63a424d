"""Crystal graphs as tensors, and batches of them cut out by index without any work per crystal.

Shape legend: N0 crystals, C nodes, e edges, K kinds of site, B crystals in a batch.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from torch import Tensor

from replicate.features.crystal_graph import CrystalGraphs


@dataclass(frozen=True, eq=False)
class GraphBatch:
    """The graphs of B crystals.

    Args:
        size: B.
        kinds: (K, 118) occupancy of each element in each kind of site.
        kind: (C,) kind of each node.
        count: (C,) sites of the cell each node stands for.
        share: (C,) the same as a share of the crystal's sites.
        crystal: (C,) crystal of each node.
        centre, neighbour: (e,) nodes, sorted by centre.
        distance: (e,) Å.
        weight: (e,) neighbours each edge counts as.
    """

    size: int
    kinds: Tensor
    kind: Tensor
    count: Tensor
    share: Tensor
    crystal: Tensor
    centre: Tensor
    neighbour: Tensor
    distance: Tensor
    weight: Tensor

    def double(self) -> GraphBatch:
        """Return the batch in double precision, for checks of gradients."""
        tensors = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "size"}
        return replace(self, **{k: v.double() for k, v in tensors.items() if v.is_floating_point()})


class GraphSet:
    """All graphs of a dataset on one device; ``graphs[rows]`` is a batch.

    ``rows_at_once`` tells the fit loop how many crystals to predict for in one go.
    """

    rows_at_once = 1024

    def __init__(self, graphs: CrystalGraphs) -> None:
        def tensor(array: np.ndarray) -> Tensor:
            return torch.from_numpy(np.array(array))  # a copy: the mapped file is read-only

        self.kinds = tensor(graphs.kinds)
        self.n_atoms = tensor(graphs.n_atoms)
        self.node_start, self.edge_start = tensor(graphs.node_start), tensor(graphs.edge_start)
        self.kind, self.count = tensor(graphs.kind), tensor(graphs.count)
        self.degree, self.neighbour = tensor(graphs.degree), tensor(graphs.neighbour)
        self.distance, self.weight = tensor(graphs.distance), tensor(graphs.weight)

    def __len__(self) -> int:
        """Return the number N0 of crystals."""
        return len(self.n_atoms)

    def to(self, device: torch.device | str) -> GraphSet:
        """Return the set on a device, itself if it is there."""
        if self.kinds.device == torch.device(device):
            return self
        moved = object.__new__(GraphSet)
        moved.__dict__ = {name: tensor.to(device) for name, tensor in self.__dict__.items()}
        return moved

    def __getitem__(self, rows: Tensor) -> GraphBatch:
        """Return the batch of crystals ``rows``, (B,) or one ensemble member's (1, B)."""
        rows = rows.reshape(-1)
        nodes, node_begin, n_nodes = _ranges(self.node_start, rows)
        edges, _, _ = _ranges(self.edge_start, rows)
        # Told their output's size, these need not wait for the device.
        crystal = torch.repeat_interleave(torch.arange(len(rows), device=rows.device), n_nodes, output_size=len(nodes))
        centre = torch.repeat_interleave(
            torch.arange(len(nodes), device=rows.device), self.degree[nodes].long(), output_size=len(edges)
        )
        count = self.count[nodes]
        return GraphBatch(
            size=len(rows),
            kinds=self.kinds,
            kind=self.kind[nodes].long(),
            count=count,
            share=count / self.n_atoms[rows][crystal],
            crystal=crystal,
            centre=centre,
            neighbour=self.neighbour[edges].long() + node_begin[crystal][centre],
            distance=self.distance[edges],
            weight=self.weight[edges],
        )


def _ranges(start: Tensor, rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the concatenated index ranges of ``rows``, where each begins in the result, and its length."""
    first = start[rows]
    length = start[rows + 1] - first
    begin = length.cumsum(0) - length
    total = int(length.sum())
    index = torch.arange(total, device=rows.device)
    return index + torch.repeat_interleave(first - begin, length, output_size=total), begin, length
