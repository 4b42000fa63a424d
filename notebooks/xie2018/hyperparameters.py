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
# # Atom features, depth, step size, neighbours
#
# **The claim** ({cite:t}`xie2018`, Fig. S3): compared with the form of the convolution, the other choices hardly matter, and
# the 12 nearest neighbours do as well as a careful definition of bonds.
#
# Everything here is measured on validation crystals; the test crystals are not looked at.

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False

# %% tags=["hide-input"]
from replicate import data, experiments, records
from replicate import display as show
from replicate import figures as fig
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("xie2018-hyperparameters")

# %% [markdown]
# ## Data

# %% tags=["hide-input"]
experiment = experiments.get("xie2018-hyperparameters")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %% [markdown]
# ## Runs
#
# One thing is changed at a time. The step sizes are those of Adam at a constant rate, as in the paper; everything else uses the
# chapter's one-cycle schedule.

# %%
record = experiments.run("xie2018-hyperparameters", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("xie2018-hyperparameters")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.networks(best)

# %% [markdown]
# ## One choice at a time (Fig. S3)

# %% tags=["hide-input"]
fig.hyperparameters(best, ("cgcnn-eq5", "cgcnn-eq4"), "eV/atom")

# %% tags=["hide-input"]
show.sentence(show.hyperparameter_sentence(best))

# %% [markdown]
# ## The paper's statements

# %% tags=["hide-input"]
show.claim_results(best)

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# ## Limits
#
# - Each choice is varied around one setting; they may interact.
# - Short trainings favour what learns fast.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "xie2018/hyperparameters")
