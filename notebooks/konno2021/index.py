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
# # Reading periodic table: a residual network on the elements' own table
#
# {cite:t}`konno2021` write a composition into the periodic table, once for each valence block, and let a deep
# convolutional network read it. Compounds of a crystallographic database serve as non-superconductors, which are
# rarely reported. They report a better score than a random forest's, predictions of superconductors that were not in
# the data, and the iron-based superconductors predicted from data before their discovery.
# [How it works](../how/periodic-table.ipynb) follows MgB₂ through the model.
#
# ## Verdict

# %% tags=["remove-input"]
import re

import pandas as pd

from replicate import report
from replicate.notebook import guard
from replicate.report import say
from replicate.results import records

guard(globals())
report.verdict_sentences("konno2021")

# %% [markdown]
# ## Pages
#
# | page | in the paper | question |
# | --- | --- | --- |
# | [Superconductors only](preliminary.ipynb) | Sec. II, Fig. 2 | Do trees do as well, and how much comes from relatives in training? |
# | [Garbage-in](garbage-in.ipynb) | Secs. III, V | Are the counts reproduced, and what do they mean? |
# | [A test by year](temporal-test.ipynb) | Sec. IV, Table I | Is Table I reproduced, against more baselines? |
# | [Iron-based superconductors](iron-based.ipynb) | Sec. VI, Fig. 3 | How many networks find them, and at what base rate? |
# | [Candidates](candidates.ipynb) | Sec. V | Do networks agree on the candidates? |
# | [Band gaps](band-gaps.ipynb) | Sec. VII | Which representation of a composition is better? |
#
# ## Experiment by experiment

# %% tags=["remove-input"]
say(
    "konno2021-preliminary",
    "**Superconductors only.** On random rows the network reaches an R² of {random/periodic-resnet/r2} (printed "
    "{=konno2021-preliminary/r2}), less than extra trees on plain element fractions, {random/extra-trees-fractions/r2}. "
    "On unseen chemical systems the R² is {system/periodic-resnet/r2}, and {system/extra-trees-fractions/r2} "
    "for the trees. Most of the worst errors are cuprates; few of these records look wrong.",
    holds="every(random/periodic-resnet/r2 < random/extra-trees-fractions/r2)"
    " and system/periodic-resnet/r2 < random/periodic-resnet/r2 - 0.1"
    " and outliers/periodic-resnet/cuprate_share > 0.5"
    " and outliers/periodic-resnet/suspects < 0.1 * outliers/periodic-resnet/rows",
)

# %% tags=["remove-input"]
say(
    "konno2021-garbage-in",
    "**Garbage-in.** A model trained only on superconductors predicts "
    "{100 * cod/preliminary/above_10K / cod/list/searched:.0f} % of the COD's compositions above 10 K, about "
    "as the paper says. With the COD at 0 K in training {cod/garbage-in/above_10K:0} compositions remain "
    "(printed {=konno2021-garbage-in/above-10k}, on a longer list). Compositions that were not trained on get "
    "a Tc above zero about as often as those that were, so the networks have not just memorised them. The "
    "count says how many candidates are left, not how many of them superconduct.",
    holds="abs(cod/preliminary/above_10K / cod/list/searched - 17 / 48) < 0.1"
    " and abs(cod/garbage-in-held/share_above_0K"
    " - cod/garbage-in/above_0K / (cod/list/searched - cod/list/cuprates_and_iron_based)) < 0.05",
)

# %% tags=["remove-input"]
say(
    "konno2021-hosono",
    "**A test by year.** Trained on what was known before 2010, regression has a precision of "
    "{above-0K/regression/precision:%} above 0 K (printed {=konno2021-hosono/regression-0k-precision}), "
    "{above-0K/regression/precision / above-0K/baseline/precision:.1f} times the share of superconductors on the list. "
    "Its F1 is higher than a random forest's, its AUC lower, {above-0K/regression/auc:2} against "
    "{above-0K/forest/auc:2}. A network trained as a classifier has a higher AUC than both.",
    holds="every(above-0K/forest/f1 < above-0K/regression/f1) and every(above-0K/regression/auc < above-0K/forest/auc)"
    " and every(above-0K/forest/auc < above-0K/classification/auc)",
)

