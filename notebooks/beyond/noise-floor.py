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
# # How small can an error be?

# %% tags=["remove-input"]
from replicate import experiments, report
from replicate.notebook import guard
from replicate.report import pivot, say
from replicate.results import compare, records

report.use_house_style()
say(
    "beyond-floor",
    "**No model of compositions can be better than the measurements.** Two measurements of one composition differ so "
    "much that the smallest mean absolute error is **{band-gap/all/floor_mae:2} eV** for band gaps, "
    "**{formation-energy/all/floor_mae:3} eV/atom** for formation energies and **{critical-temperature/all/floor_mae:1} K** for "
    "critical temperatures ({critical-temperature/group-I/floor_mae:1} K for cuprates). The printed errors are "
    '{published("zeng2019-gap/mae") / band-gap/all/floor_mae:.1f} times the floor for band gaps, '
    '{published("quinn2022-regression/combined-mae") / critical-temperature/all/floor_mae:.1f} and '
    '{published("zeng2019-tc/mae") / critical-temperature-agreeing/all/floor_mae:.1f} times for critical temperatures; '
    "that for formation energies, {=zeng2019-formation/mae} eV/atom, lies **below** it.",
    holds="published('zeng2019-formation/mae') < formation-energy/all/floor_mae"
    " and 2 < published('quinn2022-regression/combined-mae') / critical-temperature/all/floor_mae"
    " and published('zeng2019-tc/mae') / critical-temperature-agreeing/all/floor_mae < 4",
)

# %% [markdown]
# **No paper asks this.** A model that sees a composition gives one number for it. Where the composition was measured
# twice, with two results, at least one of them is missed. How far measurements of one composition disagree is
# therefore a floor for the error of *every* model of compositions, whatever its architecture.
#
# **The questions**: how high is the floor under the band gaps, formation energies and critical temperatures of this
# book? And which printed errors stand on it?
#
# ## The model
#
# The best model of all is a table with one value per composition. For the mean absolute error that value is the
# median, but a median that knows the tested measurement is too good, and one of the others alone is too bad. Two
# measurements $y$ and $y'$ of one composition tell more: for normal noise
#
# $$
# \mathrm{E}\,|y - \mu| = \frac{\mathrm{E}\,|y - y'|}{\sqrt 2}, \qquad
# \mathrm{E}\,(y - \mu)^2 = \frac{\mathrm{E}\,(y - y')^2}{2}
# $$
#
# The second holds for any noise, the first within a few percent for uniform and for exponential noise too. On the band
# gaps that come with this package:

# %%
from replicate import data
from replicate.evaluation.noise import repeated
from replicate.features.composition import parse, reduced_keys

# %%
gaps = data.load("zhuo2018-gap").table
compositions = parse(gaps["formula"].tolist(), on_error="collect")
values = gaps["band_gap"].to_numpy()[compositions.rows]  # eV
noise = repeated(values, reduced_keys(compositions))
print(len(values), "measurements,", noise.size.sum(), "of them of a composition with several")
{name: round(float(value[0]), 3) for name, value in noise.floors().items()}  # eV

# %% [markdown]
# *`own` is the error of the composition's median, `others` that of the median of its other measurements; the floors
# `mae` and `rmse` are those of the equations.*
#
# ## Data
#
# Three lists of measurements come as they were published. For critical temperatures there are two forms: every entry of
# SuperCon with a readable composition, and those whose entries agree within a factor of two, which is what Zeng et
# al. keep. The lists hold no pressures, and some values are copies from one source.

# %% tags=["remove-input"]
report.experiment_data("beyond-floor")

# %% tags=["remove-input"]
report.cleaning_steps(records.full_record("beyond-floor"))

# %% [markdown]
# ## The record

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False
change = ""  # settings of a variant; see the page "Change one thing"

# %%
guard(globals())
record = experiments.run("beyond-floor", profile, seeds=seeds, device=device, refresh=refresh, change=change)
best = records.full_record("beyond-floor") or record
print(record.describe())
report.variant(record)

# %% tags=["remove-input"]
lists = {
    "band-gap": "band gaps (eV)",
    "formation-energy": "formation energies (eV/atom)",
    "formation-energy-authors": "the same, as Zeng et al. have them",
    "critical-temperature": "critical temperatures (K)",
    "critical-temperature-agreeing": "the same, agreeing within a factor of two",
}
columns = {
    "all/measurements": "measure&shy;ments",
    "all/repeated_measurements": "of a composition with several",
    "all/repeated_compositions": "compositions with several",
    "all/floor_own": "error of their median",
    "all/floor_mae": "floor of the MAE",
    "all/floor_others": "error of the others' median",
    "all/floor_rmse": "floor of the RMSE",
    "distinct/floor_mae": "floor of the MAE without equal values",
}
form = {name: "," if "measurements" in name or "compositions" in name else "" for name in columns}
pivot(best, "{row}/{column}", lists, columns, form=form, corner="list", sample="")

# %% tags=["hide-input"]
import matplotlib.pyplot as plt

from replicate.report.style import INK, PALE, PALETTE, finished

