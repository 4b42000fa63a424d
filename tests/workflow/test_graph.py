"""The project as a graph: which jobs there are, what waits for what, and what a cluster gives them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from replicate import data, experiments, paths
from replicate.bookbuild.sources import discover
from replicate.errors import ConfigError
from replicate.workflow.plan import MISSING, Needs, Plan, forget_missing, make_plan, shown_by

ROOT = paths.root()


def snakemake(*arguments: str, root: Path = ROOT) -> str:
    command = [sys.executable, "-m", "snakemake", "--directory", str(root), *arguments]
    done = subprocess.run(
        [*command[:3], "--snakefile", str(root / "Snakefile"), *command[3:]],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=3600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@dataclass(frozen=True)
class Job:
    rule: str
    inputs: tuple[str, ...]
    output: str
    resources: dict[str, str]


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """Every job of the whole project with the full profile, as the Slurm profile would submit them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPLICATE_WORK", str(tmp_path_factory.mktemp("work")))
        told = snakemake("--workflow-profile", "profiles/slurm", "--dry-run", "--quiet", "host", "reason")
    found = []
    for block in re.split(r"\n(?=(?:local)?rule \w+:)", told)[1:]:
        fields = dict(re.findall(r"^    (\w+): (.*)$", block, flags=re.MULTILINE))
        resources = dict(part.split("=", 1) for part in fields["resources"].split(", "))
        rule = re.match(r"(?:local)?rule (\w+):", block)
        assert rule is not None
        inputs = tuple(fields["input"].split(", ")) if "input" in fields else ()
        found.append(Job(rule[1], inputs, fields.get("output", ""), resources))
    return found


def test_there_is_a_job_for_everything(jobs: list[Job]) -> None:
    built = list(experiments.all_experiments())
    plan = make_plan("full", "cuda")
    counts = Counter(job.rule for job in jobs)
    assert counts["record"] == len(built) == len(plan.needs)
    assert counts["page"] == len(discover())
    assert counts["book"] == 1
    assert counts["data"] == len({name for one in plan.needs.values() for name in one.data})
    assert counts["graphs"] == len({name for one in plan.needs.values() for name in one.graphs}) >= 3
    assert counts["train"] == sum(one.groups for one in plan.needs.values() if one.groups > 1) > 20
    assert set(counts) == {"data", "graphs", "train", "record", "page", "book"}


def test_every_job_waits_for_what_it_needs(jobs: list[Job]) -> None:
    made = {job.output: job for job in jobs}
    for job in jobs:
        for needed in job.inputs:
            assert needed in made or (ROOT / needed).is_file(), (job.output, needed)
    plan = make_plan("full", "cuda")
    stem = {
        rule: {Path(job.output).stem: job for job in jobs if job.rule == rule} for rule in ("record", "train")
    }
    for name, needs in plan.needs.items():
        waits = {Path(one).stem for one in stem["record"][name].inputs}
        assert waits >= {*needs.data, *needs.graphs, *needs.after}
        groups = (
            {f"{name}-{i}of{needs.groups}" for i in range(1, needs.groups + 1)} if needs.groups > 1 else set()
        )
        assert waits >= groups
        for group in groups:
            assert {Path(one).stem for one in stem["train"][group].inputs} >= {*needs.data, *needs.after}
    pages = {source.name: source for source in discover()}
    for job in (job for job in jobs if job.rule == "page"):
        name = job.output.partition("/pages/")[2].removesuffix(".json")
        records = {Path(one).stem for one in job.inputs if "/records/" in one}
        source = pages.pop(name)
        assert records == set(plan.needs if source.summary else shown_by(source.path, plan.needs))
        assert f"notebooks/{name}.ipynb" in job.inputs
    assert not pages
    (book,) = (job for job in jobs if job.rule == "book")
    assert {job.output for job in jobs if job.rule == "page"} <= set(book.inputs)


def test_a_cluster_gives_a_gpu_to_what_trains_and_to_nothing_else(jobs: list[Job]) -> None:
    for job in jobs:
        assert job.resources.get("gpu") == ("1" if job.rule in ("train", "record") else None), job
        assert int(job.resources["runtime"]) > 0 and int(job.resources["mem_mb"]) >= 4000
    profile = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text("utf-8"))
    rules = re.findall(
        r"^rule (\w+):",
        "".join(p.read_text() for p in (ROOT / "Snakefile", ROOT / "workflow/screen.smk")),
        re.M,
    )
    assert profile["executor"] == "slurm"
    assert set(profile["set-resources"]) <= set(rules)


def test_pages_name_the_experiments_that_they_show() -> None:
    plan = make_plan("smoke", "cpu")
    shown = [name for source in discover() for name in shown_by(source.path, plan.needs)]
    assert sorted(shown) == sorted(plan.needs), "every experiment has one page that asks for its record"


