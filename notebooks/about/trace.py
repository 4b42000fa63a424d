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
# # Trace, check and cite a number
#
# Where does a number of this book come from, can it be checked without training, and how is it cited? On the pages a click
# on a verdict shows it; on the command line `replicate show zeng2019-metal/auc --verify` does. The names of all numbers are
# in `replicate report`.

# %% tags=["parameters"]
# parameters: what a reader may change; any name that `replicate report` prints
number = "zeng2019-metal/auc"

# %%
import replicate
from replicate.notebook import guard

guard(globals())
trace = replicate.show(number)
print(trace)

# %% [markdown]
# The rule says why the verdict is what it is. The record is a file of the repository; its key is a hash of settings,
# seeds and data, so that a record answers for nothing else. A commit that is *not in this history* cannot be looked up
# here: settings and data of the record are complete, its exact code is not to be had.
#
# ## Check it
#
# The check compares the data with the digests in the record, draws the splits again, loads the stored weights where
# there are some and computes the number from them. Nothing is trained.

# %%
check = replicate.verify(number)
print(check)

# %% [markdown]
# Shipped weights have half precision, so the last digits may differ. Where nothing can be recomputed the last line says
# why. The data can also be checked by hand:

# %%
from replicate import data

table = data.load(trace.data[0]["name"])
print(table.digest == trace.data[0]["digest"], len(table.table))

# %% [markdown]
# The same weights give every point of a parity figure, where the licence of the data allows: `replicate figure
# zeng2019-gap points --csv` prints seed, formula, measured and predicted value of each test row.
#
# ## Cite it
#
# Cite the paper, the book, and the number with its record:

# %%
print(trace.citation["number"])

# %% [markdown]
# ## All of them
#
# `replicate report --json` prints every number of the four papers with the same fields, for a program to read.

# %%
from dataclasses import asdict

print(*asdict(trace), sep=", ")
