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
# # Does it replicate?
#
# Four papers taught neural networks to read a material's formula or crystal and to predict its gap, its energy, or the
# temperature at which it superconducts. This book runs every experiment in them again, from the data to the printed number.

# %% tags=["remove-input"]
from replicate import display as show
from replicate import figures as fig
from replicate.evaluation import compare
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
rows = compare.scoreboard()
show.headline(rows)

# %% tags=["remove-input"]
show.verdict_counts(rows)

# %% tags=["remove-input"]
show.scoreboard_picture(rows)

# %% [markdown]
# Every mark is a published number that a network was trained for, and leads to its row: our mean ÷ the published value,
# sorted, with the interval in which one more training would fall; grey: within 10 %; arrows: beyond the axis. The
# **[scoreboard](scoreboard.ipynb)** has the same as a table to search.

# %% tags=["remove-input"]
show.first_commands()

# %% [markdown]
# | paper | from | through | predicts |
# | --- | --- | --- | --- |
# | [ATCNN](zeng2019/index.ipynb) {cite:p}`zeng2019` | formula, as a 10 × 10 table of atoms | convolutional network | critical temperature, band gap, formation energy, metal or not |
# | [CGCNN](xie2018/index.ipynb) {cite:p}`xie2018` | crystal graph | graph network | energies, gaps, elastic moduli |
# | [Reading periodic table](konno2021/index.ipynb) {cite:p}`konno2021` | formula, as a 4 × 7 × 32 periodic table | residual network | critical temperature, band gap |
# | [Superconductor CGCNN](quinn2022/index.ipynb) {cite:p}`quinn2022` | crystal graph with fractional occupancy | graph network | critical temperature |
#
# Beyond the papers: [which of these representations finds new superconductors](beyond/representations.ipynb), when all of
# them see the same compounds?
#
# ## How to read a page
#
# Each experiment's page states the paper's claim, shows the data and what was dropped from it, trains a plain baseline
# beside the network, and ends in a comparison table, its limits, and the command that makes the page again. Columns of the table:
#
# published
# : as printed in the paper, with its place there and its unit.
#
# full
# : ours with the paper's data size, mean ± standard deviation over seeds, from a committed record. *Reduced budget* marks
#   a training that was shorter than the paper's; the page says by how much.
#
# this run
# : the same code with the profile that made the page you are reading, usually `quick`: less data, fewer seeds. It shows
#   that the code runs and never stands in for the full run. A dash: nothing ran, most often because the data are not
#   bundled and could not be downloaded; then the page shows the committed full record, and says so.
#
# verdict
# : <span class="verdict-reproduced">reproduced</span> ours is within 10 % of the published value, and one more training
#   could well give it; <span class="verdict-better">better</span> ours is clearly on the good side;
#   <span class="verdict-close">close</span> within 10 %, but beyond the spread of our seeds;
#   <span class="verdict-too-noisy">too noisy</span> only a wide spread reaches the published value;
#   <span class="verdict-not-reproduced">not reproduced</span> none of these, with the paper's data and training budget;
#   <span class="verdict-undecided">undecided</span> none of these, but our training was shorter;
#   <span class="verdict-other-data">other data</span> data or definition differ, so no verdict is given;
#   <span class="verdict-not-run">not run</span> with the reason. The [scoreboard](scoreboard.ipynb) has the rule in full.
#
# Three groups are counted apart: numbers that networks trained here must bring back, numbers recomputed from data, printed
# values or the authors' weights, and numbers that a paper cites from others.
#
# Where a random split leaves near-copies of a test compound in the training set, the score is given again with all rows
# of a composition, and then of a chemical system, kept on one side. Often that is the number to remember.
#
# ## Run it yourself
#
# `make book` and `make test` need Python 3.11, git and make. One notebook with other settings runs through `papermill`, as
# above, with
#
# | parameter | values | meaning |
# | --- | --- | --- |
# | `profile` | `smoke`, `quick`, `full` | seconds, minutes, or the paper's own budget |
# | `seeds` | 0, 1, 2, … | how many seeds; 0 takes the profile's |
# | `device` | `auto`, `cpu`, `cuda` | where the networks train |
# | `refresh` | `True`, `False` | train again although a record of the same run exists |
#
# A parameter that a notebook does not know is an error. The [status page](status.ipynb) says what ran, where, and with which
# versions.
