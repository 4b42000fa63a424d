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
# # Crystal graph: atoms and their neighbours
#
# CGCNN {cite:p}`xie2018` reads a crystal: atoms are the nodes of a graph, neighbours its edges. In a few convolutions
# every atom learns of its surroundings; their mean describes the crystal. This page follows MgB₂ through all layers,
# with the network that `replicate predict cgcnn/formation-energy-per-atom` uses. Each equation is computed by the code
# beside it.

# %% tags=["remove-input"]
from replicate import report
from replicate.notebook import guard

guard(globals())
report.use_house_style()

# %% [markdown]
# ## From crystal to graph
#
# A node $i$ is an atom of the unit cell. Its edges lead to the 12 nearest atoms $j$, in this cell or in a neighbouring
# one, with the distance $d_{ij}$. An atom's twelfth neighbour is often one of several at the same distance, a *shell*. The
# graph then has the whole shell, and each counts as a share $w_{ij}$ of a neighbour:
#
# $$
# \sum_j w_{ij} = 12
# $$
#
# Atoms that are alike, here the two borons, are one node that counts twice, and likewise edges. This changes no number
# and saves time.

# %% tags=["beside"]
from pymatgen.core import Lattice, Structure

from replicate.features.graph_building import graphs_from_structures

cell = Lattice.hexagonal(3.09, 3.52)  # Å
places = [[0, 0, 0], [1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]]
mgb2 = Structure(cell, ["Mg", "B", "B"], places)
graph = graphs_from_structures([("MgB2", mgb2)]).graphs

names = ["Mg", "B"]  # the graph's two nodes
print("atoms per node:", graph.count)
edges = zip(graph.neighbour, graph.distance, graph.weight, strict=True)
for edge, (j, d, w) in enumerate(edges):
    i = int(edge >= graph.degree[0])  # edges follow their node
    print(f"{names[i]:2} → {names[j]:2} {d:.2f} Å, counts {w:g}")

# %% tags=["below", "remove-input"]
from replicate import data
from replicate.data.structures import to_structure
from replicate.features.crystal import from_structure

table = data.load("dejong2015").table.set_index("material_id")["structure"]
salts = {"NaCl": "mp-22862", "KCl": "mp-23193"}
views = []
for name, id_ in salts.items():
    crystal = from_structure(to_structure(table[id_]).to_conventional(), name)
    metal = int((crystal.element != 17).argmax())
    views.append(report.View(name, crystal, metal))
hexagonal = from_structure(mgb2, "MgB2")
views += [report.View(f"MgB₂, {symbol}", hexagonal, site) for symbol, site in (("Mg", 0), ("B", 1))]
report.crystal_view(views)

# %% [markdown]
# *The bonds of one atom in the graph, thinner where they count less. With 6 neighbours the graphs of the two salts have the
# same edges, and differ in the distances and in the element; with more, the metal's own kind comes in. All numbers are
# those of the graphs that `replicate` builds.*
#
# A node starts as a vector of its element: group, period, electronegativity and more, as ones and zeros, which a matrix
# takes to 64 numbers. An edge is a vector $u_{ij}$ of its distance in 41 Gaussians, a fifth of an Å apart and as wide, so
# that a little more distance is a little change in a few numbers:
#
# $$
# u_{ij,k} = \exp\!\big(-(d_{ij} - \mu_k)^2 / \delta^2\big), \qquad \mu_k = k\, \delta, \quad k = 0 \dots 40
# $$
#
# ## Convolution: a message from each neighbour
#
# The vectors of an atom, its neighbour and their bond stand one behind the other, $z_{ij} = v_i \oplus v_j \oplus
# u_{ij}$. Two matrices read them. One makes a message of 64 numbers, the other a gate $\sigma$ between zero and one for
# each of them, which says how much of it passes (Eq. 5):
#
# $$
# v_i' = g\Big(v_i + N\Big(\sum_j w_{ij}\, \sigma(z_{ij} W_\mathrm{f}) \odot g(z_{ij} W_\mathrm{s})\Big)\Big)
# $$
#
# with $g(x) = \ln(1 + e^x)$ and batch normalisations $N$, of which another stands before gate and message. The sum has
# no order: it does not matter which neighbour is named first.

# %% tags=["beside"]
import torch
from torch.nn.functional import softplus

from replicate.models.graph_batch import GraphSet
from replicate.training.store import find_ensemble, load_ensemble

