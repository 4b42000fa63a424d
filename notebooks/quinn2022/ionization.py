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
# # Ionisation energy of the cations and the Tc of cuprates
#
# **The claim** ({cite:t}`quinn2022`, Fig. 4): the highest critical temperature that cuprates reach rises with the sum of their
# cations' first ionisation energies.
#
# **The question here**: which sum, and is the rise more than the size of the formula?

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
show.claims("quinn2022-ionization")

# %% [markdown]
# ## Data
#
# Cuprates with a [structure](structures.ipynb), and beside them all cuprates of SuperCon with stated amounts.

# %% tags=["hide-input"]
show.compounds_card("quinn2022-ionization", profile)

# %% tags=["hide-input"]
show.archives(*experiments.get("quinn2022-ionization").config("full").archives)

# %% [markdown]
# ## Run
#
# Nothing is trained. The paper does not say what the sum runs over, so there are three readings. The figure's upper limit is a
# dashed line without numbers; here the highest Tc is what all but the hottest hundredth stay below, bin by bin.

# %%
record = experiments.run_or_full("quinn2022-ionization", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("quinn2022-ionization")
best = full or record
print(record.describe())
show.budget(*fig.panels(full, record).values())

# %% [markdown]
# ## Tc and ionisation energy (Fig. 4)

# %% tags=["hide-input"]
fig.ionization_density(best)

# %% tags=["hide-input"]
show.ionization_table(best)

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

# %% tags=["hide-input"]
show.quinn2022_conclusion(best)

# %% [markdown]
# ## Limits
#
# - The sum over a formula grows with the number of cations that are written: layers of copper, calcium and a heavy metal add to it,
#   and these are the compounds with the highest Tc.
# - Copper, barium and the rare earths make narrow columns: a handful of families stands for most of the cuprates.
# - First ionisation energies are those of free atoms, not of the ions in a crystal.
# - An upper envelope depends on its quantile and on its bins.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "quinn2022/ionization")
