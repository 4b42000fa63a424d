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

# %% tags=["hide-input"]
from replicate import display as show
from replicate import records
from replicate.notebook import guard

guard(globals())
show.verdict_sentences("xie2018")

# %% tags=["hide-input"]
show.xie2018_verdict()

# %% [markdown]
# ## Pages
#
# | page | in the paper | question |
# | --- | --- | --- |
# | [NaCl and KCl](nacl-kcl.ipynb) | Eqs. S1–S10 | Do the printed equations follow from the crystals? |
# | [Formation energies](formation-energy.ipynb) | Fig. 2a–c | The convolution, the data, or the composition? |
# | [Seven properties](properties.ipynb) | Tables I, S4, Figs. S4, S5 | Which come back, from which data? |
# | [Metals](metals.ipynb) | Fig. 2d | What does structure add to composition? |
# | [Perovskites](perovskites.ipynb) | Fig. 3, Table S5 | Do the site energies say what the paper reads off them? |
# | [Hyperparameters](hyperparameters.ipynb) | Fig. S3 | Do the other choices matter little? |
#
# ## What we had to choose

# %% tags=["hide-input"]
show.xie2018_choices()

# %% [markdown]
# ## The authors' networks

# %% tags=["hide-input"]
show.authors_sentence()

# %% tags=["hide-input"]
runs = (records.full_record(f"xie2018-{name}") for name in ("properties", "formation"))
show.authors_table(*(record for record in runs if record is not None))
