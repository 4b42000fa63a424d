# The whole project: data -> crystal graphs -> seed groups -> records -> notebooks -> book.
#
#   snakemake --cores 2                                                    the book, quick profile, this machine
#   snakemake --cores 2 --config profile=full -- records                   every record of the book
#   snakemake --workflow-profile profiles/slurm -- records                 the same on a Slurm cluster
#   snakemake --cores 2 --config structures=cifs.txt model=NAME -- screen  ask a model about many structures
#
# Settings (--config): profile=smoke|quick|full, device=auto|cpu|cuda, groups=N (most seed groups per experiment;
# 0: one per seed with the full profile). Committed records are never outputs of a rule: Snakemake deletes outputs
# before it makes them anew. What a job leaves under .replicate/flow says which record it made or found.
import os
import re
import sys
from pathlib import Path

from replicate import paths
from replicate.bookbuild import ask
from replicate.bookbuild.flow import forget_changed
from replicate.bookbuild.launching import shows_address
from replicate.bookbuild.sources import discover
from replicate.package_digest import package_digest, page_digest
from replicate.workflow.plan import check_settings, forget_missing, make_plan, shown_on, whole_number

check_settings(config)
PROFILE = config.get("profile", "quick")
DEVICE = config.get("device", "auto")
PLAN = make_plan(PROFILE, DEVICE, whole_number("groups", config.get("groups", 0), least=0))
PACKAGE = package_digest()
MIRROR = paths.mirror_dir() is not None
REPOSITORY = os.environ.get("REPLICATE_REPOSITORY", "")
PY = sys.executable
JOB = ask.command() if ask.VARIABLE in os.environ else [PY, "-m"]  # make book's jobs are forks of one process
SOURCES = {source.name: source for source in discover()}

FLOW = paths.work_dir().resolve() / "flow"
if FLOW.is_relative_to(Path.cwd()):
    FLOW = FLOW.relative_to(Path.cwd())
DATA, GRAPHS, DONE = FLOW / "data", FLOW / "graphs", FLOW / PROFILE
PAGES = [str(DONE / "pages" / f"{name}.json") for name in SOURCES]

# Small networks run fastest on one thread each; jobs share the cores, so none starts processes that it has no cores for.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("REPLICATE_PROCESSES", "1")
forget_missing(PLAN, DATA)
forget_changed(SOURCES.values(), DONE / "pages")


def record_of(experiment):
    return str(DONE / "records" / f"{experiment}.json")


def needs_of(experiment):
    """Data, graphs, and the experiments whose networks are used too."""
    needs = PLAN.needs[experiment]
    return [
        *(str(DATA / f"{name}.json") for name in needs.data),
        *(str(GRAPHS / f"{name}.json") for name in needs.graphs),
        *map(record_of, needs.after),
    ]


def groups_of(experiment):
    n = PLAN.needs[experiment].groups
    return [str(DONE / "groups" / f"{experiment}-{i}of{n}.json") for i in range(1, n + 1)] if n > 1 else []


def records_for(page):
    return [record_of(one) for one in shown_on(SOURCES[page], PLAN.needs)]


def any_of(names):
    return "|".join(map(re.escape, names)) or "none"


wildcard_constraints:
    name=any_of(SOURCES),
    experiment=any_of(PLAN.needs),
    dataset=any_of(PLAN.places),
    group=r"\d+",
    groups=r"\d+",


# In every shell line each word is quoted (:q), and what someone named comes after `--`, so that no name is a command or
# an option. A compute node often has no way to the internet.
localrules: book, pages, records, data


rule book:
    input:
        pages=PAGES,
        contents=["_config.yml", "book/_toc.yml", *map(str, sorted([*Path("book").glob("*.bib"), *Path().glob("*.cff")]))],
        texts=[str(path) for path in sorted(Path("book").rglob("*.md"))],
        assets=[str(path) for path in sorted(Path("book/_assets").rglob("*")) if path.is_file()],
    output: "_build/html/index.html"
    params:
        command=str(Path(PY).with_name("jupyter-book")),
        repository=REPOSITORY,  # for the theme's buttons
    # --all: a page that is not read again would not repeat its warnings, and the second build would pass.
    shell:
        "echo 'building the pages ...' && "
        "{params.command:q} build book/ --all -W -n --keep-going -q >/dev/null && "
        "{PY:q} -m replicate.bookbuild check-pages"


rule pages:
    input: PAGES


rule records:
    input: [record_of(experiment) for experiment in PLAN.needs]


rule data:
    output: str(DATA / "{dataset}.json")
    shell: "{JOB:q} replicate.workflow data -- {wildcards.dataset:q} {output:q}"


rule graphs:
    input: str(DATA / "{dataset}.json")
    output: str(GRAPHS / "{dataset}.json")
    threads: 8  # at most: --cores caps it
    shell: "{JOB:q} replicate.workflow graphs --processes {threads} -- {wildcards.dataset:q} {output:q}"


rule train:
    input: lambda w: needs_of(w.experiment)
    output: str(DONE / "groups" / "{experiment}-{group}of{groups}.json")
    params:
        device=DEVICE,
        package=PACKAGE if PROFILE != "full" else "",  # full records survive edits of the code
    shell:
        "{JOB:q} replicate.workflow train -- {wildcards.experiment:q} {PROFILE:q} {params.device:q} "
        "{wildcards.group:q} {wildcards.groups:q} {output:q}"


rule record:
    input:
        needs=lambda w: needs_of(w.experiment),
        groups=lambda w: groups_of(w.experiment),
    output: str(DONE / "records" / "{experiment}.json")
    params:
        device=DEVICE,
        package=PACKAGE if PROFILE != "full" else "",
    shell:
        "{JOB:q} replicate.workflow record -- "
        "{wildcards.experiment:q} {PROFILE:q} {params.device:q} {output:q}"


rule page:
    input:
        notebook="notebooks/{name}.ipynb",
        records=lambda w: records_for(w.name),
        committed=[str(path) for path in sorted(Path("book/results").glob("*.json"))],
    # Not the page itself: Snakemake would delete it first, and a notebook that fails leaves the last good one.
    output: str(DONE / "pages" / "{name}.json")
    params:
        profile=PROFILE,
        device=DEVICE,
        package=page_digest(),  # a word on a page is no reason to train again
        repository=lambda w: REPOSITORY if shows_address(SOURCES[w.name]) else "",
        mirror=MIRROR,  # can turn a "dataset missing" on the page into a result
    shell:
        "{JOB:q} replicate.bookbuild page --profile {params.profile:q} --device {params.device:q} "
        "--written {output:q} -- {wildcards.name:q}"


if "structures" in config:
    include: "workflow/screen.smk"
