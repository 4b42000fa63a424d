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
# # Status
#
# What ran, where, with which versions, and for how long; and which data were available when this book was built.

# %% [markdown]
# ## Experiments

# %% tags=["remove-input"]
import platform
from html import escape

from replicate import data, experiments, report
from replicate.notebook import guard
from replicate.report.links import page_link
from replicate.results import records

guard(globals())
rows = []
for question in experiments.questions():
    for record in (records.full_record(question.id), records.latest_local(question.id)):
        if record is None:
            continue
        made = record.environment  # as the record says, whatever is installed now
        cells = [record.profile, str(len(record.seeds)), escape(made["device_name"])]
        cells += [f"{made['wall_time_s'] / 60:.1f}", made["finished"][:16].replace("T", " ")]
        cells += [escape(made["versions"].get(package, "–")) for package in ("torch", "replicate")]
        rows.append([page_link(question.id), *cells, f"<code>{(made['git_commit'] or '–')[:10]}</code>"])
header = (
    "experiment",
    "profile",
    "seeds",
    "device",
    "minutes",
    "finished (UTC)",
    "torch",
    "replicate",
    "commit",
)
report.table(header, rows, numeric=(2, 4))

# %% [markdown]
# ## Data

# %% tags=["remove-input"]
rows = []
for name in data.names():
    entry = data.entry(name)
    here = "yes" if data.available(name) else "no"
    rows.append([f"<code>{name}</code>", escape(entry.title), escape(entry.licence), here])
report.table(("dataset", "what", "licence", "here"), rows)

# %% [markdown]
# ## Speed
#
# From the last committed `make bench`. Speeds depend on the machine, ratios hardly.

# %% tags=["remove-input"]
report.bench_sentence()

# %% tags=["remove-input"]
report.bench_table()

# %% [markdown]
# ## Versions of this build

# %% tags=["remove-input"]
here = records.environment("cpu", "", 0.0)
versions = {"Python": platform.python_version(), **here["versions"]}
versions["commit of this book"] = here["git_commit"] or "not in a git checkout"
report.table(("package", "version"), [[escape(name), escape(version)] for name, version in versions.items()])
