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
# # Superconductors among non-superconductors
#
# **The claim** ({cite:t}`zeng2019`, Table 1, Fig. S3): a network trained on superconductors only (ATCNN-I) gives a Tc to
# everything. With stable insulators added at 0 K (ATCNN-II) it keeps its accuracy on superconductors and predicts
# exactly zero for most insulators and, the paper says, for metals that do not superconduct, such as alkali metals.
#
# **The question here**: does it, and does telling *insulators* from superconductors mean that it can tell
# superconductors from other conductors?

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False

# %% tags=["hide-input"]
from replicate import data, experiments, papers, records
from replicate import display as show
from replicate import figures as fig
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("zeng2019-tc-insulators", 6)

# %% [markdown]
# ## Data
#
# `full`: the authors' superconductors and their stable insulators from the Materials Project; as a variant the
# stable insulators of JARVIS-DFT. `quick`: the bundled superconductors, and the compositions of the measured band gaps
# as insulators. Compositions that are also superconductors are taken out of the insulators.

# %% tags=["hide-input"]
experiment = experiments.get("zeng2019-tc-insulators")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %%
record = experiments.run("zeng2019-tc-insulators", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("zeng2019-tc-insulators")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.negatives(best)

# %% [markdown]
# ## Errors on superconductors, insulators and both
#
# ATCNN-I and ATCNN-II share the split of the superconductors, so that both are tested on rows neither has seen. A
# compound counts as a superconductor when its predicted Tc is above zero, as in the paper. Trees average training
# values, so that one superconductor among the averaged rows lifts an insulator above zero and that rule suits them
# less; the area under the ROC curve of the predicted Tc asks for the order only (predictions that are equal, as zeros
# are, count one half).

# %% tags=["hide-input"]
models = [key.split("/")[1] for key in best.metrics if key.startswith("all/") and key.endswith("/mae")]
show.mixed_scores(best, models)

# %% [markdown]
# ### Chemical systems that training has not seen
#
# The same scores when all compositions of a set of elements, superconductors and insulators, stay on one side of the
# split. A record made on a processor has the trees alone; the network stands here once a record holds it.

# %% tags=["hide-input"]
by_system = [
    key.split("/")[1] for key in best.metrics if key.startswith("system-all/") and key.endswith("/mae")
]
show.mixed_scores(best, by_system, "system-")

# %% tags=["hide-input"]
fig.insulator_predictions(best, models)

# %% tags=["hide-input"]
show.sentence(show.impossible_pair())

# %% [markdown]
# ## Confusion matrices (Fig. S3)

# %% tags=["hide-input"]
fig.confusion(shown, "atcnn-i", ("non-superconductor", "superconductor"))

# %% tags=["hide-input"]
fig.confusion(shown, "atcnn-ii", ("non-superconductor", "superconductor"))

# %% [markdown]
# ## Table 1, lower half, and Fig. 2d

# %% tags=["hide-input"]
show.table1(best, "superconductors", models, "ATCNN-II")

# %% tags=["hide-input"]
show.sentence(show.table1_average("ATCNN-II", papers.target("zeng2019-tc-insulators/mae")))

# %% tags=["hide-input"]
fig.parity(
    shown,
    "superconductors/atcnn-ii",
    "Tc",
    "K",
    published=show.printed({"MAE": "zeng2019-tc-insulators/mae", "RMSE": "zeng2019-tc-insulators/rmse"}),
)

# %% [markdown]
# ## Compounds that lists of superconductors give 0 K
#
# Insulators are easy. The list of {cite:t}`stanev2018` also holds compounds at 0 K: no superconductivity was found in them,
# or none was reported. Most are metals, and relatives of superconductors. Those that are in neither training set and
# that no list gives a Tc above zero ask the harder question; with copper and oxygen some may well superconduct.

# %% tags=["hide-input"]
m = best.metrics
if "listed-at-zero/atcnn-ii/misclassified" in m:

    def shares(label):
        found = [
            m[f"{label}/{model}/{name}"]
            for model in ("atcnn-ii", "atcnn-i")
            for name in ("misclassified", "above_10_K")
        ]
        return [100 * metric.mean for metric in found], found[0].n

    every, n = shares("listed-at-zero")
    without, n_without = shares("without-cu-o")
    text = (
        f"Of {n:,} such compositions ATCNN-II gives **{every[0]:.0f} %** a Tc above zero and **{every[1]:.0f} %** one above "
        f"10 K (ATCNN-I: {every[2]:.0f} and {every[3]:.0f} %). Of the {n_without:,} that do not hold both copper and oxygen "
        f"it is {without[0]:.0f} and {without[1]:.0f} %, against {100 * m['insulators/atcnn-ii/misclassified'].mean:.1f} % of "
        "the test insulators above zero."
    )
else:
    text = "There is no record with that list yet; it belongs to the `full` profile."
show.sentence(text)

# %% [markdown]
# ## Other insulators

# %% tags=["hide-input"]
variant = "jarvis-dft-3d-"
if f"{variant}all/atcnn-ii/mae" in m:
    answer = show.mixed_scores(best, ["atcnn-ii"], variant)
else:
    answer = show.sentence("The JARVIS variant belongs to the `full` profile.")
answer

# %% tags=["hide-input"]
covered = m["insulators-to-radon/atcnn-ii/misclassified"]
text = (
    "ATCNN-II trained and tested with JARVIS-DFT's stable insulators, up to radon, in place of the authors'. Of the authors' "
    f"insulators without an element beyond radon, where there is no superconductor in the data, ATCNN-II gives "
    f"{100 * covered.mean:.1f} % of {covered.n:,} a Tc above zero."
)
epochs = {label: entry["epochs"] for label, entry in best.training.items() if label.endswith("/atcnn-ii")}
if len(set(epochs.values())) > 1:
    text += f" Epochs trained: {epochs['random/atcnn-ii']} with the authors' insulators, {epochs['jarvis-dft-3d/atcnn-ii']} with these."
show.sentence(text)

# %% [markdown]
# ## How long to train

# %% tags=["hide-input"]
fig.learning_curves(
    best, [key.removeprefix("history/") for key in best.arrays if key.startswith("history/")], "K"
)

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# ## Limits
#
# - Nobody measured most of these insulators at low temperature; 0 K is an assumption, though a safe one.
# - The share of insulators among all compounds that a screening meets is unknown, so neither share of errors is the
#   error rate of a screening.

# %% [markdown]
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "zeng2019/non-superconductors")
