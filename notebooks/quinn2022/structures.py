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
# # Structures for the entries of SuperCon

# %% tags=["remove-input"]
import html

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown

from replicate import experiments, report
from replicate.notebook import guard
from replicate.report import answer_card, pivot, say
from replicate.report.style import BLUE, GREEN, INK, ORANGE, RED, SILVER, SKY, finished
from replicate.results import papers, records

report.use_house_style()
answer_card(
    "quinn2022-data/with-structure",
    honest=("parents/3dsc/same", "of the 3DSC's formulas have the same parent here"),
)

# %% [markdown]
# **The claim** ({cite:t}`quinn2022`, Materials and Methods, Fig. 1A): with a *parent* compound, determined
# heuristically, and the dopants put on its sites, more than half of the entries of SuperCon get a crystal
# structure of the Materials Project.
#
# **The question here**: how many get one by a rule that anyone can run, and does an independent assignment choose the
# same parents?
#
# ## The model
#
# Nothing is trained here. A formula's parent is the known compound of its elements that differs from it in the
# smallest share $d$ of the atoms; large formulas, of many atoms $n$, have a small penalty:
#
# $$
# \text{parent} = \underset{d \le d_\mathrm{max}}{\arg\min}\; (d + \lambda n), \qquad
# d = \frac{1}{N} \sum_{\text{atoms that differ}} w
# $$
#
# The weight $w$ is one for an atom that takes another's place, and more for changes that are less likely in a
# crystal.

# %%
from replicate import data
from replicate.features.composition import parse
from replicate.features.parents import ParentPool

known = data.load("faber2015").table  # a few thousand bundled structures of the Materials Project
pool = ParentPool(parse(known["formula"].tolist()).amounts)
amounts = parse(["LaFeAsO0.9F0.1"]).amounts[0]  # (118,): a superconductor
match = pool.find(amounts)
parent = known.loc[match.rows[0]]
print(f"parent: {parent.formula}, {parent.material_id}; {match.distance:.1%} of the atoms differ")

# %% [markdown]
# The formula's elements are then placed on the parent's sites, as probabilities where several share a site. The
# network's atom features are averages over these.

# %%
from replicate.data.structures import to_structure
from replicate.features.crystal import from_structure
from replicate.features.parents import place

crystal = from_structure(to_structure(parent.structure), parent.material_id)
placed = place(crystal, amounts, match.scale, match.formula)

# %%
from replicate.features.elements import SYMBOLS

figure, axis = plt.subplots(figsize=(6.4, 2.6))
start = np.zeros(len(placed))
for z in sorted(set(placed.element)):
    here = placed.element == z
    site, share = placed.site[here], placed.occupancy[here]
    axis.barh(site, share, left=start[site], label=SYMBOLS[z - 1])
    start[site] += share
axis.set(xlabel="occupancy", ylabel="site of the cell", yticks=range(0, len(start), 4), xlim=(0, 1))
axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
finished(figure, "Occupancy of each site of LaFeAsO with a tenth of its oxygen replaced by fluorine.")

# %% [markdown]
# *Occupancies of the sites of LaFeAsO doped with fluorine: a formula does not say which oxygen is replaced, so all
# are treated alike.*
#
# The rules in full, read from the code:

# %% tags=["remove-input"]
from replicate.features.parents import SPACE_GROUPS, doping, search

Markdown(f"""
| rule | here | in the paper |
| --- | --- | --- |
| Parent | a known compound of the formula's elements, up to {search.MOST_DOPANTS} left out as dopants, that \
differs in at most {100 * search.LARGEST_DISTANCE:.0f} % of the atoms | “determined heuristically” |
| What a difference counts | an atom exchanged 1, an element of the parent on another's site \
{search.SWAPPED:g}; an empty site {search.ANION_WEIGHTS[0]:g} (anion) or {search.METAL_WEIGHTS[0]:g} \
(metal), an atom without a site {search.ANION_WEIGHTS[1]:g} or {search.METAL_WEIGHTS[1]:g}, a dopant without \
one {search.DOPANT_BETWEEN:g} | – |
| Size of the parent | each atom of its formula counts {search.PER_ATOM:g}, so that La₂CuO₄ goes before \
La₁₂Cu₆O₂₅ | – |
| Open amount of oxygen | does not count; the parent must hold oxygen | YBa₂Cu₃O₇₋ₓ is named as a case where \
it matters |
| Polymorph | the space group of SuperCon's structure type, for {len(SPACE_GROUPS)} types; else the oldest \
entry of the database | crystal system, space group and prototype of SuperCon |
| Dopants | onto the free places of the nearest element in Pettifor's order, metals never onto an anion's; \
all sites of one element alike; sites left over stay empty | “possible dopants and parent species at that \
site” |
| Left out | where over {100 * doping.LARGEST_LEFT_OVER:.0f} % of the atoms find no site | – |
| Cell | the parent's | SuperCon's lattice parameters, where it has any (not public) |
""")

