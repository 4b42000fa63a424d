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
# # A test by year

# %% tags=["remove-input"]
import html

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from IPython.display import Markdown

from replicate import experiments, report
from replicate.notebook import guard
from replicate.report import answer_card, pivot, say
from replicate.report.html import literal
from replicate.report.style import INK, PALE, PALETTE, SILVER, finished
from replicate.results import papers, records

report.use_house_style()
answer_card(
    "konno2021-hosono/regression-0k-precision",
    baseline=("above-0K/baseline/precision", "drawn from the list at random"),
)

# %% [markdown]
# **The claim** ({cite:t}`konno2021`, Sec. IV, Table I): trained on what was known before 2010, the network predicts
# which of the materials that {cite:t}`hosono2015` report as tried since then superconduct, far better than chance and
# than a random forest.
#
# **The question here**: is Table I reproduced, over several trainings and against more baselines, and can the network
# recognise the two sources of its training data by something other than chemistry?
#
# ## The model
#
# There are two kinds of network. *Regression* predicts Tc and is cut at 0 or 10 K; *classification* is trained for
# one of these thresholds, with a logistic output $p$ and the cross-entropy as its loss:
#
# $$
# \mathcal{L} = -\frac{1}{N} \sum_{i=1}^{N} \bigl[ t_i \ln p_i + (1 - t_i) \ln(1 - p_i) \bigr], \qquad
# p_i = \frac{1}{1 + e^{-f(x_i)}}
# $$
#
# Both learn from superconductors and from compounds of the COD at 0 K ([garbage-in](garbage-in.ipynb)). Here a small
# classifier learns to separate superconductors from insulators with a measured band gap.

# %%
from dataclasses import replace

from replicate import data
from replicate.evaluation import metrics
from replicate.evaluation.splits import make_split
from replicate.features.composition import parse
from replicate.models.configs import DEEP
from replicate.training.config import FitConfig
from replicate.training.fit import fit, predict

# %%
superconductors = data.load("madml-superconductors").table["formula"].sample(300, random_state=0)
gaps = data.load("zhuo2018-gap").table.query("band_gap > 1")
insulators = gaps["formula"].drop_duplicates().sample(300, random_state=0)
small = replace(DEEP, blocks=1, residual_stages=False, output="logit")
x = small.inputs(parse([*superconductors, *insulators]))
y = torch.tensor([1.0] * 300 + [0.0] * 300)

# %%
split = make_split(range(len(y)), kind="random", seed=0)
recipe = FitConfig(epochs=10, loss="bce", batch_size=32, optimizer="adamw")
recipe = replace(recipe, learning_rate=3e-3, schedule="one-cycle")
result = fit(small.build(seeds=[0]), x, y, [split], recipe, seeds=[0])
logits = torch.from_numpy(predict(result, x, split.test[None])[0])  # (120,)
metrics.classification_metrics(y[split.test].numpy() > 0, logits.sigmoid().numpy())

# %% [markdown]
# Insulators are easy to recognise. The test list, of compounds that experts considered likely superconductors, is
# much harder.
#
# ## Data
#
# SuperCon entries with a year up to 2009, the COD's list of that year at 0 K, and the authors' test list. A formula's
# Tc is the median of its entries *up to that year*: later measurements of a known compound are not used either.
# Compositions that equal one of the test list, to within 0.001 of every fraction, are removed from both training
# sources.

# %% tags=["remove-input"]
report.experiment_data("konno2021-hosono")

# %% [markdown]
# ## The record
#
# The networks are trained on the formula's coefficients, as the authors do, and once on fractions. A random forest on
# Magpie statistics (the paper's comparison), extra trees and a nearest neighbour see the same rows; the model of
# [superconductors only](preliminary.ipynb) has seen entries of all years.

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
    "konno2021-hosono", profile, seeds=seeds, device=device, refresh=refresh, change=change
)
best = records.full_record("konno2021-hosono") or record
print(record.describe())
report.variant(record)

# %% [markdown]
# The settings of the networks, as the record has them:

