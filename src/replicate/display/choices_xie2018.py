"""The CGCNN chapter's table of deviations; settings are read from the configs that were run."""

from __future__ import annotations

from IPython.display import HTML

from replicate import experiments, papers, records
from replicate.display.commands import core_hours
from replicate.display.html import CHOICE_COLUMNS, table
from replicate.experiments.xie2018.configs import GATED, FormationConfig, MetalConfig
from replicate.features.atom_features import NINE, TABLE_2, atom_features
from replicate.features.graph_building import NEAREST
from replicate.features.neighbours import VORONOI, NeighbourRule
from replicate.models.authors_cards import authors_card
from replicate.models.configs import FARTHEST, GAUSSIAN_STEP, GAUSSIANS
from replicate.training.config import OPTIMISERS, FitConfig


def xie2018_choices() -> HTML:
    """Return what the paper says, what the authors' code does, what is done here, and why."""
    config: FormationConfig = experiments.get("xie2018-formation").config("full")
    short: FormationConfig = experiments.get("xie2018-formation").on_cpu
    metal: MetalConfig = experiments.get("xie2018-metal").config("full")
    released, classifier = (
        authors_card(name)["settings"] for name in ("formation-energy-per-atom", "semi-metal-classification")
    )
    fit, short_fit = config.networks[0].fit, short.networks[0].fit
    theirs = NeighbourRule("released")
    bond = papers.table("xie2018", "table_s2").set_index("property").loc["atom distance"]
    eq4 = papers.target("xie2018-formation/eq4-mae").printed
    supplement = papers.table("xie2018", "table1").set_index("property")["mae_eq4"]["formation energy"]
    made = [
        [
            "Training",
            "Adam",
            f"{released['optim']}, momentum {released['momentum']}, squared error, {released['epochs']:,} epochs, rate "
            f"{released['lr']} and a tenth of it from epoch {released['lr_milestones'][0]:,} on (in the released "
            "checkpoint)",
            f"on a GPU as released ({fit.epochs:,} epochs); on a processor {short_fit.epochs} epochs of a "
            f"{short_fit.schedule} schedule ({OPTIMISERS[short_fit.optimizer]}, absolute error)",
            _hours(fit),
        ],
        [
            "Neighbours",
            f"sharing a Voronoi face, within {VORONOI.radius:g} Å and a bond's length; or the 12 nearest",
            f"{theirs.count} nearest within {theirs.radius:g} Å; of a shell that is cut, whichever atoms come first",
            f"{NEAREST.count} nearest within {NEAREST.radius:g} Å; a shell that is cut counts in part, all its atoms "
            "alike",
            "the graph must not depend on the order of the atoms; the Voronoi rule is on the hyperparameter page",
        ],
        [
            "An atom with too few neighbours",
            "not said",
            f"padded with the cell's first atom, {FARTHEST - theirs.radius:g} Å beyond the radius",
            "the radius is widened, and the crystal is reported",
            "padding sends messages between atoms that are not neighbours",
        ],
        [
            "Distances",
            f"{bond['categories']:.0f} intervals between {bond['low']:g} and {bond['high']:g} Å",
            f"{GAUSSIANS} Gaussians up to {(GAUSSIANS - 1) * GAUSSIAN_STEP:g} Å",
            "Gaussians, read from a table in steps of "
            f"{config.networks[0].model.resolution} Å; the intervals are available",
            "the released networks need the Gaussians",
        ],
        [
            "Atom vectors",
            f"{len(NINE)} properties, {sum(TABLE_2[name][2] for name in NINE)} columns",
            f"{atom_features('released').shape[1]} columns",
            "the released vectors; Table S2's on the hyperparameter page",
            "the released networks need theirs",
        ],
        [
            "Batch normalisation",
            "not mentioned",
            "of the gates and of their sum",
            "as in the code for Eq. 5; none for Eq. 4, whose normalised version is a variant; of the records made "
            "on a processor those of the elastic properties and the perovskites have Eq. 4 without",
            "the released networks have it; for Eq. 4 the text is the claim",
        ],
        [
            "Error of Eq. 4",
            f"{eq4} eV/atom (text), {supplement:g} (supplement)",
            "–",
            "the text's is judged, the supplement's noted beside it",
            "the paper contradicts itself",
        ],
        [
            "Layers of Eq. 4",
            "found by random search, not printed",
            "–",
            f"{config.networks[1].model.convolutions} convolutions, softmax pooling, hidden layers of "
            f"{' and '.join(map(str, config.networks[1].model.hidden))}; picked on validation crystals",
            "the supplement gives the ranges that were searched, not what was found",
        ],
        [
            "Which epoch",
            "not said",
            "best on validation: MAE, or AUC for the classifier",
            "best on validation: MAE, or cross-entropy for the classifier",
            "one fit loop for all networks of this book",
        ],
        [
            "Rows left out",
            "ill-converged crystals",
            "–",
            "gaps of zero, energies of another functional; of later moduli those no stable solid can have",
            "counted on the pages of these properties",
        ],
        [
            "Test crystals",
            f"{papers.stated('xie2018/test-crystals').printed} of formation energies and of metals",
            f"{released['test_size']:,} and {classifier['test_size']:,}",
            f"{config.test:,} and {metal.test:,}",
            "the paper's number where the sizes nearly agree, the checkpoint's where they do not",
        ],
        [
            "Normaliser",
            "–",
            "mean and deviation of rows drawn from the whole set",
            "of the training rows",
            "test rows are not to be seen",
        ],
        [
            "Equivalent sites",
            "all atoms of the cell",
            "all atoms of the cell",
            "sites and bonds that no such network can tell apart are computed once and counted",
            "the same predictions and gradients from less work (tested)",
        ],
        [
            "Data",
            f"{papers.target('xie2018-formation/materials').published:,.0f} materials of 2017",
            "a list of ids, no values",
            "Matbench's values joined to structures by full-cell formula, where it stands once on both sides",
            "values of that year are gone; the pages say how many rows were joined",
        ],
    ]
    return table(CHOICE_COLUMNS, made)


def _hours(released: FitConfig) -> str:
    """Return how long the released schedule would take the processor that made the record."""
    record = records.full_record("xie2018-formation")
    hours = core_hours(record, f"random/{GATED}", released.epochs, members=1) if record is not None else None
    if hours is None:
        return "the record says which it was"
    return f"a seed of the released schedule would take {hours:.0f} h on the processor that made the record"
