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
# # Status
#
# What was run, where, with which versions, and how long it took; which data were at hand when this book was built.

# %% [markdown]
# ## Experiments

# %% tags=["remove-input"]
from replicate import display as show
from replicate.notebook import guard

guard(globals())
show.run_status()

# %% [markdown]
# ## Data

# %% tags=["remove-input"]
show.data_status()

# %% [markdown]
# ## Speed
#
# From the last `make bench` whose result is committed. Speeds belong to the machine; the ratios travel.

# %% tags=["remove-input"]
show.bench_sentence()

# %% tags=["remove-input"]
show.bench_table()

# %% [markdown]
# ## Versions of this build

# %% tags=["remove-input"]
show.version_table()
