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
# # Screening stable compounds

# %% tags=["remove-input"]
from replicate import experiments, report
from replicate.experiments.zeng2019.specs import TOP
from replicate.notebook import guard
from replicate.report import answer_card, say
from replicate.results import records

report.use_house_style()
answer_card(
    "zeng2019-screening/candidates",
    honest=("pool/atcnn-ii/top20_overlap", "share of the first twenty that two networks have in common"),
)

# %% [markdown]
# **The claim** ({cite:t}`zeng2019`, Results and Table S6): of the stable compounds of the Materials Project, ATCNN-II
# singles out twenty that may superconduct at high temperature.
#
# **The question here**: how sure is it? Networks that differ only in seed and split each make a list; the spread
# between them is shown for every candidate.
#
# ## The model
#
# ATCNN-II, from the page on [non-superconductors](non-superconductors.ipynb), $S$ times with different seeds and
# splits. A candidate $c$ is ranked by the mean of their predictions; their standard deviation is its uncertainty:
#
# $$
# \bar T(c) = \frac{1}{S} \sum_{s} T_s(c), \quad
# \sigma(c)^2 = \frac{1}{S - 1} \sum_{s} \left(T_s(c) - \bar T(c)\right)^2
# $$

# %%
from replicate import report
from replicate.features.composition import parse

report.atom_tables(parse(["Ba2HgCuO4", "Ba4Cu3ReO12", "CrCuO4"]))

# %% [markdown]
# *A known cuprate and two compounds that no list has: the first of these two looks much like it, the other does not.*
#
# Two small networks train side by side on a sample of superconductors, and rank a pool of compounds:

# %%
from dataclasses import replace

import pandas as pd
import torch

from replicate import data
from replicate.evaluation.splits import make_split
from replicate.models.configs import TC
from replicate.training.config import FitConfig
from replicate.training.fit import fit, predict

kernels = tuple((16, size) for _, size in TC.kernels)
small = replace(TC, kernels=kernels, momentum=0.9)
sample = data.load("madml-superconductors").table.sample(250, random_state=0)

# %%
x = small.inputs(parse(sample["formula"].tolist()))  # (250, 10, 10)
y = torch.tensor(sample["critical_temperature"].to_numpy(), dtype=torch.float32)
splits = [make_split(range(len(y)), kind="random", seed=seed) for seed in (0, 1)]
recipe = FitConfig(epochs=12, loss="rmse", batch_size=64, optimizer="adamw")
recipe = replace(recipe, learning_rate=4e-3, schedule="one-cycle")
result = fit(small.build(seeds=[0, 1]), x, y, splits, recipe, seeds=[0, 1])

pool = data.load("faber2015").table["formula"].drop_duplicates().head(500)
tc = predict(result, small.inputs(parse(pool.tolist())))  # (2, 500)
ranking = pd.DataFrame(tc.T.astype(float), index=pool)
ranking.assign(mean=ranking.mean(axis=1)).nlargest(5, "mean").round(1)

# %% [markdown]
# ## Data
#
# The authors' pool is not public. `full` screens the stable compounds of JARVIS-DFT (0 eV above its hull, elements up to
# Rn, one entry per composition), a pool of the same kind. `quick` screens the stable ones among the bundled Materials
# Project compounds of {cite:t}`faber2015`.

# %% tags=["remove-input"]
report.experiment_data("zeng2019-screening")

# %% [markdown]
# ## The record

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False
change = ""  # settings of a variant; see the page "Change one thing"

# %%
guard(globals())
record = experiments.run("zeng2019-screening", profile, seeds=seeds, device=device, refresh=refresh, change=change)
best = records.full_record("zeng2019-screening") or record
print(record.describe())
report.variant(record)

# %% tags=["remove-input"]
say(
    best,
    "**{pool/atcnn-ii/compounds:,}** compositions are screened. {pool/atcnn-ii/in_data:,} of them are in the data, "
    "{pool/atcnn-ii/superconductors:,} as superconductors, and are left out below. Of the others a network gives "
    "{100 * new/atcnn-ii/above_0_K:.0f} % a Tc above zero, {100 * new/atcnn-ii/above_10_K:.1f} % one above 10 K and "
    "{100 * new/atcnn-ii/above_40_K:.2f} % one above 40 K.",
)

# %% [markdown]
# Ranked by the mean over the networks. The distance is the share of atoms to exchange to reach the nearest
# superconductor in the data; "in the lists" is the status of the composition in public lists of superconductors,
# "measured" the Tc in the one that may be quoted. Compounds held out for Table 2 were taken out of the training data.
# Click a heading to sort.