# %% [markdown]
# ## Data
#
# SuperCon as NIMS published it. Entries are counted as they are; the other pages train on compositions with stated
# amounts, one row each, prepared by the steps below. Structures are those of the Materials Project
# ({cite:t}`jain2013`), and the 3DSC of {cite:t}`sommer2023` is the other assignment.

# %% tags=["remove-input"]
from replicate.data import quinn

report.experiment_data("quinn2022-data", {"mdr-supercon": quinn.superconductors})

# %% tags=["remove-input"]
report.archives(*experiments.get("quinn2022-data").config("full").archives)

# %% [markdown]
# ## The record
#
# The smaller profiles use fewer entries, drawn at random, and only the parents of the 3DSC.

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False
change = ""  # settings of a variant; see the page "Change one thing"

# %%
guard(globals())
record = experiments.run_or_full("quinn2022-data", profile, seeds=seeds, device=device, refresh=refresh, change=change)
best = records.full_record("quinn2022-data") or record
print(record.describe())
report.variant(record)

# %% tags=["remove-input"]
say(
    best,
    "**{data/supercon/with_structure:,} of {data/supercon/entries:,} entries** of the public SuperCon get a "
    "structure, {100 * data/supercon/with_structure / data/supercon/entries:.0f} % (published: "
    "{=quinn2022-data/with-structure} of "
    '{=quinn2022-data/entries}, {100 * published("quinn2022-data/with-structure") / '
    'published("quinn2022-data/entries"):.0f} %). So more than half do, as claimed, by a rule that is fully '
    "stated.",
    holds="data/supercon/with_structure > data/supercon/entries / 2",
)

# %% tags=["remove-input"]
printed = {target.metric: target.printed for target in papers.targets(best.experiment)}
kinds = {
    "supercon/entries": "all",
    "supercon/unreadable": "formula cannot be read",
    "supercon/open": "amount of oxygen left open",
    "supercon/off_stoichiometric": "off-stoichiometric, open ones included",
    "supercon/with_structure": "with a structure",
    "supercon/as_it_is": "of these, equal to a known compound",
    "supercon/several_polymorphs": "of these, several polymorphs",
    "supercon/told_by_type": "of these, chosen by the structure type",
    "supercon/with_structure_and_tc": "with a structure and a Tc",
    "cuprate/rows": "with a structure, cuprates",
    "iron-based/rows": "with a structure, iron-based: iron with As, Se, S or P",
    "any-iron/rows": "with a structure, holding iron, above 10 K",
    "low-tc/rows": "with a structure, low-Tc",
}
rows = [
    [label, printed.get(f"data/{key}", "–"), f"{best.metrics[f'data/{key}'].mean:,.0f}"] for key, label in kinds.items()
]
report.table(("entries", "published", "here"), rows, numeric=(1, 2))

# %% tags=["remove-input"]
say(
    best,
    "**{data/compositions/rows:,} compositions** with stated amounts get a structure, from "
    "{data/compositions/parents:,} parent compounds: {data/compositions/cuprate:,} cuprates, "
    "{data/compositions/iron-based:,} iron-based, {data/compositions/low-tc:,} low-Tc, and the others in none "
    "of the paper's classes.",
)

# %% tags=["remove-input"]
rows = [[html.escape(reason), f"{n:,}"] for reason, n in best.arrays["left-out"].items()]
report.table(("compositions without a structure", "number"), rows, numeric=(1,))

# %% [markdown]
# ### Classes and critical temperatures (Fig. 1A)

# %% tags=["hide-input"]
colours = {"low-tc": BLUE, "cuprate": RED, "iron-based": ORANGE, "none": SILVER}
names = report.CLASS_NAMES | {"none": "in no class"}
figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.8), width_ratios=(1, 2.1))
for x, name in enumerate(report.CLASS_NAMES):
    left.bar(x, best.metrics[f"data/{name}/rows"].mean, 0.7, color=colours[name])
