"""Tables and sentences of the superconductor CGCNN chapter: the regression as a classifier, and attributes."""

from __future__ import annotations

import html

from IPython.display import HTML, Markdown

from replicate import papers
from replicate.display.html import table
from replicate.display.quinn2022_classes import score_cells, threshold_label
from replicate.display.words import listed, percent, standing
from replicate.experiments.quinn2022.configs import COMBINED, DEBYE, NETWORK
from replicate.figures.names import spread
from replicate.figures.quinn2022_classes import SCORE_NAMES, thresholds_of
from replicate.records import Metric, Record


def as_classes_table(record: Record) -> HTML:
    """Return the four scores of the regression at every threshold, the classifier where it was asked."""
    made = []
    rivals = thresholds_of(record, NETWORK)
    for threshold in thresholds_of(record, COMBINED):
        label = threshold_label(threshold)
        base = score_cells(record, f"{label}/baseline", ("accuracy",))[0]
        made.append(
            [
                f"{threshold} K",
                "regression",
                *score_cells(record, f"{label}/{COMBINED}", tuple(SCORE_NAMES)),
                base,
            ]
        )
        if threshold in rivals:
            share = larger_class(record, label)
            made.append(
                [
                    "",
                    "classifier, its own test compounds",
                    *score_cells(record, f"{label}/{NETWORK}", tuple(SCORE_NAMES)),
                    "–" if share is None else spread(share),
                ]
            )
    header = ("above", "model", *SCORE_NAMES.values(), "larger class")
    rows, others = (record.metrics[f"test/split/{name}"].mean for name in ("rows", "others"))
    note = (
        f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds; {rows:,.0f} test compounds, "
        f"{others:,.0f} of them no superconductors"
    )
    return HTML(f'{table(header, made, numeric=range(2, len(header))).data}<p class="rule">{note}</p>')


def ordered_as_classes(record: Record) -> Markdown:
    """Return what is left of the printed F1's like on crystals that do not give themselves away by their sites."""
    printed = papers.target("quinn2022-regression-as-classifier/f1-25k")
    label = printed.metric.partition("/")[0]
    whole, ordered = (record.metrics.get(f"{kind}/{COMBINED}/f1") for kind in (label, f"{label}-ordered"))
    if whole is None or ordered is None:
        return Markdown("Too few ordered crystals are in the test sets to score them alone.")
    return Markdown(
        f"On the {ordered.n or 0:,} ordered crystals of a test set (no shared or partly empty site) the F1 above "
        f"{label.removeprefix('threshold-').removesuffix('K')} K is **{spread(ordered)}**; on all {spread(whole)}."
    )


def larger_class(record: Record, label: str) -> Metric | None:
    """Return the share of the larger class among the classifier's own test compounds, seed by seed."""
    return record.metrics.get(f"{label}/baseline-of-the-classifier/accuracy")


def as_classes_sentence(record: Record) -> Markdown:
    """Return where the regression tells more than the larger class, and how it stands beside the classifier."""
    thresholds = thresholds_of(record, COMBINED)
    above = [t for t in thresholds if _over_larger_class(record, t)]
    text = (
        f"The regression's accuracy is ahead of always saying the larger class at {len(above)} of {len(thresholds)} "
        "thresholds"
    )
    text += f" ({listed([f'{t} K' for t in above])})." if 0 < len(above) < len(thresholds) else "."
    for threshold in thresholds_of(record, NETWORK):
        text += "\n\n" + _beside_classifier(record, threshold)
    return Markdown(text)


def _over_larger_class(record: Record, threshold: int) -> bool:
    label = threshold_label(threshold)
    pair = (record.metrics[f"{label}/{model}/accuracy"] for model in (COMBINED, "baseline"))
    return standing(*pair) == "ahead of"


def _beside_classifier(record: Record, threshold: int) -> str:
    m, label = record.metrics, threshold_label(threshold)
    mine, theirs, base = (m[f"{label}/{name}/accuracy"] for name in (COMBINED, NETWORK, "baseline"))
    f1, their_f1 = (m[f"{label}/{name}/f1"] for name in (COMBINED, NETWORK))
    text = (
        f"Above {threshold} K the regression is right for {percent(mine, 1)} of its test compounds, the classifier for "
        f"{percent(theirs, 1)} of its own; F1 {spread(f1)} and {spread(their_f1)}."
    )
    share = larger_class(record, label)
    if share is None or share.mean == 1 or base.mean == 1:
        return text
    left, their_left = ((1 - one.mean) / (1 - ground.mean) for one, ground in ((mine, base), (theirs, share)))
    return (
        f"{text} The two test sets are mixed differently: the larger class has {percent(base, 1)} of the first and "
        f"{percent(share, 1)} of the second. Of the errors of always saying the larger class the regression leaves "
        f"{100 * left:.0f} %, the classifier {100 * their_left:.0f} %."
    )


def attribute_sets(record: Record) -> dict[str, str]:
    """Return the sets of compounds of the attributes' record → what they are called."""
    names = {DEBYE: "all ", f"{DEBYE}-few": ""}
    sizes = {name: record.metrics.get(f"{name}/split/train_rows") for name in names}
    return {
        name: f"{names[name]}{size.mean:,.0f} training compounds"
        for name, size in sizes.items()
        if size is not None
    }


def attribute_table(record: Record) -> HTML:
    """Return SuperCon's attributes that the paper counts, and what is run here."""
    found = papers.table("quinn2022", "attributes")
    printed = {"Debye temperature": "debye-r2", "coefficient of electronic specific heat": "specific-heat-r2",
               "Néel temperature": "neel-r2"}  # fmt: skip
    made = []
    for _, row in found.iterrows():
        name = row["attribute"]
        target = papers.target(f"quinn2022-attributes/{printed[name]}") if name in printed else None
        here = record.metrics.get(target.metric) if target else None
        made.append(
            [
                html.escape(name),
                f"about {row['rows']:,}",
                "–" if target is None else f"about {target.printed}",
                "not run: the column of SuperCon is not public"
                if here is None
                else "AFLOW's computed values",
                "–" if here is None else spread(here),
            ]
        )
    header = ("attribute", "values in the paper", "R², published", "here", "R², here")
    note = f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds; R² of logarithms"
    return HTML(f'{table(header, made, numeric=(1, 2, 4)).data}<p class="rule">{note}</p>')
