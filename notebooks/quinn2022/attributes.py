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
# # Debye temperature and other attributes
#
# **The claim** ({cite:t}`quinn2022`, Results): the same network predicts the logarithm of the Debye temperature, that of
# the electronic specific heat coefficient, and the Néel temperature with some success, from a few hundred values each.
#
# **The question here**: how much of such a score comes from the crystal? SuperCon's columns of attributes are not public,
# so AFLOW's computed Debye temperatures stand in for the first, and the other two are not run.

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
show.claims("quinn2022-attributes")

# %% [markdown]
# ## Data
#
# Debye temperatures that AFLOW computed, joined to structures of the Materials Project by composition,
# where it has one structure and one value. They are computed, of mostly other compounds than SuperCon's, and without the scatter
# of measurements.

# %% tags=["hide-input"]
show.compounds_card("quinn2022-attributes", profile)

# %% tags=["hide-input"]
show.archives(*experiments.get("quinn2022-attributes").config("full").archives)

# %% [markdown]
# ## Model and training
#
# The regression network with logarithms as its target, once with all compounds and once with about as many as the paper
# had. Beside it trees that see the composition alone.

# %%
record = experiments.run_or_full("quinn2022-attributes", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("quinn2022-attributes")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.class_networks(best)

# %% tags=["hide-input"]
show.joins(best)

# %% tags=["hide-input"]
show.attribute_table(best)

# %% [markdown]
# ## Against the number of compounds

# %% tags=["hide-input"]
fig.attribute_scores(
    best, show.attribute_sets(best), papers.target("quinn2022-attributes/debye-r2").published
)

# %% tags=["hide-input"]
show.model_scores(best, "debye_temperature", ("r2", "mae", "rmse", "error_p90"), "natural logarithm")

# %% tags=["hide-input"]
few = "debye_temperature-few"
show.model_scores(
    best, few, ("r2", "mae", "rmse", "error_p90"), "natural logarithm"
) if few in show.attribute_sets(best) else None

# %% [markdown]
# ## Predicted against computed

# %% tags=["hide-input"]
fig.parity(
    shown,
    "debye_temperature/cgcnn",
    "ln(Debye temperature / K)",
    "",
    published=show.printed({"R²": "quinn2022-attributes/debye-r2"}),
    truth="computed",
)

# %% [markdown]
# ## How long to train

# %% tags=["hide-input"]
histories = {f"{name}/cgcnn": label for name, label in show.attribute_sets(best).items()}
fig.learning_curves(best, list(histories), "natural logarithm", histories)

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
# - A computed property is smooth in the structure, a measured one carries errors and disagreements of its sources: a higher
#   R² here does not say that the published model was poor.
# - The structure is the very input from which AFLOW computes; for SuperCon's compounds a structure had to be assigned
#   first.
# - R² depends on the spread of the test values, which differs from SuperCon's.
# - The number of epochs is that of the regression of critical temperatures, not tuned for this property.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "quinn2022/attributes")
