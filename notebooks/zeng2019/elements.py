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
# # What the network knows of the elements

# %% tags=["remove-input"]
from replicate import experiments, report
from replicate.notebook import guard
from replicate.report import answer_card, pivot, say
from replicate.results import records

report.use_house_style()
answer_card(
    "zeng2019-elements/groups-cluster",
    baseline=("plane-named/random/neighbour_agreement", "the same, random features"),
    honest=("features-named/trained/neighbour_agreement", "the same, in all 50 features"),
)

# %% [markdown]
# **The claim** ({cite:t}`zeng2019`, Fig. 4): the 50 values that the formation-energy network's first fully connected
# layer gives for each pure element, seen through their first two principal components, put alkali metals, alkaline
# earths, halogens and rare gases into regions of their own: the network "indeed learns the properties of elements".
#
# **The question here**: is the clustering stronger than in random features, or in an untrained network?
#
# ## The model
#
# The network of the [formation-energy page](formation-energy.ipynb). A pure element $Z$ is an atom table with a single
# pixel of one; the activations of the first fully connected layer are its features (Fig. 4a):
#
# $$
# h(Z) = \phi(W^{1} v(\mathrm{AT}_Z)) \in \mathbb{R}^{50}, \quad \phi(x) = \max(0, x)
# $$

# %%
from replicate import report
from replicate.features.composition import parse
from replicate.models.configs import FORMATION

report.atom_tables(parse(["Na", "K", "Cl"]))

# %% [markdown]
# *Three pure elements. Sodium and potassium behave alike, but in the table chlorine lies much closer to potassium.*
#
# Below, one network learns from a thousand formation energies, and its features are scored before and after.
# *Neighbour agreement* is the share of elements whose nearest neighbour, in the 50 standardised features, belongs to
# their own group.

# %%
import numpy as np
import pandas as pd
import torch

from replicate import data
from replicate.evaluation.splits import make_split
from replicate.experiments.zeng2019.elements import element_features, feature_scores
from replicate.features.periodic_table import main_group_elements
from replicate.training.config import FitConfig
from replicate.training.fit import fit

sample = data.load("experimental-formation-energy").table.sample(1000, random_state=0)
x = FORMATION.inputs(parse(sample["formula"].tolist()))  # (1000, 10, 10)
energies = sample["formation_energy_per_atom"].to_numpy()  # eV/atom
y = torch.tensor(energies, dtype=torch.float32)

# %%
groups = np.array([group for *_, group in main_group_elements()])  # (42,)
model = FORMATION.build(seeds=[0])
before = element_features(model)[0]  # (42, 50)
split = make_split(range(len(y)), kind="random", seed=0)
schedule = FitConfig(25, optimizer="adamw", learning_rate=1e-2, schedule="one-cycle")
result = fit(model, x, y, [split], schedule, seeds=[0])
after = element_features(result.model)[0]
{"before": feature_scores(before, groups), "after": feature_scores(after, groups)}

# %% [markdown]
# ## Data
#
# The rows of the [formation-energy page](formation-energy.ipynb) train the networks. The elements are all those of the
# main groups in periods 1 to 6; the paper shows fewer and does not list them. The authors' own released network is
# read in the same way.

# %% tags=["remove-input"]
names = ("atcnn-formation", "experimental-formation-energy")
report.data_card(*(data.load(name) for name in names if data.available(name)))

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
record = experiments.run("zeng2019-elements", profile, seeds=seeds, device=device, refresh=refresh, change=change)
best = records.full_record("zeng2019-elements") or record
print(record.describe())
report.variant(record)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import seaborn as sns

from replicate.report.style import PALETTE, finished

elements = best.arrays["elements"]
order = sorted(range(len(elements)), key=lambda i: elements[i]["group"])
named = [f"{elements[i]['group']}  {elements[i]['symbol']}" for i in order]
features = np.array(best.arrays["features/trained"])[order]  # (42, 50)
figure, axis = plt.subplots(figsize=(8, 7.2))
bar = {"label": "activation", "shrink": 0.6}
sns.heatmap(features, cmap="mako_r", ax=axis, yticklabels=named, xticklabels=10, cbar_kws=bar)
for place in range(1, len(order)):
    if elements[order[place]]["group"] != elements[order[place - 1]]["group"]:
        axis.axhline(place, color="white", lw=2)
axis.tick_params(axis="y", labelsize=8)
axis.set(xlabel="feature of the first fully connected layer", ylabel="group and element")
finished(figure, "Heat map of the learned features of the elements, one line each, ordered by group.")

# %% [markdown]
# *The 50 features of each element, groups 1, 2 and 13 to 18 from top to bottom; one trained network (Fig. 4a).*

# %% tags=["hide-input"]
colours = dict(zip((1, 2, 13, 14, 15, 16, 17, 18), PALETTE, strict=True))
figure, axes = plt.subplots(1, 2, figsize=(10.5, 5.4))
for axis, (name, title) in zip(
    axes, {"authors": "authors' network", "trained": "ours, first seed"}.items(), strict=True
):
    plane = best.arrays[f"pca/{name}"]
    for element, (x, y) in zip(elements, plane["points"], strict=True):
        colour = colours[element["group"]]
        axis.scatter(x, y, s=18, color=colour if element["rows"] else "none", edgecolor=colour)
        axis.annotate(element["symbol"], (x, y), xytext=(3, 3), textcoords="offset points", fontsize=8)
    first, second = (f"PC {i} ({100 * share:.0f} %)" for i, share in enumerate(plane["explained"], start=1))
    axis.set(xlabel=first, ylabel=second, title=title)
