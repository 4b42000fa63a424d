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
# # Candidates for new superconductors

# %% tags=["remove-input"]
import html

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from IPython.display import Markdown

from replicate import data, experiments, report
from replicate.features.composition import parse, reduced_keys
from replicate.notebook import guard
from replicate.report import answer_card, say
from replicate.report.html import literal
from replicate.report.style import INK, PALE, PALETTE, finished
from replicate.results import papers, records

report.use_house_style()
answer_card(
    "konno2021-candidates/cabi2",
    honest=(
        "overlap/periodic-resnet/between_networks",
        "share of candidates that two networks have in common",
    ),
)

# %% [markdown]
# **The claim** ({cite:t}`konno2021`, Sec. V): among the network's candidates are CaBi₂ and Hf₀.₅Nb₀.₂V₂Zr₀.₃,
# superconductors that were not in the database, and BeB₂, the neighbour of MgB₂.
#
# **The question here**: do newly trained networks make the same three predictions, and do two networks agree on the
# rest of the list?
#
# ## The model
#
# The networks are those of [garbage-in](garbage-in.ipynb). A compound is a candidate of one network $f_s$ where its
# predicted Tc exceeds 4 K, and two networks agree as far as their candidates $C_s$ overlap:
#
# $$
# C_s = \{x : f_s(x) > 4\,\mathrm{K}\}, \qquad J_{st} = \frac{|C_s \cap C_t|}{|C_s \cup C_t|}
# $$
#
# Two small networks, trained side by side, predict the three compounds after a few hundred superconductors and as many
# insulators at 0 K. MgB₂ itself is left out.

# %%
from dataclasses import replace

from replicate.evaluation.splits import make_split
from replicate.models.configs import DEEP
from replicate.training.config import FitConfig
from replicate.training.fit import fit, predict

# %%
superconductors = data.load("madml-superconductors").table.sample(300, random_state=0)
superconductors = superconductors[superconductors["formula"] != "MgB2"]
gaps = data.load("zhuo2018-gap").table.query("band_gap > 0")
insulators = gaps["formula"].drop_duplicates().sample(300, random_state=0)
small = replace(DEEP, blocks=1, residual_stages=False)
x = small.inputs(parse([*superconductors["formula"], *insulators]))
y = torch.tensor([*superconductors["critical_temperature"], *[0.0] * 300], dtype=torch.float32)  # K

# %%
named = ["CaBi2", "Hf0.5Nb0.2V2Zr0.3", "BeB2"]
splits = [make_split(range(len(y)), kind="random", seed=seed) for seed in (0, 1)]
recipe = FitConfig(epochs=10, loss="mse", batch_size=32, optimizer="adamw")
recipe = replace(recipe, learning_rate=3e-3, schedule="one-cycle")
result = fit(small.build(seeds=[0, 1]), x, y, splits, recipe, seeds=[0, 1])
predicted = predict(result, small.inputs(parse(named)))  # (2, 3) in K: a line per network
pd.DataFrame(predicted.astype(float), columns=named).round(1)

# %% [markdown]
# ## Data
#
# The networks of the record are trained on SuperCon and the COD's list of 2009, without the three compounds and any
# composition that equals one of them to within 0.001. The pool searched is that list without SuperCon's compositions,
# cuprates and iron-based compounds. Ours is compared with the authors' released list and its predictions.

# %% tags=["remove-input"]
report.experiment_data("konno2021-candidates")

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
    "konno2021-candidates", profile, seeds=seeds, device=device, refresh=refresh, change=change
)
best = records.full_record("konno2021-candidates") or record
print(record.describe())
report.variant(record)

# %% [markdown]
# The settings of the network, as the record has them:

# %%
network = best.config["garbage_in"]["network"]
settings = ["blocks", "residual_stages", "amounts", "edge", "output", "loss", "optimizer", "schedule"]
networks = pd.DataFrame({"with the COD at 0 K": network["model"] | network["fit"]})
print(*(f"{n:,} parameters" for n in sorted({run["parameters"] for run in best.training.values()})), sep="; ")
networks.loc[[*settings, "learning_rate", "batch_size", "epochs"]]

# %% [markdown]
# What each rule of the authors' preparation removes from SuperCon, what remains of the COD's list, and which rows are
# left out of training because they are tested on, or too like those that are:

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
# ### The three compounds
#
# CaBi₂ superconducts at 2 K ({cite:t}`winiarski2016`). A predicted Tc above zero counts as a superconductor, one
# above 4 K as a candidate: the authors' list ends at 4 K. It has CaBi₂ far above its measured Tc.


