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
# # Energies and band gaps

# %% tags=["remove-input"]
from replicate import experiments, report
from replicate.notebook import guard
from replicate.report import answer_card, pivot, say
from replicate.results import papers, records

report.use_house_style()
answer_card(
    "xie2018-properties/gap-eq5",
    baseline=("band_gap/extra-trees-fractions/mae", "trees on the composition"),
    honest=("band_gap-unlisted/authors/mae", "the authors' network, crystals that are not on their list"),
)

# %% [markdown]
# **The claim** ({cite:t}`xie2018`, Tables I and S4, Fig. S4): the same network predicts total energies, band gaps and
# Fermi energies, with about 10⁴ training crystals as well as DFT agrees with experiment, and better with Eq. 5 than
# with Eq. 4. The [elastic properties](elastic.ipynb) have a page of their own.
#
# **The question here**: which errors are reproduced, and with which data?
#
# ## The model
#
# The network of the [formation energies](formation-energy.ipynb): nodes $v_i$ for the atoms, edges $u_{ij}$ for the
# 12 nearest neighbours, four gated convolutions,
#
# $$
# v_i' = v_i + \sum_j \sigma(z_{ij} W_\mathrm{f}) \odot g(z_{ij} W_\mathrm{s}), \qquad z_{ij} = v_i \oplus v_j \oplus u_{ij},
# $$
#
# and one hidden layer behind the mean over the atoms. Only the target changes. Here it is the band gap:

# %%
from replicate import data
from replicate.data.structures import to_structure
from replicate.features.graph_building import graphs_from_structures

sample = data.load("petousis2017").table.sample(400, random_state=0)
structures = {row.material_id: to_structure(row.structure) for row in sample.itertuples()}
crystals = graphs_from_structures(structures.items())
sample = sample.iloc[crystals.rows]
graphs = crystals.graphs

# %%
import matplotlib.pyplot as plt

from replicate.report.style import finished

first = slice(0, graphs.edge_start[1])  # the edges of one crystal
figure, axis = plt.subplots(figsize=(7, 2.6))
axis.hist(graphs.distance[first], bins=60, weights=graphs.weight[first])
axis.set(xlabel="distance (Å)", ylabel="neighbours", title=sample["formula"].iloc[0])
finished(figure, "How many neighbours the atoms of one crystal have at which distance.")

# %% [markdown]
# *The edges of one crystal's graph: how many neighbours its atoms have, at which distance.*

# %%
import torch

from replicate.evaluation.metrics import regression_metrics
from replicate.evaluation.splits import make_split
from replicate.models.configs import CGCNNConfig
from replicate.models.graph_batch import GraphSet
from replicate.training.config import FitConfig
from replicate.training.fit import fit, predict

model = CGCNNConfig().build(seeds=[0])
x = GraphSet(graphs)
y = torch.tensor(sample["band_gap"].to_numpy(), dtype=torch.float32)  # eV

# %%
split = make_split(range(len(y)), kind="random", seed=0)
schedule = FitConfig(epochs=15, loss="mae", batch_size=32, optimizer="adamw", learning_rate=5e-3)
result = fit(model, x, y, [split], schedule, seeds=[0])
predicted = predict(result, x, split.test[None])  # (1, 80): a line per network
regression_metrics(y[split.test].numpy(), predicted[0])

# %% [markdown]
# ## Data
#
# For each property, the largest source whose values can be matched to structures. Total and Fermi energies are
# available only for crystals of the elastic list; the others come from Matbench, at the paper's size. `quick` uses
# the bundled tables.

# %% tags=["remove-input"]
report.experiment_data("xie2018-properties")

# %% tags=["remove-input"]
report.archives("materials-project-cifs")

# %% [markdown]
# ## The record
#
# Small sets are trained in smaller batches, as in the authors' checkpoints.

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False
change = ""  # settings of a variant; see the page "Change one thing"

# %%
guard(globals())
record = experiments.run("xie2018-properties", profile, seeds=seeds, device=device, refresh=refresh, change=change)
best = records.full_record("xie2018-properties") or record
print(record.describe())
report.variant(record)

# %% tags=["hide-input"]
report.parity(
    report.panels(best, best),
    "band_gap/cgcnn-eq5",
    "band gap",
    "eV",
    published=report.printed({"MAE": "xie2018-properties/gap-eq5"}),
    truth="computed",
)

# %% [markdown]
# *Predicted against computed band gaps of the test crystals, Eq. 5, all seeds together (Fig. S4).*

# %% tags=["hide-input"]
report.parity(
    report.panels(best, best),
    "fermi_energy/cgcnn-eq5",
    "Fermi energy",
    "eV",
    published=report.printed({"MAE": "xie2018-properties/fermi-eq5"}),
    truth="computed",
)

# %% [markdown]
# *The same for Fermi energies.*

# %% tags=["hide-input"]
report.parity(
    report.panels(best, best),
    "absolute_energy/cgcnn-eq5",
    "total energy",
    "eV/atom",
    published=report.printed({"MAE": "xie2018-properties/absolute-eq5"}),
    truth="computed",
)

