# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # For operators
#
# How to run the whole project on a laptop or a cluster, how to continue after a kill, and what it costs to screen ten
# million structures.

# %% [markdown]
# ## The graph
#
# `workflow/Snakefile` states the project as rules. `make book` runs them, and so does `snakemake --cores 2`.
#
# | rule | makes | one job per |
# | --- | --- | --- |
# | `data` | a verified dataset: found in the mirror or cache, or downloaded, and compared with its checksum | dataset |
# | `graphs` | the crystal graphs of a table or archive, in the work folder | table or archive |
# | `train` | checkpoints of a seed group | experiment and seed group |
# | `record` | the record of an experiment, from the checkpoints of its groups | experiment |
# | `page` | an executed notebook, by papermill | notebook |
# | `book` | the HTML pages | book |
# | `shard`, `screen` | predictions for a shard of structures; the list of the best | shard |
#
# The needs of a job follow from the experiments: their datasets, their number of seeds, and the experiments whose
# networks they use too. Crystal graph networks train seed by seed, so their seeds can be distributed over jobs;
# networks that train all seeds at once are one group, which the record's job trains. `make graph` shows what is due
# now.
#
# A job takes one core, `graphs` up to eight if `--cores` allows; no job starts more processes than it has cores.
# Under `make book` one process imports what the jobs need and forks itself for each job and each notebook's kernel,
# which saves most of Python's start-up time. Plain `snakemake`, and so a cluster, starts Python anew for every job,
# with the same results.
#
# On a terminal `make book` shows a line per running job: what it does, how far it is, and the time left. Elsewhere
# each step prints a line. At the end it names every page that failed, with the reason.
#
# If a notebook fails, the page of its last successful run stays, a partly executed copy goes to `.replicate/failed/`,
# the others continue, and the exit status is not 0. Only one `make book` works in a folder at a time.

# %% [markdown]
# ## On one machine
#
# ```bash
# make book PROFILE=quick JOBS=2                                          # the book, on two cores
# source .venv/bin/activate                                               # for what follows
# snakemake --cores 8 --config profile=full device=cpu -- records         # every full record, on eight cores
# snakemake --cores 8 --config profile=full device=cpu --dry-run          # what that would do
# replicate run xie2018-metal --profile full --group 2/3                  # one seed group by hand
# ```

# %% [markdown]
# ## On a Slurm cluster
#
# ```bash
# pip install -e '.[book,cluster,fast]' -c constraints.txt
# snakemake --workflow-profile workflow/profiles/slurm -- records         # submits, waits, resubmits once
# snakemake --workflow-profile workflow/profiles/slurm                    # and the notebooks and the book
# ```
#
# `workflow/profiles/slurm/config.yaml` gives a GPU to `train` and `record` and sets memory and minutes per rule; the
# other jobs request as many processors as their rule has threads. Set the account and partition of your cluster
# there. Work folder and data must lie on a file system that all nodes see (`REPLICATE_WORK`, `REPLICATE_MIRROR`);
# datasets are fetched on the machine where Snakemake runs, since compute nodes often have no network access.
#
# An experiment is not trained again if its committed record has the same settings. Some experiments have smaller full
# settings on a processor than on a GPU. The profile says `device=cuda`, so the cluster trains these again and replaces
# their committed records; with `--config profile=full device=cpu` it reads them.
#
# ```{admonition} Not tried on a cluster
# :class: warning
# We had no Slurm cluster. The tests submit jobs through the installed plugin to mock Slurm commands; they cover
# requests, a second try after a time-out, and a failing job.
# ```

# %% [markdown]
# ## After a kill
#
# Run the same command again. Datasets, graphs, checkpoints, records and pages are written to a temporary file and
# renamed when complete, so a partly written file is never taken for a result. A training continues from its last
# checkpoint, with the same numbers as without the interruption; other unfinished jobs start again. If only the
# command was killed, Snakemake goes on, and a new `make book` refuses to start until that build has ended. If only
# Snakemake was killed, its jobs end by themselves, and a new build waits for them.
#
# A Snakemake that was started by hand and killed leaves a lock: the next one ends at once with “Directory cannot be
# locked”, and the same command with `--unlock` removes it. `make book` never leaves a lock.

# %% [markdown]
# ## Where to look
#
# | file | says |
# | --- | --- |
# | `.replicate/logs/<notebook>.log` | papermill's log of the last run, with the running cell |
# | `.replicate/failed/<notebook>.ipynb` | the partly executed copy of a notebook that failed |
# | `.snakemake/log/` | Snakemake's own log of a run on a cluster; `make book` prints only the jobs' own lines |
# | `.snakemake/slurm_logs/` | what each failed Slurm job printed; the plugin deletes the others |
# | `.replicate/flow/` | the record or page of each finished job |

