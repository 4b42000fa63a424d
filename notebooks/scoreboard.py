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
# # Scoreboard
#
# Every number the four papers print and this book can answer, with ours beside it. The column "full" holds committed
# records of full-profile runs and nothing else; "this run" is what the machine that built this page computed with the
# profile it used.

# %% tags=["hide-input"]
from replicate import display as show
from replicate import figures as fig
from replicate.evaluation import compare
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
rows = compare.scoreboard()
show.verdict_counts(rows)

# %% [markdown]
# ## At a glance
#
# Each point is a published number: our mean over its published value, with two standard deviations over seeds. An arrow
# at the edge stands for a ratio beyond it.

# %% tags=["hide-input"]
fig.verdict_strip(rows)

# %% tags=["hide-input"]
show.reduced_budgets(rows)

# %% [markdown]
# ## ATCNN (Zeng 2019)

# %% tags=["hide-input"]
show.full_scoreboard("zeng2019")

# %% [markdown]
# ## CGCNN (Xie and Grossman 2018)

# %% tags=["hide-input"]
show.full_scoreboard("xie2018")

# %% [markdown]
# ## Reading periodic table (Konno 2021)

# %% tags=["hide-input"]
show.full_scoreboard("konno2021")

# %% [markdown]
# ## Superconductor CGCNN (Quinn and McQueen 2022)

# %% tags=["hide-input"]
show.full_scoreboard("quinn2022")

# %% [markdown]
# ## How a verdict is reached

# %% tags=["hide-input"]
show.sentence(compare.RULE)