# %%
nets = dict(zip(("regression", "regression, fractions"), best.config["regression"], strict=True))
nets["classification"] = best.config["classification"][0]
nets["superconductors only"] = best.config["preliminary"]["networks"][0]
settings = ["blocks", "residual_stages", "amounts", "edge", "output", "loss", "optimizer", "schedule"]
networks = pd.DataFrame({name: net["model"] | net["fit"] for name, net in nets.items()})
print(*(f"{n:,} parameters" for n in sorted({run["parameters"] for run in best.training.values()})), sep="; ")
networks.loc[[*settings, "learning_rate", "batch_size", "epochs"]]

# %% [markdown]
# What each rule of the authors' preparation removes from SuperCon, what remains of the COD's list, and which rows are
# left out of training because they are tested on:

# %% tags=["remove-input"]
report.cleaning_steps(best)

# %%
cod_lists = {key: row for key, row in best.arrays.items() if key.startswith("cod/")}
pd.DataFrame.from_dict(cod_lists, orient="index").map("{:,}".format)

# %%
left_out = {key: rows for key, rows in best.arrays.items() if key.startswith("kept-out/")}
cut = sum(part["rows"] for key, parts in best.arrays.items() if key.startswith("cut/") for part in parts)
print(f"training rows with a coefficient over 100, cut to it: {cut}")
pd.DataFrame.from_dict(left_out, orient="index").map("{:,}".format)

# %% [markdown]
# How the median Tc of a formula would move if its entries after 2009 were used (in K):

# %%
moved = {key: row for key, row in best.arrays.items() if key.startswith("later/")}
pd.DataFrame.from_dict(moved, orient="index").map("{:,}".format)

# %% tags=["remove-input"]
unreadable = "; ".join(
    f"row {row}, {literal(formula)}: {literal(reason)}" for row, formula, reason in best.arrays["list/unreadable"]
)
Markdown(f"An entry of the authors' list that is no formula is left out: {unreadable}.")

# %% tags=["remove-input"]
say(
    best,
    "The list has {data/hosono/rows:,} rows, {data/hosono/nonsuperconductors:,} of them at 0 K; the paper speaks of "
    "about {=konno2021-hosono/materials} and {=konno2021-hosono/nonsuperconductors}. The networks learn from "
    "{data/training/superconductors:,} compositions of SuperCon and {data/training/cod:,} of the COD. The "
    "median compound of the list differs from the nearest superconductor in training in "
    "{100 * data/hosono/median_distance:.0f} % of its atoms; {100 * data/hosono/within_5_percent:.0f} % of the "
    "list differ in less than 5 %.",
)

# %% [markdown]
# ### Table I
#
# *Precision* is the share of superconductors among the compounds predicted to superconduct, *recall* the share of the
# superconductors that are predicted to.

# %% tags=["hide-input"]
models = {
    "regression": "Regression",
    "regression-fractions": "Regression on fractions",
    "classification": "Classification",
    "forest": "Random forest",
    "extra-trees-fractions": "Extra trees on fractions",
    "nearest": "Nearest neighbour",
    "preliminary": "Superconductors only",
}
in_table = {
    "regression": "Our DL model Reg",
    "classification": "Our DL model Cls",
    "forest": "Random Forest Cls",
}
table1 = papers.table("konno2021", "table1").set_index(["threshold", "model"])
figure, axes = plt.subplots(2, 1, figsize=(5.6, 10.2))
for axis, threshold in zip(axes, (0, 10), strict=True):
    for colour, mark, (model, label) in zip((*PALETTE[:6], INK), "osD^vPX", models.items(), strict=True):
        precision, recall = (best.metrics[f"above-{threshold}K/{model}/{s}"] for s in ("precision", "recall"))
        axis.errorbar(
            100 * recall.mean, 100 * precision.mean, xerr=100 * (recall.sd or 0), yerr=100 * (precision.sd or 0),
            fmt=mark, color=colour, capsize=2, lw=1, label=label,
        )  # fmt: skip
        if model in in_table:
            row = table1.loc[threshold, in_table[model]]
            hollow = {"mfc": "none", "mec": colour, "ms": 11, "mew": 1.6, "label": f"_{label}, published"}
            axis.plot(row["recall"], row["precision"], mark, **hollow)
    share = best.metrics[f"above-{threshold}K/baseline/precision"].mean
    axis.axhline(100 * share, color=SILVER, lw=1, ls="--", label="share on the list")
    axis.set(title=f"Tc above {threshold} K", xlabel="recall (%)", ylabel="precision (%)", xlim=(-4, 104))
    axis.set_ylim(-4, 104)
    axis.grid(color=PALE, lw=0.6)
