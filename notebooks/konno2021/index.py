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
# # Reading periodic table: a residual network on the elements' own table
#
# {cite:t}`konno2021` write a composition into the periodic table, once for each valence block, and let a deep convolutional
# network read it. Compounds of a crystallographic database stand in for the non-superconductors that nobody reports. They report
# a better score than a random forest's, superconductors found that the data did not hold, and the iron-based superconductors
# found from data before their discovery.
#
# ## Verdict

# %% tags=["remove-input"]
from replicate import display as show
from replicate.notebook import guard

guard(globals())
show.verdict_sentences("konno2021")

# %% [markdown]
# ## Pages
#
# | page | in the paper | question |
# | --- | --- | --- |
# | [Superconductors only](preliminary.ipynb) | Sec. II, Fig. 2 | Network, trees, or relatives in training? |
# | [Garbage-in](garbage-in.ipynb) | Secs. III, V | Do the counts come back, and what do they say? |
# | [A test by year](temporal-test.ipynb) | Sec. IV, Table I | Does Table I come back, against more baselines? |
# | [Iron-based superconductors](iron-based.ipynb) | Sec. VI, Fig. 3 | Found by how many networks, at what base rate? |
# | [Candidates](candidates.ipynb) | Sec. V | Do networks agree on what to try next? |
# | [Band gaps](band-gaps.ipynb) | Sec. VII | Which picture of a composition is the better one? |
#
# ## Experiment by experiment
#
# “Ahead of” and “behind” mean: for every seed; otherwise it says “level with”.

# %% tags=["remove-input"]
show.konno2021_verdict()

# %% [markdown]
# ## Claims

# %% tags=["remove-input"]
show.chapter_claims("konno2021")

# %% [markdown]
# ## What we had to choose
#
# The paper prints neither optimiser nor schedule, and no training script is public. Where text and code differ on what the
# network is, the code was taken: it is what can be run.

# %% tags=["remove-input"]
show.konno2021_choices()

# %% [markdown]
# ## Data
#
# | dataset | in the paper | here |
# | --- | --- | --- |
# | superconductors | SuperCon | SuperCon as NIMS published it, prepared by the authors' rules |
# | non-superconductors | inorganic compounds of the COD | the authors' lists of 2007 and 2009 |
# | test by year | compounds reported by {cite:t}`hosono2015` | the authors' file |
# | candidates | the authors' list | the same |
# | band gaps | {cite:t}`konno2020` | the author's two tables; {cite:t}`zhuo2018` |
#
# Only the gaps of {cite:t}`zhuo2018` are bundled. The other lists are downloaded once, from the addresses that
# `replicate data list` names; without them the pages show the full records alone.

# %% tags=["remove-input"]
show.chapter_data("konno2021")
