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
# # Ionisation energy of the cations and the Tc of cuprates

# %% tags=["remove-input"]
from replicate import experiments, report
from replicate.notebook import guard
from replicate.report import answer_card, say
from replicate.results import records

report.use_house_style()
answer_card(
    "quinn2022-ionization/envelope",
    honest=("cuprate/envelope/rank", "rank correlation over a dozen bins; chance alone gives up to ± 0.6"),
)

# %% [markdown]
# **The claim** ({cite:t}`quinn2022`, Fig. 4): the highest critical temperature that cuprates reach rises with the sum of their
# cations' first ionisation energies.
#
# **The question here**: which sum is meant, and does the rise only reflect the size of the formula?
#
# ## The quantity
#
# Nothing is trained. The paper does not say what the sum runs over. With the amount $n_k$ of each cation $k$ in the formula and
# its first ionisation energy $I_k$ there are three readings, and only the first depends on how large the formula is written:
#
# $$
# \sum_k n_k I_k, \qquad \frac{1}{n_\mathrm{Cu}} \sum_k n_k I_k, \qquad \frac{\sum_k n_k I_k}{\sum_k n_k}
# $$

# %%
from replicate.experiments.quinn2022.ionization import cation_energies
from replicate.features.composition import parse

layered = ["HgBa2CuO4", "HgBa2CaCu2O6", "HgBa2Ca2Cu3O8"]  # one, two and three layers of copper
cation_energies(parse(layered))  # eV

# %% [markdown]
# Another layer of copper and calcium adds to the sum, lowers it per copper atom, and hardly changes the mean. The
# paper's upper limit is a dashed line without numbers. Here the highest Tc of a bin is its 99th percentile. The
# bundled cuprates show it:

# %%
from scipy.stats import spearmanr

from replicate import data
from replicate.experiments.quinn2022.ionization import envelope

cuprates = data.load("madml-superconductors").table.query("group == 'cuprates'")
compositions = parse(cuprates["formula"].tolist(), on_error="collect")
tc = cuprates["critical_temperature"].to_numpy()[compositions.rows]  # K
for name, energy in cation_energies(compositions).items():
    centre, highest = envelope(energy, tc)  # of a dozen bins with equally many compounds
    print(f"{name}: rank correlation {spearmanr(centre, highest).statistic:+.2f}")

# %% [markdown]
# ## Data
#
# Cuprates with a [structure](structures.ipynb), and all cuprates of SuperCon with stated amounts.

# %% tags=["remove-input"]
from replicate.data import quinn

report.experiment_data("quinn2022-ionization", {"mdr-supercon": quinn.superconductors})

# %% tags=["remove-input"]
report.archives(*experiments.get("quinn2022-ionization").config("full").archives)

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
record = experiments.run_or_full(
    "quinn2022-ionization", profile, seeds=seeds, device=device, refresh=refresh, change=change
)
best = records.full_record("quinn2022-ionization") or record
print(record.describe())
report.variant(record)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm

from replicate.report.style import RED, finished

sets = {"cuprate": "with a structure", "all-cuprates": "all of SuperCon"}
sums = {"sum": "sum over the formula", "per-copper": "sum per Cu", "mean": "mean per cation"}
figure, axes = plt.subplots(2, 3, figsize=(9.6, 6.6), sharey=True, sharex="col")
for (cuprates, title), line in zip(sets.items(), axes, strict=True):
    for reading, axis in zip(sums, line, strict=True):
        packed = best.arrays[f"density/{cuprates}/{reading}"]
        counts = np.zeros((60, 60))
        column, row, n = np.array(packed["cells"]).T
        counts[row, column] = n
        sides = (np.linspace(*packed[side], 61) for side in ("x", "y"))
        mesh = axis.pcolormesh(*sides, np.ma.masked_equal(counts, 0), norm=LogNorm(0.2, 200), cmap="Blues")
        centre, highest = np.array(best.arrays[f"envelope/{cuprates}/{reading}"])
        axis.plot(centre, highest, "o", color=RED, ms=5, mec="white", label="99 % stay below, per bin")
        fitted = np.poly1d(np.polyfit(centre, highest, 1))(centre)
        axis.plot(centre, fitted, "--", color=RED, lw=1.2, label="straight line through these")
        axis.set_title(title, fontsize=10)
    line[0].set_ylabel("Tc (K)")
