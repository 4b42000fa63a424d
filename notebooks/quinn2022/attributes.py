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
# # Debye temperature and other attributes

# %% tags=["remove-input"]
import html

import matplotlib.pyplot as plt
import numpy as np

from replicate import experiments, report
from replicate.notebook import guard
from replicate.report import answer_card, pivot, say
from replicate.report.style import BLUE, ORANGE, PALE, RED, finished, legend_below
from replicate.results import papers, records

report.use_house_style()
answer_card(
    "quinn2022-attributes/debye-r2",
    baseline=("debye_temperature/extra-trees-fractions/r2", "extra trees on fractions"),
    honest=("debye_temperature-few/cgcnn/r2", "CGCNN, about as many compounds as the paper's"),
)

# %% [markdown]
# **The claim** ({cite:t}`quinn2022`, Results): the same network predicts the logarithm of the Debye
# temperature, that of the electronic specific heat coefficient, and the Néel temperature with some success,
# from a few hundred values each.
#
# **The question here**: how much of such a score comes from the crystal structure? SuperCon's columns of attributes
# are not public, so AFLOW's computed Debye temperatures replace the first, and the other two are not run.
#
# ## The model
#
# AFLOW computes a Debye temperature from the crystal itself: from the volume $V$ of a cell with $n$ atoms and
# mass $M$, the bulk modulus $B$, and Poisson's ratio $\nu$ through a function $f(\nu)$ of the ratio of sound
# velocities:
#
# $$
# \Theta = \frac{\hbar}{k_\mathrm{B}} \left(6 \pi^2 V^{1/2} n\right)^{1/3} f(\nu) \sqrt{\frac{B}{M}}, \qquad
# f(\nu)^3 = \frac{3}{2 \left(\frac{2}{3}\,\frac{1 + \nu}{1 - 2\nu}\right)^{3/2}
#   + \left(\frac{1}{3}\,\frac{1 + \nu}{1 - \nu}\right)^{3/2}}
# $$
#
# The bundled elastic moduli of {cite:t}`dejong2015` give such temperatures for a small training in view.

# %%
import torch
from scipy.constants import atomic_mass, hbar, k, pi

from replicate import data
from replicate.data.structures import to_structure
from replicate.features.graph_building import graphs_from_structures

sample = data.load("dejong2015").table.query("0 < poisson_ratio < 0.5").sample(500, random_state=0)
structures = [to_structure(text) for text in sample["structure"]]
nu, bulk = sample["poisson_ratio"].to_numpy(), 1e9 * sample["K_VRH"].to_numpy()  # Pa
terms = 2 * (2 / 3 * (1 + nu) / (1 - 2 * nu)) ** 1.5 + ((1 + nu) / (1 - nu) / 3) ** 1.5
volume, mass, n = np.array([(s.volume, s.composition.weight, len(s)) for s in structures]).T
length = (6 * pi**2 * n * np.sqrt(1e-30 * volume)) ** (1 / 3)
debye = hbar / k * length * (3 / terms) ** (1 / 3) * np.sqrt(bulk / (mass * atomic_mass))  # K

# %%
figure, axis = plt.subplots(figsize=(6.4, 3.2))
axis.scatter(mass / n, debye, c=1e-9 * bulk, s=14, cmap="viridis")
axis.set(xscale="log", yscale="log", xlabel="mean mass of an atom (u)", ylabel="Debye temperature (K)")
axis.xaxis.set_major_formatter("{x:g}")
axis.yaxis.set_major_formatter("{x:g}")
figure.colorbar(axis.collections[0], label="bulk modulus (GPa)")
finished(figure, "Debye temperatures from elastic moduli against the mean mass of an atom.")

# %% [markdown]
# *Debye temperatures of the sample: high for light and stiff crystals. The composition gives the mass, and most of
# the stiffness.*

# %%
from dataclasses import replace

from replicate.evaluation.metrics import regression_metrics
from replicate.evaluation.splits import make_split
from replicate.models.graph_batch import GraphSet
from replicate.training.config import FitConfig
from replicate.training.fit import fit, predict

