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
# # Experimental formation energies
#
# **The claim** ({cite:t}`zeng2019`, Fig. 3b): the atom-table network predicts measured formation energies more
# accurately than DFT computes them, where a fully connected ElemNet on as many compounds is half as accurate.
#
# **The question here**: how much of that is the network, and how much is the same compound on both sides of the split?

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
show.claims("zeng2019-formation")

# %% [markdown]
# ## Data
#
# `full` uses the authors' own rows. They come from the experimental part of the OQMD, where the same compound
# appears in several compilations, often with an identical value. The authors' file states no licence, so the `quick`
# profile runs on the OQMD's own experimental tables, which are bundled with this package.

# %% tags=["hide-input"]
experiment = experiments.get("zeng2019-formation")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %% [markdown]
# ## Model and training

# %% tags=["hide-input"]
show.formation_networks()

# %%
record = experiments.run("zeng2019-formation", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("zeng2019-formation")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.dropped(best, record)

# %% [markdown]
# ## Predicted against measured (Fig. 3b)

# %% tags=["hide-input"]
fig.parity(
    shown,
    "random/atcnn",
    "formation energy",
    "eV/atom",
    published=show.printed({"MAE": "zeng2019-formation/mae", "“r²”": "zeng2019-formation/r"}),
)

# %% [markdown]
# ## Networks and baselines on three kinds of split

# %% tags=["hide-input"]
fig.scores_by_split(
    best,
    "mae",
    "eV/atom",
    {
        "ATCNN published": papers.target("zeng2019-formation/mae").published,
        "ElemNet published": papers.target("zeng2019-formation/elemnet-mae").published,
    },
)

# %% tags=["hide-input"]
show.scores(best, ("mae", "rmse", "r2", "r"))

# %% tags=["hide-input"]
m = best.metrics
shared = 100 * m["random/split/shared_composition"].mean
show.sentence(
    f"With the {best.profile} profile, **{shared:.0f} %** of the rows of a random test set have their exact composition "
    f"in the training or validation rows. The network's error is **{fig.spread(m['random/atcnn/mae'])} eV/atom** there, "
    f"**{fig.spread(m['composition/atcnn/mae'])}** when a composition stays on one side and "
    f"**{fig.spread(m['system/atcnn/mae'])}** when a chemical system does. The ElemNet-like network reaches "
    f"**{fig.spread(m['random/elemnet/mae'])}** on random rows."
)

# %% [markdown]
# ## How long to train

# %% tags=["hide-input"]
fig.learning_curves(
    best, [key.removeprefix("history/") for key in best.arrays if key.startswith("history/")], "eV/atom"
)

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# ## Limits
#
# - "More accurate than DFT" compares a score on compounds that are mostly known to the network with the error of a
#   calculation that knows none of them; the two grouped splits are the fair comparison.
# - The same value listed twice counts twice, in training and in the test set. Nothing was removed, because the paper
#   removed nothing.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "zeng2019/formation-energy")
