"""The reading-periodic-table chapter's table of deviations; settings are read from the configs that are run."""

from __future__ import annotations

from IPython.display import HTML

from replicate import experiments, papers, records
from replicate.display.commands import core_hours
from replicate.display.html import CHOICE_COLUMNS, table
from replicate.display.words import listed
from replicate.experiments.konno2021.configs import HosonoConfig, IronConfig, PreliminaryConfig
from replicate.experiments.konno2021.names import DEEP, NEAR, OUTLIER, SAME
from replicate.experiments.konno2021.specs import FIT, MIXED
from replicate.features.periodic_table import LARGEST
from replicate.models import configs as models
from replicate.models.configs import PeriodicResNetConfig
from replicate.training.config import OPTIMISERS


def _layers(model: PeriodicResNetConfig) -> int:
    """Return how many convolutions a network has."""
    stages = len(model.stages)
    return 1 + 2 * model.blocks + stages * (3 if model.residual_stages else 1)


def _printed(name: str) -> str:
    return papers.target(f"konno2021-{name}").printed


_LONGER = {
    "preliminary": ("superconductors only", FIT.epochs),
    "hosono": ("the test by year", MIXED.epochs),
    "garbage-in": ("garbage-in and candidates", MIXED.epochs),
}
"""Experiment → what it is called, and the epochs of its networks in the full settings."""


def _hours() -> str:
    """Return how long the full settings would take a core of the processor that made the records; empty without."""
    told = []
    for name, (words, epochs) in _LONGER.items():
        record = records.full_record(f"konno2021-{name}")
        # The model of superconductors only is trained once, for its own page.
        networks = [
            one
            for one in (record.training if record else ())
            if name == "preliminary" or one != f"random/{DEEP}"
        ]
        hours = [core_hours(record, one, epochs) for one in networks] if record else []
        if hours and None not in hours:
            told.append(f"{sum(h for h in hours if h):.0f} h for {words}")
    runs = records.full_record("konno2021-iron")
    seeds = experiments.get("konno2021-iron").config("full").seeds
    many = core_hours(runs, f"iron-based/{DEEP}", MIXED.epochs, seeds) if runs else None
    if many is not None:
        told.append(f"{many:.0f} h for {seeds} networks of the discovery")
    return f"; the longer ones would take one core of its processor {listed(told)}" if told else ""


def _training() -> list[list[str]]:
    """Return the rows on the network and its training."""
    experiment = experiments.get("konno2021-preliminary")
    whole: PreliminaryConfig = experiment.config("full")
    short: PreliminaryConfig = experiment.on_cpu
    mixed: HosonoConfig = experiments.get("konno2021-hosono").config("full")
    short_mixed: HosonoConfig = experiments.get("konno2021-hosono").on_cpu
    fit, less = whole.networks[0].fit, short.networks[0].fit
    deep, shallow = models.DEEP, models.SHALLOW
    plain = len(shallow.hidden) + 1
    return [
        [
            "What the table holds",
            "“the composition ratios”",
            "raw coefficients of the formula, H₂O as 2 and 1",
            "coefficients; fractions beside them where Tc is predicted and in the temporal test",
            "the code decides; for what it means see the page of the test by year",
        ],
        [
            "Very large coefficients",
            "–",
            "as they are",
            f"cut at {LARGEST:g}",
            "SuperCon holds slips such as O6050 for O6.05; one of them throws off batch normalisation",
        ],
        [
            "Optimiser, loss, schedule",
            "not given",
            "no training script",
            f"{OPTIMISERS[fit.optimizer]} with a {fit.schedule} schedule, peak rate {fit.learning_rate:g}, "
            f"weight decay {fit.weight_decay:g}, batches of {fit.batch_size}; squared error in kelvin behind a ReLU, "
            "cross-entropy for classes; the epoch is chosen on validation rows",
            "a common choice; the logarithm of Tc as a variant on the first page",
        ],
        [
            "Epochs",
            "not given",
            "–",
            f"{fit.epochs} on superconductors, {mixed.regression[0].fit.epochs} with the COD; on a processor "
            f"{less.epochs} and {short_mixed.regression[0].fit.epochs}",
            f"the record says which it was{_hours()}",
        ],
        [
            "Seeds",
            "not said",
            "–",
            f"{whole.seeds}; each its own first weights and validation rows",
            "one training says little: see the spread",
        ],
        [
            "Lanthanides",
            "four blocks, s, p, d and f",
            "La and Ac in the d plane, Lu and Lr in the f plane",
            "as in the code",
            "the published network reads them so",
        ],
        [
            "“10-layer” network",
            "as good a score, finds no iron-based superconductor",
            "not released",
            f"the network of {_layers(deep)} + {plain} layers without its residual blocks: {_layers(shallow)} "
            f"convolutions and {plain} linear layers",
            "the layers that remain are ten",
        ],
        [
            "Periodic convolution",
            "J. Phys. Soc. Jpn. 89, 124006: the table's edges are glued",
            "sizes that do not fit together, and a shift that joins Ne to H",
            "each period followed by the next, Ne by Na; on the page of the band gaps",
            "the idea the text describes",
        ],
    ]