# %% [markdown]
# ## What ten million structures cost
#
# Speeds are those of the last committed `make bench`, per processor core; sizes are measured on this page, on bundled
# crystals. Larger cells cost more, in proportion to their atoms.

# %% tags=["hide-input"]
from IPython.display import Markdown

from replicate.notebook import guard
from replicate.predict.structure_files import SHARD
from replicate.report import speeds
from replicate.report.html import table

guard(globals())
benchmark = next(one for one in speeds.committed() if one["machine"]["device"] == "cpu")
rate = {row["what"]: row["per_second"] for row in benchmark["rows"]}
(what,) = (name for name in rate if name.startswith("predict with CGCNN Eq. 5") and "limit" not in name)
threads = int(what.split()[-2])
graphs, predictions = rate["crystal graphs, processes: 1"], rate[what] / threads
both = 1 / (1 / graphs + 1 / predictions)

# %% tags=["hide-input"]
import gzip
import tempfile
import warnings
from pathlib import Path

from replicate import data
from replicate.data.structures import to_structure
from replicate.predict.screening import screen

crystals = data.load("faber2015").table[:500]
with warnings.catch_warnings():
    # Writing a CIF sorts by electronegativity, which noble gases have none of.
    warnings.filterwarnings("ignore", message="No Pauling electronegativity")
    texts = [to_structure(text).to(fmt="cif") for text in crystals["structure"]]
with tempfile.TemporaryDirectory() as folder:
    files = [Path(folder) / f"{name}.cif" for name in crystals["material_id"]]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    parquet = Path(folder) / "table.parquet"
    screen("cgcnn-authors/formation-energy-per-atom", list(map(str, files)), parquet, processes=1)
    row_bytes = parquet.stat().st_size / len(texts)
together = "".join(texts).encode()
cif_bytes, packed_bytes = len(together) / len(texts), len(gzip.compress(together)) / len(texts)

# %% tags=["hide-input"]
n = 10_000_000
shards, shard_minutes = -(-n // SHARD), SHARD / both / 60
rows = [
    ["from CIF text to graph", f"{graphs:,.0f}", "crystals/s per core"],
    ["from graph to value, one CGCNN (Eq. 5)", f"{predictions:,.0f}", "crystals/s per core"],
    ["both", f"{both:,.0f}", "crystals/s per core"],
    [f"a shard of {SHARD:,} structures", f"{shard_minutes:.1f}", "min on one core"],
    [f"all {n:,} structures, {shards} shards", f"{n / both / 3600:.1f}", "core hours"],
    *(
        [f"on {cores} cores, a shard each", f"{-(-shards // cores) * shard_minutes / 60:.2f}", "h"]
        for cores in (2, 16, 100)
    ),
    ["CIF files, as text", f"{n * cif_bytes / 1e9:.0f}", "GB"],
    ["the same in compressed archives", f"{n * packed_bytes / 1e9:.1f}", "GB"],
    ["tables of predictions", f"{n * row_bytes / 1e9:.1f}", "GB"],
]
table(("what", "", "unit"), rows, numeric=(1,))

# %% tags=["hide-input"]
measured = f"{threads} threads, their speed divided by {threads}" if threads > 1 else "one thread"
Markdown(
    f"Measured on {speeds.processor(benchmark['machine'])}: graphs with one process, predictions with {measured}; sizes "
    f"over {len(texts)} crystals. Graphs take {both / graphs:.0%} of the time, and each further member of an "
    "ensemble adds only a prediction. Graphs are not written to disk. The numbers do not include reading and "
    "unpacking the files."
)

# %% [markdown]
# ## Screening by the rules
#
# ```bash
# snakemake --cores 2 --config structures=archives/ model=cgcnn/formation-energy-per-atom most=1000 -- screen
# snakemake --workflow-profile workflow/profiles/slurm --config structures=list.txt profile=full device=cuda -- screen
# ```
#
# `structures` is a folder, or a text file that names structure files (CIF, POSCAR, pymatgen's JSON, each also as
# `.gz`) and archives (`.zip`, `.tar`, `.tar.gz`, `.tar.xz`, `.tar.bz2`) line by line. Other files in a folder are
# listed at the end of the run. An archive is one shard; single files go together, `size` at a time. Ten million
# single files are hard on a file system and on Snakemake: pack them into archives of a shard each. Archives are read
# member by member and never unpacked.
#
# Every shard gives a Parquet file with `id`, `value`, `spread`, `note` and what was read (`formula`, `sites`,
# `space_group`, `assumed`): a structure that cannot be read has a reason in place of a value. `best.csv` holds the
# lowest values of all shards (`highest=1`: the highest). A shard that was killed, or whose files were edited,
# renamed, added or deleted, runs again; the others do not. Shards run on the processor, since most of the work is the
# graphs, which a GPU does not speed up.
