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
# # Training size, batch size, convolutions and atom features of the classifier
#
# **The claim** ({cite:t}`quinn2022`, Results, SI Figs. 1 and 2): beyond some size a larger training set brings no better
# scores, small batches are best, few convolutions suffice, and of the atom features the block helps most.
#
# **The question here**: are the differences between these choices larger than those between seeds?

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
show.claims("quinn2022-classifier-benchmarks")

# %% [markdown]
# ## Data
#
# The compounds of the page on [thresholds](thresholds.ipynb). The paper does not say which threshold its benchmarks use;
# ours stands below the table.

# %% tags=["hide-input"]
show.compounds_card("quinn2022-classifier-benchmarks", profile)

# %% tags=["hide-input"]
show.archives(*experiments.get("quinn2022-classifier-benchmarks").config("full").archives)

# %% [markdown]
# ## Model and training
#
# One thing is changed at a time around the classifier of the page on thresholds. Every variant trains for the same number
# of epochs, so a smaller training set means fewer steps.

# %%
record = experiments.run_or_full(
    "quinn2022-classifier-benchmarks", profile, seeds=seeds, device=device, refresh=refresh
)
full = records.full_record("quinn2022-classifier-benchmarks")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.class_networks(best)

# %% [markdown]
# ## Training size, batch size, convolutions (SI Fig. 1)
#
# Shaded: the ranges that the paper's text names, no gain for the training size, best scores for the batches, and enough
# convolutions. The numbers behind its figures are not in the text at hand.

# %% tags=["hide-input"]
fig.classifier_variants(best)

# %% [markdown]
# ## Atom features (SI Fig. 2)
#
# Group and period are always there; every other feature is added alone, or all at once.

# %% tags=["hide-input"]
fig.feature_gains(best, {"block": "the paper: most", "valence-electrons": "the paper: least"})

# %% tags=["hide-input"]
show.variants_table(best)

# %% tags=["hide-input"]
show.variants_sentence(best)

# %% [markdown]
# ## The paper's statements

# %% tags=["hide-input"]
show.claim_results(best)

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# ## What a reader may conclude
#
# “Ahead of” and “behind” mean: for every seed; otherwise it says “level with”.

# %% tags=["hide-input"]
show.quinn2022_conclusion(best)

# %% [markdown]
# ## Limits
#
# - Each choice is varied around one setting; they may interact.
# - Choices are made on validation crystals. A setting within one standard error of the lowest validation error counts as
#   good as the best; a gain below its own spread over seeds is none. The paper does not say on which crystals its figures
#   stand.
# - Short trainings favour what learns fast: few convolutions, small batches, few features.
# - Of the combinations of features only group and period with one more, and all nine, are run.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "quinn2022/classifier-benchmarks")