network = experiments.get("quinn2022-attributes").config("full").network
print(network.model)
print(network.fit)

# %%
crystals = graphs_from_structures(zip(sample["material_id"], structures, strict=True))
y = torch.tensor(np.log(debye[crystals.rows]), dtype=torch.float32)
graphs = GraphSet(crystals.graphs)
split = make_split(range(len(y)), kind="random", seed=0)
schedule = FitConfig(epochs=12, batch_size=64, optimizer="adamw", standardise=True)
schedule = replace(schedule, learning_rate=5e-3, schedule="one-cycle")
result = fit(network.model.build(seeds=[0]), graphs, y, [split], schedule, seeds=[0])
regression_metrics(y[split.test].numpy(), predict(result, graphs, split.test[None])[0])

# %% [markdown]
# ## Data
#
# Debye temperatures that AFLOW computed, joined to structures of the Materials Project by composition, where it has
# one structure and one value. Most are compounds outside SuperCon, and computed values lack the scatter of
# measurements.

# %% tags=["remove-input"]
from replicate.data import quinn

report.experiment_data("quinn2022-attributes", {"mdr-supercon": quinn.superconductors})

# %% tags=["remove-input"]
report.archives(*experiments.get("quinn2022-attributes").config("full").archives)

# %% [markdown]
# ## The record
#
# The regression network with logarithms as its target, once with all compounds and once with about as many as the
# paper had. The baseline is trees on the composition alone.

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
    "quinn2022-attributes", profile, seeds=seeds, device=device, refresh=refresh, change=change
)
best = records.full_record("quinn2022-attributes") or record
print(record.describe())
report.variant(record)

# %% tags=["remove-input"]
report.networks(best)

# %% tags=["remove-input"]
rows = [
    [f"<code>{html.escape(what)}</code>", *(f"{n[part]:,}" for part in ("rows", "usable", "joined"))]
    for what, n in best.arrays["joins"].items()
]
head = ("table/column", "rows", "composition occurs once, with a value", "with a crystal")
report.table(head, rows, numeric=(1, 2, 3))

# %% tags=["remove-input"]
say(
    best,
    "With {debye_temperature/split/train_rows:,} training compounds the network has an R² of "
    "**{debye_temperature/cgcnn/r2}** for the logarithm of the Debye temperature, the trees "
    "{debye_temperature/extra-trees-fractions/r2}. The network also sees the structure, from which AFLOW "
    "computes its values; how much of the difference that makes was not tested. With {debye_temperature-few/split/train_rows:,}, about the paper's number, it is "
    "**{debye_temperature-few/cgcnn/r2}**, above the printed {=quinn2022-attributes/debye-r2}; the trees have "
    "{debye_temperature-few/extra-trees-fractions/r2}, about as much as is printed. These are computed values "
    "of other compounds than SuperCon's measured ones: they show what such a network can learn, not whether "
    "the published number is reproduced.",
    holds="every(debye_temperature/cgcnn/r2 > debye_temperature/extra-trees-fractions/r2)"
    " and every(debye_temperature-few/cgcnn/r2 > debye_temperature-few/extra-trees-fractions/r2)"
    " and every(debye_temperature-few/cgcnn/r2 > published('quinn2022-attributes/debye-r2'))"
    " and abs(debye_temperature-few/extra-trees-fractions/r2 - published('quinn2022-attributes/debye-r2')) <"
    " 0.05",
)

# %% tags=["hide-input"]
sizes = {name: best.metrics[f"{name}/split/train_rows"].mean for name in ("debye_temperature", "debye_temperature-few")}
sets = {name: f"{size:,.0f} training compounds" for name, size in sizes.items()}
figure, axis = plt.subplots(figsize=(7.4, 3.2))
for model, colour, mark, offset in (("cgcnn", BLUE, "o", 0.1), ("extra-trees-fractions", ORANGE, "s", -0.1)):
    for place, name in enumerate(reversed(sets)):
        score = best.metrics[f"{name}/{model}/r2"]
        label = "" if place else report.MODEL_NAMES[model]
        axis.errorbar(score.mean, place + offset, xerr=score.sd, fmt=mark, ms=7, capsize=3, color=colour, label=label)
