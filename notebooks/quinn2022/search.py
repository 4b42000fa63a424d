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
# # Search of the Materials Project
#
# **The claim** ({cite:t}`quinn2022`, Results, Fig. 7, Table 1): the classifier and the regression together leave a few in a
# hundred structures as candidates; many of these are neither cuprates nor iron-based, most of them oxides, among them
# nickelates and ruthenates.
#
# **The question here**: how many candidates does such a pipeline leave, do pipelines that differ only in their seeds agree
# on them, and are the named compounds among them?

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
from replicate.experiments.quinn2022.configs import NUMEROUS, WARM
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("quinn2022-search")

# %% [markdown]
# ## Data
#
# The superconductors and other compounds of the page on [thresholds](thresholds.ipynb). Searched are the
# structures of the Materials Project in the archive `materials-project-cifs`, fewer than the paper had; duplicates of a
# composition are kept, as different structures.

# %% tags=["hide-input"]
show.compounds_card("quinn2022-search", profile)

# %% tags=["hide-input"]
show.archives(*experiments.get("quinn2022-search").config("full").archives)

# %% [markdown]
# ## Model and training
#
# Per seed the classifier of threshold 0 K and the combined regression, both as on their own pages. A candidate has a predicted
# Tc above the paper's threshold, and where both models are asked it is also called a superconductor. It is new when it does
# not hold both copper and oxygen, is not iron-based, and SuperCon does not have its composition.

# %%
record = experiments.run_or_full("quinn2022-search", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("quinn2022-search")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.class_networks(best)

# %% [markdown]
# ## Two readings of the search
#
# The paper combines both models “into a single pipeline” without saying how. Read as “called a superconductor by the one, above
# the threshold by the other”, or as the regression alone?

# %% tags=["hide-input"]
show.search_readings(best)

# %% [markdown]
# The printed numbers are those of the regression alone. Where both models must agree, far fewer structures are candidates than
# the paper has, nearly all of them are cuprates or iron-based where the paper has half, and the named nickelates are not among
# them. So the printed shares are judged against the regression alone. They are shares because our pool has another size than
# the paper's.

# %% tags=["hide-input"]
printed = {t.metric: t.published / t.scale for t in papers.targets("quinn2022-search")}
fig.search_shares(best, printed)

# %% tags=["hide-input"]
show.pipeline_sentence(best)

# %% [markdown]
# ## Predicted temperatures (Fig. 7)
#
# The regression alone. Left the mean over seeds of all candidates, and of those of no known class (of the bin across the
# threshold only the upper half can be filled, and the last possible bin holds whatever is above it); right the new candidates
# on which more than half of the seeds agree. Blue: metals whose oxides the paper calls the most numerous; orange: those that
# it says also make up a large part.

# %% tags=["hide-input"]
fig.candidate_temperatures(best, WARM, NUMEROUS)

# %% [markdown]
# ## Compounds that the paper names
#
# Two of them, Sr₂Y₁₊ₓCe₁₋ₓRuCu₂O₁₀ with x = 0 and 0.5, hold copper and oxygen although they are named among candidates that are
# said not to.

# %% tags=["hide-input"]
show.named_candidates(best)

# %% [markdown]
# ## New candidates
#
# Of the regression alone, ranked by the mean over seeds. A compound whose composition SuperCon has was measured, so it is no
# new candidate: those are counted below the table. “Taught as 0 K”: the composition was among the classifier's compounds
# without superconductivity. Click a heading to sort.

# %% tags=["hide-input"]
show.new_candidates(best)

# %% [markdown]
# What is left where the classifier must agree:

# %% tags=["hide-input"]
show.new_candidates(best, "pipeline")

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
# - No candidate was measured here. Of the compounds that experts proposed, few superconduct ({cite:t}`hosono2015`); a
#   network's list has no better reason to be right.
# - The search covers ordered crystals, while most superconductors of the training set are disordered: the scores on ordered
#   crystals of the page on [thresholds](thresholds.ipynb) are those that count here.
# - The other compounds of the classifier were drawn from the structures that are searched: their share of candidates is low
#   because they were taught as 0 K.
# - A candidate that SuperCon lacks may still be a superconductor that is long known, or a doping of one.
# - Table 1's rows are not in the text at hand, so its compounds cannot be ticked off one by one.
# - Pressure, doping and the stability of a structure are not considered.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "quinn2022/search")