axes[0].plot([], [], "o", mfc="none", mec=INK, ms=11, mew=1.6, label="published, hollow")
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9)
finished(figure, "Precision against recall of each model above 0 K and above 10 K, with the printed values.")

# %% [markdown]
# *Precision against recall, mean and spread over the networks; hollow marks are the paper's.*

# %% tags=["remove-input"]
scores = {"accuracy": "accuracy", "precision": "precision", "recall": "recall", "f1": "F1", "auc": "AUC"}
scores |= {"predicted_positive": "predicted to superconduct", "sigma": "σ", "sigma_list": "σ, list"}
forms = {"auc": "2", "sigma": "1", "sigma_list": "1"}
forms = dict.fromkeys(scores, "%") | forms
pivot(best, "above-0K/{row}/{column}", models, scores, form=forms, printed="konno2021-hosono/{row}-0k-{column}",
      corner="above 0 K")  # fmt: skip

# %% tags=["remove-input"]
pivot(best, "above-10K/{row}/{column}", models, scores, form=forms, printed="konno2021-hosono/{row}-10k-{column}",
      corner="above 10 K")  # fmt: skip

# %% [markdown]
# *Predicted to superconduct: as a share of the list. σ: how many standard deviations the precision is above the share
# of superconductors on the list, for a sample as large as the compounds predicted to superconduct; "list": for a
# sample as large as the whole list, as in the paper.*

# %% tags=["remove-input"]
say(
    best,
    "A compound drawn from the list superconducts above 0 K in {100 * above-0K/baseline/precision:.1f} % of cases (printed "
    "{=konno2021-hosono/baseline-0k}), above 10 K in {100 * above-10K/baseline/precision:.1f} % (printed "
    "{=konno2021-hosono/baseline-10k}). Regression reaches a precision of **{above-0K/regression/precision:%}** above "
    "0 K, {above-0K/regression/precision / above-0K/baseline/precision:.1f} times the share; the paper prints "
    "{=konno2021-hosono/regression-0k-precision}, about twice. Above 10 K it is **{above-10K/regression/precision:%}**, "
    "{above-10K/regression/precision / above-10K/baseline/precision:.1f} times the share; the paper prints "
    "{=konno2021-hosono/regression-10k-precision}, about seven times.",
    holds="1.1 < above-0K/regression/precision / above-0K/baseline/precision < 1.8"
    " and 5 < above-10K/regression/precision / above-10K/baseline/precision < 7",
)

# %% tags=["remove-input"]
say(
    best,
    "**Better than a forest?** By F1 above 0 K regression is better, {above-0K/regression/f1:%} against "
    "{above-0K/forest/f1:%}. But F1 depends on the threshold. By the AUC, which does not, the forest is "
    "better, {above-0K/forest/auc:2} against {above-0K/regression/auc:2}. The classifier has the highest AUC "
    "of the three, {above-0K/classification/auc:2}.",
    holds="every(above-0K/forest/f1 < above-0K/regression/f1) and every(above-0K/regression/auc < above-0K/forest/auc)"
    " and every(above-0K/forest/auc < above-0K/classification/auc)",
)

# %% tags=["remove-input"]
say(
    best,
    "The model of superconductors only calls {above-0K/preliminary/predicted_positive:%} of the list superconductors, as "
    "the paper says: nearly all.",
    holds="above-0K/preliminary/predicted_positive > 0.95",
)

