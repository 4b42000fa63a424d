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
# # Shared sites: a graph of what is doped
#
# Most superconductors are doped: a site of the crystal holds one element here and another there, or is empty at times.
# {cite:t}`quinn2022` let the crystal graph hold such sites as probabilities. This page shows what becomes of MgB₂ with
# some aluminium and of YBa₂Cu₃O₆.₆, layer by layer; the convolutions are those of the page on the
# [crystal graph](crystal-graph.ipynb). Each equation is computed by the code beside it.

# %% tags=["remove-input"]
from replicate import report
from replicate.notebook import guard

guard(globals())
report.use_house_style()

# %% [markdown]
# ## From a formula and its parent to sites
#
# A list of superconductors has formulas, not crystals. The crystal is that of the *parent*, the nearest compound whose
# crystal is known. Where the formula has less of a host $h$ than the parent's $N_h$ sites, dopants $e$ take the places, or they stay
# empty. All sites of one element are treated alike:
#
# $$
# p_{ie} = \frac{n_e(h)}{N_h} \;\text{ on every site } i \text{ of } h, \qquad \sum_e p_{ie} \le 1
# $$
#
# In Mg₀.₇Al₀.₃B₂ the magnesium site is 30 % aluminium.

# %% tags=["beside"]
from pymatgen.core import Lattice, Structure

from replicate.features.composition import parse
from replicate.features.crystal import from_structure
from replicate.features.elements import SYMBOLS
from replicate.features.parents import place

cell = Lattice.hexagonal(3.09, 3.52)  # Å
where = [[0, 0, 0], [1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]]
mgb2 = from_structure(Structure(cell, ["Mg", "B", "B"], where), "MgB2")
amounts = parse(["Mg0.7Al0.3B2"]).amounts[0]  # (118,)
unit = parse(["MgB2"]).amounts[0]
doped = place(mgb2, amounts, scale=1, formula=unit)
entries = zip(doped.site, doped.element, doped.occupancy, strict=True)
for site, z, p in entries:
    print(f"site {site}: {p:.2f} {SYMBOLS[z - 1]}")

# %% [markdown]
# ## From sites to graph: a node is a mixture
#
# The neighbours are found as in an ordered crystal. A node starts as the mean of its elements' vectors $f_e$, nine
# properties as ones and zeros, weighted by the probabilities; a matrix takes it to 64 numbers:
#
# $$
# v_i = W \sum_e p_{ie}\, f_e + b
# $$
#
# The map is linear, so that mixing the vectors before it or behind it is the same. An empty place adds nothing: a site that
# is empty at times has a shorter vector.

# %% tags=["beside"]
import torch

from replicate.features.atom_features import NINE
from replicate.features.graph_building import assemble
from replicate.features.neighbours import NeighbourRule, find_neighbours
from replicate.models.configs import CGCNNConfig
from replicate.models.graph_batch import GraphSet

network = CGCNNConfig(atom_features=NINE, convolutions=5)
network = network.build(seeds=[0]).eval()
graph = assemble([doped], [find_neighbours(doped, NeighbourRule())])
batch = GraphSet(graph)[torch.tensor([0])]
p, f = batch.kinds, network.elements
with torch.no_grad():
    v = network.embedding(p @ f)[batch.kind]
    nodes = network.nodes(batch)
print("p", *p.shape, " f", *f.shape, " v", *v.shape)
print("as the network:", torch.allclose(v, nodes[0], atol=1e-6))

# %% [markdown]
# ## Through the network
#
# Five gated convolutions, the mean over the sites and a hidden layer follow, as on the page on the crystal graph:
#
# $$
# \begin{aligned}
# v_i &\leftarrow g\Big(v_i + N\Big(\sum_j w_{ij}\, \sigma(z_{ij} W_\mathrm{f}) \odot g(z_{ij} W_\mathrm{s})\Big)\Big), \\
# T_\mathrm{c} &= w \cdot g\Big(W_\mathrm{h}\, g\Big(\frac{1}{n} \sum_i v_i\Big)\Big)
# \end{aligned}
# $$
#
# A site counts as one in the mean, whatever its occupancy. The weights here are random, as before training.

# %% tags=["beside"]
from torch.nn.functional import softplus

for step, vectors in enumerate(nodes):
    print(f"behind {step} convolutions:", *vectors.shape)
with torch.no_grad():
    mean = (nodes[-1] * batch.share[:, None]).sum(0)
    hidden = softplus(network.hidden[0](softplus(mean)))
    output = network.output(hidden)
    torch.testing.assert_close(output, network(batch)[0], rtol=1e-5, atol=1e-5)