# %% tags=["hide-input"]
def rows_of(name, formulas):
    """Return the rows of a list of formulas that have the composition of each of some formulas."""
    if not data.available(name):
        return {formula: [] for formula in formulas}
    there = parse(data.load(name).table["formula"].tolist(), file=name, on_error="collect")
    keys = reduced_keys(there)
    wanted = zip(formulas, reduced_keys(parse(formulas)).tolist(), strict=True)
    return {formula: there.rows[keys == key].tolist() for formula, key in wanted}


theirs = {
    formula: data.load("konno-candidates").table["predicted_critical_temperature"].iloc[rows[0]]
    for formula, rows in rows_of("konno-candidates", named).items()
    if rows
}
metrics = {formula: best.metrics[f"candidates/periodic-resnet/{formula}"] for formula in named}
figure, axis = plt.subplots(figsize=(6.6, 4))
for place, (formula, metric) in enumerate(metrics.items()):
    across = place + np.linspace(-0.18, 0.18, len(metric.values))
    axis.plot(
        across,
        metric.values,
        "o",
        color=PALETTE[0],
        alpha=0.8,
        label="single networks" if not place else None,
    )
    axis.errorbar(place + 0.3, metric.mean, yerr=metric.sd or 0, fmt="D", color=PALETTE[1], capsize=3,
                  label="mean ± sd" if not place else None)  # fmt: skip
    if formula in theirs:
        axis.plot([place - 0.4, place + 0.4], [theirs[formula]] * 2, color=INK, lw=1.5)
axis.plot([], [], color=INK, lw=1.5, label="the authors' list")
axis.axhline(4, color=INK, lw=0.8, ls=":", label="candidate above")
axis.set_xticks(range(3), ["CaBi₂", "Hf₀.₅Nb₀.₂V₂Zr₀.₃", "BeB₂"])
axis.set(ylabel="predicted Tc (K)", ylim=(-0.5, None))
axis.grid(axis="y", color=PALE, lw=0.6)
figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9)
finished(figure, "Critical temperatures of the three compounds by single networks and the authors' list.")

# %% [markdown]
# *Predicted Tc of the three compounds, network by network; the line is the authors' prediction.*

# %% tags=["remove-input"]
measured = {
    "CaBi2": f"{papers.stated('konno2021/cabi2-tc').printed} K",
    "Hf0.5Nb0.2V2Zr0.3": f"about {papers.stated('konno2021/hfnbv2zr-tc').printed} K",
    "BeB2": "none",
}
report.table(
    (
        "compound",
        "measured Tc",
        "the authors' list (K)",
        "here (K)",
        "networks above 0 K",
        "candidate, above 4 K",
    ),
    [
        [
            formula,
            measured[formula],
            f"{theirs[formula]:.2f}" if formula in theirs else "not on the list",
            report.spread(metric, 1),
            *(f"{sum(value > t for value in metric.values)} of {len(metric.values)}" for t in (0, 4)),
        ]
        for formula, metric in metrics.items()
    ],
    numeric=(2, 3, 4, 5),
)

# %% tags=["remove-input"]
say(
    best,
    "Hf₀.₅Nb₀.₂V₂Zr₀.₃ and BeB₂ are candidates of every network. CaBi₂ is a candidate of none: some networks "
    "give it a Tc above zero, {candidates/periodic-resnet/CaBi2:1} K on average, nearer to the measured 2 K "
    "than the authors' value.",
    holds="every(candidates/periodic-resnet/BeB2 > 4) and every(candidates/periodic-resnet/Hf0.5Nb0.2V2Zr0.3 > 4)"
    " and every(candidates/periodic-resnet/CaBi2 < 4) and candidates/periodic-resnet/CaBi2 > 0"
    " and not every(candidates/periodic-resnet/CaBi2 > 0)",
)

# %% tags=["remove-input"]
lines = []
if data.available("konno-candidates"):
    released = data.load("konno-candidates").table
    there = parse(released["formula"].tolist(), file="konno-candidates", on_error="collect")
    borides = released.iloc[there.rows[there.only("Be", "B")]]
    listed = ", ".join(f"{literal(f)} ({tc:.1f} K)" for f, tc in borides.iloc[:, :2].itertuples(index=False))
    lines.append(f"Of Be and B only, the authors' list has {listed}, a different ratio from the BeB₂ of the text.")
