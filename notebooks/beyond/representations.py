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
# # Which representation finds new superconductors?

# %% tags=["remove-input"]
from replicate import experiments, report
from replicate.notebook import guard
from replicate.report import pivot, say
from replicate.results import records

report.use_house_style()
say(
    "beyond-representations",
    "**Trees on plain element fractions have the smallest error**, "
    "{random-ensemble/extra-trees-fractions/mae:1} K on random rows and "
    "{system-ensemble/extra-trees-fractions/mae:1} K on unseen chemical systems; no network has a smaller "
    "error on any test. **No model finds the new class**: of the {temporal-finding/base/iron-based:,} "
    "iron-based superconductors above 10 K reported after 2007, no model trained on earlier compounds predicts more "
    "than one above the bar that one in a hundred other compounds passes.",
    holds="max(random-ensemble/extra-trees-fractions/mae, system-ensemble/extra-trees-fractions/mae) < 6.2"
    " and temporal-ensemble/extra-trees-fractions/mae < min(temporal-ensemble/atcnn/mae,"
    " temporal-ensemble/periodic-resnet/mae, temporal-ensemble/cgcnn/mae)"
    # One in 875 is 0.00114.
    " and max(temporal-finding/atcnn/recall_iron-based, temporal-finding/periodic-resnet/recall_iron-based,"
    " temporal-finding/cgcnn/recall_iron-based, temporal-finding/forest/recall_iron-based,"
    " temporal-finding/extra-trees-fractions/recall_iron-based) < 0.00115",
)

# %% [markdown]
# **No paper claims this.** Each of the four tests its own representation on its own data, so their scores cannot be
# compared. Here all of them are trained and tested on the same compounds: the atom table {cite:p}`zeng2019`, the
# periodic table {cite:p}`konno2021`, the crystal graph {cite:p}`xie2018,quinn2022`, and two simple baselines, a
# forest on Magpie statistics and trees on atomic fractions.
#
# **The questions**: which has the smallest error on superconductors it has not seen? Which ranks those above 10 K
# before everything else, even if they were discovered after its training data? And does the spread of an ensemble
# show when it is wrong?
#
# ## The model
#
# One compound, five representations:

# %%
import torch
from pymatgen.core import Lattice, Structure

from replicate import report
from replicate.features.atom_table import atom_table
from replicate.features.composition import parse
from replicate.features.graph_building import graphs_from_structures
from replicate.features.magpie import magpie
from replicate.features.periodic_table import periodic_tables

mgb2 = parse(["MgB2"])
cell = Lattice.hexagonal(3.09, 3.52)  # Å
crystal = Structure(cell, ["Mg", "B", "B"], [[0, 0, 0], [1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]])

# %%
graph = graphs_from_structures([("MgB2", crystal)]).graphs
print("fractions", mgb2.fractions.shape, "atom table", atom_table(mgb2).shape)
print("periodic table", periodic_tables(mgb2)[torch.tensor([0])].shape, "Magpie", magpie(mgb2).shape)
print("crystal graph:", len(graph.kind), "nodes,", graph.weight.sum(), "neighbours")
report.atom_tables(mgb2)

# %% [markdown]
# *The same fractions as a picture: the atom table of MgB₂.*
#
# Two of the five are compared below on a small sample: superconductors, and compositions with a measured band gap at
# 0 K. The *average precision* is one if every superconductor is ranked before every other compound, and equals their
# share if the ranking is random. With recall $R_k$ and precision $P_k$ among the $k$ highest predictions,
#
# $$
# \mathrm{AP} = \sum_k (R_k - R_{k-1}) P_k
# $$

# %%
from dataclasses import replace

import pandas as pd
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.metrics import average_precision_score

from replicate import data
from replicate.evaluation.splits import make_split
from replicate.models.configs import TC
from replicate.training.config import FitConfig
from replicate.training.fit import fit, predict

# %%
known = data.load("madml-superconductors").table.sample(250, random_state=0)
gaps = data.load("zhuo2018-gap").table.sample(250, random_state=0)
compositions = parse([*known["formula"], *gaps["formula"]])
y = torch.zeros(len(compositions))  # K
y[: len(known)] = torch.tensor(known["critical_temperature"].to_numpy())
kernels = tuple((16, size) for _, size in TC.kernels)
small = replace(TC, kernels=kernels, momentum=0.9)  # the ATCNN page's small network
recipe = FitConfig(epochs=12, loss="rmse", batch_size=64, optimizer="adamw")
recipe = replace(recipe, learning_rate=4e-3, schedule="one-cycle")

