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
# # Critical temperatures from superconductors only
#
# **The claim** ({cite:t}`konno2021`, Sec. II, Fig. 2): a residual network that sees a formula laid out on the periodic table
# predicts the critical temperatures of SuperCon with an R² above that of a random forest on hand-made features.
#
# **The question here**: what is the score worth when relatives of the test compounds are not in training, do trees on the same
# composition need the network, and which of the worst errors are errors of the database?

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False

# %% tags=["hide-input"]
from replicate import data, experiments, papers, records
from replicate import display as show
from replicate import figures as fig
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("konno2021-preliminary")

# %% [markdown]
# ## Data
#
# SuperCon as NIMS published it, prepared by the rules of the authors' code, one step per rule. The forest above 10 K uses the
# list of {cite:t}`stanev2018`, from which the paper quotes it. No list of superconductors large enough for this is bundled, so
# every profile needs the download; without it this page shows the full record alone.

# %% tags=["hide-input"]
experiment = experiments.get("konno2021-preliminary")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %% [markdown]
# ## Model and training
#
# A 1 × 1 convolution, residual blocks on the 7 × 32 table with one plane per valence block, stages that narrow the map, and
# three linear layers, as in the released network. How it was trained is not public; the settings below are ours. Trees, a
# nearest neighbour and a forest stand beside it on the same splits.

# %%
record = experiments.run_or_full(
    "konno2021-preliminary", profile, seeds=seeds, device=device, refresh=refresh
)
full = records.full_record("konno2021-preliminary")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.periodic_networks(best)

# %% tags=["hide-input"]
show.cleaning_steps(best)

# %% [markdown]
# ## Predicted against measured (Fig. 2)

# %% tags=["hide-input"]
fig.parity(
    shown,
    "random/periodic-resnet",
    "Tc",
    "K",
    published=show.printed({"R²": "konno2021-preliminary/r2"}),
)

# %% [markdown]
# ## Models and splits
#
# By chemical system, all compounds of the same elements stay on one side of the split.

# %% tags=["hide-input"]
fig.scores_by_split(
    best, "r2", "", {"published, random rows": papers.target("konno2021-preliminary/r2").published}
)

# %% tags=["hide-input"]
show.scores(best, ("r2", "mae", "rmse"))

# %% [markdown]
# ### The forest above 10 K

# %% tags=["hide-input"]
show.forest_sentence(best)

# %% [markdown]
# ## The worst errors
#
# Test compounds whose error exceeds three times the root mean square of their test set. A record is *suspect* where at least
# three other entries, alike to within one atom in a hundred, agree with each other on a Tc nearer to the prediction. A suspect
# record may still be right: doping at the edge of a phase, pressure, or a film can all move Tc.

# %% tags=["hide-input"]
show.outliers(best)

# %% [markdown]
# ## How long to train
#
# The network of the logarithm has another unit and is left out.

# %% tags=["hide-input"]
histories = [key.removeprefix("history/") for key in best.arrays if key.startswith("history/")]
fig.learning_curves(best, [key for key in histories if not key.endswith("-log")], "K")

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
show.konno2021_conclusion(best)

# %% [markdown]
# ## Limits
#
# - The test rows come from the same literature as the training rows; a random split says how well gaps in known series are
#   filled.
# - A composition has no single Tc: structure, pressure and preparation are not in the formula.
# - The four hydrides under pressure that the authors add to their data of 2018 are not added here; our later copy of SuperCon
#   holds two of them.
# - The authors' copy of SuperCon, their table of pure elements and their split are not public; rows and R² differ with them.
# - The variants with fractions and with the logarithm of Tc share the schedule of the main network; neither was tuned.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "konno2021/preliminary")
