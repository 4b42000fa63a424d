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
# # Perovskites: an energy for every site
#
# **The claim** ({cite:t}`xie2018`, Fig. 3, Table S5): a network that may only add up one number per atom still predicts the
# energy of perovskites, and its numbers say which elements like the A and which the B site: large ones on A, groups 4 to 6 on
# B. A search that follows them finds stable compounds several times as often.

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
show.claims("xie2018-perovskites", 6)

# %% [markdown]
# ## Data
#
# All cubic perovskites of {cite:t}`castelli2012` in the Computational Materials Repository; the first two atoms of each
# cell are A and B. The table is not bundled, so every profile needs the download; without it this page shows the full record
# alone.

# %% tags=["hide-input"]
experiment = experiments.get("xie2018-perovskites")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %% tags=["hide-input"]
show.archives("cmr-cifs")

# %% [markdown]
# ## Model and training
#
# Equation 4, as the paper has it: once with hidden layers on every site that end in a number, and the mean of these numbers
# (Eqs. S14–S15), once with the complete pooling. Trees on the composition cannot know which element sits on A; the baseline to
# beat are trees that are told: which element is on A, which on B, and the shares of the anions. Nothing is normalised, as in the
# paper's text.

# %%
record = experiments.run_or_full("xie2018-perovskites", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("xie2018-perovskites")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.networks(best)

# %% [markdown]
# ## Predicted against computed (Figs. 3b, S6)

# %% tags=["hide-input"]
fig.parity(
    shown,
    "random/site-pooling",
    "energy",
    "eV/atom",
    published=show.printed({"MAE": "xie2018-perovskites/site-mae"}),
    truth="computed",
)

# %% tags=["hide-input"]
show.model_scores(best, "random", ("mae", "rmse", "r2"), "eV/atom")

# %% tags=["hide-input"]
m = best.metrics
show.sentence(
    f"Site pooling **{fig.spread(m['random/site-pooling/mae'])}**, complete pooling "
    f"**{fig.spread(m['random/full-pooling/mae'])}** eV/atom, trees that know the sites "
    f"**{fig.spread(m['random/extra-trees-sites/mae'])}** eV/atom. Trees on the composition alone reach an R² of "
    f"{fig.spread(m['random/extra-trees-fractions/r2'], 2)}, where the mean of all would have 0: ABX₃ and BAX₃ have one "
    "composition and may have very different energies."
)

# %% [markdown]
# ## Per atom or per cell?
#
# The table calls its energies eV/atom, a widely used copy of it "per cell" of five atoms. Three measured enthalpies decide. The
# database counts from competing phases, which for these three are close to the binary oxides, so the enthalpy of
# AO + TiO₂ → ATiO₃ is what to compare with.

# %% tags=["hide-input"]
oxides = [key.split("/")[1] for key in m if key.startswith("unit/") and key.endswith("/measured")]
show.sentence(
    "\n".join(
        f"- {formula}: {m[f'unit/{formula}/database'].mean:.2f} in the database; measured "
        f"{m[f'unit/{formula}/measured'].mean:.2f} eV per atom, {5 * m[f'unit/{formula}/measured'].mean:.2f} per cell"
        for formula in oxides
    )
    + (
        f"\n\nThe database has {m['unit/oxides/ratio'].mean:.2f} of the measured energy per atom and "
        f"{m['unit/oxides/ratio'].mean / 5:.2f} of that per cell: its unit is eV/atom. It falls short for all "
        "three, most for CaTiO₃, whose real cell is tilted where the database's is an ideal cube."
        if oxides
        else "The three oxides are not among the perovskites of this run."
    )
)

# %% [markdown]
# ## Site energies (Fig. 3c–d)
#
# Mean over all perovskites with the element on that site, and over the seeds; low is stable. What the paper reads off them
# is tested as ranks of elements, under its statements below.

# %% tags=["hide-input"]
fig.site_energies(best)

# %% [markdown]
# ## The search, and Table S5

# %% tags=["hide-input"]
show.search_sentence(best)

# %% tags=["hide-input"]
show.table_s5(best)

# %% [markdown]
# ## Which were made?
#
# The paper says that many of the compounds found have been synthesised. The Crystallography Open Database holds crystals that
# somebody made and measured; its list of 2009 is public in the data of {cite:t}`konno2021`.

# %% tags=["hide-input"]
counts = {key: m[f"made/{key}/compounds"] for key in
          ("named-in-the-text", "table-s5", "within-cutoff", "beyond-cutoff")}  # fmt: skip
held = {key: f"{count.mean:.0f} of {count.n:,}" for key, count in counts.items()}
show.sentence(
    f"Of the four named in the text {held['named-in-the-text']} are in that list, of Table S5's compounds {held['table-s5']} "
    f"({', '.join(best.arrays['made'])}), of all perovskites within the cutoff {held['within-cutoff']}, of those beyond it "
    f"{held['beyond-cutoff']}. A composition in the list need not have the structure of a perovskite."
)

# %% [markdown]
# ## The paper's statements

# %% tags=["hide-input"]
show.claim_results(best)

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# ## Limits
#
# - All structures are ideal cubic cells; a real perovskite tilts, and the energies are those of this database's own reference.
# - A mean over compounds is not a property of an element: the partner sites are part of it.
# - Beyond the printed compounds, whose sets Table S5 tells, the paper's split is not public: our test sets are other ones.
# - The search only counts the computed energies that the network was also trained on; it is not a test of prediction.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "xie2018/perovskites")
