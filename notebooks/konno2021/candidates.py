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
# # Candidates for new superconductors
#
# **The claim** ({cite:t}`konno2021`, Sec. V): among the network's candidates are CaBi₂ and Hf₀.₅Nb₀.₂V₂Zr₀.₃, superconductors that
# were not in the database, and BeB₂, the neighbour of MgB₂.
#
# **The question here**: do networks trained again say the same of these three, and do two networks agree on the rest of the
# list?

# %% tags=["parameters"]
# parameters: what a reader may change; 0 seeds means the profile's own number
profile = "quick"
seeds = 0
device = "auto"
refresh = False

# %% tags=["hide-input"]
from replicate import data, experiments, records
from replicate import display as show
from replicate import figures as fig
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("konno2021-candidates")

# %% [markdown]
# ## Data
#
# The networks of the page on [garbage-in](garbage-in.ipynb): SuperCon and the COD's list of 2009, with the three compounds, and all that
# is the same to within 0.001, kept out. The pool searched is that list without what SuperCon holds, without cuprates and without
# iron-based compounds. Beside ours stands the authors' released list, with their predictions.

# %% tags=["hide-input"]
experiment = experiments.get("konno2021-candidates")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %%
record = experiments.run_or_full("konno2021-candidates", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("konno2021-candidates")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.periodic_networks(best)

# %% tags=["hide-input"]
show.cod_cleaning(best)

# %% [markdown]
# ## The three compounds
#
# CaBi₂ superconducts at 2 K ({cite:t}`winiarski2016`). A Tc above zero makes a superconductor, one above 4 K a candidate: the
# authors' list, which holds CaBi₂ far above its measured Tc, ends there.

# %% tags=["hide-input"]
theirs = {name: tc for name, (_, tc) in show.authors_predictions().items()}
fig.named_compounds(
    best, {"CaBi2": "CaBi₂", "Hf0.5Nb0.2V2Zr0.3": "Hf₀.₅Nb₀.₂V₂Zr₀.₃", "BeB2": "BeB₂"}, theirs
)

# %% tags=["hide-input"]
show.named_table(best)

# %% tags=["hide-input"]
m = best.metrics
borides = m["data/binary-borides/rows"]
show.sentence(
    f"{show.authors_boride()} {show.named_in_supercon()} The training rows hold {borides.mean:,.0f} compounds of boron and one "
    f"other element, {m['data/binary-borides/superconductors'].mean:,.0f} of them from SuperCon."
)

# %% [markdown]
# ## Overlap: with the authors' list, and between networks

# %% tags=["hide-input"]
show.sentence(show.overlap_sentence(best))

# %% [markdown]
# ## Our candidates
#
# Ranked by the mean over the networks. The distance is the share of atoms to exchange to reach the nearest superconductor that
# was taught. Click a heading to sort.

# %% tags=["hide-input"]
show.candidate_table(best)

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
# - The networks were taught that nearly all compositions of the pool have 0 K. A candidate is a composition whose label they
#   failed to learn, by chemistry or by chance.
# - Structure, stability and doping are not in a composition; some candidates are minerals, glasses or high-pressure phases.
# - A predicted temperature far from the measured one, as for CaBi₂ in the authors' list, is a hit for “superconductor or not” only.
# - No candidate on this page was measured.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "konno2021/candidates")
