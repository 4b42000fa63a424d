"""What a reader of the reading-periodic-table chapter may conclude, in sentences computed from the records.

Every sentence is written for whichever way the numbers fall: the same words stand on a page and on the index.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

from IPython.display import Markdown

from replicate import papers
from replicate.display.konno2021_discovery import above_base_rate, overlap_sentence, with_finds
from replicate.display.konno2021_gap import atom_table_record
from replicate.display.words import (
    chapter_verdict,
    counted,
    judged,
    listed,
    percent,
    shortfall,
    standing,
    times,
)
from replicate.experiments.konno2021.names import CANDIDATE, DEEP, FOREST, FRACTIONS, NAMED, SHALLOW, TREES
from replicate.figures.names import spread
from replicate.records import Metric, Record

EDGE = "periodic-resnet-edge"


def konno2021_conclusion(record: Record) -> Markdown:
    """Return what a reader may conclude from one experiment's record."""
    return Markdown(_WRITTEN[record.experiment](record) + shortfall(record))


def konno2021_verdict() -> Markdown:
    """Return the chapter's verdict, one paragraph per experiment with a full record."""
    return Markdown(chapter_verdict(_WRITTEN))


def _preliminary(record: Record) -> str:
    m = record.metrics
    net, trees = (m[f"random/{name}/r2"] for name in (DEEP, TREES))
    text = (
        f"**Superconductors only.** On random rows the network reaches an R² of {spread(net)} "
        f"({judged(record, 'konno2021-preliminary/r2')}); it is {standing(net, trees)} extra trees on plain element "
        f"fractions ({spread(trees)})."
    )
    if f"system/{DEEP}/r2" in m:
        far, far_trees = (m[f"system/{name}/r2"] for name in (DEEP, TREES))
        text += (
            f" When a chemical system stays on one side of the split, the R² is {spread(far)}, and "
            f"{spread(far_trees)} for the trees: the score on random rows "
            + (
                "owes much to relatives of the test compounds in training."
                if far.mean < net.mean - 0.1
                else "does not rest on relatives of the test compounds in training."
            )
        )
    return f"{text} {_outliers(record)}"


def _outliers(record: Record) -> str:
    """Return what the largest errors are."""
    m = record.metrics
    rows, cuprates, wrong = (m[f"outliers/{DEEP}/{s}"] for s in ("rows", "cuprate_share", "suspects"))
    if not rows.mean:
        return "No error is large enough to be called an outlier."
    everywhere = m["outliers/all/cuprate_share"]
    return (
        f"Per test set {counted(rows)} errors exceed three times the root mean square; {percent(cuprates)} of these "
        f"compounds are cuprates, as are {100 * everywhere.mean:.0f} % of all rows. For {sum(wrong.values):.0f} of "
        f"the {sum(rows.values):.0f} in all test sets, entries of nearly the same composition speak for the prediction "
        "and against the record. That makes a record suspect; only its source can say that it is wrong."
    )


def _garbage(record: Record) -> str:
    m = record.metrics
    hot, total = m["cod/preliminary/above_10K"], m["cod/list/searched"].mean
    taught = m["cod/garbage-in/above_0K"]
    share = taught.mean / (taught.n or 1)
    held = m["cod/garbage-in-held/share_above_0K"]
    counts = listed(
        [
            f"{counted(m[f'cod/garbage-in/above_{t}K'])} above {t} K "
            f"({judged(record, f'konno2021-garbage-in/above-{t}k')})"
            for t in (0, 4, 10)
        ]
    )
    if held.mean > 1.2 * share:
        memory = f"{times(held.mean, share)} the share: the count is in part a memory of what was taught"
    elif held.mean < share / 1.2:
        memory = "a smaller share: the count is no memory of single compositions"
    else:
        memory = "about the same: the count is no memory of single compositions"
    printed = [papers.target(f"konno2021-garbage-in/{name}") for name in ("preliminary-above-10k", "cod")]
    theirs = 100 * printed[0].published / printed[1].published
    return (
        f"**Garbage-in.** A model that knows superconductors only puts {counted(hot)} of {total:,.0f} compositions of "
        f"the COD above 10 K, {100 * hot.mean / total:.0f} % (published: {printed[0].printed} of "
        f"{printed[1].printed}, {theirs:.0f} %). With the COD taught as 0 K, and without cuprates and iron-based "
        f"compounds, {counts} remain. Nearly all the compositions that are counted were taught to be 0 K, so a small "
        f"count is what the training asks for. Of those held back, {percent(held, 1)} are put above 0 K, against "
        f"{100 * share:.1f} % of all: {memory}. On superconductors held back the R² is "
        f"{spread(m['supercon-held/garbage-in/r2'], 2)}. A reader may conclude how many candidates such a model "
        "leaves, not how many of them superconduct: no compound here was measured."
    )