# %%
split = make_split(range(len(y)), kind="random", seed=0)
x, fractions = small.inputs(compositions), compositions.fractions
network = fit(small.build(seeds=[0]), x, y, [split], recipe, seeds=[0])
trees = ExtraTreesRegressor(random_state=0)
trees.fit(fractions[split.train], y[split.train])
tc = predict(network, x, split.test[None])[0]  # (100,) K
predictions = {"atom table": tc, "fractions": trees.predict(fractions[split.test])}
above = y[split.test] > 0
{name: average_precision_score(above, tc) for name, tc in predictions.items()}

# %% [markdown]
# ## Data
#
# Superconductors are the compositions of SuperCon for which [a structure was found](../quinn2022/structures.ipynb),
# one row each. The other compounds are those of the Materials Project that are not in SuperCon, assumed to be at 0 K.

# %% tags=["remove-input"]
report.experiment_data("beyond-representations")

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
record = experiments.run_or_full(
    "beyond-representations", profile, seeds=seeds, device=device, refresh=refresh, change=change
)
best = records.full_record("beyond-representations") or record
print(record.describe())
report.variant(record)

# %% [markdown]
# There are three test sets: rows at random; chemical systems that are not in training; and superconductors first
# reported after 2007, for models trained on those up to 2007, each with the median Tc of its entries up to then.
# Compositions without a year are left out of the last one, and so are test compositions that differ by less than
# 0.001 from one in training.

# %% tags=["remove-input"]
kinds = {"random": "random rows", "system": "unseen chemical systems", "temporal": "later superconductors"}
models = {
    "atcnn": "Atom table (ATCNN)",
    "periodic-resnet": "Periodic table (residual network)",
    "cgcnn": "Crystal graph (CGCNN)",
    "forest": "Magpie statistics (random forest)",
    "extra-trees-fractions": "Plain fractions (extra trees)",
}
columns = {
    "train_rows": "training rows",
    "test_superconductors": "test super&shy;conductors",
    "test_others": "other test compounds",
    "shared_system": "of the super&shy;conductors, chemical system in training",
    "shared_parent": "parent compound in training",
}
form = {name: "%" if name.startswith("shared") else "," for name in columns}
pivot(best, "{row}/split/{column}", kinds, columns, form=form, corner="test set", sample="test compounds")

# %% [markdown]
# The chemical system is that of the assigned crystal, so a few formulas share theirs with a training row.

# %% tags=["remove-input"]
from IPython.display import Markdown

later = best.arrays["later/superconductors-2007"]
Markdown(
    f"Of {later['of']:,} compositions of SuperCon up to 2007, {later['rows']:,} have later entries that would move their "
    f"median Tc, {later['over_1K']:,} of them by more than 1 K: by {later['median']:.1f} K at the median and "
    f"{later['largest']:.0f} K at most."
)

# %% [markdown]
# ## Errors on superconductors

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np

from replicate.report.style import INK, PALE, PALETTE, PAPER, finished, readable_log


def rows_of_models(xlabel):
    figure, axes = plt.subplots(1, 3, figsize=(7.6, 3.8), sharey=True)
    for axis, title in zip(axes, kinds.values(), strict=True):
        axis.set(xlabel=xlabel, ylim=(-0.6, len(models) - 0.4))
        axis.set_title(title.replace(" ", "\n", 1), fontsize=10)
        axis.grid(axis="x", color=PALE)
    axes[0].set_yticks(range(len(models)), [name.replace(" (", "\n(") for name in models.values()])
    axes[0].invert_yaxis()
    return figure, axes


figure, axes = rows_of_models("MAE (K)")
for axis, kind in zip(axes, kinds, strict=True):
    for place, (model, colour) in enumerate(zip(models, PALETTE, strict=False)):
        mean, low, high = best.arrays[f"interval/{kind}/{model}"]
        axis.errorbar(mean, place, xerr=[[mean - low], [high - mean]], fmt="o", color=colour, capsize=3)
    axis.set_xlim(0, None)