# %% tags=["remove-input"]
import warnings
from html import escape

from pymatgen.core import Composition

warnings.filterwarnings("ignore", "No Pauling electronegativity")  # of noble gases, which come last then


def candidate_table(shown):
    rows = []
    for rank, row in enumerate(shown.arrays["candidates"], start=1):
        compound, nearest = (Composition(row[name]).reduced_formula for name in ("compound", "nearest"))
        span = dict.fromkeys(f"{tc:g}" for tc in row["measured"] or ())
        temperatures = (f"{row[name]:.1f}" for name in ("tc", "sd", "lowest"))
        near = f"{nearest} ({100 * row['distance']:.1f} %)"
        measured = f"{'–'.join(span)} K" if span else "–"
        cells = (str(rank), compound, *temperatures, row["group"], near, row["status"], measured)
        rows.append([escape(cell) for cell in cells])
    header = ("rank", "compound", "predicted Tc (K)", "sd over seeds (K)", "lowest of the seeds (K)", "group")
    header += ("nearest in the data (distance)", "in the lists", "measured")
    return report.searchable(
        header,
        rows,
        numeric=(0, 2, 3, 4),
        hint="Filter: an element, a group, a status",
        caption="Compounds by predicted critical temperature",
    )


candidate_table(best)

# %% [markdown]
# ## Honest tests and baselines

# %% tags=["hide-input"]
import matplotlib.pyplot as plt

from replicate.report.style import BLUE, GREEN, INK, RED, finished

candidates = pd.DataFrame(best.arrays["candidates"])
status = candidates["status"].str.split(",").str[0]
marks = {
    "unknown": ("o", BLUE, "in none of the lists"),
    "listed at 0 K": ("X", RED, "listed at 0 K"),
    "superconductor": ("D", GREEN, "listed as superconductor"),
}
figure, axis = plt.subplots(figsize=(6.2, 4.8))
for name, (mark, colour, label) in marks.items():
    some = candidates[status == name]
    axis.errorbar(
        100 * some["distance"], some["tc"], some["sd"], fmt=mark, color=colour, ms=6, mec="white",
        elinewidth=0.8, ecolor=colour, label=f"{len(some)} {label}",
    )  # fmt: skip
axis.axhline(candidates["tc"][TOP - 1], color=INK, lw=1, ls=":", label=f"lowest of the first {TOP}")
axis.set(xlabel="atoms to exchange to the nearest superconductor (%)", ylabel="predicted Tc (K)", ylim=(0, None))
figure.legend(loc="outside lower center", ncols=2, fontsize=9)
finished(figure, "Predicted Tc of the highest candidates against their distance to a known superconductor.")

# %% [markdown]
# *Predicted Tc, mean and standard deviation over networks, against the distance to the nearest known superconductor.*

# %% tags=["remove-input"]
say(
    best,
    "The twenty highest means average **{top20/atcnn-ii/mean_tc:0} K**, with a standard deviation between networks of "
    "**{top20/atcnn-ii/mean_sd:0} K** each, and two networks' own twenties share "
    "**{100 * pool/atcnn-ii/top20_overlap:.0f} %** of their compounds: the networks agree with each other. "
    "That does not show that they are right; the lists allow a partial check.",
    holds="top20/atcnn-ii/mean_sd < 0.2 * top20/atcnn-ii/mean_tc and pool/atcnn-ii/top20_overlap > 0.6",
)

# %%
candidates.head(TOP).groupby(["group", status]).size().to_frame("of the first twenty")

# %% [markdown]
# Candidates listed as superconductors are rediscoveries; for those listed at 0 K no superconductivity was found or
# reported. Group I contains copper and no iron: the networks propose more cuprates.
#
# ## Limits, and what we had to choose
#
# - A composition says nothing about structure: in JARVIS-DFT the same composition has many polymorphs, and a
#   candidate's stable form may be an insulator.
# - No compound on this page was tested. Predictions far from the training data (large distance) are guesses, whatever
#   their spread.
# - The paper's own twenty candidates (Table S6) are in a supplement that we do not have, so the two lists are not
#   compared.
#
# ## Every published number

# %% tags=["remove-input"]
report.comparison(record)

# %% tags=["remove-input"]
report.claim_results(best)

# %% [markdown]
# ## Run it yourself
#
# Any of the parameters above can be set from the command line. This run's own candidates are folded away here.

# %% tags=["hide-cell"]
candidate_table(record)

# %% tags=["remove-input"]
report.provenance(record, "zeng2019/screening")
