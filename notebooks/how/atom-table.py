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
# # Atom table: a formula as a picture
#
# ATCNN {cite:p}`zeng2019` reads nothing but a formula. It becomes a picture of 10 × 10 pixels, and a small
# convolutional network turns the picture into a number. This page follows MgB₂ through all its layers, with the
# network that `replicate predict atcnn/critical-temperature` uses. Each equation is computed by the code beside it.

# %% tags=["remove-input"]
from replicate import report
from replicate.notebook import guard

guard(globals())
report.use_house_style()

# %% [markdown]
# ## From formula to picture
#
# A formula holds an amount $n_Z$ of each element $Z$. Only the shares count:
#
# $$
# c_Z = \frac{n_Z}{\sum_{Z'} n_{Z'}}
# $$
#
# The pixels are the elements in the order of their atomic numbers, ten to a row. The share of an element is the
# brightness of its pixel:
#
# $$
# \mathrm{AT}_{ij} = c_Z, \qquad Z = 10\, i + j + 1
# $$
#
# MgB₂ lights two pixels of a hundred: boron is the fifth element, magnesium the twelfth.

# %% tags=["beside"]
import torch

from replicate.features.atom_table import atom_table
from replicate.features.composition import parse

mgb2 = parse(["MgB2"])
print("amounts of B, Mg:", mgb2.amounts[0, [4, 11]])
table = torch.from_numpy(atom_table(mgb2))  # (1, 10, 10)
for _, i, j in table.nonzero().tolist():
    print(f"row {i}, column {j}: {table[0, i, j]:.3f}")

# %% tags=["below", "remove-input"]
report.atom_tables(mgb2, every=True)

# %% [markdown]
# *MgB₂ as the network sees it. The symbols are ours: the network gets the shades alone.*
#
# Neighbours in a row of the picture are neighbours in atomic number, those in a column differ by ten. The groups of the
# periodic table are no columns here (Cl is one row below F and two columns to the left): that their elements behave
# alike has to be learned.
#
# ## Convolutions: which elements are together
#
# A convolution slides small kernels $K$ over the picture. Each of the 64 kernels of a layer makes a map of its own,
# and sums over all maps $c$ of the layer before:
#
# $$
# \Lambda^{n}_{k} = \phi\Big(B\Big(\sum_c K^{n}_{kc} * \Lambda^{n-1}_{c} + b^{n}_{k}\Big)\Big)
# $$
#
# with $\Lambda^0 = \mathrm{AT}$, $\phi(x) = \max(0, x)$ and a batch normalisation $B$, which shifts and stretches each
# map by constants learned in training. The maps keep the size of the picture, since a rim of zeros is laid around it.
# At the end each 2 × 2 pixels become their largest:
#
# $$
# v = \bigoplus_k \mathrm{Pool}_{2 \times 2}(\Lambda^{5}_k) \in \mathbb{R}^{64 \cdot 5 \cdot 5}
# $$

# %% tags=["beside"]
from replicate.training.store import find_ensemble, load_ensemble

name = "atcnn/critical-temperature"
ensemble = load_ensemble(find_ensemble(name))  # of five
network = ensemble.config.build(seeds=[0]).eval()
ensemble.begin(network, [0])  # the first one's weights

maps = [table[None]]  # compounds, channels, rows, columns
with torch.no_grad():
    for layer in network.convolutions:
        maps.append(layer(maps[-1]))
        print(f"{type(layer).__name__:16}", *maps[-1].shape[1:])

# %% tags=["below", "hide-input"]
import matplotlib.pyplot as plt

from replicate.report.style import finished

places = {"convolution 1": 3, "convolution 2": 6, "convolution 5": 15, "pooling": 18}
figure, axes = plt.subplots(len(places), 6, figsize=(7.6, 5.4))
for line, (label, place) in zip(axes, places.items(), strict=True):
    stack = maps[place][0]  # (64, rows, columns)
    strongest = stack.amax((1, 2)).argsort(descending=True)[: len(line)]
    for axis, channel in zip(line, strongest.tolist(), strict=True):
        axis.imshow(stack[channel].numpy(), cmap="Blues", vmin=0)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
    line[0].set_title(label, fontsize=10)
finished(figure, "The six strongest maps of MgB2 behind the first, second and fifth convolution and the pooling.")