if data.available("mdr-supercon"):
    entries = data.load("mdr-supercon").table
    known = [
        f"{formula} ({entries['critical_temperature'].iloc[row]:g} K, published {entries['year'].iloc[row]})"
        for formula, rows in rows_of("mdr-supercon", named).items()
        for row in rows
    ]
    lines.append(f"This copy of SuperCon lists {', '.join(known)}; the paper's did not.")
Markdown(" ".join(lines))

# %% tags=["remove-input"]
say(
    best,
    "None of the three compounds is in training, nor any composition that is the same to within 0.001. The "
    "training rows include {data/binary-borides/rows:,} compounds of boron and one other element (the paper: "
    "more than {=konno2021-candidates/binary-borides}), {data/binary-borides/superconductors:,} of them from "
    "SuperCon.",
)

# %% [markdown]
# ### Our candidates
#
# Ranked by the mean over the networks. The distance is the share of atoms to exchange to reach the nearest superconductor
# of the training rows. Click a heading to sort.

# %% tags=["remove-input"]
report.searchable(
    ("rank", "compound", "predicted Tc (K)", "sd over networks (K)", "networks above 4 K",
     "nearest superconductor in training", "atoms to exchange (%)", "on the authors' list"),
    [
        [
            str(rank),
            html.escape(row["compound"]),
            f"{row['tc']:.1f}",
            f"{row['sd']:.1f}",
            f"{row['members']} of {len(best.seeds)}",
            f"{html.escape(row['nearest'])}, {row['nearest_tc']:g} K",
            f"{100 * row['distance']:.1f}",
            "authors too" if row["authors"] else "",
        ]
        for rank, row in enumerate(best.arrays["candidates"], start=1)
    ],
    (0, 2, 3, 6),
    "Filter: an element, authors too",
    caption="Our candidates by predicted critical temperature",
)  # fmt: skip

# %% [markdown]
# ## Honest splits and baselines
#
# A network with very many candidates would include these three whatever it had learned. How many candidates does it
# have, and how many are also on the authors' list?

# %% tags=["remove-input"]
Markdown(f"The pool has {best.metrics['overlap/periodic-resnet/candidates'].n:,} compositions.")

# %% tags=["remove-input"]
say(
    best,
    "Of these a network predicts **{overlap/periodic-resnet/candidates:0}** above 4 K. The "
    "authors' list has {candidates/authors/rows:,} rows, {candidates/authors/other:,} distinct ones that are "
    "neither cuprate nor iron-based, and **{candidates/authors/in_pool:,}** of those are in the pool searched "
    "here. A network's candidates include **{overlap/periodic-resnet/authors_too:1}** of them; as many "
    "compounds drawn at random would include {overlap/periodic-resnet/by_chance:1}. Two networks of this page "
    "share **{overlap/periodic-resnet/between_networks:%}** of their joint candidates: most of the list "
    "changes with the seed.",
    holds="every(overlap/periodic-resnet/authors_too > 10 * overlap/periodic-resnet/by_chance)"
    " and overlap/periodic-resnet/between_networks < 0.5",
)

# %% [markdown]
# No training collapsed, by the rule of the [test by year](temporal-test.ipynb): the R² on validation rows, training by
# training.

# %%
groups = ("garbage-in", "two-means")
pd.DataFrame({name: best.metrics[f"supercon-held/{name}/r2"].values for name in groups}).round(2)

# %% tags=["hide-input"]
report.learning_curves(best, ["garbage-in/periodic-resnet"], "K", {"garbage-in/periodic-resnet": "with the COD at 0 K"})

# %% [markdown]
# *Validation error against the number of epochs.*
#
# ## Limits, and what we had to choose
#
# - The record was trained on a processor, for 3 epochs instead of the 15 of our full settings.
# - The networks learnt that nearly all compositions of the pool have 0 K. A candidate is a composition whose label
#   they did not learn, for chemical reasons or by chance.
# - Structure, stability and doping are not in a composition; some candidates are minerals, glasses or high-pressure
#   phases.
# - A predicted temperature far from the measured one, as for CaBi₂ in the authors' list, is right only about whether
#   the compound superconducts.
# - No candidate on this page was measured: the list is only a suggestion.
#
# ## Every published number

# %% tags=["remove-input"]
report.comparison(record)

# %% tags=["remove-input"]
report.claim_results(best)

# %% [markdown]
# ## Run it yourself
#
# Any of the parameters above can be set from the command line. This run's own predictions are folded away here.

# %% tags=["hide-cell"]
pd.DataFrame({formula: record.metrics[f"candidates/periodic-resnet/{formula}"].values for formula in named}).round(1)

# %% tags=["remove-input"]
report.provenance(record, "konno2021/candidates")
