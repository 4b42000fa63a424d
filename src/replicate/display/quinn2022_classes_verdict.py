"""What a reader may conclude from the classifiers, the attributes and the search of this chapter."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from replicate import papers
from replicate.display.words import judged, listed, percent, standing
from replicate.experiments.configs import COMPOSITION
from replicate.experiments.quinn2022.configs import ALONE, BOTH, COMBINED, DEBYE, DISORDER, NETWORK, WARM
from replicate.figures.names import feature_name, spread
from replicate.records import Record
from replicate.wording import number_of


def _stated(name: str) -> str:
    return papers.stated(f"quinn2022/{name}").printed


def _lowest_threshold(record: Record) -> str:
    """Return the lowest threshold of a record as its metrics name it."""
    found = {int(k) for key in record.metrics for k in re.findall(r"^threshold-(\d+)K/", key)}
    return f"threshold-{min(found)}K"


def as_good(record: Record, group: str, label: str, loss: str) -> str:
    """Return, in brackets, the settings whose validation error is within one standard error of the lowest.

    Args:
        record: of a benchmark.
        group: of the settings, such as ``convolutions``.
        label: start of a setting's name, such as ``convolutions-``.
        loss: name of the validation error.
    """
    start, end = f"{group}-validation/{label}", f"/{loss}"
    errors = {
        int(key.removeprefix(start).removesuffix(end)): metric
        for key, metric in record.metrics.items()
        if key.startswith(start) and key.endswith(end)
    }
    if not errors:
        return ""
    best = min(errors.values(), key=lambda metric: metric.mean)
    bound = best.mean + (best.sd or 0) / math.sqrt(len(best.values))
    return f" (within one standard error: {listed([str(n) for n, e in errors.items() if e.mean <= bound])})"


def _thresholds(record: Record) -> str:
    m = record.metrics
    low = _lowest_threshold(record)
    kelvin = low.removeprefix("threshold-").removesuffix("K")
    net, trees, rule = (m[f"{low}/{name}/accuracy"] for name in (NETWORK, COMPOSITION, DISORDER))
    shares = [m[f"data/{part}/disordered_share"] for part in ("superconductors", "nonsuperconductors")]
    text = (
        f"**Classifiers.** The best all-around classifier on validation crystals, at "
        f"{m[f'best/{NETWORK}/threshold'].mean:.0f} K, has an accuracy of {percent(m[f'best/{NETWORK}/accuracy'], 1)} "
        f"({judged(record, 'quinn2022-thresholds/best-accuracy')}). Above {kelvin} K the network ({percent(net, 1)}) "
        f"is {standing(net, trees)} trees that see the composition only ({percent(trees, 1)}) and "
        f"{standing(net, rule)} the rule that what has shared or partly empty sites superconducts "
        f"({percent(rule, 1)}): {percent(shares[0])} of the superconductors have such sites and {percent(shares[1])} "
        "of the others."
    )
    if f"{low}-ordered/{NETWORK}/f1" in m:
        f1, theirs = (m[f"{low}-ordered/{name}/f1"] for name in (NETWORK, COMPOSITION))
        text += (
            f" Among ordered crystals its F1 is {spread(f1)} (all crystals: {spread(m[f'{low}/{NETWORK}/f1'])}), "
            f"{standing(f1, theirs)} the trees' {spread(theirs)}"
        )
        parent = m.get(f"{low}-parent/{NETWORK}/f1")
        text += (
            "."
            if parent is None
            else f"; with the compounds of a parent on one side of the split {spread(parent)} on all crystals."
        )
    return text


def _classifier_benchmarks(record: Record) -> str:
    m = record.metrics
    batch, convolutions = (m[f"{group}/{NETWORK}/best"].mean for group in ("batch-size", "convolutions"))
    text = (
        f"**Benchmarks of the classifier.** The validation error is lowest with batches of {batch:.0f}"
        f"{as_good(record, 'batch-size', 'batch-', 'cross_entropy')} (the paper: {_stated('class-batch')}) and "
        f"{number_of(round(convolutions), 'convolution')}"
        f"{as_good(record, 'convolutions', 'convolutions-', 'cross_entropy')} (the paper: "
        f"{_stated('class-convolutions')} suffice)."
    )
    gain = m.get(f"training-size/{NETWORK}/gain_12000_to_16000")
    if gain is not None:
        text += f" Over {_stated('class-rows')} training compounds F1 changes by {spread(gain)} (the paper: no gain)."
    recall = m.get(f"training-size/{NETWORK}/recall_below_8500")
    if recall is not None:
        text += (
            f" The lowest recall below {_stated('class-few')} is {spread(recall)} (the paper: tends to 0)."
        )
    gains = {
        key.split("/")[1]: metric
        for key, metric in m.items()
        if key.startswith("features/") and key.endswith("/gain")
    }
    single = [name for name in gains if name not in ("group-period", "all")]
    if single:
        best = max(single, key=lambda name: gains[name].mean)
        text += (
            f" Of {len(single)} single features {feature_name(best)} adds most to group and period, "
            if len(single) > 1
            else f" The one single feature tried, {feature_name(best)}, adds to group and period "
        )
        text += f"{spread(gains[best])} in the mean of the four scores (the paper: block adds most)"
        text += f"; all nine add {spread(gains['all'])}." if "all" in gains else "."
        if (noise := m.get("features/single-features/noise")) is not None:
            text += (
                f" Between seeds a gain has a standard deviation of {noise.mean:.3f}; a smaller one is none."
            )
    return text


def _as_classifier(record: Record) -> str:
    m = record.metrics
    warm, share = (m[f"others/{COMBINED}/{name}"] for name in ("mean_tc", "share_above_10K"))
    text = (
        f"**Regression as a classifier.** Trained on superconductors only, the combined model gives compounds outside "
        f"SuperCon a mean Tc of {spread(warm, 1)} K and {percent(share)} of them more than 10 K."
    )
    f1 = m.get(f"threshold-25K/{COMBINED}/f1")
    if f1 is not None:
        text += f" Its F1 above 25 K is {spread(f1)} ({judged(record, 'quinn2022-regression-as-classifier/f1-25k')})."
    for threshold in record.config["rivals"]:
        mine, rival, base = (
            m.get(f"threshold-{threshold}K/{name}/accuracy") for name in (COMBINED, NETWORK, "baseline")
        )
        if mine is None or rival is None or base is None:
            continue
        if min(mine.values) > max(rival.values):
            word = "more accurate than"
        elif max(mine.values) < min(rival.values):
            word = "less accurate than"
        else:
            word = "about as accurate as"
        text += (
            f" Above {threshold} K it is {word} the classifier trained for it ({percent(mine, 1)} and "
            f"{percent(rival, 1)}; always naming the larger class: {percent(base, 1)}), on other test rows with other "
            "shares of superconductors."
        )
    return text


def _attributes(record: Record) -> str:
    m = record.metrics
    net, trees = (m[f"{DEBYE}/{name}/r2"] for name in (NETWORK, COMPOSITION))
    text = (
        "**Attributes.** The logarithm of AFLOW's computed Debye temperatures is predicted with an R² of "
        f"{spread(net)} from {m[f'{DEBYE}/split/train_rows'].mean:,.0f} training compounds "
        f"({judged(record, 'quinn2022-attributes/debye-r2')}), {standing(net, trees)} trees on the composition "
        f"({spread(trees)})"
    )
    few = m.get(f"{DEBYE}-few/{NETWORK}/r2")
    if few is not None:
        rows = m[f"{DEBYE}-few/split/train_rows"].mean
        text += f"; with {rows:,.0f}, nearer to the paper's number, {spread(few)}"
    return (
        f"{text}. These are computed values of other compounds than SuperCon's measured ones, so the numbers say what "
        "such a network can learn, not whether the published one comes back."
    )


def _search(record: Record) -> str:
    m = record.metrics
    alone, both = (
        {name: m[f"search/{way}/{name}"] for name in ("positive_share", "known_class_share", "new_share")}
        for way in (ALONE, BOTH)
    )
    oxides = m[f"search/{ALONE}/oxygen_share"]
    text = (
        f"**Search.** Of {m[f'search/{BOTH}/crystals'].mean:,.0f} structures the regression alone puts "
        f"{percent(alone['positive_share'], 1)} above {WARM:g} K ({judged(record, 'quinn2022-search/positive')}), "
        f"{percent(alone['known_class_share'])} of them cuprates or iron-based (the paper: about half); "
        f"{percent(alone['new_share'], 1)} of all structures are neither "
        f"({judged(record, 'quinn2022-search/new-share')}), and {percent(oxides)} of these hold oxygen "
        f"({judged(record, 'quinn2022-search/oxygen')}). With the classifier in front "
        f"{percent(both['positive_share'], 1)} are left, {percent(both['known_class_share'])} of them of the known "
        f"classes, and {percent(both['new_share'], 2)} of all structures are new."
    )
    printed = {t.metric.rpartition("/")[2]: t.published / t.scale for t in papers.targets(record.experiment)}
    nearer = [
        abs(alone[name].mean - printed[name]) < abs(both[name].mean - printed[name])
        for name in ("positive_share", "new_share")
    ]
    if all(nearer):
        text += (
            " The printed shares are those of the regression alone: the paper's classifier seems to have stopped "
            "little, or its threshold was another one."
        )
    named = []
    for name, label in (("nickelates", "nickelates"), ("ruthenates", "triple perovskites")):
        found, there = m[f"search/{ALONE}/{name}_found"], m[f"search/{BOTH}/{name}_searched"]
        if there.mean:
            named.append(f"{spread(found, 1)} of the {there.mean:.0f} {label} that are there")
    if named:
        text += f" Of the compounds the paper names a regression finds {' and '.join(named)}."
    new, known = (m[f"search/{ALONE}-majority/{kind}_count"].mean for kind in ("new", "listed"))
    return (
        f"{text} Most of the {len(record.seeds)} regressions agree on {new:,.0f} new ones, besides {known:,.0f} whose "
        "composition SuperCon has. None was measured here: a candidate is a compound that a network likens to what it "
        "was taught."
    )


CLASSIFIERS: Mapping[str, Callable[[Record], str]] = {
    "thresholds": _thresholds,
    "classifier-benchmarks": _classifier_benchmarks,
    "regression-as-classifier": _as_classifier,
    "attributes": _attributes,
    "search": _search,
}
"""The experiment's name without the paper's → its sentences."""