def test_a_plan_is_kept_and_refuses_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_plan("smoke", "cpu", 2)
    monkeypatch.setattr("replicate.workflow.plan._draw_up", lambda *_: pytest.fail("drawn up again"))
    assert make_plan("smoke", "cpu", 2) == first
    assert first.needs["xie2018-formation"].groups == 2 and first.needs["zeng2019-gap"].groups == 1
    for wrong in (("huge", "cpu", 0), ("smoke", "tpu", 0), ("smoke", "cpu", -1)):
        with pytest.raises(ConfigError):
            make_plan(*wrong)


def test_a_dataset_that_has_come_is_looked_for_again(tmp_path: Path) -> None:
    here = data.locate("zhuo2018-gap")
    plan = Plan({}, {"come": (str(here),), "away": (str(tmp_path / "no"),), "there": (str(here),)})
    for name in ("come", "away"):
        (tmp_path / f"{name}.json").write_text(f'{{"{MISSING}": "not here"}}', encoding="utf-8")
    (tmp_path / "there.json").write_text("{}", encoding="utf-8")
    forget_missing(plan, tmp_path)
    assert sorted(path.stem for path in tmp_path.glob("*.json")) == ["away", "there"]


def test_experiments_are_found_in_code_only(tmp_path: Path) -> None:
    needs = {name: Needs((), (), 1, ()) for name in ("a-b", "c-d", "e-f")}
    code = "experiments.run('a-b', profile)\nrecord = experiments.run_or_full(\n    \"c-d\")"
    cells = [("code", code), ("markdown", "experiments.run('e-f')")]
    content = {"cells": [{"cell_type": kind, "source": [text]} for kind, text in cells]}
    (tmp_path / "page.ipynb").write_text(json.dumps(content), encoding="utf-8")
    assert shown_by(tmp_path / "page.ipynb", needs) == ["a-b", "c-d"]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rules in a folder of their own, without notebooks."""
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    monkeypatch.setenv("REPLICATE_WORK", str(tmp_path / ".replicate"))
    shutil.copy(ROOT / "Snakefile", tmp_path)
    for folder in ("profiles", "workflow"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "book/_toc.yml", tmp_path / "book")
    return tmp_path


def test_an_experiment_runs_through_the_rules_in_seed_groups(checkout: Path) -> None:
    name = "xie2018-formation"
    arguments = ["--cores", "2", "--config", "profile=smoke", "device=cpu", "groups=2"]
    target = f".replicate/flow/smoke/records/{name}.json"
    told = snakemake(*arguments, "--", target, root=checkout)
    flow = checkout / ".replicate" / "flow"
    made = {path.relative_to(flow).as_posix() for path in flow.rglob("*.json") if path.parent.name != "plans"}
    needs = make_plan("smoke", "cpu", 2).needs[name]
    assert made == {
        *(f"data/{one}.json" for one in needs.data),
        *(f"graphs/{one}.json" for one in needs.graphs),
        *(f"smoke/groups/{name}-{i}of2.json" for i in (1, 2)),
        f"smoke/records/{name}.json",
    }, told
    trained = [told.index(f"train {name} {i}/2") for i in (1, 2)]
    assert max(trained) < told.index(f"record {name}, smoke profile, 2 seeds")
    assert len(list((checkout / ".replicate" / "records").glob(f"{name}-smoke-*.json"))) == 1
    assert "record" not in snakemake(*arguments, "--", target, root=checkout)


def test_a_screening_runs_through_the_rules_in_shards(checkout: Path) -> None:
    from replicate.data.structures import to_structure

    table = data.load("faber2015").table[:200]
    folder = checkout / "cifs"
    folder.mkdir()
    for name, text in zip(table["material_id"], table["structure"], strict=True):
        to_structure(text).to(filename=str(folder / f"{name}.cif"))
    arguments = [
        "--cores",
        "2",
        "--config",
        "profile=smoke",
        "device=cpu",
        "structures=cifs",
        "size=80",
        "most=7",
    ]
    told = snakemake(*arguments, "--", "screen", root=checkout)
    out = checkout / ".replicate" / "screen" / "cgcnn-authors--formation-energy-per-atom"
    assert sorted(path.name for path in (out / "shards").iterdir()) == ["0.parquet", "1.parquet", "2.parquet"]
    assert "200 structures" in told
    assert len((out / "best.csv").read_text("utf-8").splitlines()) == 8
    # A shard that a kill kept from being made is made, alone.
    (out / "shards" / "1.parquet").unlink()
    (out / "best.csv").unlink()
    again = snakemake(*arguments, "--", "screen", root=checkout)
    assert re.findall(r"shard (\d+):", again) == ["1"]