def _hosono(record: Record) -> str:
    m = record.metrics
    net, forest = (m.get(f"above-0K/{name}/auc") for name in ("regression", FOREST))
    precision = m["above-0K/regression/precision"]
    sigma, sigma_list = (m[f"above-0K/regression/{s}"] for s in ("sigma", "sigma_list"))
    base = m["above-0K/baseline/precision"].mean
    hot, hot_base = m["above-10K/regression/precision"], m["above-10K/baseline/precision"].mean
    positive = m["above-0K/preliminary/predicted_positive"]
    text = (
        f"**Temporal test.** Trained on what was known before 2010, regression has a precision of {percent(precision)} "
        f"above 0 K ({judged(record, 'konno2021-hosono/regression-0k-precision')}), {times(precision.mean, base)} the "
        f"share of superconductors on the list, and an F1 of {percent(m['above-0K/regression/f1'])} "
        f"({judged(record, 'konno2021-hosono/regression-0k-f1')}). The precision lies {spread(sigma_list, 1)} standard "
        "deviations above the share by the paper's own count (it says about "
        f"{papers.stated('konno2021/precision-sigma').printed}), whose n is the whole list, and {spread(sigma, 1)} "
        f"where n is what was called superconducting. Above 10 K the precision is {percent(hot)} "
        f"({judged(record, 'konno2021-hosono/regression-10k-precision')}), {times(hot.mean, hot_base)} the share. The "
        f"model of superconductors only calls {percent(positive)} of the list superconductors (the paper: all)."
    )
    if net is not None and forest is not None:
        f1 = [m[f"above-0K/{name}/f1"] for name in ("regression", FOREST)]
        text += (
            f" In F1 above 0 K the network is {standing(*f1)} the random forest ({percent(f1[0])} and "
            f"{percent(f1[1])}); F1 depends on where the cut is made, the AUC does not: there it is "
            f"{standing(net, forest)} the forest ({spread(net, 2)} and {spread(forest, 2)})."
        )
    near = m["data/hosono/within_5_percent"]
    return (
        f"{text} {100 * near.mean:.0f} % of the list's compounds lie within 5 % of a superconductor that was taught. "
        "The list is what experts chose to try: the scores hold for such lists, not for compositions drawn from a "
        "database."
    )


def _family(record: Record, family: str, name: str) -> str:
    """Return, for one family, how many networks find how many, and how that compares with the base rate."""
    m = record.metrics
    found = m[f"{family}/{DEEP}/found"]
    share, alike = (m[f"{family}/{DEEP}/{s}_share"] for s in ("found", "alike"))
    more, runs = above_base_rate(record, family, DEEP)
    values = found.values
    text = (
        f"Of {runs} networks {with_finds(found)} call at least one of the {found.n:,} {name} a superconductor; the "
        f"median finds {statistics.median(values):,.0f} (from {min(values):,.0f} to {max(values):,.0f}). The same "
        f"networks give {percent(alike)} of the like compounds of the COD, which SuperCon does not hold and which are "
        f"no close relatives of anything in it, a Tc above zero, against {percent(share)} of the superconductors: "
        f"{more} of {runs} networks find a larger share of the superconductors. "
        f"AUC {spread(m[f'{family}/{DEEP}/auc'], 2)}"
    )
    fractions, size = m.get(f"{family}/{FRACTIONS}/auc"), m.get(f"{family}/formula-size/auc")
    if fractions is not None:
        text += f", with fractions in place of coefficients {spread(fractions, 2)}"
    if size is not None:
        text += f", and {size.mean:.2f} for the sum of the coefficients alone"
    text += "."
    for other in (SHALLOW, FOREST):
        metric = m.get(f"{family}/{other}/found")
        if metric is not None:
            label = "10-layer networks" if other == SHALLOW else "random forests"
            text += f" Of {len(metric.values)} {label} {with_finds(metric)} find any."
    return text


