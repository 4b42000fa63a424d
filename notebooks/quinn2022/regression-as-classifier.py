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
# # The regression model as a classifier
#
# **The claim** ({cite:t}`quinn2022`, Results, Fig. 6, Conclusion): the model of critical temperatures, trained on
# superconductors only, tells superconductors and other compounds apart, at one threshold with a greater accuracy than the
# classifier trained for it.
#
# **The question here**: what temperatures does it give compounds that are no known superconductors, and is it more accurate
# than the classifier once the two test sets' different mixtures are taken into account?

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False

# %% tags=["hide-input"]
from replicate import display as show
from replicate import experiments, papers, records
from replicate import figures as fig
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("quinn2022-regression-as-classifier")

# %% [markdown]
# ## Data
#
# The test superconductors of the regression, filled up with compounds of the Materials Project outside SuperCon at 0 K, to
# about as many as the paper tested. The classifier is asked about its own test compounds, so that neither model sees what
# it was trained on.

# %% tags=["hide-input"]
show.compounds_card("quinn2022-regression-as-classifier", profile)

# %% tags=["hide-input"]
show.archives(*experiments.get("quinn2022-regression-as-classifier").config("full").archives)

# %% [markdown]
# ## Model and training
#
# The combined regression and, for the comparison, the classifier of the page on [thresholds](thresholds.ipynb), each with
# its own settings.

# %%
record = experiments.run_or_full(
    "quinn2022-regression-as-classifier", profile, seeds=seeds, device=device, refresh=refresh
)
full = records.full_record("quinn2022-regression-as-classifier")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.class_networks(best)

# %% [markdown]
# ## Scores against the threshold (Fig. 6)
#
# A compound counts as above the threshold when its predicted temperature is. Bands: one standard deviation over seeds.

# %% tags=["hide-input"]
printed = {t.metric: t.published / t.scale for t in papers.targets("quinn2022-regression-as-classifier")}
fig.regression_as_classes(best, printed)

# %% tags=["hide-input"]
show.as_classes_table(best)

# %% tags=["hide-input"]
show.as_classes_sentence(best)

# %% tags=["hide-input"]
show.ordered_as_classes(best)

# %% [markdown]
# ## How long to train

# %% tags=["hide-input"]
fig.learning_curves(best, ["random/combined"], "K", {"random/combined": "regression"})

# %% [markdown]
# ## The paper's statements

# %% tags=["hide-input"]
show.claim_results(best)

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# ## What a reader may conclude
#
# “Ahead of” and “behind” mean: for every seed; otherwise it says “level with”.

# %% tags=["hide-input"]
show.quinn2022_conclusion(best)

# %% [markdown]
# ## Limits
#
# - How the paper mixed its test set is not known; precision and accuracy depend on the share of superconductors in it.
# - None of the other compounds has shared or partly empty sites, most superconductors do: a model may tell them apart by
#   that alone, see the page on [thresholds](thresholds.ipynb), and the score on ordered crystals above.
# - Other compounds are taken as 0 K without a measurement.
# - Predictions above a threshold are counted; no threshold was tuned for the regression.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "quinn2022/regression-as-classifier")
