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
#
# **The claim** ({cite:t}`zeng2019`, Fig. 4): the 50 values that the formation-energy network's first fully connected
# layer gives for each pure element, seen through their first two principal components, put alkali metals, alkaline
# earths, halogens and rare gases into regions of their own: the network "indeed learns the properties of elements".
#
# **The question here**: is the clustering more than one would see in random features, or in a network that was never
# trained?

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False

# %% tags=["hide-input"]
from replicate import display as show
from replicate import experiments, records
from replicate import figures as fig
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("zeng2019-elements")

# %% [markdown]
# ## Features
#
# The network of the [formation-energy page](formation-energy.ipynb) is given each main-group element of periods 1 to 6
# as a pure compound (the paper shows fewer and does not list them). The authors' own released network is read in the
# same way.

# %%
record = experiments.run("zeng2019-elements", profile, seeds=seeds, device=device, refresh=refresh)
best = records.full_record("zeng2019-elements") or record
print(record.describe())

# %% [markdown]
# ## Heat map (Fig. 4a)
#
# Groups 1, 2 and 13 to 18 from top to bottom; one trained network.

# %% tags=["hide-input"]
fig.element_heatmap(best, "trained")

# %% [markdown]
# ## Principal components (Fig. 4b)

# %% tags=["hide-input"]
panels = {"authors' network": (best, "authors")} if "pca/authors" in best.arrays else {}
fig.element_pca({**panels, f"our network, {best.profile} profile, first seed": (best, "trained")})

# %% [markdown]
# ## A number for the claim
#
# *Neighbour agreement* is the share of elements whose nearest neighbour, in all 50 standardised features, belongs to
# their own group; *silhouette* compares the distance to one's own group with that to the nearest other group (1: apart,
# 0: overlapping, negative: mixed). The paper speaks of four groups and of the plane: *named groups* are alkali metals,
# alkaline earths, halogens and rare gases, scored among themselves. Three rivals: the same network before training, random
# features, and, where the profile has them, the authors' weights.

# %% tags=["hide-input"]
show.element_scores(best)

# %% [markdown]
# And the paper's three statements: "near" means that, of the groups an element does not belong to, this one's mean
# lies nearest in the 50 features. Values are shares, averaged over the networks.

# %% tags=["hide-input"]
show.claim_results(best)

# %% tags=["hide-input"]
m = best.metrics
unseen = [e["symbol"] for e in best.arrays["elements"] if not e["rows"]]
trained, untrained, chance = (
    m[f"features-seen/{k}/neighbour_agreement"].mean for k in ("trained", "untrained", "random")
)
show.sentence(
    f"Of the {len(best.arrays['elements'])} elements, {len(unseen)} stand in no compound of the data "
    f"({', '.join(unseen) or 'none'}): what the network says of them comes from its other pixels, not from data of theirs. Among the "
    f"{len(best.arrays['elements']) - len(unseen)} others the nearest neighbour is of the same group in "
    f"**{100 * trained:.0f} %** of the cases after training, {100 * untrained:.0f} % before, and {100 * chance:.0f} % "
    f"for random features ({best.profile} profile, {len(best.seeds)} seeds)."
)

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# ## Limits
#
# - Two principal components of 50 are a picture; the scores stand for both, the plane and all 50.
# - The order of the pixels carries some chemistry already: neighbours in the 10 × 10 table are neighbours in atomic
#   number, and convolution and pooling mix them. The untrained network shows how much that gives for free.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "zeng2019/elements")