print("mean", *mean.shape, " hidden", *hidden.shape, " output 1")
weights = sum(w.numel() for w in network.parameters())
print(f"{weights:,} weights")

# %% [markdown]
# ## A vacancy: YBa₂Cu₃O₆.₆
#
# A measured crystal may say more than a formula. In YBa₂Cu₃O₇ less oxygen means that sites in the chains of copper and
# oxygen are empty, while the planes stay full, and a CIF file says so. Placed by its formula alone, every oxygen is missing
# at times:

# %% tags=["beside"]
from replicate.features.crystal import from_cif

CIF = """data_YBCO
_symmetry_space_group_name_H-M 'P m m m'
_cell_length_a 3.82
_cell_length_b 3.89
_cell_length_c 11.68
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Y Y 0.5 0.5 0.5 1
Ba Ba 0.5 0.5 0.184 1
Cu1 Cu 0 0 0 1
Cu2 Cu 0 0 0.355 1
chain O 0 0.5 0 FILLED
plane1 O 0.5 0 0.378 1
plane2 O 0 0.5 0.378 1
apical O 0 0 0.159 1
"""
measured = from_cif(CIF.replace("FILLED", "0.6"), "YBa2Cu3O6.6")
parent = from_cif(CIF.replace("FILLED", "1"), "YBa2Cu3O7")
of = [parse([f]).amounts[0] for f in ("YBa2Cu3O6.6", "YBa2Cu3O7")]
placed = place(parent, of[0], scale=1, formula=of[1])
for name, crystal in {"CIF": measured, "formula": placed}.items():
    oxygen = crystal.occupancy[crystal.element == 8]
    print(f"{name}: {oxygen.round(2)}, {oxygen.sum():.1f} oxygen")

# %% tags=["below", "remove-input"]
titles = {"by a CIF file": measured, "by its formula": placed}
report.crystal_view([report.View(title, crystal) for title, crystal in titles.items()])

# %% [markdown]
# *YBa₂Cu₃O₆.₆: an atom is fainter the more often its site is empty. Left, the chains between the copper atoms of the lowest
# and highest plane; right, every oxygen.*
#
# ## What is lost
#
# Which sites are empty, if only the formula is known; and order in every case. Magnesium and aluminium in layers of
# their own, MgAlB₄, and mixed at random, are two crystals of one formula and one parent. To the formula's graph they are one. The ordered
# crystal, where it is known, is another graph. Here is what the network for formation energies makes of both; it
# was trained on ordered crystals only, so its number for the mixture is a guess:

# %% tags=["beside"]
from replicate.features.graph_building import graphs_of
from replicate.training.store import find_ensemble, load_ensemble

layers = Structure(cell, ["Mg", "B", "B"], where) * (1, 1, 2)
magnesium = layers.indices_from_symbol("Mg")
layers.replace(magnesium[1], "Al")
half = parse(["Mg0.5Al0.5B2"]).amounts[0]
crystals = {"ordered": from_structure(layers, "MgAlB4")}
crystals["mixed"] = place(mgb2, half, scale=1, formula=unit)
graphs = graphs_of(list(crystals.items()), lambda item: item[1]).graphs
batch = GraphSet(graphs)[torch.tensor([0, 1])]
stored = find_ensemble("cgcnn/formation-energy-per-atom")
energies = load_ensemble(stored)(batch).mean(0)
for name, energy in zip(crystals, energies, strict=True):
    print(f"{name}: {energy:.3f} eV/atom")

# %% [markdown]
# | lost | example |
# | --- | --- |
# | order on a site | layers of Mg and Al, or a mixture |
# | which sites are empty | the chains of YBa₂Cu₃O₆.₆, where only the formula is known |
# | the crystal's own distances | the cell is the parent's, whatever doping does to it |
# | pressure | lists of superconductors seldom give it |
#
# And something is there that should not be: a shared site is a sign of a superconductor, because the lists of other
# compounds have ordered crystals only. The page on [thresholds](../quinn2022/thresholds.ipynb) measures how much a
# classifier owes to that.
#
# ## Where it is tested
#
# - [Structures](../quinn2022/structures.ipynb): how parents are found, and how often another source agrees.
# - [Regression](../quinn2022/regression.ipynb): the network of this page, trained.
# - [Atom features](../quinn2022/atom-features.ipynb): which of the nine properties matter.
# - [Thresholds](../quinn2022/thresholds.ipynb) and [the regression as a classifier](../quinn2022/regression-as-classifier.ipynb):
#   superconductor or not.
# - [Search](../quinn2022/search.ipynb): candidates, and whether networks agree on them.
# - [Which representation finds new superconductors?](../beyond/representations.ipynb): against the other three.