# %% [markdown]
# ### Which models have the printed AUCs?
#
# The text prints two AUCs, “respectively”, for the random forest and for classification above 0 K. A ROC curve through
# a known point, a recall $t$ at a false positive rate $f$, can enclose no more than $1 - f(1 - t)$: left of the point it
# stays at or below $t$, right of it at or below 1. The printed precision $p$ and recall fix the point,
# $f = t\,(1/p - 1)\,P/N$ with $P$ superconductors and $N$ others on the list.

# %%
others = round(best.metrics["data/hosono/nonsuperconductors"].mean)
listed = round(best.metrics["data/hosono/rows"].mean)
most = {}
for model in ("Our DL model Cls", "Our DL model Reg"):
    printed = table1.loc[0, model]
    # Half a printed digit on either side: the largest of the four corners.
    corners = [(printed["precision"] + a, printed["recall"] + b) for a in (-0.5, 0.5) for b in (-0.5, 0.5)]
    most[model] = max(metrics.largest_auc(p / 100, r / 100, listed - others, others) for p, r in corners)
pd.Series(most, name="largest AUC").round(4)

# %% tags=["remove-input"]
say(
    best,
    "So neither of the paper's networks above 0 K can have the printed {=konno2021-hosono/forest-10k-auc}. Our forests have "
    "{above-0K/forest/auc} above 0 K and {above-10K/forest/auc} above 10 K: the two numbers, "
    "{=konno2021-hosono/forest-0k-auc} and {=konno2021-hosono/forest-10k-auc}, are compared with the forest's "
    "at the two temperatures. If the printed scores are means over trainings, the bound holds for each "
    "training, and nearly for the means.",
    holds="abs(above-0K/forest/auc - published('konno2021-hosono/forest-0k-auc')) < 0.015"
    " and abs(above-10K/forest/auc - published('konno2021-hosono/forest-10k-auc')) < 0.015",
)

# %% [markdown]
# ### How many standard deviations?
#
# The paper's distance between precision and share on the list divides by $\sqrt{b(1 - b)/n}$ with the share $b$ and
# $n$ the whole list. A precision is a share of the compounds *called superconducting*; with their number for $n$ the
# distance says how unlikely such a precision is for a random sample of that size.


# %%
def sigmas(precision: float, share: float, n: float) -> float:
    """Return how far a precision lies above the share on the list, in standard deviations for n compounds."""
    return (precision - share) / (share * (1 - share) / n) ** 0.5


precision, recall = table1.loc[(0, "Our DL model Reg"), ["precision", "recall"]] / 100
share = table1.loc[(0, "Baseline"), "precision"] / 100
called = (listed - others) * recall / precision
for n in (listed, called):
    print(f"n = {n:.0f}: {sigmas(precision, share, n):.1f} standard deviations")

# %% tags=["remove-input"]
about = papers.stated("konno2021/precision-sigma").printed
Markdown(
    f"With the {listed} compounds of the list for $n$ the printed scores give what the paper says, about {about}; with "
    f"the {called:.0f} that they say were called superconducting they give less."
)

# %% tags=["remove-input"]
say(
    best,
    "Our networks, counted in the same two ways, lie {above-0K/regression/sigma_list:1} and "
    "**{above-0K/regression/sigma:1}** standard deviations above the share.",
    holds="above-0K/regression/sigma < above-0K/regression/sigma_list < 10",
)

# %% [markdown]
# ### Collapsed trainings
#
# A training that failed says something about the optimiser, not about the method. Here a training has collapsed if
# its R² on validation rows is no higher than that of two numbers, the mean of the cuprates and the mean of all
# others.

# %%
groups = ("periodic-resnet", "periodic-resnet-fractions", "two-means")
r2 = pd.DataFrame({name: best.metrics[f"temporal-held/{name}/r2"].values for name in groups})
r2.assign(precision_above_10K=best.metrics["above-10K/regression/precision"].values).round(2)

