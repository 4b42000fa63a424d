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
# # Formation energies of crystals
#
# **The claim** ({cite:t}`xie2018`, Fig. 2a–c, Table I): a network on the crystal graph predicts the computed formation energy
# of any crystal better than DFT agrees with experiment, if it weighs its neighbours (Eq. 5); one weight for all (Eq. 4) does
# much worse.
#
# **The question here**: is it the convolution, the amount of data, or the composition alone?

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
show.claims("xie2018-formation")

# %% [markdown]
# ## Data
#
# The paper's list of Materials Project ids is public, its values are not. Matbench ({cite:t}`dunn2020`) keeps the values of
# that database ({cite:t}`jain2013`) with the formula of the full cell but without ids; joined to the structures where that
# formula stands once on both sides, they are the data of `full`. `quick` runs on the bundled structures of {cite:t}`faber2015`.

# %% tags=["hide-input"]
experiment = experiments.get("xie2018-formation")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %% tags=["hide-input"]
show.archives("materials-project-cifs")

# %% [markdown]
# ## Model and training
#
# Equation 5 has the sizes inside the released checkpoints and averages over the atoms. Equation 4 comes with the pooling the
# supplement pairs it with, a softmax of the features after each convolution. The paper names no batch normalisation; the full
# settings train Eq. 4 without and, as a variant, with it, while the record made on a processor has it throughout, so its
# Eq. 4 is no test of the paper's. The plain baseline, extremely randomised trees,
# sees atomic fractions only: what it misses is structure.

