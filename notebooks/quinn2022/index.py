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
# # Superconductors with structure: crystal graphs with shared sites
#
# {cite:t}`quinn2022` give the entries of SuperCon a crystal structure and let a crystal graph network ({cite:t}`xie2018`) classify
# them and predict their critical temperature. Dopants share a site of a parent compound, each with its probability. They report
# that no attributes beyond structure and composition are needed, and search a database for new classes of superconductors.
#
# ## Verdict

# %% tags=["remove-input"]
from replicate import display as show
from replicate.notebook import guard

guard(globals())
show.verdict_sentences("quinn2022")

# %% [markdown]
# ## Pages
#
# | page | in the paper | question |
# | --- | --- | --- |
# | [Structures](structures.ipynb) | Methods, Fig. 1A | How many entries get one, and does another assignment agree? |
# | [Thresholds](thresholds.ipynb) | Fig. 1B | What do classifiers learn besides that doped crystals superconduct? |
# | [Benchmarks of the classifier](classifier-benchmarks.ipynb) | SI Figs. 1, 2 | Which settings matter more than the seed? |
# | [Regression](regression.ipynb) | Fig. 2, SI Fig. 3 | What is left without siblings in training? |
# | [Atom features](atom-features.ipynb) | Fig. 3 | Are the differences more than chance? |
# | [Ionisation energies](ionization.ipynb) | Fig. 4 | Does the highest Tc rise, with which sum? |
# | [Benchmarks of the regression](regression-benchmarks.ipynb) | Fig. 5 | Do more compounds, epochs, layers help? |
# | [The regression as a classifier](regression-as-classifier.ipynb) | Fig. 6 | Does it know what it was never shown? |
# | [Attributes](attributes.ipynb) | Results | Can Debye temperatures be learnt from few compounds? |
# | [Search](search.ipynb) | Fig. 7, Table 1 | Which candidates, and do the networks agree on them? |
#
# ## Three things to know before reading a score
#
# - **Disorder is a label.** Most superconductors here have shared or partly empty sites, and none of the other compounds has. So
#   every classifier stands beside the rule “disordered, therefore superconducting” and is scored on ordered crystals too.
# - **Siblings.** A random split puts dopings of one parent on both sides. Beside it stands a split that keeps parents together, and
#   a baseline that knows nothing but the mean of the parent's known compounds.
# - **Structures are assigned, not measured.** They follow from a rule that is checked against the 3DSC of {cite:t}`sommer2023`.
#
# ## Experiment by experiment
#
# “Ahead of” and “behind” mean: for every seed; otherwise it says “level with”.

# %% tags=["remove-input"]
show.quinn2022_verdict()

# %% [markdown]
# ## Claims

# %% tags=["remove-input"]
show.chapter_claims("quinn2022")

# %% [markdown]
# ## What we had to choose
#
# Neither code nor data nor the supplement's numbers are public, so that the second column is the paper's text alone.

# %% tags=["remove-input"]
show.quinn2022_choices()

# %% [markdown]
# ## Data
#
# | dataset | in the paper | here |
# | --- | --- | --- |
# | superconductors | SuperCon | SuperCon as NIMS published it |
# | structures | Materials Project and related databases | Materials Project, those of the 3DSC first |
# | another assignment | none | the 3DSC, with the critical temperatures of {cite:t}`stanev2018` |
# | non-superconductors | Materials Project | the same, compositions that SuperCon does not hold |
# | attributes | columns of SuperCon | Debye temperatures computed by AFLOW |
# | searched | Materials Project | its structures in the archive `materials-project-cifs`, of a fixed version |
#
# None of these is bundled. They are downloaded once, from the addresses that `replicate data list` names; without them the pages
# show the full records alone.

# %% tags=["remove-input"]
show.chapter_data("quinn2022")
