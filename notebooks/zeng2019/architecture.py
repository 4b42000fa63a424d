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
# # How many convolutions, how many epochs
#
# **The claim** ({cite:t}`zeng2019`, Results, Figs. S1 and S2): on the validation rows five convolutions are best, and the
# error hardly falls after 500 epochs.
#
# **The question here**: is the choice of five resolved by the data, or by the scatter between splits? Only training and
# validation rows are used on this page; the test rows of Table 1 are left alone.

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
show.claims("zeng2019-architecture")

# %% [markdown]
# ## Data

# %% tags=["hide-input"]
experiment = experiments.get("zeng2019-architecture")
needed = dict.fromkeys(name for kind in ("full", profile) for name in experiment.config(kind).datasets)
show.data_card(*(data.load(name) for name in needed if data.available(name)))

# %% [markdown]
# ## Runs
#
# The first kernel is 5 × 5, the last 2 × 2, those between 3 × 3, as in the paper's network of five; 20 % of the training
# rows validate, as in the paper.

# %%
record = experiments.run("zeng2019-architecture", profile, seeds=seeds, device=device, refresh=refresh)
full = records.full_record("zeng2019-architecture")
shown = fig.panels(full, record)
best = full or record
print(record.describe())
show.budget(*shown.values())

# %% [markdown]
# ## Number of convolutions (Fig. S2)

# %% tags=["hide-input"]
fig.depth(best, papers.target("zeng2019-architecture/convolutions").published)

# %% tags=["hide-input"]
m = best.metrics
best_depth = int(m["validation/atcnn/best_convolutions"].mean)
by_split = best.arrays["best_convolutions_by_split"]
five, behind = m["validation/convolutions-5/mae"], m["validation/convolutions-5/minus_best_mae"]
show.sentence(
    f"Lowest mean validation error: **{best_depth} convolutions**; lowest in each split: {', '.join(map(str, by_split))}. With "
    f"five it is {fig.spread(five, 2)} K, {fig.spread(behind, 2)} K above the lowest, split by split."
)

# %% [markdown]
# The paper's five counts as reproduced where its mean error lies within one standard error of the lowest: depths closer
# than that are not told apart by so many splits.


# %% tags=["hide-input"]
def near_best(kind):
    """Return the depth with the lowest mean validation error, and those within one standard error of it."""
    errors = {
        int(key.split("/")[1].removeprefix("convolutions-")): metric
        for key, metric in m.items()
        if key.startswith(f"{kind}/convolutions-") and key.endswith("/mae")
    }
    depth, lowest = min(errors.items(), key=lambda pair: pair[1].mean)
    bar = lowest.mean + (lowest.sd or 0) / len(lowest.values) ** 0.5
    near = ", ".join(str(depth) for depth, metric in sorted(errors.items()) if metric.mean <= bar)
    return f"lowest with **{depth}** ({fig.spread(lowest, 2)} K), within one standard error of it: {near} convolutions"


by_system = any(key.startswith("validation-system/") for key in m)
show.sentence(
    f"Random validation rows: {near_best('validation')}. Validation rows of chemical systems that training has not seen: "
    + (near_best("validation-system") if by_system else "not tried within this record's budget")
    + "."
)

# %% [markdown]
# ## Number of epochs (Fig. S1)
#
# Each point is a schedule of its own length, from the rise of the learning rate to its fall: what would a longer
# training buy? Below it, the curve of the paper's schedule where a record holds one, as the paper's figure has it.

# %% tags=["hide-input"]
fig.lengths(best)

# %% tags=["hide-input"]
found = {int(k.split("/")[1][7:]): v for k, v in m.items() if k.startswith("validation/epochs-")}
shortest, longest = min(found), max(found)
show.sentence(
    f"From {shortest} to {longest} epochs the validation error goes from **{fig.spread(found[shortest], 2)}** to "
    f"**{fig.spread(found[longest], 2)} K**."
)

# %% tags=["hide-input"]
answer = (
    fig.learning_curves(best, ["curve/atcnn"], "K", {"curve/atcnn": "the paper's schedule"})
    if "history/curve/atcnn" in best.arrays
    else show.sentence("The paper's own schedule was not run within this record's budget.")
)
answer

# %% [markdown]
# ## Published against reproduced

# %% tags=["hide-input"]
show.comparison(record)

# %% [markdown]
# ## Limits
#
# - Every depth is trained with the same schedule and the same fully connected layers; a depth that wants another
#   schedule is at a disadvantage.
# - The epoch after which an error "hardly falls" is where its running mean first comes within 2 % of its lowest value;
#   a curve that still falls where it ends is not given one.

# %% [markdown]
# ## Where these numbers come from

# %% tags=["hide-input"]
show.provenance(record, "zeng2019/architecture")
