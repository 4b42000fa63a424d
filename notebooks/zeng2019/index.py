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
# # ATCNN: atom table convolutional neural networks
#
# {cite:t}`zeng2019` lay a compound's element fractions out as a 10 × 10 picture, one pixel per element in the order of
# the atomic numbers, and train a small convolutional network on it. No structure, no tabulated element properties. They
# report errors below those of DFT for measured formation energies and below hybrid functionals for measured band gaps.
#
# ## Verdict

# %% tags=["hide-input"]
from replicate import display as show

show.verdict_sentences("zeng2019")

# %% tags=["hide-input"]
show.zeng2019_verdict()

# %% [markdown]
# ## Pages
#
# | page | in the paper | question |
# | --- | --- | --- |
# | [Band gaps](band-gap.ipynb) | Fig. 3a, Table 3 | Does the error come back, and on unseen compositions? |
# | [Formation energies](formation-energy.ipynb) | Fig. 3b | Network, or the same compound on both sides of the split? |
# | [Metals](metals.ipynb) | Fig. 3c–d | Does the classifier match the support vector classifier? |
# | [Elements](elements.ipynb) | Fig. 4 | Do the learned features know the periodic table? |
#
# The chapter's superconductor experiments (Tables 1 and 2, Figs. 1 and 2, the screening) are listed as *not run* on the
# [scoreboard](../scoreboard.ipynb).
#
# ## What we had to choose
#
# | matter | the paper says | the authors' code or files do | here | why |
# | --- | --- | --- | --- | --- |
# | Band-gap loss | mean absolute error | the released model was saved with the mean squared error | the paper's; the squared loss as the variant `atcnn-mse` | the text is the claim; both are on the band-gap page |
# | Number of epochs | not given for these three networks | the script allows 2,500 | formation energy 2,500; band gap 400 and metals at most 400, ended after 100 and 50 epochs without a better validation score | the validation curve is flat by then (band-gap page) |
# | Choice of the epoch | not given | 2 % of the training set held out | best epoch on 5 % of the training rows | 2 % is fewer than 80 rows, too noisy to choose by |
# | Initial output | – | zero bias | bias starts at the mean training target | a ReLU output that starts below zero on every row never learns |
# | Seeds | one split, one network | one | every seed draws its own split and weights; mean ± standard deviation | one split says little: see the spread |
# | Table 3, "CaAs" | CaAs | the released weights give the printed value for GaAs | GaAs | a misprint |
# | "r²" | coefficient of determination | – | Pearson's r and R², both printed | the printed values are those of r |
# | Metal classifier | "the structure of the Eg prediction model" | not released | that network with a logistic output and cross-entropy | the natural reading |
# | ElemNet | "MAE of about 0.15 eV/atom", from another paper | – | 17 fully connected layers with dropout as published, AdamW with a one-cycle schedule | to have both networks on the same rows |
# | Elements of Fig. 4 | 36 main-group elements | – | the 42 of periods 1 to 6, and those that occur in the data | the paper does not list its 36 |
#
# ## Data
#
# | dataset | in the paper | `full` | `quick` |
# | --- | --- | --- | --- |
# | measured band gaps | previous literature | {cite:t}`zhuo2018`, bundled | the same |
# | metals and semiconductors | the same literature | {cite:t}`zhuo2018`, bundled | the same |
# | measured formation energies | OQMD | the authors' own file | the OQMD's experimental tables, bundled |