# %% tags=["remove-input"]
say(
    "konno2021-iron",
    "**Iron-based superconductors.** A network gives {iron-based/periodic-resnet/found_share:%} of them a Tc above zero, "
    "and {iron-based/periodic-resnet/alike_share:%} of similar compounds that are not known to superconduct, "
    "{iron-based/periodic-resnet/alike_bare_share:%} of those without O and H. "
    "The number varies widely from network to network: one that finds many is the best of many draws. The sum "
    "of a formula's coefficients alone separates the two better, with an AUC of "
    "{iron-based/formula-size/auc:.2f} against {iron-based/periodic-resnet/auc:2}. Cuprates are not found more "
    "often than similar compounds.",
    holds="sd(iron-based/periodic-resnet/found) > 0.5 * iron-based/periodic-resnet/found"
    " and iron-based/periodic-resnet/auc + sd(iron-based/periodic-resnet/auc) < iron-based/formula-size/auc"
    " and abs(cuprates/periodic-resnet/auc - 0.5) < sd(cuprates/periodic-resnet/auc)",
)

# %% tags=["remove-input"]
say(
    "konno2021-candidates",
    "**Candidates.** Hf₀.₅Nb₀.₂V₂Zr₀.₃ and BeB₂, left out of training, are candidates of every network; CaBi₂ "
    "gets {candidates/periodic-resnet/CaBi2:1} K and is a candidate of none. A network's candidates include "
    "{overlap/periodic-resnet/authors_too:0} of the authors' {candidates/authors/in_pool:,}, far more than by "
    "chance, but two networks share only {overlap/periodic-resnet/between_networks:%} of theirs.",
    holds="every(candidates/periodic-resnet/BeB2 > 4) and every(candidates/periodic-resnet/Hf0.5Nb0.2V2Zr0.3 > 4)"
    " and every(candidates/periodic-resnet/CaBi2 < 4)"
    " and every(overlap/periodic-resnet/authors_too > 10 * overlap/periodic-resnet/by_chance)",
)

# %% tags=["remove-input"]
say(
    "konno2021-gap",
    "**Band gaps.** The error on random rows, {random/periodic-resnet/mae} eV, is about that of the atom table "
    "on the same splits, {random/atcnn/mae@zeng2019-gap} eV, and of extra trees on plain fractions, "
    "{random/extra-trees-fractions/mae} eV. By chemical system it is {system/periodic-resnet/mae} eV. Joining "
    "the table's edges makes no clear difference.",
    holds="abs(random/periodic-resnet/mae - random/atcnn/mae@zeng2019-gap) < sd(random/periodic-resnet/mae)"
    " and abs(random/periodic-resnet/mae - random/extra-trees-fractions/mae) < sd(random/periodic-resnet/mae)"
    " and abs(random/periodic-resnet/mae - random/periodic-resnet-edge/mae) < sd(random/periodic-resnet/mae)",
)

# %% [markdown]
# ## Claims

# %% tags=["remove-input"]
report.chapter_claims("konno2021")

