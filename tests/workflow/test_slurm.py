"""Jobs go to a cluster as the Slurm profile says, and what becomes of them there is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import slurm_stub
from running import snakemake

RECORD = ".replicate/flow/smoke/records/zeng2019-gap.json"
# Never built, its job always fails: a dataset that the record needs too spares this test another one.
GRAPHS = ".replicate/flow/graphs/zhuo2018-gap.json"
OPTIONS = (
    "--workflow-profile", "workflow/profiles/slurm", "--config", "profile=smoke", "device=cpu",
    "--seconds-between-status-checks", "1", "--slurm-init-seconds-before-status-checks", "1", "--latency-wait", "5",
)  # fmt: skip


def test_a_record_comes_back_from_a_cluster(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One job runs out of time once, another always fails."""
    cluster = tmp_path_factory.mktemp("cluster") / "slurm"
    record, graphs = "rule_record_wildcards_zeng2019-gap", "rule_graphs_wildcards_zhuo2018-gap"
    for name, value in slurm_stub.install(
        cluster, {record: ["TIMEOUT", "COMPLETED"], graphs: ["FAILED"]}
    ).items():
        monkeypatch.setenv(name, value)

    told = snakemake(*OPTIONS, "--", RECORD, GRAPHS, root=checkout, status=1)

    assert (checkout / RECORD).is_file(), told
    assert len(list((checkout / ".replicate/records").glob("zeng2019-gap-smoke-*.json"))) == 1
    assert not (checkout / GRAPHS).exists()
    jobs = slurm_stub.submitted(cluster)
    states = {
        comment: [job["state"] for job in jobs if job["comment"] == comment] for comment in (record, graphs)
    }
    assert states == {record: ["TIMEOUT", "COMPLETED"], graphs: ["FAILED", "FAILED"]}, told
    assert len(jobs) == 4, "data are found on this machine"
    assert (checkout / ".replicate/flow/data/zhuo2018-gap.json").is_file()

    wanted = {
        record: {"gpus": "1", "cpus_per_task": "2", "mem": "32000", "t": "720"},
        graphs: {"ntasks": "1", "cpus_per_task": "8", "mem": "32000", "t": "60"},
    }
    for job in jobs:
        asked = {key: job[key] for key in ("gpus", "ntasks", "cpus_per_task", "mem", "t") if key in job}
        assert asked == wanted[job["comment"]], job
        assert job["p"] == "main" and "A" not in job
        if job["state"] == "COMPLETED":
            assert not Path(job["log"]).exists(), "the plugin keeps logs of what failed only"
        else:
            assert f"SLURM status is: '{job['state']}'" in told and job["log"] in told
            assert "error" in Path(job["log"]).read_text("utf-8")
