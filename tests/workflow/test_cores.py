"""Jobs take no more processes than Snakemake gave them cores, however many the machine has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import snakemake

from workflow.plan import make_plan


@pytest.mark.parametrize(("cores", "for_graphs"), [(16, 8), (3, 3)])
def test_a_job_is_told_its_share(cores: int, for_graphs: int, checkout: Path) -> None:
    """With 16 cores and 16 shards, 16 processes at a time, not 256."""
    archive = next(name for one in make_plan("smoke", "cpu").needs.values() for name in one.graphs)
    for n in range(16):
        (checkout / f"{n}.cif").touch()
    (checkout / "cifs.txt").write_text("\n".join(f"{n}.cif" for n in range(16)), encoding="utf-8")
    told = snakemake(
        "--dry-run", "--printshellcmds", "--cores", str(cores),
        "--config", "profile=smoke", "device=cpu", "structures=cifs.txt", "size=1",
        "--", "screen", f".replicate/flow/graphs/{archive}.json",
        root=checkout,
    )  # fmt: skip
    shards = re.findall(r"workflow.jobs shard --processes (\d+) ", told)
    assert shards == ["1"] * 16, told
    assert re.findall(r"workflow.jobs graphs --processes (\d+) ", told) == [str(for_graphs)], told
