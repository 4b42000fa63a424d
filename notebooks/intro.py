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
# Four papers trained neural networks that read a material's formula or crystal structure and predict its band gap,
# its energy, or the temperature below which it superconducts. This book runs every experiment in them again, from the
# data to the printed number.

# %% tags=["remove-input"]
from IPython.display import Markdown

from replicate import report
from replicate.notebook import guard
from replicate.report import say
from replicate.report.style import BLUE, GREEN, finished
from replicate.results import compare, records

guard(globals())
report.use_house_style()
rows = compare.scoreboard()
trained, recomputed, cited = (compare.of_kind(rows, kind) for kind in compare.KINDS)
counts = compare.counts(trained)
short = sum(bool(row.budget) for row in trained)
Markdown(
    f"Of **{len(trained)}** published numbers that take a trained network, "
    f"**{counts['reproduced'] + counts['better']}** are reproduced or better, {counts['close']} are close and "
    f"{counts['not reproduced']} are not reproduced; {counts['too noisy']} are too noisy to tell. {counts['undecided']} are "
    f"undecided, because our training was shorter than the paper's, as it was for {short} of the {len(trained)}. Counted "
    f"apart: {len(recomputed)} numbers recomputed from data, printed values or the authors' weights, and {len(cited)} that "
    "the papers cite from others."
)

# %% tags=["remove-input"]
report.verdict_counts(rows)

# %% [markdown]
# <form class="ask" action="predict.html">
# <label>Predict a compound: <input name="formula" value="Cu2ZnSnS4" spellcheck="false" autocomplete="off"></label>
# <button>Predict</button>
# </form>

# %% tags=["remove-input"]
report.scoreboard_picture(rows)

# %% [markdown]
# Each mark is a published number that takes a trained network: our mean divided by the printed value, with the 95 %
# prediction interval of one more training. Grey: within 10 %; arrows: off the axis. A mark leads to its row, and the
# **[scoreboard](scoreboard.ipynb)** lists all of them, to search.

# %% [markdown]
# ## What a random split hides
#
# Rows drawn at random leave other measurements of a test compound, or its close relatives, in the training set. The same
# models make larger errors when all rows of a composition, or of a chemical system, are kept on one side. And trees on
# simple statistics of the elements, or on the plain fractions, trained in seconds, have smaller errors than the network,
# except for formation energies on random rows:

# %% tags=["hide-input"]
import matplotlib.pyplot as plt

SPLITS = {"random": "random", "composition": "unseen\ncompositions", "system": "unseen\nsystems"}
PANELS = {
    "zeng2019-gap": ("band gap (eV)", "xgboost"),
    "zeng2019-formation": ("formation energy (eV/atom)", "xgboost"),
    "zeng2019-tc": ("critical temperature (K)", "extra-trees-fractions"),
}
figure, axes = plt.subplots(1, len(PANELS), figsize=(11, 3.7))
for axis, (experiment, (label, trees)) in zip(axes, PANELS.items(), strict=True):
    metrics = records.full_record(experiment).metrics
    for model, name, colour in ((trees, "trees", GREEN), ("atcnn-one-cycle", "ATCNN", BLUE), ("atcnn", "ATCNN", BLUE)):
        errors = {words: metrics.get(f"{kind}/{model}/mae") for kind, words in SPLITS.items()}
        errors = {words: error for words, error in errors.items() if error is not None}
        if len(errors) < 2 or name in axis.get_legend_handles_labels()[1]:
            continue
        means, sds = [e.mean for e in errors.values()], [e.sd for e in errors.values()]
        axis.errorbar(list(errors), means, sds, color=colour, marker="o", capsize=3, label=name)
        axis.annotate(f"{means[-1]:.2g}", (len(means) - 1, means[-1]), (9, -3), textcoords="offset points")
    axis.set(title=label, ylim=(0, None))
    axis.margins(x=0.3)
    axis.tick_params(axis="x", labelsize=8.5)  # so that neighbours keep apart
axes[0].set_ylabel("mean absolute error")
axes[0].legend(loc="lower right")
finished(figure, "Errors of ATCNN and of trees rise from random rows to unseen compositions and chemical systems.")

# %% [markdown]
# *Mean absolute error, mean ± standard deviation over seeds, of ATCNN and of boosted or extremely randomised trees on the same
# rows, by what the test set shares with training. ATCNN with the one-cycle schedule where it was trained so on every split.*

