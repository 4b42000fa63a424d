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
# # CGCNN: crystal graph convolutional neural networks
#
# {cite:t}`xie2018` make a graph of a crystal, atoms as nodes and neighbours as edges, and let atoms take up their
# surroundings in a few convolutions before the crystal is summed up. They report eight properties predicted about as well as
# DFT agrees with experiment, and an energy for every site of a perovskite.
#
# ## Verdict

# %% tags=["remove-input"]
from replicate import display as show
from replicate import records
from replicate.notebook import guard

guard(globals())
show.verdict_sentences("xie2018")

# %% [markdown]
# ## Pages
#
# | page | in the paper | question |
# | --- | --- | --- |
# | [NaCl and KCl](nacl-kcl.ipynb) | Eqs. S1–S10 | Do the printed equations follow from the crystals? |
# | [Formation energies](formation-energy.ipynb) | Fig. 2a–c | The convolution, the data, or the composition? |
# | [Energies and band gaps](properties.ipynb) | Tables I, S4, Fig. S4 | Which come back, from which data? |
# | [Elastic properties](elastic.ipynb) | Tables I, S4, Figs. S4, S5 | Do they come back on the paper's own crystals? |
# | [Metals](metals.ipynb) | Fig. 2d | What does structure add to composition? |
# | [Perovskites](perovskites.ipynb) | Fig. 3, Table S5 | Do the site energies say what the paper reads off them? |
# | [Hyperparameters](hyperparameters.ipynb) | Fig. S3 | Do the other choices matter little? |
#
# ## Experiment by experiment

# %% tags=["remove-input"]
show.xie2018_verdict()

# %% [markdown]
# ## Claims

# %% tags=["remove-input"]
show.chapter_claims("xie2018")

# %% [markdown]
# ## What we had to choose
#
# Where the paper's text and the authors' code differ, the text is the primary run and the code's version a variant.

# %% tags=["remove-input"]
show.xie2018_choices()

# %% [markdown]
# ## Data
#
# | data | in the paper | here |
# | --- | --- | --- |
# | structures | Materials Project | the same database, a later and larger set; the paper's own list of ids is one run beside it; bundled tables for `quick` |
# | energies, gaps, metal or not | Materials Project | Matbench ({cite:t}`dunn2020`), joined to structures by full-cell formula |
# | moduli and Poisson ratios | Materials Project | values of 2015 to 2018 for the paper's own ids ({cite:t}`dejong2015`, {cite:t}`dunn2020`); later values beside them |
# | absolute and Fermi energies | Materials Project | later values of the elastic list |
# | perovskites | {cite:t}`castelli2012` | the same, from the Computational Materials Repository |

# %% tags=["remove-input"]
show.chapter_data("xie2018")

# %% [markdown]
# ## The authors' networks

# %% tags=["remove-input"]
show.authors_sentence()

# %% tags=["remove-input"]
runs = (records.full_record(f"xie2018-{name}") for name in ("properties", "elastic", "formation"))
show.authors_table(*(record for record in runs if record is not None))