# %% [markdown]
# *The same for total energies.*
#
# ### Tables I and S4
#
# As printed; `mae_dft` is the error of DFT against experiment that the paper cites, each row in its own unit.

# %%
table1 = papers.table("xie2018", "table1").set_index("property")
table1.loc[["formation energy", "absolute energy", "band gap", "Fermi energy"]].fillna("–")

# %% [markdown]
# And here, with formation energies and gaps trained briefly; [trained for longer](formation-energy.ipynb), Eq. 5 comes
# close to the printed formation energy. The authors' network is scored on all crystals of the row; it was trained with
# many of them.

# %% tags=["remove-input"]
properties = {
    "formation_energy": "Formation energy (eV/atom)",
    "absolute_energy": "Absolute energy (eV/atom)",
    "band_gap": "Band gap (eV)",
    "fermi_energy": "Fermi energy (eV)",
}
columns = {
    "split/train_rows": "training<br>crystals",
    "cgcnn-eq4/mae": "Eq. 4",
    "cgcnn-eq5/mae": "Eq. 5",
    "authors/mae": "authors'<br>network",
    "extra-trees-fractions/mae": "composition<br>only",
}
sizes = {"split/train_rows": ","}
pivot(best, "{row}/{column}", properties, columns, form=sizes, printed="xie2018-properties", corner="test MAE")

# %% tags=["remove-input"]
say(
    best,
    "Eq. 5 has the lower error for **each of the three** properties besides the formation energy. At the "
    "paper's size, the gap has an error of **{band_gap/cgcnn-eq5/mae} eV** after a shorter training; the "
    "printed {=xie2018-properties/gap-eq5} is within two standard deviations of the mean of our seeds. The total and Fermi energies "
    "are learned from far fewer crystals than the paper's ({absolute_energy/split/train_rows:,} and "
    "{fermi_energy/split/train_rows:,}): these rows show what the available data allow, not what the method "
    "can do.",
    holds="properties/cgcnn-eq5/improved == 3"
    " and every(band_gap/cgcnn-eq5/mae < band_gap/cgcnn-eq4/mae)"
    " and abs(band_gap/cgcnn-eq5/mae - published('xie2018-properties/gap-eq5')) < 2 * sd(band_gap/cgcnn-eq5/mae)"
    " and fermi_energy/split/train_rows < 0.1 * formation_energy/split/train_rows"
    " and absolute_energy/split/train_rows < fermi_energy/split/train_rows",
)

# %% tags=["remove-input"]
report.networks(best)

# %% tags=["remove-input"]
report.joins(best)

# %% [markdown]
# ## Honest splits and baselines
#
# The last column of the table above has trees on the composition alone. For the gap, Eq. 4 does no better than they
# do.

# %% tags=["remove-input"]
say(
    best,
    "The error of the band gap is {band_gap/extra-trees-fractions/mae} eV with trees on the composition, "
    "{band_gap/cgcnn-eq4/mae} eV with Eq. 4 and **{band_gap/cgcnn-eq5/mae} eV** with Eq. 5.",
    holds="abs(band_gap/cgcnn-eq4/mae - band_gap/extra-trees-fractions/mae) < sd(band_gap/extra-trees-fractions/mae)"
    " and every(band_gap/cgcnn-eq5/mae < band_gap/extra-trees-fractions/mae)",
)

# %% [markdown]
# ### Crystals that are not on the list
#
# The authors' list of gaps names the crystals that trained and tested their network. Crystals that are not on it
# are new to it.

# %% tags=["remove-input"]
pivot(
    best,
    "{row}/mae",
    {
        "band_gap-listed/authors": "on the authors' list",
        "band_gap-unlisted/authors": "not on it",
        "authors/band-gap": "bundled structures",
        "band_gap/authors": "all crystals",
    },
    {"authors": "the authors' network, MAE"},
    corner="crystals",
)

# %% tags=["remove-input"]
from IPython.display import Markdown

on, off = (best.metrics[f"band_gap-{label}/authors/mae"] for label in ("listed", "unlisted"))
Markdown(
    f"Their network has an error of {on.mean:.3f} eV on {on.n:,} crystals of their list, most of which trained "
    f"it, and of **{off.mean:.3f} eV** on {off.n:,} others. A random test set drawn from the list says nothing "
    f"about those. "
    "All eight of their networks, with sizes and errors, are on the [first page of the chapter](index.html)."
)

# %% [markdown]
# ## Limits, and what we had to choose
#
# - Absolute energies mix two functionals in the source. Rows of one functional are selected by a fit to all rows,
#   test rows included, which cannot replace labels and makes the error optimistic; the number left out is below the
#   table of joins.
# - The paper's list of band gaps has almost no metals; here only gaps above zero are used.
# - The paper mentions no batch normalisation. In the record made on a processor Eq. 4 has it, as the released
#   networks have for Eq. 5; the full settings train it without.
# - The paper's networks and ours are trained on different versions of the same database.
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
pivot(record, "{row}/{column}", properties, columns, form=sizes, corner="test MAE")

# %% tags=["remove-input"]
report.provenance(record, "xie2018/properties")