# %%
record = experiments.run("xie2018-formation", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("xie2018-formation")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% tags=["hide-input"]
show.networks(best)

# %% tags=["hide-input"]
show.joins(best)

# %% tags=["hide-input"]
m = best.metrics
if "data/join/compared" in m:
    text = (
        f"The join is checked on {m['data/join/compared'].mean:,.0f} crystals whose energy is known by id: the median "
        f"difference is {m['data/join/median_difference'].mean:.4f} eV/atom, "
        f"{m['data/join/off_by_0.05'].mean:.0f} differ by more than 0.05 eV/atom. {m['data/list/at_hand'].mean:,.0f} of "
        f"the {m['data/list/rows'].mean:,.0f} ids on the paper's list have a structure here."
    )
else:
    text = "The bundled structures carry their energies; nothing has to be joined."
show.sentence(text)

# %% [markdown]
# A formula that stands twice is dropped with all its crystals, so the join leaves out polymorphs. Are those harder? The
# authors' network answers for crystals on its list whose energy is known by id, whether the join keeps them or not.

# %% tags=["hide-input"]
if "join-dropped/authors/mae" in m:
    kept, dropped = (m[f"join-{key}/authors/mae"] for key in ("kept", "dropped"))
    text = (
        f"It misses the {kept.n:,} that the join keeps by {kept.mean:.4f} eV/atom, the {dropped.n:,} that it drops by "
        f"{dropped.mean:.4f}. What is left out is no harder to within {abs(dropped.mean - kept.mean):.3f} eV/atom."
    )
else:
    text = "Compared in the full record only."
show.sentence(text)

# %% [markdown]
# ## The database (Figs. 2a, S2)

# %% tags=["hide-input"]
fig.database(best) if "data/elements" in best.arrays else show.sentence("Counted in the full record only.")

# %% [markdown]
# ## Error against training crystals (Fig. 2b)

# %% tags=["hide-input"]
low, high = show.dft_errors("formation energy")
fig.training_sizes(
    shown,
    "learning-curve",
    ("cgcnn-eq5", "cgcnn-eq4", "extra-trees-fractions"),
    "eV/atom",
    last="random",
    published={
        "published, Eq. 5": papers.target("xie2018-formation/eq5-mae").published,
        "published, Eq. 4": papers.target("xie2018-formation/eq4-mae").published,
    },
    band=(low, high, "DFT against experiment"),
)

# %% tags=["hide-input"]
eq5, eq4 = (10 ** -m[f"learning-curve/cgcnn-{name}/slope"].mean for name in ("eq5", "eq4"))
error = m["random/cgcnn-eq5/mae"]
side = "below" if error.mean < low else "within" if error.mean <= high else "above"
show.sentence(
    f"With ten times as many crystals the error is divided by {eq5:.2f} (Eq. 5) and {eq4:.2f} (Eq. 4). At the whole "
    f"training set the error of Eq. 5, {fig.spread(error)} eV/atom, lies {side} the {low:g}–{high:g} eV/atom that the paper "
    f"cites for DFT against experiment ({best.profile} profile)."
)

# %% [markdown]
# ## Predicted against computed (Fig. 2c)

# %% tags=["hide-input"]
fig.parity(
    shown,
    "random/cgcnn-eq5",
    "formation energy",
    "eV/atom",
    published=show.printed({"MAE": "xie2018-formation/eq5-mae"}),
    truth="computed",
)

# %% tags=["hide-input"]
show.model_scores(best, "random", ("mae", "rmse", "r2", "error_p90"), "eV/atom")

# %% tags=["hide-input"]
names = {"list": "the paper's own list", "all": "all crystals", "system": "unseen chemical systems"}
learners = {"cgcnn-eq5": "Eq. 5", "extra-trees-fractions": "trees on the composition"}
show.sentence(
    "\n".join(
        f"- {label}, {m[f'{key}/split/train_rows'].mean:,.0f} training crystals: "
        + ", ".join(
            f"{called} {fig.spread(m[f'{key}/{name}/mae'])} eV/atom"
            for name, called in learners.items()
            if f"{key}/{name}/mae" in m
        )
        for key, label in names.items()
        if f"{key}/extra-trees-fractions/mae" in m
    )
)

# %% [markdown]
# ## What experiments know
#
# The paper sets its error beside DFT's against experiment, and notes that experiments differ among themselves. Both can be
# checked on two compilations of measured energies.

# %% tags=["hide-input"]
if "measured/dft/mae" in m:
    sources, dft = m["measured/between-sources/mae"], m["measured/dft/mae"]
    text = (
        f"The two compilations differ by {sources.mean:.3f} eV/atom on the {sources.n:,} compositions in both (printed "
        f"{papers.target('xie2018-formation/between-experiments').printed}). The computed energies here differ from "
        f"measured ones by {dft.mean:.3f} on {dft.n:,} (printed {low:g} to {high:g})."
    )
else:
    text = "Compared in the full record only."
show.sentence(text)

# %% [markdown]
# ## How long to train
#
# What the training budget is worth: validation error against epochs.

# %% tags=["hide-input"]
fig.learning_curves(
    best,
    [
        key.removeprefix("history/")
        for key in best.arrays
        if key.startswith(("history/random/", "history/longer/"))
    ],
    "eV/atom",
)

# %% tags=["hide-input"]
names = ("cgcnn-eq5", "cgcnn-eq5-longer", "cgcnn-eq5-one-cycle")
budget = [
    (best.training[key]["epochs"], m[f"random/{name}/mae"])
    for name in names
    for key in (f"random/{name}", f"longer/{name}")
    if key in best.training
]
show.sentence(
    "Test error of Eq. 5 by length of the schedule: "
    + "; ".join(f"{epochs:,} epochs {fig.spread(metric)} eV/atom" for epochs, metric in budget)
    + f". The authors' own network scores {fig.spread(m['authors/formation-energy-per-atom/mae'])} eV/atom on the "
    f"{m['authors/formation-energy-per-atom/mae'].n:,} bundled structures, many of which it was trained with."
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
# - Points of the learning curve below the whole training set have more epochs, so that they take enough steps, and pick
#   their epoch on fewer validation crystals; on a processor they have one seed.
# - The crystals are drawn from all that were joined, a later and larger set than the paper's list.
# - A random split leaves polymorphs and close relatives of a test crystal in the training set.
# - A formula that stands for several polymorphs is left out of the join, so polymorphs are rarer here than in the database.
# - The energies are computed; agreement with them says nothing of the error of DFT itself.
#
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "xie2018/formation-energy")