for group, colour in colours.items():
    axes[0].scatter([], [], color=colour, label=f"group {group}")
axes[0].scatter([], [], color="none", edgecolor="grey", label="not in the data")
figure.legend(loc="outside lower center", ncols=5, fontsize=9)
finished(
    figure,
    "Elements in the plane of the first two principal components of their features, coloured by group.",
)

# %% [markdown]
# *Elements in the plane of the first two principal components, coloured by group (Fig. 4b).*

# %% tags=["hide-input"]
seen = [i for i, element in enumerate(elements) if element["rows"]]
activations = np.array(best.arrays["features/trained"])[seen]  # (elements, 50)
scaled = (activations - activations.mean(0)) / np.where(activations.std(0) > 0, activations.std(0), 1)
distances = np.linalg.norm(scaled[:, None] - scaled, axis=2)
np.fill_diagonal(distances, np.inf)
cells = {}
for i, nearest in zip(seen, distances.argmin(1), strict=True):
    element, near = elements[i], elements[seen[nearest]]
    own = element["group"] == near["group"]
    which = "its own group" if own else f"group {near['group']}"
    words = f"{element['symbol']}: nearest is {near['symbol']}, of {which}; {element['rows']} rows of the data hold it"
    cells[element["symbol"]] = (float(not own), near["symbol"], words)
report.element_tables(
    {"nearest element": cells},
    "",
    "Periodic table of the elements in the data with the nearest element of each, dark where it is of another group.",
)

# %% [markdown]
# *Below each element in the data, the one whose learned features are nearest; bright where both are of one group. One
# trained network.*

# %% tags=["remove-input"]
say(
    best,
    "Of the elements that occur in the data, {100 * features-seen/trained/neighbour_agreement:.0f} % have a nearest "
    "neighbour of their own group after training, {100 * features-seen/untrained/neighbour_agreement:.0f} % before, and "
    "{100 * features-seen/random/neighbour_agreement:.0f} % on average with random features. Training does "
    "move similar elements together, but no more than chance can: the best of two hundred draws of random "
    "features does at least as well as every trained network. The same holds for the four groups that the "
    "paper names, in the plane of its figure.",
    holds="features-seen/untrained/neighbour_agreement < features-seen/random/neighbour_agreement"
    " and features-seen/random/neighbour_agreement < features-seen/trained/neighbour_agreement"
    # The largest of 200 draws is 1/3 for the elements in the data and 0.571 for the named groups in the plane.
    " and every(features-seen/trained/neighbour_agreement <= 0.333)"
    " and every(plane-named/trained/neighbour_agreement <= 0.571)",
)

# %% [markdown]
# ## Honest tests and baselines
#
# Four views of the same features: all main-group elements, those that occur in the data, and the paper's four groups
# (alkali metals, alkaline earths, halogens and rare gases), the latter in all 50 features and in the plane.
# *Silhouette* compares the distance to one's own group with that to the nearest other group (1: apart, 0:
# overlapping, negative: mixed). The baselines are the same network before training and random features.

# %% tags=["remove-input"]
views = {
    "features-all": "all main-group elements",
    "features-seen": "elements in the data",
    "features-named": "named groups, all 50 features",
    "plane-named": "named groups, in the plane",
}
sizes = {view: best.metrics[f"{view}/trained/silhouette"].n for view in views}
views = {view: f"{name} ({sizes[view]})" for view, name in views.items()}
sources = {"authors": "authors' network", "trained": "trained here", "untrained": "before training"}
sources["random"] = "random features, average"
scores = ("neighbour_agreement", "silhouette")
pivot(best, "{group}/{row}/{column}", sources, scores, groups=views, corner="features", sample="elements")

# %% [markdown]
# Random features, over all draws:

# %% tags=["hide-input"]
draws = {
    (views[view], score.replace("_", " ")): best.arrays[f"{view}/random/{score}"] for view in views for score in scores
}
pd.DataFrame(draws).T.round(3).astype({"draws": int})

# %% tags=["remove-input"]
say(
    best,
    "The authors' own network, read in the same way, has a nearest neighbour of the same group for "
    "{100 * plane-named/authors/neighbour_agreement:.0f} % of the named elements in the plane and for "
    "{100 * features-named/authors/neighbour_agreement:.0f} % in all 50 features: the plane shows it too "
    "favourably. The mean silhouette is below zero in every view: the groups overlap.",
    holds="features-named/authors/neighbour_agreement < plane-named/authors/neighbour_agreement"
    " and max(features-all/trained/silhouette, features-seen/trained/silhouette, features-named/trained/silhouette,"
    " plane-named/trained/silhouette, plane-named/authors/silhouette) < 0",
)

# %% [markdown]
# ## Limits, and what we had to choose
#
# - The order of the pixels carries some chemistry already: neighbours in a row are neighbours in atomic number,
#   and convolution and pooling mix them. The untrained network shows how much this contributes.
# - Helium, neon, argon, krypton, astatine and radon occur in no compound of the data. Their features come from
#   weights that were trained on other elements.
# - "Close" needs a definition. In the table below, an element is close to a group if, of the groups it does not
#   belong to, that one's mean lies nearest in the 50 features; shares are averaged over the networks.
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
pivot(record, "{group}/{row}/{column}", sources, scores, groups=views, corner="features", sample="elements")

# %% tags=["remove-input"]
report.provenance(record, "zeng2019/elements")
