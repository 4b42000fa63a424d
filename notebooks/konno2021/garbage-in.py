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
# # Materials of the COD as non-superconductors
#
# **The claim** ({cite:t}`konno2021`, Secs. III and V): a model that learnt from superconductors only calls everything a
# superconductor. Taking the compounds of the Crystallography Open Database ({cite:t}`grazulis2012`) for non-superconductors,
# *garbage-in*, makes the number of predicted superconductors reasonable.
#
# **The question here**: do the counts come back, and does a small count say more than that these compositions were taught as
# 0 K?

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False

# %% tags=["hide-input"]
from replicate import data, experiments, papers, records
from replicate import display as show
from replicate import figures as fig
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("konno2021-garbage-in")

# %% [markdown]
# ## Data
#
# The authors' list of 2009; the larger one behind the printed numbers is not released. Compounds with both carbon and hydrogen are left
# out, as in the authors' code, and so are the compounds that the paper singles out as candidates: they are predicted on
# [another page](candidates.ipynb).

# %% tags=["hide-input"]
experiment = experiments.get("konno2021-garbage-in")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %% [markdown]
# ## Model and training
#
# The network of the [first page](preliminary.ipynb) once without and once with the COD at 0 K. A twentieth of the rows, of both
# sources, is held back; what the networks say of *those* compositions is no memory.

# %%
record = experiments.run_or_full("konno2021-garbage-in", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("konno2021-garbage-in")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.periodic_networks(best)

# %% tags=["hide-input"]
show.cod_cleaning(best)

# %% tags=["hide-input"]
show.cleaning_steps(best)

# %% [markdown]
# ## Compositions of the COD by predicted Tc
#
# “With the COD at 0 K” counts in the right panel leave cuprates and iron-based compounds out, as the paper does; the left one
# shows all compositions.

# %% tags=["hide-input"]
printed = {target.metric: target.published for target in papers.targets("konno2021-garbage-in")}
fig.cod_predictions(
    best,
    {
        model: {
            t: printed[f"cod/{model}/above_{t}K"] for t in (0, 4, 10) if f"cod/{model}/above_{t}K" in printed
        }
        for model in ("preliminary", "garbage-in")
    },
)

# %% tags=["hide-input"]
show.cod_counts(best)

# %% tags=["hide-input"]
show.known_in_cod(best)

# %% [markdown]
# ## What is kept on superconductors
#
# The same networks on the superconductors among their held-back rows.

# %% tags=["hide-input"]
m = best.metrics
show.sentence(
    f"R² **{fig.spread(m['supercon-held/garbage-in/r2'])}**, MAE **{fig.spread(m['supercon-held/garbage-in/mae'], 2)} K** "
    f"({best.profile} profile). These rows also chose the epoch, so the scores are a little kind."
)

# %% tags=["hide-input"]
show.collapsed_trainings(best)

# %% [markdown]
# ## How long to train

# %% tags=["hide-input"]
histories = [key.removeprefix("history/") for key in best.arrays if key.startswith("history/")]
fig.learning_curves(best, [key for key in histories if not key.endswith("-log")], "K")

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
show.konno2021_conclusion(best)

# %% [markdown]
# ## Limits
#
# - Nobody cooled most of these compounds: 0 K is an assumption, and some of them do superconduct.
# - The count depends on the length of the training and differs from one network to the next, as the paper says too.
# - The rows held back were used to choose the epoch.
# - The lists end in 2009; a count on the paper's longer list does not compare with one on these, its share does.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "konno2021/garbage-in")
