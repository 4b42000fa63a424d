"""The project as a graph: which jobs there are, what waits for what, and what a cluster gives them."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from checkout import ROOT
from running import snakemake

from replicate import data, experiments
from replicate.data.structures import to_structure
from replicate.errors import ConfigError
from workflow.plan import MISSING, SETTINGS, Needs, Plan, forget_missing, make_plan, shown_by
from workflow.sources import discover

RULES = "".join((ROOT / "workflow" / name).read_text("utf-8") for name in ("Snakefile", "rules/screen.smk"))


@dataclass(frozen=True)
class Job:
    rule: str
    inputs: tuple[str, ...]
    output: str
    resources: dict[str, str]
    threads: int


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """Every job of the whole project with the full profile, as the Slurm profile would submit them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPLICATE_WORK", str(tmp_path_factory.mktemp("work")))
        told = snakemake("--workflow-profile", "workflow/profiles/slurm", "--dry-run", "--quiet", "host", "reason")
    found = []
    for block in re.split(r"\n(?=(?:local)?rule \w+:)", told)[1:]:
        fields = dict(re.findall(r"^    (\w+): (.*)$", block, flags=re.MULTILINE))
        resources = dict(part.split("=", 1) for part in fields["resources"].split(", "))
        rule = re.match(r"(?:local)?rule (\w+):", block)
        assert rule is not None
        inputs = tuple(fields["input"].split(", ")) if "input" in fields else ()
        found.append(Job(rule[1], inputs, fields.get("output", ""), resources, int(fields.get("threads", 1))))
    return found


def test_there_is_a_job_for_everything(jobs: list[Job]) -> None:
    built = list(experiments.all_experiments())
    plan = make_plan("full", "cuda")
    needs = plan.needs.values()
    assert Counter(job.rule for job in jobs) == {
        "data": len({name for one in needs for name in one.data}),
        "graphs": len({name for one in needs for name in one.graphs}),
        "train": sum(one.groups for one in needs if one.groups > 1),
        "record": len(built),
        "page": len(discover()),
        "book": 1,
    }


def test_every_job_waits_for_what_it_needs(jobs: list[Job]) -> None:
    made = {job.output: job for job in jobs}
    for job in jobs:
        for needed in job.inputs:
            assert needed in made or (ROOT / needed).is_file(), (job.output, needed)
    plan = make_plan("full", "cuda")
    stem = {rule: {Path(job.output).stem: job for job in jobs if job.rule == rule} for rule in ("record", "train")}
    for name, needs in plan.needs.items():
        waits = {Path(one).stem for one in stem["record"][name].inputs}
        assert waits >= {*needs.data, *needs.graphs, *needs.after}
        groups = {f"{name}-{i}of{needs.groups}" for i in range(1, needs.groups + 1)} if needs.groups > 1 else set()
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


def test_pages_name_the_experiments_that_they_show() -> None:
    plan = make_plan("smoke", "cpu")
    chapters = [source for source in discover() if not source.name.startswith("about/")]
    shown = [name for source in chapters for name in shown_by(source.path, plan.needs)]
    assert sorted(shown) == sorted(plan.needs), "every experiment has one page that asks for its record"


def test_an_experiment_runs_through_the_rules_in_seed_groups(checkout: Path) -> None:
    name = "xie2018-formation"
    arguments = ["--cores", "2", "--config", "profile=smoke", "device=cpu", "groups=2"]
    target = f".replicate/flow/smoke/records/{name}.json"
    told = snakemake(*arguments, "--", target, root=checkout)
    flow = checkout / ".replicate" / "flow"
    made = {path.relative_to(flow).as_posix() for path in flow.rglob("*.json")}
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


def test_a_cluster_gives_a_gpu_to_what_trains_and_to_nothing_else(jobs: list[Job]) -> None:
    for job in jobs:
        assert job.resources.get("gpu") == ("1" if job.rule in ("train", "record") else None), job
        assert int(job.resources["runtime"]) > 0 and int(job.resources["mem_mb"]) >= 4000
    threads = {job.rule: job.threads for job in jobs}
    assert threads.pop("graphs") == 8 and set(threads.values()) == {1}
    profile = yaml.safe_load((ROOT / "workflow/profiles/slurm/config.yaml").read_text("utf-8"))
    assert profile["executor"] == "slurm"
    assert set(profile["set-resources"]) <= set(re.findall(r"^rule (\w+):", RULES, re.M))


def test_a_dataset_that_has_come_is_looked_for_again(tmp_path: Path) -> None:
    here = data.locate("zhuo2018-gap")
    plan = Plan({}, {"come": (str(here),), "away": (str(tmp_path / "no"),), "there": (str(here),)})
    for name in ("come", "away"):
        (tmp_path / f"{name}.json").write_text(f'{{"{MISSING}": "not here"}}', encoding="utf-8")
    (tmp_path / "there.json").write_text("{}", encoding="utf-8")
    forget_missing(plan, tmp_path)
    assert sorted(path.stem for path in tmp_path.glob("*.json")) == ["away", "there"]


