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
# # Change one thing
#
# What does a number depend on? Every experiment can be run again with some of its settings changed. Such a run is a
# *variant*. It is shown beside its base: the same run without the change.
#
# ## On a page, on the command line, in Python
#
# ```bash
# papermill notebooks/zeng2019/metals.ipynb out.ipynb -p change "model.dropout=0.5"
# replicate run zeng2019-metal --set model.dropout=0.5 --set fit.epochs=12
# ```
#
# In Python it is the argument `change`. Several changes are separated by semicolons.

# %% tags=["parameters"]
# parameters: what a reader may change
profile = "quick"
device = "auto"
change = "model.dropout=0.5"

# %%
from replicate import experiments, report
from replicate.notebook import guard

guard(globals())
short = "quick" if profile == "full" else profile  # a full variant takes as long as the full run
record = experiments.run("zeng2019-metal", short, device=device, change=change)
print(record.describe())
report.variant(record)

# %% [markdown]
# The table has the numbers that differ. Base and variant have the same seeds, and so the same splits unless the change
# is one of the split: the difference is taken seed by seed, and its standard deviation says whether it is more than
# chance. Two seeds of a quick run say little; a full run says more.
#
# ## What can be changed
#
# `replicate settings zeng2019-metal` lists every setting with its value, and `--profile full` those of the full run.

# %%
settings = experiments.settings_of(experiments.get("zeng2019-metal").config(short))
{path: setting.value for path, setting in settings.items() if ".model." in path or ".fit." in path}

# %% [markdown]
# A path may leave out its beginning and then means every setting that ends so: `fit.epochs` changes all networks,
# `atcnn.fit.epochs` the one of that name. A value is checked by the type of its field, and a wrong name is answered
# with the nearest.

# %%
from replicate.errors import ConfigError

for wrong in ("model.dropuot=0.5", "fit.loss=huber", "model.dropout=2"):
    try:
        experiments.run("zeng2019-metal", short, device=device, change=wrong)
    except ConfigError as error:
        print(str(error).partition(" There are")[0])

# %% [markdown]
# ## What a variant is not
#
# - It is not the book's: its record is kept in the folder `variants` of the work folder, under a key of its own. It is
#   never returned in place of the committed record, nor written over it.
# - It is not what `replicate predict` gives: the networks of a variant are not kept for predictions.
# - It is not the paper's: on a page, sentences and cards are about the committed record. A sentence about the variant
#   that does not hold for it says so.
#
# A change is made to the settings of the profile on its device. Some experiments have settings of their own for a
# processor in the full profile; there these are the base, and the page says so. `--paper-budget` changes the
# paper's own. A full variant takes as long as the full run, and its base is the committed record:
#
# ```bash
# replicate run zeng2019-metal --profile full --set model.dropout=0.5
# ```
#
# To make a change the book's own, edit the line of the setting: `CONTRIBUTING.md`, at the root of the repository, says
# how.