# %% tags=["remove-input"]
say(
    best,
    "No training collapsed. Still, one regression network has no hit above 10 K; it is included in every mean.",
    holds="every(temporal-held/two-means/r2 < temporal-held/periodic-resnet/r2)"
    " and every(temporal-held/two-means/r2 < temporal-held/periodic-resnet-fractions/r2)"
    " and not every(above-10K/regression/precision > 0)",
)

# %% [markdown]
# ### Raising the threshold
#
# Of the compounds whose predicted Tc lies above a temperature, how many superconduct at all?

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(2, 1, figsize=(6.2, 6.6), sharex=True)
for colour, model in zip(PALETTE, ("regression", "regression-fractions"), strict=False):
    measured, predicted = np.array([row[1:3] for row in best.arrays[f"predicted/{model}"]], dtype=float).T
    # Each distinct prediction but the highest is a threshold: above that one nothing is left.
    steps = np.unique([0.0, *predicted])[:-1]
    shares = [100 * (measured[predicted > step] > 0).mean() for step in steps]
    left.plot(steps, shares, color=colour, drawstyle="steps-post", label=models[model])
    right.plot(steps, [(predicted > step).sum() for step in steps], color=colour, drawstyle="steps-post")
share = 100 * best.metrics["above-0K/baseline/precision"].mean
left.axhline(share, color=SILVER, ls="--", lw=1, label="share on the list")
left.set(ylabel="of these superconduct (%)", ylim=(-4, 104))
left.legend(loc="lower right", fontsize=9)
right.set(xlabel="predicted Tc above (K)", ylabel="compounds above it", ylim=(0, None), xlim=(0, None))
for axis in (left, right):
    axis.grid(color=PALE, lw=0.6)
finished(figure, "Share of the listed compounds predicted above a temperature that superconduct, and their number.")

# %% [markdown]
# *Share of superconductors among the compounds predicted above a temperature, by the mean of the networks, and their
# number.*
#
# ### The size of a formula
#
# The authors use the coefficients of a formula as they are. SuperCon writes one formula unit, the COD often the whole
# cell: a network can recognise the source by the sum of the coefficients, and since all of the COD is at 0 K, size
# alone hints at the answer. The test list is written like SuperCon. Fractions remove the hint.

# %% tags=["hide-input"]
sources = {"supercon": "SuperCon", "cod": "COD at 0 K", "list": "test list"}
figure, axis = plt.subplots(figsize=(6.6, 2.4))
for place, (colour, source) in enumerate(zip(PALETTE, sources, strict=False)):
    low, quarter, median, three_quarters, high = best.arrays[f"atoms/{source}"]
    axis.plot([low, high], [place, place], color=colour, lw=1.5)
    axis.plot([quarter, three_quarters], [place, place], color=colour, lw=9, alpha=0.55, solid_capstyle="butt")
    axis.plot(median, place, "o", color=colour, mec="white", ms=8)
    axis.annotate(f"{median:g}", (median, place), (0, 9), textcoords="offset points", ha="center", fontsize=9)
    axis.annotate(f"{high:.3g}", (high, place), (5, -4), textcoords="offset points", fontsize=9)
axis.set_xscale("log")
axis.set_xticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
axis.xaxis.set_minor_formatter(mpl.ticker.NullFormatter())
axis.set_yticks(range(3), list(sources.values()))
axis.set(ylim=(2.6, -0.6), xlabel="sum of the coefficients of a formula")
finished(figure, "Sum of the coefficients per formula for SuperCon, the COD and the test list.")

# %% [markdown]
# *Sum of the coefficients: median (point), middle half (bar) and middle 80 % (line).*

# %% tags=["remove-input"]
say(
    best,
    "Fractions change little. Above 0 K the precision is {above-0K/regression/precision:%} with coefficients and "
    "{above-0K/regression-fractions/precision:%} with fractions, the recall {above-0K/regression/recall:%} and "
    "{above-0K/regression-fractions/recall:%}, the AUC {above-0K/regression/auc:2} and "
    "{above-0K/regression-fractions/auc:2}.",
    holds="abs(above-0K/regression/precision - above-0K/regression-fractions/precision) < sd(above-0K/regression/precision)"
    " and abs(above-0K/regression/recall - above-0K/regression-fractions/recall) < sd(above-0K/regression/recall)"
    " and abs(above-0K/regression/auc - above-0K/regression-fractions/auc) < sd(above-0K/regression-fractions/auc)",
)

