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
# Every number that the four papers print and this book tests, with ours next to it. A quantity leads to its row on
# its page. The column "full" shows committed records of full runs and nothing else; "this run" is what the machine
# that built this page computed. Below ours stands, where it is known, how many times that error is of the
# [floor of the measurements](beyond/noise-floor.ipynb), and what [others report](beyond/matbench.ipynb) on the task. The
# [start page](intro.ipynb) shows the same as a picture.

# %% tags=["remove-input"]
from IPython.display import HTML, Markdown

from replicate import report
from replicate.notebook import guard
from replicate.results import compare, verdict

guard(globals())
rows = compare.scoreboard()
report.verdict_counts(rows)

# %% [markdown]
# ## All numbers
#
# First what each paper is best known for, then the other numbers that a network was trained for, then the recomputed and
# the cited ones. What you choose stands in the address of the page.

# %% tags=["remove-input"]
report.full_scoreboard()

# %% [markdown]
# ## The verdicts

# %% tags=["remove-input"]
Markdown("- " + verdict.RULE.replace(". ", ".\n- "))

# %% [markdown]
# ## Submitted
#
# Results of others on the splits of our records, scored here: `book/submissions`, with the predictions. How to file one
# is in `CONTRIBUTING.md`.

# %% tags=["remove-input"]
HTML(report.submitted())

# %% [markdown]
# ## Reduced budgets
#
# These records were made with a shorter training than the paper's, and their numbers are marked.

# %% tags=["remove-input"]
budgets = dict.fromkeys((row.experiment, row.budget) for row in rows if row.budget)
Markdown("\n".join(f"- `{experiment}`: {budget}" for experiment, budget in budgets))
