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
# Every number that the four papers print and this book tests, with ours beside it. A quantity leads to its row on its page.
# The column "full" shows committed records of full runs and nothing else; "this run" is what the machine that built this
# page computed. The [start page](intro.ipynb) shows the same as a picture.

# %% tags=["remove-input"]
from replicate import report
from replicate.evaluation import compare, verdict
from replicate.notebook import guard

guard(globals())
rows = compare.scoreboard()
report.verdict_counts(rows)

# %% tags=["remove-input"]
report.sentence("- " + verdict.RULE.replace(". ", ".\n- "))

# %% [markdown]
# ## ATCNN (Zeng 2019)

# %% tags=["remove-input"]
report.full_scoreboard("zeng2019")

# %% [markdown]
# ## CGCNN (Xie and Grossman 2018)

# %% tags=["remove-input"]
report.full_scoreboard("xie2018")

# %% [markdown]
# ## Reading periodic table (Konno 2021)

# %% tags=["remove-input"]
report.full_scoreboard("konno2021")

# %% [markdown]
# ## Superconductor CGCNN (Quinn and McQueen 2022)

# %% tags=["remove-input"]
report.full_scoreboard("quinn2022")

# %% [markdown]
# ## Reduced budgets
#
# These records were made with a shorter training than the paper's, and their numbers are marked.

# %% tags=["remove-input"]
budgets = dict.fromkeys((row.experiment, row.budget) for row in rows if row.budget)
report.sentence("\n".join(f"- `{experiment}`: {budget}" for experiment, budget in budgets))