def _rows() -> list[list[str]]:
    """Return the rows on data and tests."""
    preliminary: PreliminaryConfig = experiments.get("konno2021-preliminary").config("full")
    iron: IronConfig = experiments.get("konno2021-iron").config("full")
    short: IronConfig = experiments.get("konno2021-iron").on_cpu
    return [
        [
            "Repeated compounds",
            "not said",
            "the median of the formula as it is written",
            "the same; Y1Ba2Cu3O7 and Ba2Cu3O7Y1 stay two rows",
            "as published; the split by chemical system keeps such pairs on one side",
        ],
        [
            "Pure elements",
            "not said",
            "overwritten from a table that is not public",
            "pymatgen's values at ambient pressure, 0 K where there is none, and for gadolinium, which repeats gallium",
            "a public table; SuperCon mixes in high pressure",
        ],
        [
            "Years",
            "“added before 2010”",
            "ready-made lists",
            "the first year in the journal's name; entries without one are never in an early set",
            "so no later entry can slip in (tested)",
        ],
        [
            "COD",
            f"{_printed('garbage-in/cod')} compositions",
            "lists of 2007 and 2009, repetitions removed; none of 2018",
            "the list of 2009, of 2007 for the discovery, without carbon–hydrogen compounds",
            "the list behind the number is not released",
        ],
        [
            "Compositions tested on",
            "not said",
            "entries that overlap SuperCon or the COD of the year are removed",
            f"no training row differs from one by less than {SAME:g} in every fraction (tested)",
            "the COD holds some of the tested compounds as non-superconductors",
        ],
        [
            "Test list",
            f"about {_printed('hosono/materials')} materials, "
            f"{_printed('hosono/nonsuperconductors')} of them non-superconductors; by the abstract "
            f"{papers.stated('konno2021/candidates-share').printed} % of the candidates superconduct",
            "fewer rows: entries that overlap SuperCon or the COD were removed (its README); this list gives the "
            "printed baselines, the text's numbers do not",
            "the authors' file as it is; an entry that is no formula is left out and named",
            "the accuracies of Table I follow from the file",
        ],
        [
            "Models left out",
            "not in its text",
            "its README: “wrong models” are excluded by the lists of other years; the rule is not given",
            "every run is reported",
            "leaving out after looking picks winners",
        ],
        [
            "Runs of the discovery",
            f"about {papers.stated('konno2021/iron-runs').printed}",
            "–",
            f"{iron.seeds} of the deep network, {iron.discoveries[0].members[-1]} of each other and for the cuprates; "
            f"on a processor {short.seeds} of each; {iron.baseline_seeds} forests",
            "the number stands on the page",
        ],
        [
            "Base rate",
            "not given",
            "–",
            "like compounds of the COD, not taught, not in SuperCon and no close relatives of what is",
            "a finding counts only against what else the model would call a superconductor",
        ],
        [
            "Test set of Fig. 2",
            f"{100 * preliminary.test:.0f} %, random",
            "–",
            "the same, and by chemical system",
            "near relatives in training help on random rows",
        ],
        [
            "Suspect records",
            "“wrongly recorded” ones among the outliers, not named",
            "–",
            f"an error over {OUTLIER:g} times the root mean square, where entries within {100 * NEAR:g} % of the atoms "
            "have a median nearer to the prediction than to the record",
            "a rule that anyone can repeat",
        ],
    ]


def konno2021_choices() -> HTML:
    """Return what the paper says, what the authors' code does, what is done here, and why."""
    made = [
        [f'<div class="short">{cell}</div>' if place else cell for place, cell in enumerate(row)]
        for row in (*_training(), *_rows())
    ]
    return table(CHOICE_COLUMNS, made)