published = {"cuprate": "cuprates", "iron-based": "iron-based", "low-tc": "others"}
counts = [papers.target(f"quinn2022-data/{published[name]}").published for name in report.CLASS_NAMES]
left.hlines(counts, np.arange(3) - 0.42, np.arange(3) + 0.42, color=INK, lw=1.5, label="published (about)")
left.set_xticks(range(3), report.CLASS_NAMES.values(), fontsize=9)
left.set(ylabel="entries with a structure")
left.yaxis.set_major_formatter("{x:,.0f}")
edges = np.array(best.arrays["tc/edges"])
for name, colour in colours.items():
    right.stairs(np.array(best.arrays[f"tc/{name}"], float), edges, color=colour, lw=1.6, label=names[name])
right.set(xlabel="measured Tc (K)", ylabel=f"compositions per {edges[1] - edges[0]:g} K")
right.set(yscale="log", ylim=(0.7, None), xlim=(edges[0], edges[-1]))
right.yaxis.set_major_formatter("{x:,g}")
figure.legend(loc="outside lower center", ncols=5, fontsize=9)
finished(figure, "Entries with a structure by class, published and here, and the distribution of their Tc.")

# %% [markdown]
# *Left: entries with a structure in each class; the lines are the printed counts. Right: measured Tc of the
# compositions; the last bin includes all higher values.*
#
# ## Honest splits and baselines
#
# ### Does another assignment agree?
#
# The same search is run on the formulas of the 3DSC, without its answers. A part of them was used to choose the one
# weight of the search, that of a parent's size; the agreement is for the others.

# %% tags=["remove-input"]
say(
    best,
    "The 3DSC has the same entry of the database for **{parents/3dsc/same:%1}** of its formulas, another "
    "polymorph for {parents/3dsc/another_polymorph:%1} and another parent for "
    "{parents/3dsc/another_parent:%1}; every formula gets a parent here. By composition alone "
    "{parents/3dsc/same_composition:%1} agree. Both search the same database.",
    holds="parents/3dsc/same > 0.9 and parents/3dsc/none_here == 0",
)

# %% tags=["remove-input"]
n = best.metrics["parents/3dsc/same"].n
Markdown(f"These are shares of {n:,} formulas that were not used to choose a setting.")

# %% tags=["hide-input"]
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(9.6, 3.7), width_ratios=(1.4, 0.75, 1.2))
counts = np.array(best.arrays["parents/distance"], dtype=float)
edges = 100 * np.array(best.arrays["parents/distance-edges"])
left.stairs(100 * counts / counts.sum(), edges, fill=True, color=BLUE)
left.set(xlabel="distance to the parent (% of the atoms)", ylabel="share of the entries (%)")
bottom = 0.0
agreement = {
    "same": ("the same entry", GREEN),
    "another_polymorph": ("another polymorph", SKY),
    "another_parent": ("another parent", ORANGE),
}
for key, (label, colour) in agreement.items():
    share = 100 * best.metrics[f"parents/3dsc/{key}"].mean
    middle.bar(0, share, 0.6, bottom=bottom, color=colour, label=label)
    bottom += share
middle.set_xticks([0], [f"{n:,} formulas"])
middle.set(xlim=(-0.6, 0.6), ylim=(0, 100), ylabel="formulas of the 3DSC (%)")
weight, share = np.array(best.arrays["parents/weights"]).T
right.plot(1000 * weight, 100 * share, "o-", color=BLUE, ms=5)
right.axvline(1000 * search.PER_ATOM, color=INK, lw=1, ls="--", label="chosen weight")
right.set(xlabel="weight of a parent's size\n(thousandths per atom)", ylabel="a parent of the 3DSC's (%)")
figure.legend(loc="outside lower center", ncols=4, fontsize=9)
finished(figure, "Distance of entries to parents, agreement with the 3DSC, and agreement by the size's weight.")

# %% [markdown]
# *Left: how far entries are from their parents. Middle: the parent here and in the 3DSC. Right: agreement on the
# formulas used to choose the weight of a parent's size.*
#
# The commonest parents, and formulas for which the 3DSC has another one. Often both are defensible: an
# ordered variant of a mixed compound against the plain one, or the same elements in nearly the same amounts.

# %% tags=["remove-input"]
from pymatgen.core import Composition