def test_experiments_are_read_from_code_only(tmp_path: Path) -> None:
    needs = {name: Needs((), (), 1, ()) for name in ("a-b", "c-d", "e-f")}
    code = "experiments.run('a-b', profile)\nrecord = experiments.run_or_full(\n    \"c-d\")"
    cells = [("code", code), ("markdown", "experiments.run('e-f')")]
    content = {"cells": [{"cell_type": kind, "source": [text]} for kind, text in cells]}
    (tmp_path / "page.ipynb").write_text(json.dumps(content), encoding="utf-8")
    assert shown_by(tmp_path / "page.ipynb", needs) == ["a-b", "c-d"]


def test_a_screening_runs_through_the_rules_in_shards(checkout: Path) -> None:
    table = data.load("faber2015").table[:20]
    folder = checkout / "cifs"
    folder.mkdir()
    for name, text in zip(table["material_id"], table["structure"], strict=True):
        to_structure(text).to(filename=str(folder / f"{name}.cif"))
    settings = ["profile=smoke", "device=cpu", "structures=cifs", "size=8", "most=7"]
    arguments = ["--cores", "2", "--config", *settings]
    assert "20 structures" in snakemake(*arguments, "--", "screen", root=checkout)
    out = checkout / ".replicate" / "screen" / "cgcnn-authors--formation-energy-per-atom"
    assert sorted(path.name for path in (out / "shards").iterdir()) == ["0.parquet", "1.parquet", "2.parquet"]
    assert len((out / "best.csv").read_text("utf-8").splitlines()) == 8
    # Made again: a shard that a kill took away, and those in which a file is another one, or has another name.
    (out / "shards" / "1.parquet").unlink()
    names = sorted(folder.iterdir())
    names[0].write_bytes(names[1].read_bytes())
    planned = snakemake(*arguments, "--dry-run", "--", "screen", root=checkout)
    assert sorted(re.findall(r"shards/(\d+)\.parquet\n +jobid", planned)) == ["0", "1"]
    names[-1].rename(names[-1].with_name("zzz.cif"))
    planned = snakemake(*arguments, "--dry-run", "--", "screen", root=checkout)
    assert sorted(re.findall(r"shards/(\d+)\.parquet\n +jobid", planned)) == ["0", "1", "2"]


@pytest.mark.parametrize(("cores", "for_graphs"), [(16, 8), (3, 3)])
def test_jobs_take_no_more_processes_than_they_were_given_cores(cores, for_graphs, checkout):
    """With 16 cores and 16 shards, 16 processes at a time, not 256."""
    archive = next(name for needs in make_plan("smoke", "cpu").needs.values() for name in needs.graphs)
    for n in range(16):
        (checkout / f"{n}.cif").touch()
    (checkout / "cifs.txt").write_text("\n".join(f"{n}.cif" for n in range(16)), encoding="utf-8")
    plan = snakemake(
        "--dry-run", "--printshellcmds", "--cores", str(cores),
        "--config", "profile=smoke", "device=cpu", "structures=cifs.txt", "size=1",
        "--", "screen", f".replicate/flow/graphs/{archive}.json",
        root=checkout,
    )  # fmt: skip
    assert re.findall(r"workflow.jobs shard --processes (\d+) ", plan) == ["1"] * 16, plan
    assert re.findall(r"workflow.jobs graphs --processes (\d+) ", plan) == [str(for_graphs)], plan


@pytest.mark.parametrize(
    ("settings", "target", "message"),
    [
        (["profile=smoke", "structures=nowhere"], "screen", "nowhere is no folder"),
        (["profile=smoke", "structures=nowhere", "most=ten"], "screen", "most is a whole number"),
        (["profil=full"], "records", "did you mean 'profile'?"),
    ],
)
def test_snakemake_says_what_is_wrong(settings: list[str], target: str, message: str, checkout: Path) -> None:
    arguments = ("--cores", "1", "--config", "device=cpu", *settings, "--", target)
    assert message in snakemake(*arguments, root=checkout, status=1)


def test_plans_that_there_are_not_are_refused() -> None:
    needs = make_plan("smoke", "cpu", 2).needs
    assert needs["xie2018-formation"].groups == 2 and needs["zeng2019-gap"].groups == 1
    for wrong in (("huge", "cpu"), ("smoke", "tpu")):
        with pytest.raises(ConfigError, match="must be one of"):
            make_plan(*wrong)
    assert set(re.findall(r"""config(?:\.get\(|\[)"(\w+)\"""", RULES)) == set(SETTINGS)