# %% [markdown]
# ### The list, compound by compound
#
# “Most networks” compares the majority of the regression networks with the measurement.

# %% tags=["remove-input"]
report.searchable(
    ("compound", "measured Tc (K)", "predicted (K)", "sd over networks (K)", "above 0 K", "most networks"),
    [
        [
            html.escape(str(formula)),
            f"{tc:g}",
            f"{mean:.1f}",
            f"{sd:.1f}",
            f"{above} of {len(best.seeds)}",
            "right" if (above > len(best.seeds) / 2) == (tc > 0) else "wrong",
        ]
        for formula, tc, mean, sd, above in best.arrays["predicted/regression"]
    ],
    (1, 2, 3),
    "Filter: an element, wrong",
    caption="Hosono's compounds, measured and predicted",
)

# %% [markdown]
# ## Honest splits and baselines
#
# A test by year still contains relatives: compounds of the same elements as a superconductor in the training rows.
# Compounds of new chemical systems are harder; the AUC is that of the networks' mean.

# %%
new = np.array(best.arrays["list/new_system"], dtype=bool)
by_system = []
for systems, rows in {"new": new, "known": ~new}.items():
    line = {"chemical system": systems, "compounds": rows.sum()}
    for model, words in {"regression": "coefficients", "regression-fractions": "fractions"}.items():
        tc, predicted = np.array([row[1:3] for row in best.arrays[f"predicted/{model}"]], dtype=float).T
        line["superconduct (%)"] = round(100 * (tc[rows] > 0).mean())
        line[f"AUC, {words}"] = metrics.classification_metrics(tc[rows] > 0, predicted[rows])["auc"]
    by_system.append(line)
pd.DataFrame(by_system).set_index("chemical system").round(2)

# %% tags=["hide-input"]
histories = [key.removeprefix("history/") for key in best.arrays if key.startswith("history/temporal/")]
report.learning_curves(best, histories, "K", dict(zip(histories, ("coefficients", "fractions"), strict=True)))

# %% [markdown]
# *Validation error of the regression networks against the number of epochs.*
#
# Experts chose the compounds of the list: the scores hold for such lists, not for compositions drawn from a database.
#
# ## Limits, and what we had to choose
#
# - The record was trained on a processor: for 3 epochs instead of the 15 of our full settings, the model of
#   superconductors only for 12 instead of 60.
# - A compound counts as above 10 K where its Tc exceeds 10 K; one on the list has exactly 10 K. One entry that is not
#   a formula is left out.
# - 0 K on the list means that no superconductivity was found down to the temperature that was reached.
# - A list of a few hundred compounds scatters: the σ in the table describes a random sample from the list, not a
#   different list.
# - The text mentions more materials than the authors' file has: according to their notes, entries that overlap
#   SuperCon or the COD were removed from it. The printed baselines and accuracies follow from the file; some printed
#   precisions, recalls and F1 fit no single count of its rows, and may be means over trainings.
# - Years are read from the journal's name. Entries without a readable year are not used, which loses some early ones.
# - By the argument above, two printed AUCs are compared with the forest's at two temperatures; the authors may have
#   meant other models.
#
# ## Every published number

# %% tags=["remove-input"]
report.comparison(record)

# %% tags=["remove-input"]
report.claim_results(best)

# %% [markdown]
# ## Run it yourself
#
# Any of the parameters above can be set from the command line. This run's own scores are folded away here.

# %% tags=["hide-cell"]
pivot(record, "above-0K/{row}/{column}", models, scores, form=forms, corner="above 0 K")

# %% tags=["remove-input"]
report.provenance(record, "konno2021/temporal-test")