def _iron(record: Record) -> str:
    more, runs = above_base_rate(record, "iron-based", DEEP)
    if more > 0.9 * runs:
        word = "nearly all networks find a larger share of the family than of like compounds"
    elif more > 0.5 * runs:
        word = "most networks, but not all, find a larger share of the family than of like compounds"
    else:
        word = "most networks find no larger share of the family than of like compounds, so finds alone say little"
    text = f"**Discovery.** {_family(record, 'iron-based', 'iron-based superconductors')} In short, {word}."
    tc, found = (record.metrics[f"iron-based/{DEEP}/{score}"] for score in ("mean_tc", "found"))
    # A network that finds none has no Tc to speak of; the record holds 0 for it.
    some = tuple(value for value, n in zip(tc.values, found.values, strict=True) if n)
    if some:
        text += f" The mean Tc predicted for those found is {spread(Metric('K', some), 1)} K."
    if f"cuprates/{DEEP}/found" in record.metrics:
        cuprates = _family(record, "cuprates", "cuprates")
        text += f" Cuprates, from superconductors before 1986 and the COD's list of 2007: {cuprates}"
    return (
        f"{text} A reader may conclude how often such a network would have pointed at the family, and how much else it "
        "would have pointed at; one network that finds many is the best of many draws."
    )


def _candidates(record: Record) -> str:
    m = record.metrics
    parts = []
    for name in NAMED:
        metric = m[f"candidates/{DEEP}/{name}"]
        yes, candidate = (sum(value > t for value in metric.values) for t in (0, CANDIDATE))
        parts.append(
            f"{name} by {yes} of {len(metric.values)} networks, above {CANDIDATE:g} K by {candidate} "
            f"({spread(metric, 1)} K)"
        )
    return (
        f"**Candidates.** Kept out of training, a Tc above zero is given to {listed(parts)}. Above {CANDIDATE:g} K, "
        "where the authors' list ends, is what this page calls a candidate. A network that says yes to much would say "
        "yes to these by chance, so the counts belong beside the number of its candidates. "
        f"{overlap_sentence(record)} Nobody measured these candidates here: a place on the list is a suggestion, and "
        "one that changes with the seed where the networks share few of them."
    )


def _gap(record: Record) -> str:
    m = record.metrics
    other = atom_table_record(record)
    mine, trees = (m[f"random/{name}/mae"] for name in (DEEP, TREES))
    text = (
        f"**Band gaps.** The periodic table gives a mean absolute error of {spread(mine)} eV on random rows; it is "
        f"{standing(mine, trees, lower=True)} extra trees on plain fractions ({spread(trees)} eV)."
    )
    if other is not None:
        theirs = other.metrics["random/atcnn/mae"]
        text += (
            f" On the very same splits the atom table's network has {spread(theirs)} eV: the periodic table is "
            f"{standing(mine, theirs, lower=True)} it."
        )
    else:
        text += " This run is on other splits than the atom table's record, so the two are not compared."
    if f"system/{DEEP}/mae" in m:
        text += (
            f" By composition the error is {spread(m[f'composition/{DEEP}/mae'])}, by chemical system "
            f"{spread(m[f'system/{DEEP}/mae'])} eV."
        )
    if f"random/{EDGE}/mae" in m:
        edge = m[f"random/{EDGE}/mae"]
        text += (
            f" Gluing the table's edges together, so that each period is followed by the next, gives {spread(edge)} "
            f"eV: {standing(edge, mine, lower=True)} the plain edge."
        )
    return f"{text} The paper prints no number for gaps that this could be held against."


_WRITTEN: dict[str, Callable[[Record], str]] = {
    "konno2021-preliminary": _preliminary,
    "konno2021-garbage-in": _garbage,
    "konno2021-hosono": _hosono,
    "konno2021-iron": _iron,
    "konno2021-candidates": _candidates,
    "konno2021-gap": _gap,
}
