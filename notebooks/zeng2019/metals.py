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
# # Metal or semiconductor

# %% tags=["remove-input"]
from replicate import experiments, report
from replicate.notebook import guard
from replicate.report import answer_card, pivot, say
from replicate.results import papers, records

report.use_house_style()
answer_card("zeng2019-metal/auc", baseline="random/forest/auc", honest="system/atcnn/auc")

# %% [markdown]
# **The claim** ({cite:t}`zeng2019`, Fig. 3c–d): "the structure of the Eg prediction model can be used for
# metal/insulator classification" and does it as well as the support vector classifier of {cite:t}`zhuo2018`, which
# rests on constructed features.
#
# **The question here**: is the area under the ROC curve as large as the paper's, and do simpler models reach it too?
#
# ## The model
#
# The band-gap network with one change: the output $z$ goes through the logistic function and becomes the probability
# $p$ that a composition is a metal. It is trained on the cross-entropy of $p$ and the label $t$, 1 for a metal and 0
# for a semiconductor:
#
# $$
# p = \frac{1}{1 + e^{-z}}, \quad L = -t \ln p - (1 - t) \ln(1 - p)
# $$

# %%
from replicate import report
from replicate.features.composition import parse
from replicate.models.configs import METAL

compositions = parse(["Cu", "Cu2O", "CuAl2"])
report.atom_tables(compositions)

# %% [markdown]
# *A metal, a semiconductor and an alloy of the same element: the network must separate them by their other elements.*

# %%
import torch

from replicate import data
from replicate.evaluation.metrics import classification_metrics
from replicate.evaluation.splits import make_split
from replicate.training.config import FitConfig
from replicate.training.fit import fit, predict

sample = data.load("zhuo2018-metal").table.sample(600, random_state=0)
x = METAL.inputs(parse(sample["formula"].tolist()))  # (600, 10, 10)
y = torch.tensor(sample["is_metal"].to_numpy(), dtype=torch.float32)

# %%
split = make_split(range(len(y)), kind="random", seed=0)
schedule = FitConfig(8, "bce", batch_size=64, optimizer="adamw", learning_rate=2e-3)
result = fit(METAL.build(seeds=[0]), x, y, [split], schedule, seeds=[0])
z = torch.from_numpy(predict(result, x, split.test[None]))  # (1, 120)
classification_metrics(y[split.test].numpy(), torch.sigmoid(z)[0].numpy())

# %% [markdown]
# ## Data
#
# As many metals as semiconductors: the set of {cite:t}`zhuo2018` that the paper uses.

# %% tags=["remove-input"]
report.data_card(data.load("zhuo2018-metal"))

# %% [markdown]
# ## The record
#
# A compound is called a metal at a predicted probability of one half or more, with every model. The probabilities of
# the support vector classifier are a sigmoid fitted on the validation rows.

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False
change = ""  # settings of a variant; see the page "Change one thing"

# %%
guard(globals())
record = experiments.run("zeng2019-metal", profile, seeds=seeds, device=device, refresh=refresh, change=change)
best = records.full_record("zeng2019-metal") or record
print(record.describe())
report.variant(record)

# %% tags=["hide-input"]
models = [name for name in report.MODEL_NAMES if f"random/{name}/auc" in best.metrics]
report.roc(report.panels(best, best), "random", models, published=papers.target("zeng2019-metal/auc").printed)

# %% [markdown]
# *ROC curves on random test rows, with the area under each (the paper's Fig. 3c).*

# %% tags=["hide-input"]
report.confusion(report.panels(best, best), "random/atcnn", ("semiconductor", "metal"))

# %% [markdown]
# *Confusion matrix of the network, as shares of each true class, averaged over seeds (the paper's Fig. 3d).*

# %% tags=["remove-input"]
say(
    best,
    "The area under the curve is **{random/atcnn/auc}**, below the printed {=zeng2019-metal/auc}. A longer training "
    "would not help: the validation loss is lowest within the first few dozen epochs and rises from there. Nor does "
    "regularisation: a one-cycle schedule reaches {random/atcnn-one-cycle/auc}, and with dropout and strong weight "
    "decay it is {random/atcnn-dropout/auc}.",
    holds="every(random/atcnn/auc < 0.965) and every(random/atcnn-one-cycle/auc < 0.965)"
    " and every(random/atcnn-dropout/auc < 0.965)",
)

# %% tags=["hide-input"]
report.learning_curves(
    best, [key.removeprefix("history/") for key in best.arrays if key.startswith("history/random/")], ""
)

# %% [markdown]
# *Validation cross-entropy against the number of epochs: each network overfits early.*
#
# ## Honest splits and baselines

# %% tags=["remove-input"]
say(
    best,
    "A random forest on tabulated element statistics reaches **{random/forest/auc}** on the same random rows, "
    "so the data allow the printed area, but this network does not reach it. Our support vector classifier, at "
    "{random/svc/auc}, is as good as the network; the paper cites {=zeng2019-metal/svc-auc} for the original "
    "one.",
    holds="every(random/atcnn/auc < random/forest/auc) and random/forest/auc > published('zeng2019-metal/auc')"
    " and abs(random/svc/auc - random/atcnn/auc) < sd(random/atcnn/auc)",
)

# %% tags=["remove-input"]
say(
    best,
    "On unseen chemical systems the network does as well, with an area of **{system/atcnn/auc}**. Here a "
    "random split is a fair test already. The {data/semiconductors/rows:,} semiconductors are "
    "{data/semiconductors/compositions:,} distinct compositions and the {data/metals/rows:,} metals "
    "{data/metals/compositions:,}; only {data/both/compositions:,} are in both classes. The paper calls the "
    "insulators "
    '"unique", and nearly all of them are.',
    holds="abs(system/atcnn/auc - random/atcnn/auc) < sd(random/atcnn/auc)"
    " and random/split/shared_composition < 0.01 and data/semiconductors/compositions < data/semiconductors/rows",
)

# %% tags=["remove-input"]
names = ("auc", "accuracy", "metal_recall", "semiconductor_recall", "f1")
pivot(best, "{group}/{row}/{column}", None, names, groups=report.SPLIT_NAMES)

# %% [markdown]
# ## Limits, and what we had to choose
#
# - The paper names neither the loss nor the number of epochs of its classifier. We took the cross-entropy and the
#   released models' optimiser, stopped when the validation loss no longer fell, and tried two further schedules.
# - The two classes are equally common here by construction. Among all compounds they are not, so the precision of a
#   search will differ.
# - A composition has one label: polymorphs, and temperatures at which a gap closes, are invisible.
#
# ## Every published number

# %% tags=["remove-input"]
report.comparison(record)

# %% tags=["remove-input"]
report.claim_results(best)

# %% [markdown]
# ## Run it yourself
#
# Any of the parameters above can be set from the command line. This run's own scores are folded away here.

# %% tags=["hide-cell"]
pivot(record, "{group}/{row}/{column}", None, ("auc", "accuracy"), groups=report.SPLIT_NAMES)

# %% tags=["remove-input"]
report.dropped(record)

# %% tags=["remove-input"]
report.provenance(record, "zeng2019/metals")
