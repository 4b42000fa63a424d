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
# # Which representation finds new superconductors?
#
# **No paper claims this.** Each of the four tests its own representation on its own data, so that their scores do not compare.
# Here all of them read the same compounds and are tested on the same ones: the atom table {cite:p}`zeng2019`, the periodic table
# {cite:p}`konno2021`, the crystal graph {cite:p}`xie2018,quinn2022`, and two plain rivals, a forest on Magpie statistics and trees
# on nothing but atomic fractions.
#
# **The questions**: which errs least on superconductors it has not seen; which ranks those above 10 K before everything else, and
# still does so when they were found later than all it was taught; and does the spread of an ensemble's members say when it is wrong?

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

# %% [markdown]
# ## Data
#
# Superconductors are the compositions of SuperCon for which [a structure is found](../quinn2022/structures.ipynb), one row each. The
# other compounds are those of the Materials Project that SuperCon does not hold, taken as 0 K.

# %% tags=["hide-input"]
experiment = experiments.get("beyond-representations")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %%
record = experiments.run_or_full(
    "beyond-representations", profile, seeds=seeds, device=device, refresh=refresh
)
best = records.full_record("beyond-representations") or record
print(record.describe())
show.budget(best)

# %% [markdown]
# Three test sets: rows at random; chemical systems kept on one side (that of the assigned crystal where there is one, so
# that a few formulas share theirs with a taught one, see the table); and superconductors first reported after 2007,
# taught with those up to 2007 alone, each with the median of its entries up to then. Compositions without a year are in neither side of the last one, and a composition
# that differs by less than 0.001 from a taught one is not asked about.

# %% tags=["hide-input"]
show.beyond_data(best)

# %% tags=["hide-input"]
show.later_entries(best)

# %% [markdown]
# ## Errors on superconductors
#
# Marks: the mean prediction of the ensemble's members; bars: 95 % of the resampled test sets, whole chemical systems at a time.

# %% tags=["hide-input"]
fig.representation_errors(best)

# %% tags=["hide-input"]
show.beyond_errors(best)

# %% [markdown]
# ## Finding superconductors above 10 K
#
# All test compounds are ranked by their predicted Tc. The average precision is one where every superconductor above 10 K stands
# before every other compound, and the share of such compounds where the order is chance. *Found* are those predicted higher than a
# bar that one in a hundred of the validation compounds at 0 K passes; *false positives* are the test compounds at 0 K above it. The
# numbers behind the classes are how many there are to be found in each test set.

# %% tags=["hide-input"]
fig.finds(best)

# %% tags=["hide-input"]
show.beyond_finds(best)

# %% [markdown]
# ### On ordered crystals only
#
# Most superconductors of SuperCon are doped, and none of the other compounds is: broken amounts and shared sites give them away in
# every representation. Here only compounds with whole amounts remain, on both sides.

# %% tags=["hide-input"]
show.beyond_finds(best, "finding-ordered")

# %% [markdown]
# ## Does an ensemble know when it is wrong?
#
# Spread is the standard deviation over the members. The factor that makes it as large as the errors is taken from the validation
# rows and applied to the test rows. On the dashed line, spread and error are the same.

# %% tags=["hide-input"]
fig.reliability(best)

# %% tags=["hide-input"]
show.beyond_spread(best)

# %% [markdown]
# ## What a reader may conclude

# %% tags=["hide-input"]
show.beyond_conclusion(best)

# %% [markdown]
# ## What we had to choose

# %% tags=["hide-input"]
show.beyond_choices()

# %% [markdown]
# ## Limits
#
# - Only compounds with an assigned structure take part, which leaves out what has no relative in the Materials Project, and the
#   structure of a doped compound is that of its parent.
# - That a compound is not in SuperCon does not make it a normal metal or insulator. Some of the false positives may be finds.
# - The networks keep the schedules of their chapters; a search over settings for this task might help any of them.
# - The members of the forests differ in their random draws only, so that their spread is smaller than that of their single trees.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "beyond/representations")
