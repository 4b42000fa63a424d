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

# %% tags=["remove-input"]
from replicate import display as show
from replicate.notebook import guard

guard(globals())
show.verdict_sentences("zeng2019")

# %% [markdown]
# ## Pages
#
# | page | in the paper | question |
# | --- | --- | --- |
# | [Band gaps](band-gap.ipynb) | Fig. 3a, Table 3 | Does the error come back, and on unseen compositions? |
# | [Formation energies](formation-energy.ipynb) | Fig. 3b | Network, or the same compound on both sides of the split? |
# | [Metals](metals.ipynb) | Fig. 3c–d | Does the classifier match the support vector classifier? |
# | [Elements](elements.ipynb) | Fig. 4 | Do the learned features know the periodic table? |
# | [Critical temperatures](critical-temperature.ipynb) | Table 1, Fig. 2 | Network, trees, or a sibling in training? |
# | [Non-superconductors](non-superconductors.ipynb) | Table 1, Fig. S3 | Insulators are told apart; are metals? |
# | [Held-out families](held-out.ipynb) | Table 2 | Who told the network about MgB₂? |
# | [Screening](screening.ipynb) | Table S6 | Do several networks find the same candidates? |
# | [Depth and epochs](architecture.ipynb) | Figs. S1, S2 | Are five convolutions a finding or an accident? |
#
# ## Experiment by experiment

# %% tags=["remove-input"]
show.zeng2019_verdict()

# %% [markdown]
# ## Claims

# %% tags=["remove-input"]
show.chapter_claims("zeng2019")

# %% [markdown]
# ## What we had to choose
#
# Where the paper's text and the authors' code differ, the text is the primary run and the code's version a variant.

# %% tags=["remove-input"]
show.zeng2019_choices()

# %% [markdown]
# ## Data
#
# | dataset | in the paper | `full` | `quick` |
# | --- | --- | --- | --- |
# | measured band gaps | previous literature | {cite:t}`zhuo2018`, bundled | the same |
# | metals and semiconductors | the same literature | {cite:t}`zhuo2018`, bundled | the same |
# | superconductors | SuperCon, cleaned | the authors' own rows | those of at least 10 K, bundled |
# | non-superconductors | Materials Project | the authors' own rows; JARVIS-DFT | compositions of the measured gaps |
# | measured formation energies | OQMD | the authors' own file | the OQMD's experimental tables, bundled |

# %% tags=["remove-input"]
show.chapter_data("zeng2019")