stored = find_ensemble("cgcnn/formation-energy-per-atom")
ensemble = load_ensemble(stored)  # of three
network = ensemble.networks[0]
batch = GraphSet(graph)[torch.tensor([0])]
with torch.no_grad():
    v, *later = network.nodes(batch)  # before, and behind each
    rows, row = network.bonds(batch.distance)
    u = rows[row]  # of each edge
    i, j, w = batch.centre, batch.neighbour, batch.weight
    z = torch.cat([v[i], v[j], u], dim=1)
    first = network.convolutions[0]
    z = first.edge_norm(first.full(z), batch.weight)
    gate, message = z.chunk(2, dim=1)
    sent = w[:, None] * gate.sigmoid() * softplus(message)
    total = torch.zeros_like(v).index_add(0, i, sent)
    new = softplus(v + first.node_norm(total, batch.share))
print("v", *v.shape, " u", *u.shape, " sent", *sent.shape)
print("as the network:", torch.allclose(new, later[0], atol=1e-6))

# %% [markdown]
# Four such convolutions follow each other. Behind the first an atom knows its neighbours, behind the second their
# neighbours, and so on.
#
# ## Pooling: from atoms to the crystal
#
# The mean over all $n$ atoms of the cell does not depend on the choice of the cell: a doubled cell has the same mean.
# A hidden layer and an output make a number of it:
#
# $$
# E = w \cdot g\Big(W_\mathrm{h}\; g\Big(\frac{1}{n} \sum_i v_i\Big)\Big)
# $$
#
# Training changes all matrices so that the error on known crystals shrinks; the elements' vectors stay as they are.

# %% tags=["beside"]
with torch.no_grad():
    share = batch.share[:, None]  # 1/3 for Mg, 2/3 for B
    mean = (later[-1] * share).sum(0)
    hidden = softplus(network.hidden[0](softplus(mean)))
    energy = network.output(hidden) * ensemble.scale[0]
    energy = (energy + ensemble.centre[0]).item()
    doubled = graphs_from_structures([("2", mgb2 * (2, 1, 1))])
    again = ensemble(GraphSet(doubled.graphs)[torch.tensor([0])])
print("lengths:", *mean.shape, *hidden.shape, 1)
print(f"{energy:.3f} eV/atom, doubled cell {again[0, 0]:.3f}")

three = ensemble(batch)[:, 0]
print(f"three networks: {three.mean():.3f} ± {three.std():.3f} eV/atom")
weights = sum(p.numel() for p in network.parameters())
print(f"{weights:,} weights in each")

# %% [markdown]
# ## What is kept, and what is lost
#
# Structure and pressure are kept: a squeezed crystal has shorter bonds, so another graph. Whether the network makes right
# use of it is another question; it was trained on crystals at rest. What lies behind the twelfth neighbour is lost. In the
# close packings fcc and hcp, if hcp is ideal, an atom has 12 neighbours at one distance, and the two are one graph:

# %% tags=["beside"]
a = 2.51  # Å, the distance of neighbours in cobalt
cubic = Lattice.cubic(a * 2**0.5)
fcc = Structure.from_spacegroup("Fm-3m", cubic, ["Co"], [[0, 0, 0]])
ideal = Lattice.hexagonal(a, a * (8 / 3) ** 0.5)
place = [1 / 3, 2 / 3, 1 / 4]
hcp = Structure.from_spacegroup("P6_3/mmc", ideal, ["Co"], [place])
squeezed = mgb2.copy()
squeezed.scale_lattice(0.9 * mgb2.volume)

crystals = {"fcc": fcc, "hcp": hcp, "MgB2": mgb2, "squeezed": squeezed}
graphs = graphs_from_structures(crystals.items()).graphs
batch = GraphSet(graphs)[torch.arange(len(crystals))]
for name, value in zip(crystals, ensemble(batch)[0], strict=True):
    row = graphs.take([list(crystals).index(name)])
    print(f"{name:8} {row.distance} Å  {value:.3f} eV/atom")

# %% [markdown]
# | lost | example |
# | --- | --- |
# | what lies behind the twelfth neighbour | the two close packings |
# | angles | an edge has a length and no direction: a crystal and its mirror image are one graph |
# | shared and partly empty sites | every node is one element; [shared sites](shared-sites.ipynb) mends this |
# | magnetic order, temperature | the graph has places and elements only |
#
# ## Where it is tested
#
# - [NaCl and KCl](../xie2018/nacl-kcl.ipynb): the smallest such network, by hand.
# - [Formation energies](../xie2018/formation-energy.ipynb): the network of this page, trained, and the simpler convolution of
#   Eq. 4.
# - [Energies and band gaps](../xie2018/properties.ipynb), [elastic properties](../xie2018/elastic.ipynb) and
#   [metals](../xie2018/metals.ipynb): other properties.
# - [Perovskites](../xie2018/perovskites.ipynb): an energy for every site.
# - [Hyperparameters](../xie2018/hyperparameters.ipynb): the number of convolutions, and another rule for neighbours.
# - [Which representation finds new superconductors?](../beyond/representations.ipynb): against the other three.
