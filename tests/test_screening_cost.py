"""The arithmetic of a large screening, from the committed benchmark and from measured sizes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from replicate import paths
from replicate.errors import DataError
from replicate.report.speeds import processor
from replicate.screening_cost import Sizes, Speed, cost_of, measured_sizes, measured_speed

MODEL = "cgcnn-authors/formation-energy-per-atom"


def test_a_screening_of_a_million_by_hand() -> None:
    speed = Speed(graphs=2000.0, predict=6000.0, machine="a processor")
    assert speed.both == pytest.approx(1500.0)
    cost = cost_of(1_000_000, speed, Sizes(cif=2000.0, packed=400.0, row=20.0, n=5), shard=90_000)
    assert cost.shards == 12
    assert cost.core_hours == pytest.approx(1_000_000 / 1500 / 3600)
    assert cost.shard_minutes == pytest.approx(1.0)
    assert (cost.cif_gb, cost.packed_gb, cost.tables_gb) == pytest.approx((2.0, 0.4, 0.02))
    # Twelve shards on five cores: three rounds of a minute.
    assert cost.wall_hours(5) == pytest.approx(3 / 60)
    assert cost.wall_hours(12) == cost.wall_hours(1000) == pytest.approx(1 / 60)


def test_speeds_are_those_of_the_committed_benchmark() -> None:
    kept = json.loads((paths.results_dir() / "bench" / "cpu.json").read_text("utf-8"))
    per_second = {row["what"]: row["per_second"] for row in kept["rows"]}
    speed = measured_speed()
    assert speed.graphs == per_second["crystal graphs, processes: 1"]
    (what,) = (one for one in per_second if one.startswith("predict with CGCNN Eq. 5"))
    assert speed.threads == int(what.split()[-2])
    assert speed.predict == per_second[what] / speed.threads
    assert speed.machine and speed.machine == processor(kept["machine"])


def test_a_benchmark_that_is_missing_or_old_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="make bench"):
        measured_speed(tmp_path / "absent.json")
    (tmp_path / "old.json").write_text('{"machine": {}, "rows": []}', encoding="utf-8")
    with pytest.raises(DataError, match="lacks a row"):
        measured_speed(tmp_path / "old.json")


@pytest.mark.filterwarnings("error::UserWarning")
def test_sizes_are_measured_on_crystals() -> None:
    # All that the page asks for: a warning on a page fails the book's build.
    sizes = measured_sizes(MODEL)
    assert sizes.n == 500
    assert sizes.cif > sizes.packed > 0 and sizes.cif > 500
    assert sizes.row > 0