def whole(fractions):
    """Return a formula of rounded fractions in whole numbers; an id, which is no formula, as it is."""
    if "-" in fractions:
        return html.escape(fractions)
    amounts = Composition(fractions).get_el_amt_dict()
    for atoms in range(1, 301):
        rounded = {symbol: round(atoms * share) for symbol, share in amounts.items()}
        off = max(abs(atoms * share - rounded[symbol]) for symbol, share in amounts.items())
        if all(rounded.values()) and off < 6e-5 * atoms:
            return Composition(rounded).reduced_formula
    return html.escape(fractions)


total = best.metrics["data/compositions/rows"].mean
rows = [[whole(one), f"{n:,}", f"{100 * n / total:.1f}"] for one, n in best.arrays["parents/commonest"]]
report.table(("parent", "compositions", "share (%)"), rows, numeric=(1, 2))

# %% tags=["remove-input"]
kinds = best.arrays["parents/kinds"]
rows = [[html.escape(kind), f"{n:,}"] for kind, n in sorted(kinds.items(), key=lambda item: -item[1])]
report.table(("other parents, among all formulas compared", "formulas"), rows, numeric=(1,))

# %% tags=["remove-input"]
rows = [
    [html.escape(formula), ", ".join(map(whole, theirs.split(", "))), whole(ours), f"{100 * distance:.1f}"]
    for formula, theirs, ours, distance in best.arrays["parents/disagreements"]
]
head = ("formula", "parent in the 3DSC", "parent here", "distance to it (%)")
report.searchable(head, rows, (3,), "Filter: an element", caption="Compounds whose parents differ")

# %% [markdown]
# *An id replaces the formula where the 3DSC's archive does not have the compound.*
#
# ### Disorder as a label

# %% tags=["remove-input"]
say(
    best,
    "In **{data/compositions/disordered_share:%}** of the structures a site is shared or partly empty. "
    "Compounds that serve as non-superconductors come from the Materials Project as they are, and all their "
    "sites are full. A shared or empty site therefore shows that a compound is from SuperCon, before any "
    "chemistry is learned. The page of the [thresholds](thresholds.html) shows how much a classifier gains "
    "from this.",
    holds="data/compositions/disordered_share > 0.8",
)

# %% [markdown]
# ## Limits, and what we had to choose
#
# No code, no data and no numbers of the supplement are public, so we follow the paper's text alone.

# %% tags=["remove-input"]
columns = papers.stated("quinn2022/columns").printed
title = data.entry("mdr-supercon").title.partition(", ")[2]
Markdown(f"""
- **SuperCon.** The paper analyses over {papers.target("quinn2022-data/entries").printed} entries with
  {columns} columns each; that extract is not public. Here it is NIMS's public release ({title}) with few
  columns, so the counts can be compared only roughly.
- **Repeated compositions.** The paper does not say. Here one row each, with the median Tc: equal rows in
  training and test would be no test. Entries are counted apart, above.
- **Open amounts of oxygen.** The paper does not say. Here they count among the entries, but are not used for
  training: a formula such as YBa₂Cu₃O₇₋ₓ states no composition.
- **Parents.** “Determined heuristically”, without list or code. Here by the rule above; the check is the 3DSC, which
  searched the same database with another rule; both may make the same errors.
- **Polymorphs.** The paper uses crystal system, space group and prototype. Here SuperCon's structure type,
  else the oldest entry of the database: the other columns are not public.
- **Lattice parameters.** The paper takes SuperCon's where it has any. Here those of the parent, and positions
  do not change with doping: a computed structure of the parent is not the structure of the doped compound.
- **Which site is doped.** Neither the paper nor a formula says. Here all sites of an element are alike.
- **Classes.** Cuprates and iron-based compounds above 10 K, low-Tc ones below 40 K, as in the paper;
  “iron-based” is read in two ways, see the [regression](regression.html). Compounds in no class are in
  the combined model only.
""")

# %% [markdown]
# ## Every published number

# %% tags=["remove-input"]
report.comparison(record)

# %% [markdown]
# ## Run it yourself
#
# Any of the parameters above can be set from the command line. This run's own counts are folded away here.

# %% tags=["hide-cell"]
counts = ("entries", "with_structure", "as_it_is")
pivot(record, "data/{row}/{column}", {"supercon": "SuperCon"}, counts, form=",")

# %% tags=["remove-input"]
report.provenance(record, "quinn2022/structures")
