"""The table of deviations of the chapter on superconductors with structure; settings are read from the configs."""

from __future__ import annotations

from IPython.display import HTML

from replicate import data, experiments, papers, records
from replicate.display.commands import core_hours
from replicate.display.html import CHOICE_COLUMNS, table
from replicate.display.words import listed
from replicate.experiments.quinn2022.configs import (
    BINS,
    COLD,
    COMBINED,
    ENVELOPE,
    HOT,
    NETWORK,
    POOL,
    READINGS,
    SUPERCON,
    TEST,
    VALIDATION,
)
from replicate.features.atom_features import NINE
from replicate.training.config import OPTIMISERS


def _printed(name: str) -> str:
    return papers.target(f"quinn2022-{name}").printed


def _stated(name: str) -> str:
    return papers.stated(f"quinn2022/{name}").printed


def _hours() -> str:
    """Return how long the longer schedules would take the processor that made the records."""
    parts = []
    for name, label, key in (
        ("quinn2022-regression", "regression", f"random/{COMBINED}"),
        ("quinn2022-thresholds", "a threshold", f"threshold-50K/{NETWORK}"),
    ):
        record, epochs = records.full_record(name), experiments.get(name).config("full").network.fit.epochs
        hours = core_hours(record, key, epochs, members=1) if record is not None else None
        if hours is not None:
            parts.append(f"{hours:.1f} h a seed ({label})")
    if not parts:
        return "a processor takes long"
    return f"the longer schedules would take the processor of the records {listed(parts)}"


def _data() -> list[list[str]]:
    """Return the rows on data and structures."""
    compounds = experiments.get("quinn2022-thresholds").config("full").compounds
    return [
        [
            "SuperCon",
            f"over {_printed('data/entries')} entries with {_stated('columns')} columns each",
            f"NIMS's public release: {data.entry(SUPERCON).title.partition(', ')[2]}, few columns",
            "the extract behind the paper is not public",
        ],
        [
            "Repeated compositions",
            "not said",
            "one row each, the median Tc; entries are counted apart on the page of the structures",
            "equal rows in training and test would be no test",
        ],
        [
            "Open amounts of oxygen",
            "not said",
            "counted among the entries, not learnt from",
            "a formula such as YBa₂Cu₃O₇₋ₓ states no composition",
        ],
        [
            "Parents",
            "“determined heuristically”",
            "the nearest known compound by a rule that is written out on the page of the structures",
            "no list and no code is public; the 3DSC's independent assignment is the check",
        ],
        [
            "Polymorphs",
            "crystal system, space group, prototype",
            "SuperCon's structure type, else the oldest entry",
            "the other columns are not public",
        ],
        [
            "Lattice parameters",
            "SuperCon's, where it has any",
            "those of the parent",
            "not public",
        ],
        [
            "Which site is doped",
            "not said",
            "all sites of an element alike",
            "a formula does not tell",
        ],
        [
            "Classes",
            f"cuprates and iron-based above {HOT:g} K, low-Tc below {COLD:g} K",
            "the same; iron-based in two readings, see the page of the regression; what is in none of them is learnt "
            "by the combined model only",
            "the paper does not say which compounds of iron; its scores fit all that hold it",
        ],
        [
            "Non-superconductors",
            f"about {_stated('nonsuperconductors')} from the Materials Project, about "
            f"{_stated('nonsuperconducting-cuprates')} of them with copper and oxygen",
            f"{compounds.others:,} drawn from compositions that SuperCon does not hold, one structure each",
            "the authors' choice is not public; all of them are ordered, see the page of the thresholds",
        ],
        [
            "Structures searched",
            f"about {_printed('search/crystals')}",
            f"{data.entry(POOL).n_files:,} of the Materials Project, those of the archive <code>{POOL}</code>",
            "a public archive at a fixed version; the authors' list of structures is not public",
        ],
        [
            "Candidates",
            "“classification and regression models, combined into a single pipeline”",
            "the regression alone, and both models in a row beside it",
            "the printed shares are those of the regression alone",
        ],
        [
            "Attributes",
            "columns of SuperCon",
            "AFLOW's computed Debye temperatures; specific heat and Néel temperature are not run",
            "those columns are not public",
        ],
    ]


