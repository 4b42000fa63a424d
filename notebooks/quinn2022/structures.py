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
# # Structures for the entries of SuperCon
#
# **The claim** ({cite:t}`quinn2022`, Materials and Methods, Fig. 1A): with a *parent* compound, found heuristically, and the
# dopants put on its sites, more than half of the entries of SuperCon get a crystal structure of the Materials Project.
#
# **The question here**: how many do by a rule that anyone can run, does an independent assignment find the same parents, and
# what does the representation tell a network besides the structure?

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
show.claims("quinn2022-data")

# %% [markdown]
# ## Data
#
# SuperCon as NIMS published it. Entries are counted as they stand; what is learnt from on the other pages are compositions with
# stated amounts, one row each, prepared by the steps below. Structures are those of the Materials Project ({cite:t}`jain2013`),
# and the 3DSC of {cite:t}`sommer2023` is the other assignment.

# %% tags=["hide-input"]
show.compounds_card("quinn2022-data", profile)

# %% tags=["hide-input"]
show.archives(*experiments.get("quinn2022-data").config("full").archives)

# %% [markdown]
# ## How a formula gets a structure
#
# The paper says that it did this, not how. A formula's parent is the simplest known compound that differs from it least; its
# elements then take their places on the parent's sites, as probabilities where several share one.

# %% tags=["hide-input"]
show.assignment_rules()

# %% [markdown]
# ## Run
#
# Nothing is trained. The smaller profiles look at fewer entries, and for parents among those of the 3DSC only.

# %%
record = experiments.run_or_full("quinn2022-data", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("quinn2022-data")
best = full or record
print(record.describe())
show.budget(*fig.panels(full, record).values())

# %% [markdown]
# ## What became of the entries

# %% tags=["hide-input"]
show.entry_counts(best)

# %% tags=["hide-input"]
show.composition_counts(best)

# %% [markdown]
# ## Classes and critical temperatures (Fig. 1A)
#
# The paper counts entries, and so do the bars on the left; on the right are compositions. The last bar also holds what is hotter.

# %% tags=["hide-input"]
printed = {target.metric: target.published for target in papers.targets("quinn2022-data")}
fig.tc_by_class(best, {name: printed[f"data/{name}/rows"] for name in fig.CLASS_NAMES})

# %% [markdown]
# ## Parents
#
# Formulas of the 3DSC are given to the same search, without a look at its answer. A part of them chose the one weight of the
# search; the agreement is that on the others.

# %% tags=["hide-input"]
fig.parent_distances(best)

# %% tags=["hide-input"]
show.agreement_sentence(best)

# %% tags=["hide-input"]
show.commonest_parents(best)

# %% [markdown]
# ### Where the two assignments differ
#
# Often both parents are defensible: an ordered variant of a mixed compound against the plain one, or the same elements in nearly
# the same amounts. An id stands where the 3DSC's archive does not hold the compound.

# %% tags=["hide-input"]
show.disagreements(best)

# %% [markdown]
# ## What the structure gives away
#
# Compounds that serve as non-superconductors come from the Materials Project as they are, and all their sites are full. A shared
# or partly empty site is therefore a mark of having been in SuperCon, before any chemistry is learnt. What that is worth to a
# classifier is on the page of the [thresholds](thresholds.ipynb).

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# ## What a reader may conclude

# %% tags=["hide-input"]
show.quinn2022_conclusion(best)

# %% [markdown]
# ## Limits
#
# - A computed structure of the parent is not the structure of the doped compound: cell and positions do not change with doping.
# - A formula does not say which site is doped, nor which polymorph was measured; the space group of a structure type is a hint.
# - The 3DSC searched the same database with another rule; where both are wrong in the same way they agree.
# - The paper's release of SuperCon had more entries and more columns; the counts compare only roughly.
# - The smaller profiles draw some entries, and find parents among those that the 3DSC uses.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "quinn2022/structures")
