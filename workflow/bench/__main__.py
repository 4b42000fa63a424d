"""``make bench``: starts of commands, and rows per second of parsing, features and training, as ratios from one run.

Absolute speeds belong to the machine; the last column, a ratio of two rows of the same run, travels.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import torch
from matminer.featurizers.composition import ElementProperty
from pymatgen.core import Composition
from rich.console import Console
from rich.table import Table
from torch.utils.flop_counter import FlopCounterMode

from replicate import data, paths
from replicate.errors import exit_on_error
from replicate.evaluation.splits import make_split
from replicate.features.atom_table import atom_table
from replicate.features.composition import parse
from replicate.features.magpie import magpie
from replicate.features.periodic_table import periodic_tables
from replicate.models.configs import DEEP, FORMATION, GAP, TC, ATCNNConfig, PeriodicResNetConfig
from replicate.report import speeds
from replicate.training.config import FitConfig, resolve_device
from replicate.training.fit import fit
from workflow.bench import rows as measurements
from workflow.bench.crystals import bench_crystals
from workflow.bench.paint import bench_paint
from workflow.bench.rows import Row, seconds, synchronise
from workflow.bench.startup import bench_startup

FORMULAS = 200_000
MANY, FEW = 20_000, 500  # of these, those for the slower features, and for the slowest peer
ENSEMBLE = 8
Model = ATCNNConfig | PeriodicResNetConfig


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
    """Time parsing against pymatgen, Magpie statistics against matminer, and the tables of both networks."""
    formulas = _formulas(FORMULAS)
    parsed = parse(formulas)

    def rate(work: Callable[[], object], n: int = FORMULAS) -> float:
        return n / seconds(work)

    peer = rate(lambda: [Composition(f).fractional_composition for f in formulas])
    few, many = formulas[:FEW], parsed.take(np.arange(MANY))
    whole = [Composition(f) for f in few]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of elements without a value, which both fill in
        matminer = ElementProperty.from_preset("magpie", impute_nan=True)
        matminer.featurize(whole[0])
        peer_magpie = rate(lambda: [matminer.featurize(one) for one in whole], FEW)
    small = parse(few)
    magpie(small)  # warm up: the elements' properties are read once
    ours, ours_magpie = rate(lambda: parse(formulas)), FEW / seconds(lambda: magpie(small), repeats=3)
    unit = "formulas/s"
    return [
        Row(f"parse {FORMULAS:,} formulas, pymatgen one by one", peer, unit),
        Row(f"parse {FORMULAS:,} formulas", ours, unit, ours / peer, "pymatgen one by one"),
        Row("atom table", rate(lambda: atom_table(parsed)), unit),
        Row("periodic table", rate(lambda: periodic_tables(many)[torch.arange(MANY)], MANY), unit),
        Row(f"Magpie statistics of {FEW:,} formulas, matminer", peer_magpie, unit),
        Row(f"Magpie statistics of {FEW:,} formulas", ours_magpie, unit, ours_magpie / peer_magpie, "matminer"),
        Row(f"Magpie statistics of {MANY:,} formulas", rate(lambda: magpie(many), MANY), unit),
    ]


def operations(model: Model) -> int:
    """Return the floating-point operations of one forward pass of one compound."""
    x, first = model.inputs(parse(["GaN"])), torch.zeros(1, 1, dtype=torch.long)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.build([0]).eval()(x[first])
    return int(counter.get_total_flops())


def bench_product(device: torch.device, n: int = 1024) -> Row:
    """Time a large matrix product, the most arithmetic this machine's torch does in a second."""
    a = torch.rand(n, n, device=device)

    def work() -> None:
        for _ in range(20):
            a @ a
        synchronise(device)

    work()
    per_second = 20 / seconds(work, repeats=3)
    return Row(f"matrix product {n} × {n}", per_second, "products/s", gflops=2e-9 * n**3 * per_second)


def bench_training(
    name: str, model: Model, device: torch.device, config: FitConfig, rows: int | None = None, members: int = ENSEMBLE
) -> list[Row]:
    """Time one network and, with more than one member, an ensemble together and in turn, on (some) gap rows."""
    table = data.load("zhuo2018-gap").table[:rows]
    x = model.inputs(parse(table["formula"].tolist()))
    y = torch.tensor(table["band_gap"].to_numpy(np.float32))
    splits = [make_split(np.arange(len(y)), kind="random", seed=s) for s in range(members)]
    rows_per_member = len(splits[0].train) * config.epochs

    def train(seeds: list[int]) -> None:
        fit(model.build(seeds), x, y, [splits[s] for s in seeds], config, seeds=seeds, device=device)
        synchronise(device)

    def train_apart() -> None:
        for seed in range(members):
            train([seed])

    train([0])  # warm up: kernels, allocator
    one = seconds(lambda: train([0]), repeats=2)
    # A training step is a forward pass and about twice as much backward.
    giga = 3e-9 * operations(model)
    alone = rows_per_member / one
    found = [Row(f"{name}, one", alone, "rows/s", gflops=giga * alone)]
    if members == 1:
        return found
    together = seconds(lambda: train(list(range(members))))
    in_turn, beside = (members * rows_per_member / t for t in (seconds(train_apart), together))
    return [
        *found,
        Row(f"{name}, {members} in turn", in_turn, "rows/s", gflops=giga * in_turn),
        Row(f"{name}, {members} together", beside, "rows/s", beside / in_turn, "in turn", giga * beside),
    ]


def main() -> None:
    """Run every benchmark, print the table and write it with the machine's description."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    device = resolve_device("auto")
    rows = [*bench_paint(), *bench_startup(), *bench_features()]
    rows.append(bench_product(device))
    rows += bench_training("train ATCNN formation energy", FORMATION, device, FitConfig(epochs=4))
    rows += bench_training("train ATCNN band gap", GAP, device, FitConfig(epochs=1))
    for precision in ("float32", "bfloat16"):
        schedule = FitConfig(epochs=1, precision=precision)
        rows += bench_training(f"train ATCNN Tc, {precision}", TC, device, schedule, rows=1400)
    rows += bench_training(
        "train periodic-table network", DEEP, device, FitConfig(epochs=1, loss="mse"), rows=700, members=1
    )
    # The published code gains from a second thread, so both are measured with as many as there are, up to two.
    torch.set_num_threads(min(2, os.cpu_count() or 1))
    rows += bench_crystals(device)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    machine = measurements.machine(device)
    table = Table("what", "per second", "unit", "ratio", "GFLOP/s")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.1f}×"
        gflops = "" if row.gflops is None else f"{row.gflops:.0f}"
        table.add_row(row.what, speeds.rate(row.per_second), row.unit, ratio, gflops)
    Console(width=120).print(table)
    made = {"machine": machine, "rows": [asdict(row) for row in rows]}
    target = paths.root() / "book" / "results" / "bench" / f"{device.type}.json"
    with paths.written_whole(target) as temporary:
        temporary.write_text(json.dumps(made, indent=1) + "\n")
    print(f"written to {target.relative_to(paths.root())} ({speeds.place(machine)})")


if __name__ == "__main__":
    with exit_on_error("replicate"):
        main()
