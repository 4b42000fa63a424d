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
# # Screening stable compounds
#
# **The claim** ({cite:t}`zeng2019`, Results and Table S6): of the stable compounds of the Materials Project, ATCNN-II
# singles out twenty that may superconduct at high temperature.
#
# **The question here**: how sure is it? Networks that differ only in seed and split each make a list; the spread
# between them is shown for every candidate.

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
from replicate.experiments.zeng2019.configs import TOP
from replicate.notebook import guard

guard(globals())
fig.use_house_style()
show.claims("zeng2019-screening")

# %% [markdown]
# ## Data
#
# The authors' pool is not public. `full` screens the stable compounds of JARVIS-DFT (0 eV above its hull, elements up to
# Rn, one entry per composition), a pool of the same kind. `quick` screens the stable ones among
# the bundled Materials Project compounds of {cite:t}`faber2015`.

# %% tags=["hide-input"]
experiment = experiments.get("zeng2019-screening")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %%
record = experiments.run("zeng2019-screening", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("zeng2019-screening")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
pool, m = best.arrays["pool"], best.metrics
over = {t: m[f"new/atcnn-ii/above_{t}_K"] for t in (0, 10, 20, 40)}
shares = ", ".join(f"{show.percent(v, 1)} above {t} K" for t, v in over.items())
text = (
    f"Of {pool['read']:,} entries of `{pool['dataset']}`, {pool['stable']:,} are stable; {pool['beyond_radon']:,} hold an "
    f"element beyond Rn, {pool['repeated']:,} repeat a composition, {pool['unreadable']:,} cannot be read: "
    f"**{pool['screened']:,}** are screened, {m['pool/atcnn-ii/in_data'].mean:,.0f} of which are in the data "
    f"(as superconductors: {m['pool/atcnn-ii/superconductors'].mean:,.0f}) and are left out below. Of the others the "
    f"networks predict {shares}."
)
show.sentence(text)

# %% [markdown]
# ## How sure, and how far from what is known?

# %% tags=["hide-input"]
fig.screened_candidates(best, TOP)

# %% [markdown]
# ## The candidates
#
# Ranked by the mean over the ensemble. The distance is the share of atoms to exchange to reach the nearest superconductor
# in the data; "in the lists" is what public lists of superconductors say of the composition, "measured" the Tc in the one
# that may be quoted. Compounds held out for Table 2 were taken out of the training data. Click a heading to sort.

# %% tags=["hide-input"]
show.candidates(best)

# %% tags=["hide-input"]
sd, mean = m["top20/atcnn-ii/mean_sd"], m["top20/atcnn-ii/mean_tc"]
overlap = m.get("pool/atcnn-ii/top20_overlap")
top = best.arrays["candidates"][:20]
status = [candidate["status"].split(",")[0] for candidate in top]
copper = sum(candidate["group"] in ("I", "III") for candidate in top)
close_by = sum(candidate["distance"] < 0.01 for candidate in top)
text = (
    f"The twenty highest means average **{mean.mean:.0f} K**, with a standard deviation over networks of "
    f"**{sd.mean:.0f} K** each. {copper} of the twenty hold copper and {close_by} lie within 1 % of a superconductor in the "
    f"data. The public lists know {20 - status.count('unknown')} of them: {status.count('superconductor')} as superconductors "
    f"(so the networks found them again) and **{status.count('listed at 0 K')}** at 0 K, no superconductivity found or reported."
)
if overlap is not None:
    text += (
        f" Two networks' own top twenties share **{100 * overlap.mean:.0f} %** of their compounds on average."
    )
show.sentence(text)

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# The paper's own twenty candidates (Table S6) stand in a supplement that could not be had when this page was made, so
# the two lists are not compared.
#
# ## Limits
#
# - A composition says nothing of structure: in JARVIS-DFT the same composition has many polymorphs, and a candidate's
#   stable form may be an insulator.
# - No compound on this page was tested. Predictions far from the training data (large distance) are guesses, whatever
#   their spread.

# %% [markdown]
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "zeng2019/screening")
