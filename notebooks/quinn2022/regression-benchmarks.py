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
# # Training size, epochs and convolutions of the regression
#
# **The claim** ({cite:t}`quinn2022`, Fig. 5): the combined model stops improving with more training compounds and with more epochs,
# and five convolutions are best.
#
# **The question here**: do the curves level off where the paper's do, and does the number of convolutions matter more than the seed?

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False

# %% tags=["hide-input"]
from replicate import display as show
from replicate import experiments, papers, records
from replicate import figures as fig
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("quinn2022-regression-benchmarks")

# %% [markdown]
# ## Data
#
# All superconductors with a structure, as on the page of the [regression](regression.ipynb).

# %% tags=["hide-input"]
show.compounds_card("quinn2022-regression-benchmarks", profile)

# %% tags=["hide-input"]
show.archives(*experiments.get("quinn2022-regression-benchmarks").config("full").archives)

# %% [markdown]
# ## Models and training
#
# The combined model, one thing changed at a time. A number of epochs is a whole one-cycle schedule of that length, not a point
# along a longer one; a smaller training set is part of the larger ones, with the same validation and test compounds.

# %%
record = experiments.run_or_full(
    "quinn2022-regression-benchmarks", profile, seeds=seeds, device=device, refresh=refresh
)
full = records.full_record("quinn2022-regression-benchmarks")
best = full or record
print(record.describe())
show.budget(*fig.panels(full, record).values())

# %% tags=["hide-input"]
show.class_networks(best)

# %% [markdown]
# ## One thing at a time (Fig. 5)

# %% tags=["hide-input"]
fig.benchmark_curves(
    best,
    {
        "convolutions": (
            papers.target("quinn2022-regression-benchmarks/convolutions").published,
            "best in the paper",
        ),
        "epochs": (papers.stated("quinn2022/epochs").values[0], "the paper stops before"),
    },
    papers.stated("quinn2022/regression-rows").values,
)

# %% tags=["hide-input"]
show.benchmark_table(best)

# %% [markdown]
# ## How long to train

# %% tags=["hide-input"]
labels = show.benchmark_histories(best)
fig.learning_curves(best, list(labels), "K", labels)

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
# - Random rows: more training compounds also means more siblings of each test compound, see [regression](regression.ipynb).
# - Short schedules favour small networks; the best number of convolutions may move with the epochs.
# - “Best” means lowest error on validation compounds, and a number within one standard error of it is as good; the paper does
#   not say on which compounds its figures stand.
# - One setting is varied around one point; settings may interact.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "quinn2022/regression-benchmarks")