names = {
    "zeng2019-gap": "band gaps, ATCNN",
    "zeng2019-formation": "formation energies, ATCNN",
    "zeng2019-tc": "Tc, ATCNN-I",
    "zeng2019-tc-insulators": "Tc, ATCNN-II",
    "quinn2022-regression": "Tc, CGCNN",
}
rows = [row for row in compare.scoreboard() if row.floor and row.kind == "trained" and row.full_mean is not None]
rows = [row for row in rows if row.metric.endswith("/mae")]
figure, axis = plt.subplots(figsize=(8, 0.34 * len(rows) + 1.4))
for place, row in enumerate(rows):
    floor, low, high = best.arrays[f"interval/{row.measurements}/mae"]
    ours, printed = row.full_mean / floor, row.published / floor
    axis.plot([printed * floor / high, printed * floor / low], [place, place], color=PALE, lw=6, solid_capstyle="butt")
    axis.plot(ours, place, "o", color=PALETTE[0], label=None if place else "ours")
    axis.plot(printed, place, "|", ms=14, mew=2, color=INK, label=None if place else "printed")
axis.axvline(1, color=PALETTE[1], lw=2)
labels = [f"{names[row.experiment]}: {row.quantity.partition(', ')[2]}" for row in rows]
axis.set_yticks(range(len(rows)), labels, fontsize=9)
axis.set(xlabel="mean absolute error over its floor", xlim=0)
axis.invert_yaxis()
axis.legend()
finished(
    figure, "Each printed and reproduced mean absolute error as a multiple of the noise floor of its measurements."
)

# %% [markdown]
# *Printed and reproduced errors on random rows as multiples of the floor, the line at one; the grey bars show
# how far the floor is known (95 % of resampled chemical systems).*
#
# ### Below the floor?
#
# A model can be better than the floor only where it has seen the test row's own composition, or a copy of the value.

# %% tags=["remove-input"]
say(
    best,
    "Of the {formation-energy-authors/all/measurements:,} formation energies of Zeng et al., "
    "{formation-energy-authors/all/repeated_measurements:,} belong to a composition with several, and "
    "{formation-energy-authors/all/measurements - formation-energy-authors/distinct/measurements:,.0f} repeat a value exactly; with those "
    "copies their floor is {formation-energy-authors/all/floor_mae:3} eV/atom. On random rows, where "
    "{100 * random/split/shared_composition@zeng2019-formation:.0f} % of the test rows share their composition with "
    "training, our network reaches {random/atcnn/mae@zeng2019-formation:3} eV/atom; on compositions that it has not "
    "seen it has **{composition/atcnn/mae@zeng2019-formation:3} eV/atom**, "
    "{composition/atcnn/mae@zeng2019-formation / formation-energy/all/floor_mae:.1f} times the floor.",
    holds="random/split/shared_composition@zeng2019-formation > 0.8"
    " and formation-energy-authors/all/floor_mae < random/atcnn/mae@zeng2019-formation < formation-energy/all/floor_mae"
    " and composition/atcnn/mae@zeng2019-formation > formation-energy/all/floor_mae",
)

# %% [markdown]
# ### By family
#
# Cuprates are measured in long doping series, and their critical temperature depends on oxygen that the formula often
# does not tell. Groups are those of Table 1 of Zeng et al.

# %% tags=["remove-input"]
groups = {
    "all": "all",
    "group-I": "Cu (group I)",
    "group-II": "Fe (II)",
    "group-III": "Cu and Fe (III)",
    "group-IV": "no Cu, no Fe (IV)",
}
scores = {
    "repeated_measurements": "measure&shy;ments",
    "floor_mae": "floor of the MAE",
    "floor_rmse": "floor of the RMSE",
}
forms = {"repeated_measurements": ",", "floor_mae": "2", "floor_rmse": "2"}
forms_of_list = {"critical-temperature": "every entry", "critical-temperature-agreeing": "agreeing"}
pivot(best, "{group}/{row}/{column}", groups, scores, groups=forms_of_list, form=forms, corner="compounds", sample="")

# %% [markdown]
# ### Measured most often

# %% tags=["remove-input"]
import pandas as pd

often = pd.DataFrame(
    best.arrays["often/critical-temperature"],
    columns=["formula, first spelling", "entries", "a tenth is below (K)", "median (K)", "a tenth is above (K)"],
)
often.style.hide().format(precision=1)

# %% [markdown]
# ## Limits, and what we had to choose
#
# - Compositions measured twice are not the average compound: they are the better known. For the others the floor is
#   a guess.
# - A copied value looks like perfect agreement. The column without equal values drops each repetition of a value,
#   also where two groups measured the same; the truth lies between the two.
# - The floor is that of a fresh measurement. Where the test row's own composition, or a copy of it, is in training,
#   a model can go below it; that is memory.
# - Lists that keep the mean or median of a composition's entries have less noise on those rows, not on the many with
#   one entry.
# - A computed energy has no such noise; a model of the composition then misses the structure instead.
#
# ## Run it yourself
#
# Any of the parameters above can be set from the command line. This run's own numbers are folded away here.

# %% tags=["hide-cell"]
pivot(record, "{row}/{column}", lists, columns, form=form, corner="list", sample="")

# %% tags=["remove-input"]
report.provenance(record, "beyond/noise-floor")
