"""``make bench``: the same inputs for both sides of a ratio, and operations counted as the layers have them."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from replicate import bench, bench_rows
from replicate.models.atcnn import FORMATION, SIDE
from replicate.models.periodic_resnet import SHALLOW
from replicate.training.config import FitConfig


def test_ours_and_the_peer_read_the_same_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, n in {"FORMULAS": 60, "MANY": 40, "FEW": 5}.items():
        monkeypatch.setattr(bench, name, n)
    rows = {row.what: row for row in bench.bench_features()}
    assert all(row.per_second > 0 for row in rows.values())
    against = {row.what: row.against for row in rows.values() if row.against}
    assert len(against) == 2
    for what, peer in against.items():
        rival = rows[f"{what}, {peer}"]
        assert rows[what].ratio == pytest.approx(rows[what].per_second / rival.per_second)


def test_operations_are_those_of_the_layers() -> None:
    (channels, size), *_ = FORMATION.kernels
    widths = (channels * (SIDE // 2) ** 2, *FORMATION.hidden, 1)
    connected = sum(a * b for a, b in pairwise(widths))
    assert bench.operations(FORMATION) == 2 * (SIDE**2 * size**2 * channels + connected)


def test_the_periodic_table_network_is_timed_alone() -> None:
    config = FitConfig(epochs=1, batch_size=16)
    (row,) = bench.bench_training("train", SHALLOW, torch.device("cpu"), config, rows=40, members=1)
    assert row.what == "train, one" and row.per_second > 0
    assert row.gflops is not None and row.gflops > 0


def test_a_benchmark_tells_the_processor_and_no_more_of_the_host() -> None:
    machine = bench_rows.machine(torch.device("cpu"))
    assert set(machine) == {"device", "device_name", "versions", "git_commit", "finished", "threads", "cores"}
    assert bench_rows.place(machine).startswith(f"{bench_rows.processor(machine)}, 1 thread where")
    for kept in bench_rows.committed():
        assert not {"system", "wall_time_s"} & set(kept["machine"])
        assert "(" not in bench_rows.place(kept["machine"])