# %% [markdown]
# *MgB₂ inside the trained network: the six strongest of 64 maps behind a layer, each in shades of its own.*
#
# Behind the first convolution each element is a stamp of the kernels, and where stamps overlap a pixel knows of both
# elements. Each further layer widens what a pixel knows of.

# %% tags=["remove-input"]
from IPython.display import Markdown

window, windows = 1, []
for _, size in ensemble.config.kernels:
    window += size - 1
    windows.append(window)


def meet(a: int, b: int) -> int:
    """Return the convolution behind which a pixel can know of elements a and b (atomic numbers)."""
    apart = max(abs((a - 1) // 10 - (b - 1) // 10), abs((a - 1) % 10 - (b - 1) % 10))
    return 1 + next(n for n, window in enumerate(windows) if window > apart)


sizes = [f"{window} × {window}" for window in windows]
Markdown(
    f"After one convolution a pixel depends on {sizes[0]} pixels of the picture, then on {', '.join(sizes[1:-1])} and "
    f"{sizes[-1]}. Mg and B can meet behind convolution {meet(12, 5)}, oxygen and mercury behind {meet(8, 80)}, hydrogen "
    f"and uranium behind {meet(1, 92)}."
)

# %% [markdown]
# ## Fully connected layers: one number
#
# Two hidden layers and an output make one number of the vector $v$:
#
# $$
# T_\mathrm{c} = \phi\big(w \cdot \phi(W^{2}\, \phi(W^{1} v))\big)
# $$
#
# The last $\phi$ keeps a temperature from being negative. A network for formation energies has none there, and one for metals
# ends in a logistic function.
#
# Training changes all kernels and matrices so that the error on known compounds shrinks. `replicate predict` has five
# such networks, which differ in their random start and in the rows they were trained on; their spread is shown with
# each prediction.

# %% tags=["beside"]
vector = maps[-1].flatten(1)[None]  # network, compound, (1600)
with torch.no_grad():
    hidden = network.hidden(vector)
    kelvin = network.output(hidden).relu().item()
    whole = network(table[None]).item()  # in one go
print("lengths:", vector.shape[-1], hidden.shape[-1], 1)
print(f"{kelvin:.1f} K, in one go {whole:.1f} K")

five = ensemble.predict(mgb2)[:, 0]
print(f"five networks: {five.mean():.1f} ± {five.std():.1f} K")
weights = sum(p.numel() for p in network.parameters())
print(f"{weights:,} weights in each")

# %% [markdown]
# This is no test: MgB₂ and dopings of it are in the data that the network was trained on. The page on
# [held-out families](../zeng2019/held-out.ipynb) takes them out.
#
# ## What is lost
#
# Everything but the composition. Two crystals of one formula are the same picture, and no function of the picture can be
# right for both. Here are compounds of the Materials Project with more than one crystal, and the two energies:

# %%
from replicate import data

crystals = data.load("faber2015").table
keys = parse(crystals["formula"].tolist()).keys  # equal for equal shares
energies = crystals.groupby(keys)["formation_energy_per_atom"]
spread = (energies.max() - energies.min())[energies.size() > 1]
print(f"{len(spread)} of {len(energies)} compositions have several crystals;")
print(f"half of them differ by more than {spread.median():.3f} eV/atom, the most by {spread.max():.1f}")

# %% [markdown]
# | lost | example |
# | --- | --- |
# | structure | graphite and diamond are one pixel, C |
# | pressure | H₃S and LaH₁₀ superconduct only under pressure; the picture is that of any pressure |
# | order | an alloy and an ordered compound of the same shares are one picture |
# | size of the formula | MgB₂ and Mg₂B₄ are the same; here nothing is lost |
# | elements beyond fermium | there is no pixel for them: `replicate` refuses them |
#
# ## Where it is tested
#
# - [Critical temperatures](../zeng2019/critical-temperature.ipynb): the network of this page, trained.
# - [Band gaps](../zeng2019/band-gap.ipynb), [formation energies](../zeng2019/formation-energy.ipynb) and
#   [metals](../zeng2019/metals.ipynb): smaller networks of the same kind.
# - [Elements](../zeng2019/elements.ipynb): what the layers know of the periodic table.
# - [Depth and epochs](../zeng2019/architecture.ipynb): how many convolutions it takes.
# - [Which representation finds new superconductors?](../beyond/representations.ipynb): against the other three, and
#   against trees on the same shares.
