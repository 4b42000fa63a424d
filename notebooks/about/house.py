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
# # The house
#
# Where to find everything, and how a number gets from a source file to a page. The library `replicate` is a stack of
# layers: a module imports only from the layers below its own, which a test checks. The drawing is computed from the
# imports.

# %% tags=["hide-input"]
import ast
from collections import Counter
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.patches import Arc, FancyBboxPatch, Polygon

import replicate
from replicate import report
from replicate.notebook import guard
from replicate.report.style import EDGE, INK, RED, finished

guard(globals())
report.use_house_style()
LAYERS = {  # from the ground up
    "features": "formulas and crystals as arrays",
    "data": "tables and structures, with their cards",
    "evaluation": "splits, scores, intervals",
    "models": "networks and plain baselines",
    "training": "one fit loop, checkpoints",
    "results": "printed numbers, records, verdicts",
    "experiments": "settings, runs and analyses",
    "predict": "compounds in, values out",
    "own": "a user's data: train, test, store",
    "report": "sentences, tables, figures of pages",
}


def layer(module):
    return module.partition(".")[0]


package, lines, imports = Path(replicate.__file__).parent, Counter(), Counter()
for path in package.rglob("*.py"):
    text = path.read_text(encoding="utf-8")
    at = layer(".".join(path.relative_to(package).with_suffix("").parts))
    lines[at] += len(text.splitlines())
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            used = {layer(name.removeprefix("replicate.")) for name in names if name.startswith("replicate.")}
            imports.update((at, other) for other in used - {at})

WALL, SLATE = "#dce8f2", "#3f6b93"
figure, axes = plt.subplots(figsize=(5.4, 6.8))
height, top = {name: i for i, name in enumerate(LAYERS)}, len(LAYERS)
for name, i in height.items():
    rounded = "round,pad=0,rounding_size=0.1"
    axes.add_patch(FancyBboxPatch((0, i + 0.08), 6, 0.84, boxstyle=rounded, fc=WALL, ec="none"))
    axes.text(0.18, i + 0.66, name, va="center", fontsize=10, fontweight="bold")
    axes.text(0.18, i + 0.31, LAYERS[name], va="center", fontsize=8.5)
    axes.text(5.85, i + 0.66, f"{lines[name]:,}", va="center", ha="right", fontsize=8.5, color=EDGE)
for (upper, lower), n in imports.items():
    if {upper, lower} <= height.keys():
        start, end = height[upper] + 0.38, height[lower] + 0.62
        size, colour = abs(start - end), SLATE if start > end else RED
        place = {"xy": (6.08, (start + end) / 2), "width": 1.1 * size**0.75, "height": size}
        axes.add_patch(Arc(**place, theta1=-90, theta2=90, color=colour, alpha=0.55, lw=0.5 + n**0.5 / 5))
        axes.plot(6.1, end, marker="<", ms=4.5, mec="none", color=colour)
axes.add_patch(Polygon([(-0.25, top + 0.08), (6.25, top + 0.08), (3, top + 1.15)], fc=SLATE, ec="none"))
axes.text(
    3,
    top + 0.42,
    "notebooks and the book",
    ha="center",
    va="center",
    fontsize=9,
    color="white",
    fontweight="bold",
)
axes.plot([-0.25, 6.25], [-0.02, -0.02], color=INK, lw=1.5)
axes.text(
    3,
    -0.33,
    "source files: tables, crystals, four papers",
    ha="center",
    va="center",
    fontsize=8.5,
    color=EDGE,
)
axes.set(xlim=(-0.3, 8.9), ylim=(-0.6, top + 1.2))
axes.axis("off")
finished(figure, f"The layers of the library, from the ground up: {', '.join(LAYERS)}; arrows for the imports.")

# %% [markdown]
# *The layers with their lines of code. An arrow leads from a layer to one that it imports from, wider for more
# imports. An arrow that leads up would be red. Small modules that all layers use are left out: paths, errors,
# progress.*
#
# Outside the library are `notebooks/`, a page per experiment with its text, its figures and the code to learn from;
# `book/` with the committed records; and `workflow/`, which runs it all.
#
# ## One number, from file to page
#
# The first number of the page on [band gaps](../zeng2019/band-gap.ipynb) is a mean absolute error. Here it is
# followed through the layers of the library, from the data file to the verdict.
#
# ### The source file becomes a table
#
# `data` finds the file, compares it with its checksum and gives a table with a card: source, licence, columns. The
# digest of the table's content identifies what a run has read.

# %%
from replicate import data

gaps = data.load("zhuo2018-gap")
print(gaps.digest)
gaps.table.head(3)

# %% tags=["remove-input"]
report.data_card(gaps)

# %% [markdown]
# ### Formulas become arrays
#
# `features` parses a formula into atomic fractions and lays them out as the paper does, in a 10 × 10 table.

# %%
from replicate.features.atom_table import atom_table
from replicate.features.composition import parse

compositions = parse(gaps.table["formula"].tolist())
tables = atom_table(compositions)
tables.shape  # compounds, rows and columns of the table

# %% [markdown]
# ### The settings say what is trained
#
# One line per setting in `experiments/zeng2019/specs.py`; a processor has a shorter schedule than the paper's.

# %%
from replicate import experiments

settings = experiments.get("zeng2019-gap").config("full", device="cpu")
network = settings.networks[0]
network.fit

# %% [markdown]
# ### A seed decides the split
#
# `evaluation` draws training, validation and test rows. The digest of the split is in the record, so that anyone can
# check which rows were test rows.

# %%
from replicate.evaluation.splits import make_split
from replicate.results import records

rows = range(len(compositions))
shares = {"test": settings.test, "validation": settings.validation}
split = make_split(rows, kind="random", seed=0, **shares)
record = records.full_record("zeng2019-gap")
print(split.digest, "drawn here")
print(record.splits["random"][0], "in the record")

# %% [markdown]
# ### The record holds the scores
#
# `training` fits a network per seed, and the run ends with a record, `book/results/zeng2019-gap.json`: the data, the
# settings, the splits, and every score with a value per seed.

# %%
mae = record.metrics["random/atcnn/mae"]
print(record.data[0]["digest"] == gaps.digest)
print(f"{mae.mean:.4f} ± {mae.sd:.4f} {mae.unit}, {mae.n} test rows for each seed")
mae.values

# %% [markdown]
# ### The printed number meets the record
#
# The printed numbers are in a file, `zeng2019.yaml`, each with its place, its unit and the score to compare it with.

# %%
from replicate.results import papers

printed = papers.target("zeng2019-gap/mae")
print(printed.printed, printed.unit, "in", printed.where)
print("answered by", printed.metric)

# %% [markdown]
# One rule judges all numbers: is ours within 10 % of the printed one, and could one more training give it?

# %%
from replicate.results.verdict import half_width, verdict

print(f"{mae.mean:.3f} ± {half_width(mae.sd, len(mae.values)):.3f} {mae.unit}")
options = {"better": printed.better, "half_digit": printed.half_digit}
options["budget_met"] = not record.budget
verdict(printed.published, mae.values, **options)

# %% [markdown]
# ### The page shows it
#
# `report` writes table, card and sentences from the record: no number on a page is typed.

# %%
text = "Ours **{random/atcnn/mae} eV**, printed {=zeng2019-gap/mae}: *{?zeng2019-gap/mae}*."
report.say(record, text)

# %% [markdown]
# The page is [Experimental band gaps from composition](../zeng2019/band-gap.ipynb). `CONTRIBUTING.md`, at the root of
# the repository, says how to add a paper, change a run or edit a page.