finished(figure, "Mean absolute error of each representation with 95 % intervals, on the three test sets.")

# %% [markdown]
# *Error of the mean over an ensemble's members; bars: 95 % of the resampled test sets, whole chemical systems at a time.*

# %% tags=["remove-input"]
say(
    best,
    "On random rows extra trees on plain fractions have the smallest error: "
    "**{random-ensemble/extra-trees-fractions/mae:1} K**, then the forest on Magpie statistics with "
    "{random-ensemble/forest/mae:1} K and the networks with {random-ensemble/atcnn/mae:1} K (atom table), "
    "{random-ensemble/cgcnn/mae:1} K (crystal graph) and {random-ensemble/periodic-resnet/mae:1} K (periodic "
    "table). On unseen chemical systems the trees are still best, with "
    "**{system-ensemble/extra-trees-fractions/mae:1} K**; the forest and the crystal graph are not "
    "significantly worse. On later superconductors every error is nearly twice as large, and the forest is "
    "best, **{temporal-ensemble/forest/mae:1} K** against {temporal-ensemble/extra-trees-fractions/mae:1} K.",
    # Differences from the trees with intervals that leave out zero: the table below.
    holds="random-ensemble/extra-trees-fractions/mae < random-ensemble/forest/mae < random-ensemble/atcnn/mae"
    " and random-ensemble/atcnn/mae < random-ensemble/cgcnn/mae < random-ensemble/periodic-resnet/mae"
    " and system-ensemble/extra-trees-fractions/mae < system-ensemble/forest/mae < system-ensemble/cgcnn/mae"
    " and temporal-ensemble/forest/mae < temporal-ensemble/extra-trees-fractions/mae"
    " and 1.6 < temporal-ensemble/periodic-resnet/mae / system-ensemble/periodic-resnet/mae"
    " and temporal-ensemble/extra-trees-fractions/mae / system-ensemble/extra-trees-fractions/mae < 1.9",
)

# %% tags=["remove-input"]
pivot(best, "{group}/{row}/{column}", models, ("mae", "r2"), groups=kinds, form="2", note="one member at a time")

# %% [markdown]
# The mean of the members, and its difference from the trees on plain fractions; in brackets the 95 % intervals, paired
# over the same resamplings:


# %% tags=["hide-input"]
def with_interval(values):
    mean, low, high = (f"{value:.1f}".replace("-", "−") for value in values)
    return f"{mean} ({low} to {high})" if any(values) else "–"


intervals = {
    (kinds[kind], models[model]): {
        "MAE (K)": with_interval(best.arrays[f"interval/{kind}/{model}"]),
        "difference from the trees (K)": with_interval(best.arrays[f"difference/{kind}/{model}"]),
    }
    for kind in kinds
    for model in models
}
pd.DataFrame(intervals).T

# %% [markdown]
# ## Finding superconductors above 10 K
#
# All test compounds are ranked by their predicted Tc. *Found* are superconductors above 10 K that are predicted above
# a threshold, which one in a hundred of the validation compounds at 0 K exceeds; *false positives* are the test
# compounds at 0 K above it.

# %% tags=["hide-input"]
figure, axes = rows_of_models("average precision")
for axis, kind in zip(axes, kinds, strict=True):
    for label, filled, line, shift in (("finding", True, "-", -0.15), ("finding-ordered", False, ":", 0.15)):
        axis.axvline(best.metrics[f"{kind}-{label}/base/share"].mean, color=INK, lw=1, ls=line)
        for place, (model, colour) in enumerate(zip(models, PALETTE, strict=False)):
            score = best.metrics[f"{kind}-{label}/{model}/average_precision"]
            face = colour if filled else PAPER
            axis.errorbar(score.mean, place + shift, xerr=score.sd, fmt="o", color=colour, mfc=face, capsize=3)
    axis.set_xlim(0, 1.02)
figure.supxlabel("filled: all compounds; open: ordered crystals only; lines: random ranking", fontsize=10)
finished(
    figure,
    "Average precision of each representation on the three test sets, all compounds and ordered ones only.",
)

# %% [markdown]
# *Average precision with which compounds above 10 K are ranked first, mean and standard deviation over the members.*

