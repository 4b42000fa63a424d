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
# # Your own data
#
# A table of formulas or crystals goes in; a tested and stored model that predicts comes out. Two functions do it:
# `train` and `load_model`; [the public names](api.md) has all their arguments. The examples take seconds on a laptop's
# processor. They are small and trained briefly, so their errors are large.

# %% tags=["hide-input"]
import tempfile
import warnings
from pathlib import Path

import pandas as pd

from replicate import data, report
from replicate.data.structures import to_structure
from replicate.notebook import guard
from replicate.report.style import finished

guard(globals())
report.use_house_style()
folder = Path(tempfile.mkdtemp())
gaps = data.load("zhuo2018-gap").table.sample(300, random_state=0)
gaps[["formula", "band_gap"]].to_csv(folder / "gaps.csv", index=False)
energies = data.load("faber2015").table.sample(150, random_state=0)
energies[["material_id", "formation_energy_per_atom"]].to_csv(folder / "energies.csv", index=False)
with warnings.catch_warnings():
    # Writing a CIF sorts by electronegativity, which noble gases have none of.
    warnings.filterwarnings("ignore", message="No Pauling electronegativity")
    for name, structure in zip(energies["material_id"], energies["structure"], strict=True):
        to_structure(structure).to(filename=str(folder / f"{name}.cif"))

# %% [markdown]
# ## Formulas
#
# The table is 300 measured band gaps. `atcnn/band-gap` names the layers: those of the network that the chapter on
# [band gaps](../zeng2019/band-gap.ipynb) trains, with new weights. A representation will do as well: `atcnn`,
# `periodic-table` or `elemnet`. Without `epochs` there are as many as suit the size of the table, and without `say` the
# progress and the time left are printed.

# %%
from replicate import load_model, train

table = pd.read_csv(folder / "gaps.csv")
model = train(table["formula"], table["band_gap"], "atcnn/band-gap", unit="eV", epochs=20, say=None)
model.notes

# %% [markdown]
# ### How good is it?
#
# Three members are trained on each kind of split, each on a split of its own. A random split tests on compounds that
# have relatives in the training data, often the same composition. The composition and system splits test on
# compositions and on chemical systems that the network never saw: that is the error to expect of a new compound. Trees
# on plain element fractions stand beside the network; a network that is not better than they are has learned little.
# `_sd` is the standard deviation over the members.

# %%
model.errors[["rows", "mae", "mae_sd", "rmse", "r2"]].round(2)

# %% [markdown]
# Every test prediction is in `model.tests`.

# %%
import matplotlib.pyplot as plt

figure, panels = plt.subplots(1, 3, figsize=(7.2, 2.7), sharex=True, sharey=True)
for axes, (kind, tests) in zip(panels, model.tests.groupby("split", sort=False), strict=False):
    axes.scatter(tests["target"], tests["predicted"], s=8, alpha=0.6)
    axes.axline((0, 0), slope=1, color="grey", lw=1)
    axes.set(title=kind, xlabel="measured (eV)")
panels[0].set_ylabel("predicted (eV)")
finished(figure, "Predicted against measured band gap in three panels, one for each kind of split.")
# %% [markdown]
# *Predicted against measured band gap of the test compounds, one panel for each kind of split; the line is where both
# are equal.*
#
# ### Predictions
#
# The value is the mean of the members, `spread` their standard deviation. `distance` is the share of atoms to exchange
# to get to the nearest composition of the training data: 0 for a compound that stands there, 1 for one that shares no
# element with any. `expected_error` is the mean absolute error of test compounds about that far from their training
# data; nine of ten of them have their measured value between `low` and `high`.

# %%
asked = [*table["formula"][:2], "Cu2ZnSnS4", "KMgF3", "Kryptonite"]
predictions = model.predict(asked)
predictions.to_frame()[["input", "value", "spread", "low", "high", "nearest", "distance", "expected_error", "warnings"]]

# %% [markdown]
# ### Save and load
#
# The card of a stored model says what it was trained on, and with which schedule. A name that is used again replaces
# your older model of that name.

# %%
model.save("mine/gap")
card = load_model("mine/gap").card
card.training["samples"], card.training["schedule"]["epochs"], card.unit

# %% [markdown]
# From the command line the same is
#
# ```console
# $ replicate train gaps.csv --target band_gap --model atcnn/band-gap --unit eV --epochs 20 --save mine/gap
# $ replicate predict mine/gap Cu2ZnSnS4 KMgF3
# ```
#
# A training that was interrupted goes on when the same data and settings are given again.
#
# ### Begin from trained weights
#
# `train(…, "atcnn/band-gap", start=True)` begins from the shipped weights in place of random ones, and
# `start="mine/gap"` from your own; on the command line, `--start atcnn/band-gap`. Output bias and scaling stay, the
# learning rate is a tenth, and a member that no epoch improves stays as it was. Compounds that the start was trained on
# are counted: errors on them look too good, and so do expected errors. A start whose data may not be passed on cannot
# count them, and says so.
#
# ## Crystals
#
# A model of crystals takes CIF texts, files, or pymatgen's structures. The table is 150 computed formation energies;
# each row names a file.

# %%
table = pd.read_csv(folder / "energies.csv")
files = [folder / f"{name}.cif" for name in table["material_id"]]
energy = table["formation_energy_per_atom"]
crystals = train(files, energy, "cgcnn", unit="eV/atom", seeds=2, epochs=15, say=None)
crystals.errors[["rows", "mae", "mae_sd", "rmse", "r2"]].round(2)

# %%
crystals.save("mine/energy")
predictions = load_model("mine/energy").predict(files[:3])
predictions.to_frame()[["value", "spread", "formula", "space_group", "nearest", "distance", "expected_error"]]

# %% [markdown]
# The distance is that of the compositions, also for crystals: another structure of a known composition is at 0.
#
# ```console
# $ replicate train energies.csv --input material_id --cifs cifs/ --target formation_energy_per_atom \
#       --model cgcnn --unit eV/atom --save mine/energy
# ```
#
# ## What is left out, and what is refused
#
# | input | what happens |
# | --- | --- |
# | a formula or CIF that cannot be read, a file that is not there, an empty target | left out, counted, with row and reason |
# | a composition that comes twice | stays, is counted, and kept together in the composition split |
# | a text or an infinite number as target | an error with row and value |
# | fewer than 20 usable rows, one value for all targets | an error |
# | formulas and crystals mixed, or what the model does not read | an error with the row |
# | a model of a later version | an error with both versions |
#
# Rows are counted from 1, without the header. Targets that are true and false, or 0 and 1, are classes: the scores are the area under the ROC curve and the
# accuracy, and the model predicts a probability.
