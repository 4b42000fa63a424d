"""``make bench``: rows per second of parsing, features and training, as ratios from one run on one machine.

Absolute speeds belong to the machine; the last column, a ratio of two rows of the same run, travels.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from itertools import pairwise

import numpy as np
import torch
from pymatgen.core import Composition

from replicate import data, paths, records
from replicate.bench_crystals import bench_crystals
from replicate.bench_rows import Row, seconds
from replicate.evaluation.splits import make_split
from replicate.features.atom_table import atom_table
from replicate.features.composition import parse
from replicate.features.magpie import magpie
from replicate.models.atcnn import FORMATION, GAP, SIDE, TC, ATCNNConfig
from replicate.training.config import FitConfig, device_name, resolve_device
from replicate.training.fit import fit

FORMULAS = 200_000
ENSEMBLE = 8


def _formulas(n: int) -> list[str]:
    """Return ``n`` distinct formulas: the bundled ones, and doped variants of them."""
    known = data.load("zhuo2018-gap").table["formula"].unique().tolist()
    rng = np.random.default_rng(0)
    found = dict.fromkeys(known)
    while len(found) < n:
        base = known[rng.integers(len(known))]
        found[f"{base}{rng.choice(['O', 'S', 'Se', 'F'])}{rng.integers(1, 10_000) / 1000:g}"] = None
    return list(found)[:n]


def bench_features() -> list[Row]:
    """Time parsing against pymatgen alone, atom tables and Magpie statistics."""
    formulas = _formulas(FORMULAS)
    parsed = parse(formulas)
    ours = len(formulas) / seconds(lambda: parse(formulas))
    some = formulas[:5000]
    peer = len(some) / seconds(lambda: [Composition(f).fractional_composition for f in some])
    few = parse(formulas[:20_000])
    return [
        Row("parse, pymatgen one by one", peer, "formulas/s"),
        Row(f"parse {FORMULAS:,} formulas", ours, "formulas/s", ours / peer, "pymatgen one by one"),
        Row("atom table", len(formulas) / seconds(lambda: atom_table(parsed)), "formulas/s"),
        Row("Magpie statistics", 20_000 / seconds(lambda: magpie(few), repeats=2), "formulas/s"),
    ]


def multiplications(model: ATCNNConfig) -> int:
    """Return the multiply-adds of one forward pass of one compound."""
    channels, total = 1, 0
    for width, size in model.kernels:
        total += SIDE * SIDE * size * size * channels * width
        channels = width
    widths = (model.n_flat, *model.hidden, 1)
    return total + sum(a * b for a, b in pairwise(widths))


def bench_product(device: torch.device, n: int = 1024) -> Row:
    """Time a large matrix product, the most arithmetic this machine's torch does in a second."""
    a = torch.rand(n, n, device=device)

    def work() -> None:
        for _ in range(20):
            a @ a
        if device.type == "cuda":
            torch.cuda.synchronize()

    work()
    per_second = 20 / seconds(work, repeats=3)
    return Row(f"matrix product {n} × {n}", per_second, "products/s", gflops=2e-9 * n**3 * per_second)


def bench_training(
    name: str, model: ATCNNConfig, device: torch.device, config: FitConfig, rows: int | None = None
) -> list[Row]:
    """Time one network, an ensemble, and the ensemble's members one after the other, on (some) gap rows."""
    table = data.load("zhuo2018-gap").table[:rows]
    x = torch.from_numpy(atom_table(parse(table["formula"].tolist())))
    y = torch.tensor(table["band_gap"].to_numpy(np.float32))
    splits = [make_split(np.arange(len(y)), kind="random", seed=s) for s in range(ENSEMBLE)]
    rows_per_member = len(splits[0].train) * config.epochs

    def train(seeds: list[int]) -> None:
        fit(model.build(seeds), x, y, [splits[s] for s in seeds], config, seeds=seeds, device=device)
        if device.type == "cuda":
            torch.cuda.synchronize()

    def train_apart() -> None:
        for seed in range(ENSEMBLE):
            train([seed])

    train([0])  # warm up: kernels, allocator
    one = seconds(lambda: train([0]), repeats=2)
    together = seconds(lambda: train(list(range(ENSEMBLE))))
    apart = seconds(train_apart)
    # A training step is a forward pass and about twice as much backward; a multiply-add is two operations.
    giga = 6e-9 * multiplications(model)
    alone, in_turn, beside = (
        rows_per_member / one,
        *(ENSEMBLE * rows_per_member / t for t in (apart, together)),
    )
    return [
        Row(f"{name}, one", alone, "rows/s", gflops=giga * alone),
        Row(f"{name}, {ENSEMBLE} in turn", in_turn, "rows/s", gflops=giga * in_turn),
        Row(f"{name}, {ENSEMBLE} together", beside, "rows/s", beside / in_turn, "in turn", giga * beside),
    ]


def main() -> None:
    """Run every benchmark, print the table and write it with the machine's description."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    device = resolve_device("auto")
    rows = bench_features()
    rows.append(bench_product(device))
    rows += bench_training("train ATCNN formation energy", FORMATION, device, FitConfig(epochs=4))
    rows += bench_training("train ATCNN band gap", GAP, device, FitConfig(epochs=1))
    for precision in ("float32", "bfloat16"):
        schedule = FitConfig(epochs=1, precision=precision)
        rows += bench_training(f"train ATCNN Tc, {precision}", TC, device, schedule, rows=1400)
    # The published code gains from a second thread, so both are measured with as many as there are, up to two.
    torch.set_num_threads(min(2, os.cpu_count() or 1))
    rows += bench_crystals(device)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    machine = {
        **records.environment(device.type, device_name(device), 0.0),
        "threads": torch.get_num_threads(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
    }
    lines = [
        f"| {'what':<38} | {'per second':>12} | {'unit':<10} | ratio | GFLOP/s |",
        f"|{'-' * 40}|{'-' * 14}|{'-' * 12}|{'-' * 7}|{'-' * 9}|",
    ]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.1f}×"
        gflops = "" if row.gflops is None else f"{row.gflops:.0f}"
        lines.append(
            f"| {row.what:<38} | {row.per_second:>12,.0f} | {row.unit:<10} | {ratio:>5} | {gflops:>7} |"
        )
    print("\n".join(lines))
    target = paths.root() / "book" / "results" / "bench" / f"{device.type}.json"
    with paths.written_whole(target) as temporary:
        temporary.write_text(
            json.dumps({"machine": machine, "rows": [asdict(r) for r in rows]}, indent=1) + "\n"
        )
    print(f"written to {target.relative_to(paths.root())} ({machine['device_name']})")


if __name__ == "__main__":
    main()