# %% tags=["remove-input"]
say(
    best,
    "On random rows every model ranks nearly all superconductors first: from {random-finding/periodic-resnet/"
    "average_precision:2} (periodic table) to **{random-finding/extra-trees-fractions/average_precision:2}** (extra trees). "
    "For later superconductors the ranking is little better than chance, {temporal-finding/base/share:2}: the "
    "forest on Magpie statistics is best with **{temporal-finding/forest/average_precision:2}**. The ± is over "
    "members and does not include the choice of test compounds.",
    holds="random-finding/periodic-resnet/average_precision > 0.94"
    " and random-finding/extra-trees-fractions/average_precision > max(random-finding/forest/average_precision,"
    " random-finding/atcnn/average_precision, random-finding/cgcnn/average_precision)"
    " and temporal-finding/forest/average_precision < 0.45"
    " and every(temporal-finding/forest/average_precision > temporal-finding/atcnn/average_precision)"
    " and every(temporal-finding/forest/average_precision > temporal-finding/extra-trees-fractions/average_precision)",
)

# %% tags=["remove-input"]
classes = {"cuprate": "cuprates", "iron-based": "iron-based", "low-tc": "low-Tc"}
counts = {name: f"of these {label}" for name, label in classes.items()}
pivot(
    best,
    "{row}-finding/base/{column}",
    kinds,
    {"share": "share above 10 K", **counts},
    form={"share": "%1"} | dict.fromkeys(classes, ","),
    corner="test set",
    sample="",
)

# %% tags=["remove-input"]
scores = {"average_precision": "average precision", "recall": "found", "false_positives": "false positives"}
scores |= {f"recall_{name}": f"found of the {label}" for name, label in classes.items()}
form = {name: "2" if name == "average_precision" else "%" for name in scores}
pivot(best, "{group}-finding/{row}/{column}", models, scores, groups=kinds, form=form, sample="")

# %% [markdown]
# ### On ordered crystals only
#
# Most superconductors of SuperCon are doped, and none of the other compounds is. Fractional amounts and shared sites
# reveal them in every representation. Here only compounds with whole amounts remain, superconducting or not.

# %% tags=["remove-input"]
say(
    best,
    "The best average precision is then **{random-finding-ordered/atcnn/average_precision:2}** on random rows (atom "
    "table), {system-finding-ordered/cgcnn/average_precision:2} on unseen chemical systems (crystal graph; "
    "extra trees are as good) and {temporal-finding-ordered/extra-trees-fractions/average_precision:2} on "
    "later superconductors (extra trees). Chance is {temporal-finding-ordered/base/share:%} there, and "
    "{temporal-finding-ordered/base/iron-based:,} of the superconductors to be found are iron-based.",
    holds="random-finding-ordered/atcnn/average_precision > random-finding-ordered/extra-trees-fractions/average_precision"
    " and abs(system-finding-ordered/cgcnn/average_precision"
    " - system-finding-ordered/extra-trees-fractions/average_precision) < 0.02"
    " and temporal-finding-ordered/extra-trees-fractions/average_precision < 0.13",
)

# %% tags=["remove-input"]
pivot(
    best,
    "{row}-finding-ordered/base/{column}",
    kinds,
    {"share": "share above 10 K", **counts},
    form={"share": "%1"} | dict.fromkeys(classes, ","),
    corner="test set",
    sample="",
)

# %% tags=["remove-input"]
pivot(best, "{group}-finding-ordered/{row}/{column}", models, scores, groups=kinds, form=form, sample="")

# %% [markdown]
# ## Does the spread of an ensemble show when it is wrong?
#
# The spread is the standard deviation over the members. It is scaled by a factor that makes it as large as the errors
# on the validation rows. On the dashed line, spread and error are the same.

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 3, figsize=(7.6, 4.2), sharex=True, sharey=True)
for axis, kind in zip(axes, kinds, strict=True):
    for (model, name), colour, mark in zip(models.items(), PALETTE, "osD^v", strict=False):
        spread, error, _ = np.array(best.arrays[f"reliability/{kind}/{model}"]).T
        axis.plot(spread[spread > 0], error[spread > 0], f"{mark}-", ms=4, lw=1, color=colour, label=name)
    axis.axline((1, 1), (10, 10), color=INK, lw=1, ls="--")
    axis.set(xlabel="scaled spread (K)", xscale="log", yscale="log")
    axis.set_title(kinds[kind].replace(" ", "\n", 1), fontsize=10)
    readable_log(axis.xaxis, "{:g}", (1,))
    readable_log(axis.yaxis, "{:g}", (1, 3))
