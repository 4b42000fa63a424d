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
# # Periodic table: a formula on the elements' own map
#
# {cite:t}`konno2021` write a formula into the periodic table, so that related elements are neighbours before anything
# is learned, and let a deep residual network read it. This page follows MgB₂ through all its layers. Each equation is
# computed by the code beside it.

# %% tags=["remove-input"]
from replicate import report
from replicate.notebook import guard

guard(globals())
report.use_house_style()

# %% [markdown]
# ## From formula to four planes
#
# There is a plane for each block $b$ of the table: s, p, d and f, the kind of orbital that the outermost electrons
# fill. A plane has the 7 periods as rows $p$ and 32 columns $q$, as many as the longest period has elements. An element
# has one place in one plane, and its amount $n_Z$ in the formula stands there:
#
# $$
# X_{b(Z)\,p(Z)\,q(Z)} = n_Z, \qquad X \in \mathbb{R}^{4 \times 7 \times 32}
# $$
#
# All other places are empty. Unlike the atom table it holds the amounts as they are written, not shares: MgB₂ has a one
# and a two.

# %% tags=["beside"]
import torch

from replicate.features.composition import parse
from replicate.features.elements import BLOCKS, SYMBOLS
from replicate.features.periodic_table import place
from replicate.models.configs import DEEP

mgb2 = parse(["MgB2"])
planes = DEEP.inputs(mgb2)[torch.tensor([0])]
print("compounds, planes, rows, columns:", *planes.shape)
for z in (mgb2.amounts[0].nonzero()[0] + 1).tolist():
    b, p, q = place(z)
    amount = f"amount {planes[0, b, p, q]:.0f}"
    where = f"period {p + 1}, column {q + 1}"
    print(f"{SYMBOLS[z - 1]:2} plane {BLOCKS[b]}, {where}: {amount}")

# %% tags=["below", "remove-input"]
report.periodic_planes(mgb2)

# %% [markdown]
# *MgB₂ as the network sees it: magnesium among the alkaline earths, boron at the left end of the p block.*
#
# Groups are columns here: Be, Ca or Sr in place of Mg would be one or two pixels away in the same column, and Al in place
# of B the pixel below.
#
# ## Residual blocks: a deep network that can be trained
#
# A 1 × 1 convolution $K_0$ joins the four planes to ten maps: from here on the blocks of an element are one picture.
# Twenty residual blocks follow. Each has two 3 × 3 convolutions and *adds* what they make to its input:
#
# $$
# h_0 = K_0 * X, \qquad
# h_{l+1} = \phi\Big(h_l + B\big(K''_l * \phi(B(K'_l * h_l))\big)\Big)
# $$
#
# with $\phi(x) = \max(0, x)$ and the batch normalisation $B$. Where a block has nothing to add, its input passes, so
# that even the first blocks of a deep network learn. The weights here are random, as before training: the shapes are
# those of the published network.

# %% tags=["beside"]
from torch.nn.functional import relu

network = DEEP.build(seeds=[0]).eval()
start, *blocks = network.convolutions[: 1 + DEEP.blocks]
with torch.no_grad():
    h = start(planes)
    print("joined:", *h.shape[1:])
    for block in blocks:
        inner = relu(block.first_norm(block.first(h)))
        added = block.second_norm(block.second(inner))
        torch.testing.assert_close(relu(h + added), block(h))
        h = relu(h + added)
    print(f"behind {len(blocks)} blocks:", *h.shape[1:])

# %% tags=["below", "hide-input"]
import matplotlib.pyplot as plt
import numpy as np

from replicate.report.style import PALE, finished