printed = papers.target("quinn2022-attributes/debye-r2")
axis.axvline(printed.published, color=RED, ls="--", lw=1.2, label=f"published: about {printed.printed}")
axis.set_yticks(range(len(sets)), reversed(sets.values()))
axis.set(ylim=(-0.5, len(sets) - 0.5), xlabel="R² on test compounds")
axis.grid(axis="x", color=PALE, lw=0.6)
legend_below(figure, [axis])
finished(figure, "R² of the network and of trees for both sizes of the training set, with the published value.")

# %% [markdown]
# *R² of network and trees, mean ± standard deviation over seeds, for both numbers of compounds.*

# %% tags=["remove-input"]
rows = {
    f"{name}/{model}": f"{title}, {size}"
    for name, size in sets.items()
    for model, title in {"cgcnn": "CGCNN", "extra-trees-fractions": "trees"}.items()
}
columns = {"r2": "R²", "mae": "MAE", "rmse": "RMSE", "error_p90": "90 % within"}
pivot(best, "{row}/{column}", rows, columns, note="errors of the natural logarithm")

# %% tags=["hide-input"]
report.parity(
    report.panels(best, best),
    "debye_temperature/cgcnn",
    "ln(Debye temperature / K)",
    "",
    published=report.printed({"R²": "quinn2022-attributes/debye-r2"}),
    truth="computed",
)

# %% [markdown]
# *Predicted against computed logarithms of the Debye temperature, test compounds of all seeds together.*

# %% tags=["hide-input"]
histories = {f"{name}/cgcnn": label for name, label in sets.items()}
report.learning_curves(best, list(histories), "natural logarithm", histories)

# %% [markdown]
# *Validation error against the number of epochs.*
#
# ### The paper's attributes
#
# The attributes of the paper, and which of them are run here.

# %% tags=["remove-input"]
targets = {"Debye temperature": "debye-r2", "coefficient of electronic specific heat": "specific-heat-r2"}
targets["Néel temperature"] = "neel-r2"
rows = []
for attribute in papers.table("quinn2022", "attributes").itertuples():
    target = targets.get(attribute.attribute)
    run = target == "debye-r2"
    rows.append([
        html.escape(attribute.attribute),
        f"about {attribute.rows:,}",
        f"about {papers.target(f'quinn2022-attributes/{target}').printed}" if target else "–",
        "AFLOW's computed values" if run else "not run: the column of SuperCon is not public",
        report.spread(best.metrics["debye_temperature/cgcnn/r2"]) if run else "–",
    ])  # fmt: skip
report.table(("attribute", "values in the paper", "R², published", "here", "R², here"), rows, numeric=(1, 2, 4))

# %% [markdown]
# ## Limits, and what we had to choose
#
# - The paper learns from columns of SuperCon, which are not public. Here they are AFLOW's computed Debye
#   temperatures; specific heat and Néel temperature are not run.
# - A computed property is smooth in the structure, a measured one has the errors and disagreements of its sources: a
#   higher R² here does not mean that the published model was poor.
# - AFLOW computes its values from the same structures; for SuperCon's compounds a structure had to be assigned first.
# - R² depends on the spread of the test values, which differs from SuperCon's. Here it is one minus the
#   squared error over the variance; the paper's is called a correlation.
# - The network and its schedule are those of the regression of critical temperatures, not tuned for this
#   property.
#
# ## Every published number

# %% tags=["remove-input"]
report.comparison(record)

# %% [markdown]
# ## Run it yourself
#
# Any of the parameters above can be set from the command line. This run's own scores are folded away here.

# %% tags=["hide-cell"]
pivot(record, "debye_temperature/{row}/{column}", ("cgcnn", "extra-trees-fractions"), columns)

# %% tags=["remove-input"]
report.provenance(record, "quinn2022/attributes")