# %% tags=["remove-input"]
say(
    "zeng2019-gap",
    "For band gaps the network's error goes from {random/atcnn-one-cycle/mae} to {system/atcnn-one-cycle/mae} eV, and that of "
    "the trees from {random/xgboost/mae} to {system/xgboost/mae} eV.",
    holds="every(random/xgboost/mae < random/atcnn-one-cycle/mae) and every(system/xgboost/mae < system/atcnn-one-cycle/mae)"
    " and every(random/atcnn-one-cycle/mae < system/atcnn-one-cycle/mae)"
    # The sentence above the figure.
    " and random/atcnn-one-cycle/mae@zeng2019-formation < random/xgboost/mae@zeng2019-formation"
    " and system/xgboost/mae@zeng2019-formation < system/atcnn-one-cycle/mae@zeng2019-formation"
    " and composition/xgboost/mae@zeng2019-formation < composition/atcnn-one-cycle/mae@zeng2019-formation"
    " and random/extra-trees-fractions/mae@zeng2019-tc < random/atcnn-one-cycle/mae@zeng2019-tc"
    " and system/extra-trees-fractions/mae@zeng2019-tc < system/atcnn-one-cycle/mae@zeng2019-tc",
)

# %% tags=["remove-input"]
say(
    "beyond-floor",
    "Nor can a model be better than [the measurements](beyond/noise-floor.html) on compositions that it has not seen. "
    "Two measurements of one composition disagree so much that the smallest mean absolute error is {band-gap/all/floor_mae:2} eV for band gaps, "
    "{formation-energy/all/floor_mae:2} eV/atom for formation energies and {critical-temperature/all/floor_mae:1} K for "
    "critical temperatures.",
)

# %% tags=["remove-input"]
say(
    "beyond-coverage",
    "How far off a prediction may be can be said too: a 90 % interval that widens with the distance from the training data "
    "[holds](beyond/coverage.html) {100 * band-gap-system/trees-by-distance-random/coverage:.0f} % of the band gaps of new chemical "
    "systems. Of the critical temperatures reported after 2007 it holds "
    "{100 * critical-temperature-dated-temporal/trees-by-distance-random/coverage:.0f} %.",
    holds="band-gap-system/trees-by-distance-random/coverage > 0.88"
    " and critical-temperature-dated-temporal/trees-by-distance-random/coverage < 0.75",
)

# %% tags=["remove-input"]
report.first_commands()

# %% [markdown]
# | paper | from | through | predicts |
# | --- | --- | --- | --- |
# | [ATCNN](zeng2019/index.ipynb) {cite:p}`zeng2019` | formula, as a [10 × 10 table of atoms](how/atom-table.ipynb) | convolutional network | critical temperature, band gap, formation energy, metal or not |
# | [CGCNN](xie2018/index.ipynb) {cite:p}`xie2018` | [crystal graph](how/crystal-graph.ipynb) | graph network | energies, gaps, elastic moduli |
# | [Reading periodic table](konno2021/index.ipynb) {cite:p}`konno2021` | formula, as a [4 × 7 × 32 periodic table](how/periodic-table.ipynb) | residual network | critical temperature, band gap |
# | [Superconductor CGCNN](quinn2022/index.ipynb) {cite:p}`quinn2022` | [crystal graph with fractional occupancy](how/shared-sites.ipynb) | graph network | critical temperature |
#
# Beyond the papers: [which of these representations finds new superconductors](beyond/representations.ipynb), when all of
# them see the same compounds? Would models of each year have [found the superconductors of the next](beyond/years.ipynb)? And
# what do they say of compounds that [nobody has measured](beyond/register.ipynb)?
#
# ## How to read a page
#
# A page begins with its answer: the printed number, ours, the simplest baseline and the most demanding test. Then it
# builds and trains the model, shows the data and the record of the full run, and ends with its limits, every printed
# number next to ours, and the commands that repeat it. Columns of the table of numbers:
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
#   that the code runs and never replaces the full run. A dash: nothing ran, usually because the data are not bundled
#   and could not be downloaded; then the page shows the committed full record and says so.
#
# verdict
# : <span class="verdict-reproduced">reproduced</span> ours is within 10 % of the published value, which lies in the
#   interval of one more training; <span class="verdict-better">better</span> ours is lower for an error, higher for a
#   score, beyond the interval; <span class="verdict-close">close</span> within 10 %, but outside the interval;
#   <span class="verdict-too-noisy">too noisy</span> in the interval, but not within 10 %;
#   <span class="verdict-not-reproduced">not reproduced</span> none of these, with the paper's data and training budget;
#   <span class="verdict-undecided">undecided</span> none of these, but our training was shorter;
#   <span class="verdict-other-data">other data</span> data or definition differ, so no verdict is given;
#   <span class="verdict-not-run">not run</span> with the reason. A click on a number's verdict shows what is
#   behind it; the [scoreboard](scoreboard.ipynb) has the rule in full.
#
# Three groups are counted apart: numbers that take a network trained here, numbers recomputed from data, printed values or
# the authors' weights, and numbers that a paper cites from others.
#
# A random split often leaves near-copies of a test compound in the training set. Then the score is also given for
# splits with all rows of a composition, or of a chemical system, on one side. Often these scores say more.
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