_, row, column = place(12)
depths = (1, 2, 5, 10)
figure, axes = plt.subplots(len(depths), 1, figsize=(6.2, 7))
seen = {}
for axis, depth in zip(axes, depths, strict=True):
    x = start(planes).detach().requires_grad_()
    network.convolutions[1 : 1 + depth](x)[..., row, column].sum().backward()
    influence = x.grad[0].abs().sum(0).numpy()
    seen[depth] = int((influence > 0).sum())
    shade = np.ma.masked_equal(influence / influence.max(), 0)
    axis.pcolormesh(shade, cmap="Blues", vmin=-0.2, vmax=1, edgecolor=PALE, linewidth=0.3)
    axis.plot(column + 0.5, row + 0.5, "x", color="black")
    axis.set(title=f"{depth} block{'s' * (depth > 1)}", aspect="equal", xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
    axis.invert_yaxis()
finished(figure, "Which places of the table magnesium's place depends on behind 1, 2, 5 and 10 residual blocks.")

# %% [markdown]
# *How far a pixel sees: shaded are the places on which the value at magnesium's place (cross) depends, darker where it
# depends more, in the network before training.*

# %% tags=["remove-input"]
from IPython.display import Markdown

Markdown(
    f"Behind one block a pixel knows of {seen[1]} places around magnesium's, behind {depths[-1]} of {seen[depths[-1]]}. Boron, "
    f"at the other end of the table, is {place(5)[2] - column} columns away, and a block reaches two: this is why the "
    "network is deep. The real table has no end there, Ne is followed by Na; "
    "a variant on the page on [band gaps](../konno2021/band-gaps.html) joins the edges."
)

# %% [markdown]
# ## Narrower, then a number
#
# Six more convolutions, with kernels of two periods and three or four columns and a residual block behind each, take a
# period off the maps with every step while the maps become more, until a vector is left. Three linear layers make a
# number of it:
#
# $$
# T_\mathrm{c} = \phi\big(w \cdot \phi(W_2\, \phi(W_1 h))\big)
# $$

# %% tags=["beside"]
with torch.no_grad():
    for layer in network.convolutions[1 + DEEP.blocks :]:
        before, h = h.shape, layer(h)
        if h.shape != before:
            print("maps, periods, columns:", *h.shape[1:])
    vector = h.flatten(1)[None]  # network, compound, (210)
    kelvin = relu(network.output(network.hidden(vector)))
    torch.testing.assert_close(kelvin[..., 0], network(planes[None]))
print("vector:", vector.shape[-1])
weights = sum(p.numel() for p in network.parameters())
print(f"{weights:,} weights")

# %% [markdown]
# Training is not shown here: the page on [superconductors only](../konno2021/preliminary.ipynb) trains a small network
# of this kind in seconds, and has the record of the large one.
#
# ## What is lost
#
# As with the atom table, everything but the composition. The bundled list of superconductors holds many compositions twice,
# measured on other samples; no function of the formula can be right for both:

# %%
from replicate import data

table = data.load("madml-superconductors").table
formulas = parse(table["formula"].tolist(), on_error="collect")
kelvins = table["critical_temperature"].iloc[formulas.rows].groupby(formulas.keys)
spread = (kelvins.max() - kelvins.min())[kelvins.size() > 1]
print(f"{len(spread)} compositions were measured more than once;")
print(f"half of them differ by more than {spread.median():.1f} K, the most by {spread.max():.1f} K")

# %% [markdown]
# And something is there that should not be: the size of the formula. MgB₂ and Mg₂B₄ are one compound, and the network gets
# different planes. As long as a list writes compounds in one way it can tell the list from another by that, which the page
# on [a test by year](../konno2021/temporal-test.ipynb) looks into. With shares in place of amounts the difference is gone:

# %%
from replicate.features.periodic_table import periodic_tables

both, first, second = parse(["MgB2", "Mg2B4"]), torch.tensor([0]), torch.tensor([1])
for amounts in ("coefficients", "fractions"):
    tables = periodic_tables(both, amounts)
    print(f"{amounts}: {'the same' if torch.equal(tables[first], tables[second]) else 'two'} planes")

# %% [markdown]
# | lost | example |
# | --- | --- |
# | structure | graphite and diamond are one pixel, C |
# | pressure | a formula is the same under any pressure |
# | order | which sites a dopant takes |
#
# ## Where it is tested
#
# - [Superconductors only](../konno2021/preliminary.ipynb): the network of this page, trained.
# - [Garbage-in](../konno2021/garbage-in.ipynb): what it learns from compounds that are set to 0 K.
# - [A test by year](../konno2021/temporal-test.ipynb), [iron-based superconductors](../konno2021/iron-based.ipynb) and
#   [candidates](../konno2021/candidates.ipynb): what it finds.
# - [Band gaps](../konno2021/band-gaps.ipynb): another property, and the table with joined edges.
# - [Which representation finds new superconductors?](../beyond/representations.ipynb): against the other three.
