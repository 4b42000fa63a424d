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
# # Which atom feature serves which class
#
# **The claim** ({cite:t}`quinn2022`, Fig. 3): with one atom feature beside group and period, the first ionisation energy serves
# cuprates best by far and the covalent radius low-Tc superconductors barely; all nine features together are best for every class.
#
# **The question here**: are the differences between features larger than those between seeds?

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
show.claims("quinn2022-features")

# %% [markdown]
# ## Data
#
# The superconductors of each class, as on the page of the [regression](regression.ipynb).

# %% tags=["hide-input"]
show.compounds_card("quinn2022-features", profile)

# %% tags=["hide-input"]
show.archives(*experiments.get("quinn2022-features").config("full").archives)

# %% [markdown]
# ## Models and training
#
# The regression network, its atom features changed: group and period alone, one more feature, all nine, and the best few single
# features joined. Those are chosen by validation error, so that the test set does not pick its own winner. Every set sees the same
# splits.

# %%
record = experiments.run_or_full("quinn2022-features", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("quinn2022-features")
best = full or record
print(record.describe())
show.budget(*fig.panels(full, record).values())

# %% tags=["hide-input"]
show.class_networks(best)

# %% [markdown]
# ## Scores by feature (Fig. 3)
#
# Single features stand in the order of their validation error, the lowest at the top; the dashed line is group and period alone.
# What one feature adds is a gain only where it exceeds the noise floor, the spread over seeds of such a gain.

# %% tags=["hide-input"]
fig.feature_scores(best, show.NAMED_FEATURES)

# %% tags=["hide-input"]
show.feature_table(best)

# %% [markdown]
# ## The features the paper names

# %% tags=["hide-input"]
show.feature_sentence(best)

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
# - Group and period together name an element, so that a network can in principle learn every other feature from them: a gain says
#   what helps training, not what causes superconductivity.
# - The best of many features is partly luck, on validation compounds too; the test set takes no part in the choice.
# - Features are binned as in CGCNN; finer bins might rank otherwise.
# - The iron-based class is small, and its scores scatter most.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "quinn2022/atom-features")
