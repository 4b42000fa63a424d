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
# # Band gaps from the periodic table
#
# **The claim** ({cite:t}`konno2021`, Sec. VII; {cite:t}`konno2020`): the representation serves other properties of inorganic
# materials, such as band gaps, and a convolution that joins the table's edges suits it.
#
# **The question here**: on the very rows and splits of the [atom table's page](../zeng2019/band-gap.ipynb), which of the two
# pictures of a composition does better, and does the joined edge help?

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
show.claims("konno2021-gap")

# %% [markdown]
# ## Data
#
# The measured gaps of {cite:t}`zhuo2018`, bundled, for the comparison; and the author's own two tables, gaps with metals at 0 eV
# and compositions with or without a gap. The paper on band gaps prints scores that could not be had, so none stands on the
# scoreboard.

# %% tags=["hide-input"]
experiment = experiments.get("konno2021-gap")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %% [markdown]
# ## Model and training
#
# The network of this chapter with the absolute error as its loss. *Periodic edge*: where a convolution looks beyond the right
# edge of the table it sees the left edge of the period below, as if the table were wound on a cylinder.

# %%
record = experiments.run_or_full("konno2021-gap", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("konno2021-gap")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.periodic_networks(best)

# %% tags=["hide-input"]
show.dropped(record)

# %% [markdown]
# ## Predicted against measured

# %% tags=["hide-input"]
fig.parity(shown, "random/periodic-resnet", "band gap", "eV")

# %% [markdown]
# ## Two representations on the same splits
#
# Rows marked with the atom table's page come from that page's full record, and stand here only where its splits are the same.

# %% tags=["hide-input"]
fig.scores_by_split(best, "mae", "eV", show.atom_table_errors(best))

# %% tags=["hide-input"]
show.gap_table(best)

# %% [markdown]
# ## The author's own tables
#
# On random rows, and by chemical system, where all compositions of the same elements stay on one side.

# %% tags=["hide-input"]
if any(key.startswith("konno-gap") for key in best.metrics):
    answer = show.own_gap_tables(best)
else:
    answer = show.sentence("The author's own tables belong to the `full` profile.")
answer

# %% [markdown]
# ## How long to train

# %% tags=["hide-input"]
histories = [key.removeprefix("history/") for key in best.arrays if key.startswith("history/random/")]
fig.learning_curves(best, histories, "eV")

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
# - A composition has one gap here; polymorphs with different gaps are noise to every model on this page.
# - Both networks have the schedule of their own chapter; neither was tuned to the other's.
# - On random rows many test compositions are in training too, measured by someone else; the other two splits take them out.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "konno2021/band-gaps")