def _models() -> list[list[str]]:
    """Return the rows on networks, training and tests."""
    whole = experiments.get("quinn2022-regression").config("full")
    short = experiments.get("quinn2022-regression").on_cpu
    classes = experiments.get("quinn2022-thresholds").config("full")
    short_classes = experiments.get("quinn2022-thresholds").on_cpu
    fit, class_fit = whole.network.fit, classes.network.fit
    percent = [f"{100 * share:.0f}" for share in (1 - TEST - VALIDATION, VALIDATION, TEST)]
    return [
        [
            "Optimiser and schedule",
            "stochastic gradient descent; rate and schedule not given",
            f"{OPTIMISERS[fit.optimizer]}, {fit.schedule} schedule, peak rate {fit.learning_rate:g}, weight decay "
            f"{fit.weight_decay:g}",
            "the recipe of this book's other crystal graph networks; the code is not public",
        ],
        [
            "Epochs",
            f"fewer than {_stated('epochs')} (regression)",
            f"{fit.epochs} (regression) and {class_fit.epochs} (classes; {classes.brief_epochs} above "
            f"{listed([str(t) for t in classes.brief])} K, which no other page uses); on a processor "
            f"{short.network.fit.epochs} and {short_classes.network.fit.epochs}, fewer where settings are compared",
            f"the epoch is chosen on validation compounds; {_hours()}",
        ],
        [
            "Batches",
            f"{_stated('class-batch')} (classes); not given (regression)",
            f"{class_fit.batch_size} and {fit.batch_size}",
            "–",
        ],
        [
            "Convolutions",
            f"{_stated('class-convolutions')} (classes), {_printed('regression-benchmarks/convolutions')} (regression)",
            f"{classes.network.model.convolutions} and {whole.network.model.convolutions}",
            "–",
        ],
        [
            "Loss",
            "negative log likelihood; mean absolute error",
            "the same",
            "–",
        ],
        [
            "Dropout",
            "“CGCNN already employs dropout” of 0.5",
            f"{classes.network.model.dropout:g} in the classifiers, {whole.network.model.dropout:g} in the regression",
            "CGCNN's released code has it in classification only",
        ],
        [
            "Atom features",
            "all nine are best",
            f"one-hot vectors of {len(NINE)} properties in the intervals of CGCNN's Table II; on shared sites "
            "summed by occupancy",
            "as in the paper",
        ],
        [
            "Split",
            f"random, {' / '.join(percent)} %",
            "the same, and beside it one that keeps the compounds of a parent together",
            "dopings of one parent on both sides make a test easy",
        ],
        [
            "R²",
            "“correlation” of measured and predicted",
            "1 − squared error / variance; Pearson's r beside it",
            "the usual R²; a correlation forgives scale and offset",
        ],
        [
            "F1",
            "printed with a division sign for the sum",
            "harmonic mean of precision and recall",
            "as the text says in words",
        ],
        [
            "Baselines",
            "the larger class",
            "also trees on the composition, the mean of the parent's known compounds, and the rule “disordered”",
            "what a score is worth shows beside what knows less",
        ],
        [
            "Sum of ionisation energies",
            "over “the cations”, of what is not said",
            f"{len(READINGS)} readings; highest Tc: what {100 * ENVELOPE:.0f} % stay below in {BINS} bins",
            "the sum over a formula depends on how large the formula is written",
        ],
        [
            "Table 1, supplement",
            "candidates by name; SI Figs. 1–3",
            "compounds that the text names are looked up; what the text says of the SI is tested",
            "their rows and numbers are not in the text at hand",
        ],
    ]


def quinn2022_choices() -> HTML:
    """Return what the paper says, what is done here, and why."""
    # No code of the authors is public.
    header = tuple(name for name in CHOICE_COLUMNS if "code" not in name)
    made = [
        [f'<div class="text">{cell}</div>' if place else cell for place, cell in enumerate(row)]
        for row in (*_data(), *_models())
    ]
    return table(header, made)