axes[0].set_ylabel("root mean squared error (K)")
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9)
finished(figure, "Root mean squared error against the scaled spread of each ensemble, on the three test sets.")

# %% [markdown]
# *Root mean squared error against the scaled spread of the members; each point is a tenth of the test superconductors.*

# %% tags=["remove-input"]
say(
    best,
    "Agreement between members does not show that they are right. Twice their spread covers "
    "{random-spread/extra-trees-fractions/within_2sd:%} (extra trees) to "
    "{random-spread/periodic-resnet/within_2sd:%} (periodic table) of the errors on random rows, where 95 % is "
    "expected for normal errors, and {temporal-spread/extra-trees-fractions/within_2sd:%} to "
    "{temporal-spread/periodic-resnet/within_2sd:%} on later superconductors. With the factor from the "
    "validation rows it is about 80 % where the test rows resemble the validation rows, and half of that or "
    "less on the later ones, except for the forest ({temporal-spread/forest/within_2sd_scaled:%}).",
    holds="random-spread/extra-trees-fractions/within_2sd < random-spread/forest/within_2sd < random-spread/atcnn/within_2sd"
    " and max(random-spread/atcnn/within_2sd, random-spread/cgcnn/within_2sd) < random-spread/periodic-resnet/within_2sd"
    " and min(random-spread/atcnn/within_2sd_scaled, random-spread/cgcnn/within_2sd_scaled,"
    " system-spread/extra-trees-fractions/within_2sd_scaled) > 0.76 and system-spread/cgcnn/within_2sd_scaled < 0.85"
    " and max(temporal-spread/periodic-resnet/within_2sd_scaled, temporal-spread/cgcnn/within_2sd_scaled,"
    " temporal-spread/atcnn/within_2sd_scaled, temporal-spread/extra-trees-fractions/within_2sd_scaled) < 0.4"
    " and temporal-spread/forest/within_2sd_scaled > 0.5",
)

# %% tags=["remove-input"]
columns = {
    "rank_correlation": "rank correlation of spread and error",
    "within_2sd": "errors within 2 spreads",
    "scale": "factor from validation rows",
    "within_2sd_scaled": "within 2 scaled spreads",
}
form = {"rank_correlation": "2", "within_2sd": "%", "scale": "1", "within_2sd_scaled": "%"}
pivot(best, "{group}-spread/{row}/{column}", models, columns, groups=kinds, form=form, sample="")

# %% [markdown]
# ## Limits, and what we had to choose
#
# - Only compounds with an assigned structure take part, so that every representation can read all of them. Compounds
#   without a relative in the Materials Project are left out, and the structure of a doped compound is that of its
#   parent.
# - That a compound is not in SuperCon does not make it a normal metal or an insulator. Some of the false positives may be
#   superconductors.
# - Networks and one-cycle schedules are those of their chapters; no setting was chosen on these test sets, and tuning
#   for this task might improve any of them.
# - There is one test set of each kind, the same for all. Members of an ensemble differ in their initial weights, so the
#   spread is that of one model trained again. Those of the forests differ in their random draws only, and their spread
#   is smaller than that of their single trees.
# - The atom table, Magpie and the trees see fractions, the periodic table coefficients as written, the crystal graph the
#   sites: each representation as its authors use it.
# - Intervals come from a thousand resamplings of the test set, whole chemical systems at a time, since the errors of
#   dopings of one system are correlated. Differences are paired.

# %% tags=["remove-input"]
Markdown(f"The networks were {best.budget}." if best.budget else "")

# %% [markdown]
# ## Run it yourself
#
# Any of the parameters above can be set from the command line. This run's own errors are folded away here.

# %% tags=["hide-cell"]
pivot(record, "{group}/{row}/{column}", models, ("mae", "r2"), groups=kinds, form="2")

# %% tags=["remove-input"]
report.provenance(record, "beyond/representations")