# %% [markdown]
# ## What we had to choose
#
# The paper prints neither optimiser nor schedule, and no training script is public. Where text and code differ on the
# network, we follow the code, which can be run.
#
# | choice | the paper says | the authors' code does | we do | why |
# | --- | --- | --- | --- | --- |
# | Entries of the table | “the composition ratios” | raw coefficients of the formula, H₂O as 2 and 1 | coefficients; fractions as a variant where Tc is predicted and in the test by year | as in the code; the page of the test by year shows the consequences |
# | Very large coefficients | – | as they are | cut at 100 | SuperCon has typing errors such as `O6050` for O6.05; a single one upsets batch normalisation |
# | Optimiser, loss, schedule | not given | no training script | AdamW with a one-cycle schedule, peak rate 0.003, weight decay 0.01, batches of 128, of 256 with the COD on a processor; squared error in kelvin behind a ReLU, cross-entropy for classes; the epoch is chosen on validation rows | a common choice; the logarithm of Tc as a variant on the first page |
# | Epochs | not given | – | 60 on superconductors, 15 with the COD; on a processor 12 and 3 | the longer ones take a processor hours, see below |
# | Seeds | not said | – | 5; each its own first weights and validation rows | a single training is not enough: see the spread |
# | Lanthanides | four blocks, s, p, d and f | La and Ac in the d plane, Lu and Lr in the f plane | as in the code | the published network reads them so |
# | “10-layer” network | as good a score, finds no iron-based superconductor | not released | the network of 59 + 3 layers without its residual blocks: 7 convolutions and 3 linear layers | the layers that remain are ten |
# | Periodic convolution | {cite:t}`konno2020`: the table's edges are joined | sizes that do not fit together, and a shift that joins Ne to H | each period followed by the next, Ne by Na; on the page of the band gaps | as the text describes it |
# | Repeated compounds | not said | the median of the formula as it is written | the same; `Y1Ba2Cu3O7` and `Ba2Cu3O7Y1` stay two rows | as published; the split by chemical system keeps such pairs on one side |
# | Pure elements | not said | overwritten from a table that is not public | pymatgen's values at ambient pressure, 0 K where there is none, and for gadolinium, which repeats gallium | a public table; SuperCon mixes in high pressure |
# | Years | “added before 2010” | ready-made lists | the first year in the journal's name; entries without one are never in an early set | so no later entry can slip in |
# | COD | see [garbage-in](garbage-in.ipynb) | lists of 2007 and 2009, repetitions removed; none of 2018 | the list of 2009, of 2007 for the discovery, without compounds of carbon and hydrogen | the list behind the number is not released |
# | Compositions tested on | not said | entries that overlap SuperCon or the COD of the year are removed | no training row differs from one by less than 0.001 in every fraction | the COD has some of the tested compounds as non-superconductors |
# | Test list | about 400 materials, 330 of them non-superconductors; by the abstract 3 % of the candidates superconduct | fewer rows: entries that overlap SuperCon or the COD were removed (its README); this list gives the printed baselines, the text's numbers do not | the authors' file as it is; an entry that is no formula is left out and named | the accuracies of Table I follow from the file |
# | Models left out | not in its text | its README: “wrong models” are excluded by the lists of other years; the rule is not given | every run is reported | leaving runs out after seeing their results is selection |
# | Runs of the discovery | about 130 | – | 130 of the deep network, 20 of each other and for the cuprates; on a processor 10 of each; 5 forests | the page gives the number |
# | Base rate | not given | – | similar compounds of the COD, neither in training nor in SuperCon, and no close relatives of SuperCon's | a hit means little if the model calls many other compounds superconductors too |
# | Test set of Fig. 2 | 5 %, random | – | the same, and by chemical system | near relatives in training help on random rows |
# | Suspect records | “wrongly recorded” ones among the outliers, not named | – | an error over 3 times the root mean square, where entries within 1 % of the atoms have a median nearer to the prediction than to the record | a rule that anyone can repeat |
#
# Hours that the full settings would take one core of the processor that made the records:

# %% tags=["hide-input"]
runs = [  # what, experiment, its networks, full epochs, networks per network of the record
    ("superconductors only", "preliminary", ".*", 60, 1),
    ("test by year", "hosono", "temporal.*", 15, 1),
    ("garbage-in and candidates", "garbage-in", "garbage-in/.*", 15, 1),
    ("130 networks of the discovery", "iron", "iron-based/periodic-resnet", 15, 13),
]
hours = {}
for label, name, networks, epochs, times in runs:
    full = records.full_record(f"konno2021-{name}")
    trained = (network for network in full.training if re.fullmatch(networks, network))
    hours[label] = times * sum(full.core_hours(network, epochs) for network in trained)
pd.Series(hours, name="hours").round(0).astype(int).to_frame()

# %% [markdown]
# ## Data
#
# | dataset | in the paper | here |
# | --- | --- | --- |
# | superconductors | SuperCon | SuperCon as NIMS published it, prepared by the authors' rules |
# | non-superconductors | inorganic compounds of the COD | the authors' lists of 2007 and 2009 |
# | test by year | compounds reported by {cite:t}`hosono2015` | the authors' file |
# | candidates | the authors' list | the same |
# | band gaps | {cite:t}`konno2020` | the author's two tables; {cite:t}`zhuo2018` |
#
# Only the gaps of {cite:t}`zhuo2018` are bundled. The other lists are downloaded once, from the addresses that
# `replicate data list` names; without them the pages show the full records alone.

# %% tags=["remove-input"]
report.chapter_data("konno2021")