for label, axis in zip(sums.values(), axes[1], strict=True):
    axis.set_xlabel(f"{label} (eV)")
figure.colorbar(mesh, ax=axes, label="cuprates", shrink=0.7, format="%d").ax.set_ylim(1, 200)
figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=2)
finished(
    figure,
    "Tc of cuprates against sum, sum per copper and mean of ionisation energies, with the highest Tc per bin.",
)

# %% [markdown]
# *Tc of cuprates against the three readings; red: the highest Tc of each bin, and a straight line through them (Fig. 4).*

# %% tags=["remove-input"]
say(
    best,
    "The highest Tc rises in all three readings, by {cuprate/envelope/slope:+.1f}, {cuprate/envelope-per-copper/slope:+.1f} "
    "and {cuprate/envelope-mean/slope:+.1f} K/eV. But over a dozen bins even unrelated values have rank correlations of up "
    "to ± 0.6 (two standard deviations), and the three have **{cuprate/envelope/rank:+.2f}**, "
    "**{cuprate/envelope-per-copper/rank:+.2f}** and **{cuprate/envelope-mean/rank:+.2f}**. None is "
    "significant. On all of SuperCon's cuprates, only the sum per copper atom is just beyond ± 0.6 "
    "({all-cuprates/envelope-per-copper/rank:+.2f}), but over single compounds its correlation is negative "
    "({all-cuprates/envelope-per-copper/all_rank:+.2f}).\n\n"
    "Over all compounds, Tc and the sum over the formula have a rank correlation of "
    "{cuprate/envelope/all_rank:+.2f}. But formulas with more copper layers have larger sums and higher Tc, so "
    "this shows no cause.",
    # Two standard deviations of a rank correlation over 12 bins: 2 / √11.
    holds="min(cuprate/envelope/slope, cuprate/envelope-per-copper/slope, cuprate/envelope-mean/slope) > 0"
    " and max(cuprate/envelope/rank, cuprate/envelope-per-copper/rank, cuprate/envelope-mean/rank) < 0.603"
    " and max(all-cuprates/envelope/rank, all-cuprates/envelope-mean/rank) < 0.603"
    " and 0.603 < all-cuprates/envelope-per-copper/rank < 0.65 and all-cuprates/envelope-per-copper/all_rank < 0"
    " and cuprate/envelope/all_rank > 0.4",
)

# %% tags=["hide-input"]
rows = []
for cuprates, title in sets.items():
    for reading, label in sums.items():
        start = f"{cuprates}/envelope" if reading == "sum" else f"{cuprates}/envelope-{reading}"
        slope, rank, every = (best.metrics[f"{start}/{score}"] for score in ("slope", "rank", "all_rank"))
        numbers = [f"{every.n:,}", f"{slope.mean:+.1f}", f"{rank.mean:+.2f}", f"{every.mean:+.2f}"]
        rows.append([title, label, *(number.replace("-", "−") for number in numbers)])
header = (
    "cuprates",
    "ionisation energy",
    "number",
    "slope of the<br>highest Tc (K/eV)",
    "its rank<br>correlation",
)
report.table((*header, "rank correlation,<br>all compounds"), rows, numeric=range(2, 6))

# %% [markdown]
# ## Limits, and what we had to choose
#
# - The sum over a formula grows with the number of cations written: layers of copper, calcium and a heavy metal add
#   to it, and these are the compounds with the highest Tc.
# - The points form narrow columns because a few families, with copper, barium and rare earths, make up most of the
#   cuprates.
# - First ionisation energies are those of free atoms, not of the ions in a crystal.
# - An upper limit depends on its quantile and on its bins. Ours are the 99th percentile and twelve bins with equally many
#   compounds; the paper's line has no numbers.
#
# ## Every published number

# %% tags=["remove-input"]
report.comparison(record)

# %% tags=["remove-input"]
report.claim_results(best)

# %% [markdown]
# ## Run it yourself
#
# Any of the parameters above can be set from the command line. This run's own numbers are folded away here.

# %% tags=["hide-cell"]
report.claim_results(record)

# %% tags=["remove-input"]
report.provenance(record, "quinn2022/ionization")
