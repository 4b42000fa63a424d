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
# that built this page computed. The [start page](intro.ipynb) shows the same as a picture.

# %% tags=["remove-input"]
from IPython.display import HTML, Markdown, display

from replicate import report
from replicate.notebook import guard
from replicate.results import compare, papers, verdict

guard(globals())
rows = compare.scoreboard()
report.verdict_counts(rows)

# %% tags=["remove-input"]
Markdown("- " + verdict.RULE.replace(". ", ".\n- "))

# %% [markdown]
# ## Paper by paper

# %% tags=["remove-input"]
for paper in papers.papers():
    name = paper.authors[0].rsplit(" ", 1)[-1]
    display(Markdown(f"**{paper.short}** ({name} {paper.year})"), report.full_scoreboard(paper.id))

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
