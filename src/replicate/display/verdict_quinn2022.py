"""What a reader of the chapter on superconductors with structure may conclude, in sentences computed from the records.

Every sentence is written for whichever way the numbers fall: the same words stand on a page and on the index.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from IPython.display import Markdown

from replicate import papers
from replicate.display.quinn2022_classes_verdict import CLASSIFIERS, as_good
from replicate.display.words import chapter_verdict, judged, listed, percent, shortfall, standing
from replicate.experiments.configs import COMPOSITION
from replicate.experiments.quinn2022.configs import (
    CLASSES,
    COMBINED,
    CUPRATE,
    ENVELOPE,
    IRON,
    PARENT_MEAN,
    READINGS,
    WIDE_IRON,
)
from replicate.figures.names import (
    CLASS_NAMES,
    benchmark_points,
    envelope_metric,
    feature_name,
    signed,
    spread,
)
from replicate.records import Metric, Record

# Single features that the text names as the best of their class (Fig. 3).
BEST_FEATURE = {"cuprate": "first-ionization-energy", "low-tc": "covalent-radius"}


def quinn2022_conclusion(record: Record) -> Markdown:
    """Return what a reader may conclude from one experiment's record."""
    return Markdown(_WRITTEN[record.experiment](record) + shortfall(record))


def quinn2022_verdict() -> Markdown:
    """Return the chapter's verdict, one paragraph per experiment with a full record."""
    return Markdown(chapter_verdict(_WRITTEN))


def apart(mine: Metric, theirs: Metric) -> str:
    """Return ``above``, ``below`` or ``level with``, for scores on other rows: above is above for any pair of seeds."""
    if min(mine.values) > max(theirs.values):
        return "above"
    return "below" if max(mine.values) < min(theirs.values) else "level with"


def _data(record: Record) -> str:
    m = record.metrics
    entries, found = (m[f"data/supercon/{name}"].mean for name in ("entries", "with_structure"))
    printed = [papers.target(f"quinn2022-data/{name}") for name in ("with-structure", "entries")]
    share = 100 * printed[0].published / printed[1].published
    some = record.config["compounds"]
    drawn = "" if some["superconductors"] is None else ", drawn at random,"
    among = ", with the 3DSC's own parents alone to choose from" if some["parents"] == 0 else ""
    disordered = m["data/compositions/disordered_share"]
    return (
        f"**Structures.** {found:,.0f} of {entries:,.0f} entries of the public SuperCon{drawn} get a structure, "
        f"{100 * found / entries:.0f} % (published: {printed[0].printed} of {printed[1].printed}, {share:.0f} %). "
        f"The 3DSC, an independent assignment, has the same parent structure for {percent(m['parents/3dsc/same'])} of "
        f"its formulas and a parent of the same composition for {percent(m['parents/3dsc/same_composition'])}{among}. "
        f"{percent(disordered)} of the {disordered.n or 0:,} compositions that are learnt from have shared or partly "
        "empty sites."
    )


def _regression(record: Record) -> str:
    m = record.metrics
    net, trees = (m[f"random/{name}/mae"] for name in (COMBINED, COMPOSITION))
    near = m[f"random/{COMBINED}/r2"]
    text = (
        f"**Regression.** On random rows the combined model reaches an R² of {spread(near)} "
        f"({judged(record, 'quinn2022-regression/combined-r2')}) and an error of {spread(net, 2)} K "
        f"({judged(record, 'quinn2022-regression/combined-mae')}); it is {standing(net, trees, lower=True)} trees that "
        f"see the composition only ({spread(trees, 2)} K). The mean of the parent's known compounds alone gives an R² "
        f"of {spread(m[f'random/{PARENT_MEAN}/r2'])}. "
    )
    if f"parent/{COMBINED}/r2" in m:
        far, far_trees = (m[f"parent/{name}/r2"] for name in (COMBINED, COMPOSITION))
        text += (
            f"With the compounds of a parent on one side of the split the network's R² is {spread(far)}, "
            f"{apart(far, near)} that on random rows, and the trees' {spread(far_trees)}. "
        )
    return text + _class_models(record)


def _class_models(record: Record) -> str:
    """Return how the models of single classes compare with the combined one, and how they do elsewhere."""
    m = record.metrics
    better = [
        CLASS_NAMES[name]
        for name in CLASSES
        if f"{name}/{COMBINED}/r2" in m and m[f"{name}/{name}/r2"].mean > m[f"{name}/{COMBINED}/r2"].mean
    ]
    elsewhere = [
        metric for name in CLASSES for other in CLASSES
        if name != other and (metric := m.get(f"{other}/{name}/r2")) is not None
    ]  # fmt: skip
    none = sum(max(metric.values) < 0 for metric in elsewhere)
    return (
        "A model of its own has the higher mean R² for "
        + (
            f"{listed(better)} (the paper: for every class)"
            if better
            else "none of the classes (the paper: for all)"
        )
        + f"; asked about another class, {none} of {len(elsewhere)} pairs have an R² below zero for every seed."
        + _iron(record)
    )


def _iron(record: Record) -> str:
    """Return how both readings of "Fe-based" do, where the wide one was scored."""
    m = record.metrics
    wide, narrow = (m.get(f"{name}/{COMBINED}/r2") for name in (WIDE_IRON, IRON))
    own = m.get(f"{WIDE_IRON}/{WIDE_IRON}/mae")
    if wide is None or narrow is None or own is None:
        return ""
    return (
        f" Read as all that holds iron, the iron-based class gives the combined model an R² of {spread(wide, 2)} "
        f"({judged(record, 'quinn2022-regression/combined-iron-r2')}) and a model of its own an error of "
        f"{spread(own, 1)} K ({judged(record, 'quinn2022-regression/iron-mae')}); read as iron with As, Se, S or P, "
        f"the R² is {spread(narrow, 2)}, and the spread of Tc is too small for the printed pair of R² and error."
    )


def _features(record: Record) -> str:
    m = record.metrics
    parts, best_all = [], []
    for name in CLASSES:
        single = record.arrays[f"order/{name}"]  # the best last
        text = f"{feature_name(single[-1])} for {CLASS_NAMES[name]}"
        named = BEST_FEATURE.get(name)
        if named is not None and named in single:
            place = len(single) - single.index(named)
            text += f" (the paper: {feature_name(named)}, here in place {place} of {len(single)})"
        parts.append(text)
        if standing(m[f"{name}/all/r2"], m[f"{name}/group-period/r2"]) == "ahead of":
            best_all.append(CLASS_NAMES[name])
    ranges = listed([f"{CLASS_NAMES[c]} {m[f'{c}/single-features/r2_range'].mean:.3f}" for c in CLASSES])
    seeds = len(record.seeds)
    sentence = (
        f"**Atom features.** The single feature with the lowest validation error is {listed(parts)}. Between "
        f"the highest and the lowest test R² of a single feature lie: {ranges}"
    )
    if seeds > 1:
        noise = listed([f"{CLASS_NAMES[c]} {m[f'{c}/single-features/noise'].mean:.3f}" for c in CLASSES])
        sentence += (
            f". What a feature adds to group and period has over {seeds} seeds a standard deviation of: {noise}; a "
            "smaller difference is none"
        )
    else:
        sentence += "; one seed cannot say whether that is more than chance"
    every = listed(best_all) if best_all else "no class"
    ahead = "for every seed" if seeds > 1 else "in the one seed there is"
    return f"{sentence}. All nine features are ahead of group and period alone, {ahead}, for {every}."


def _ionization(record: Record) -> str:
    found = {
        name: [envelope_metric(record, CUPRATE, reading, score) for score in ("slope", "rank")]
        for reading, name in READINGS.items()
    }
    slopes = listed(
        [
            f"{signed(slope.mean, 1)} K/eV for the {name} (rank correlation {signed(rank.mean)})"
            for name, (slope, rank) in found.items()
        ]
    )
    bins = next(iter(found.values()))[1].n or 2
    chance = 1 / math.sqrt(bins - 1)
    rises = sum(rank.mean > 2 * chance for _, rank in found.values())
    if rises == len(found):
        word = "it rises whichever way the sum is read"
    elif rises:
        word = "whether it rises depends on what the sum is taken over, which the paper does not say"
    else:
        word = "no reading tells a rise from chance"
    every = record.metrics[f"{CUPRATE}/envelope/all_rank"]
    return (
        f"**Ionisation energies.** The Tc that {100 * ENVELOPE:.0f} of 100 cuprates stay below changes by {slopes}. "
        f"Over {bins} bins unrelated values have rank correlations within ±{2 * chance:.2f} (two standard deviations), "
        f"so {word}. Over all {every.n or 0:,} cuprates Tc and the sum over the formula have one of "
        f"{signed(every.mean)}; formulas with more copper layers have larger sums and higher Tc, so that no cause "
        "follows from it."
    )


def _regression_benchmarks(record: Record) -> str:
    m = record.metrics
    best = m[f"convolutions/{COMBINED}/best"].mean
    top = m[f"convolutions/convolutions-{best:.0f}/r2"]
    level = [
        str(n)
        for n, label in benchmark_points(record, "convolutions").items()
        if n != best and standing(top, m[f"convolutions/{label}/r2"]) != "ahead of"
    ]
    if len(record.seeds) == 1:
        word = "one seed cannot say whether it is ahead"
    elif level:
        word = f"it is not ahead of {listed(level)} for every seed"
    else:
        word = "it is ahead of all other numbers for every seed"
    text = (
        f"**Benchmarks of the regression.** The validation error is lowest with {best:.0f} convolutions"
        f"{as_good(record, 'convolutions', 'convolutions-', 'mae')} "
        f"({judged(record, 'quinn2022-regression-benchmarks/convolutions')}); in R² on the test set {word}."
    )
    gain = m.get(f"training-size/{COMBINED}/gain_4000_to_8000")
    if gain is not None:
        rows = papers.stated("quinn2022/regression-rows").printed
        text += f" Over {rows} training compounds R² changes by {spread(gain)} (the paper: levels off)."
    epochs = m[f"epochs/{COMBINED}/best"].mean
    longest = max(benchmark_points(record, "epochs"))
    text += f" Of schedules of up to {longest} epochs that of {epochs:.0f} has the lowest validation error"
    return text + (", the longest that was tried." if epochs == longest else ": longer ones bring no more.")


_WRITTEN: dict[str, Callable[[Record], str]] = {
    "quinn2022-data": _data,
    "quinn2022-thresholds": CLASSIFIERS["thresholds"],
    "quinn2022-classifier-benchmarks": CLASSIFIERS["classifier-benchmarks"],
    "quinn2022-regression": _regression,
    "quinn2022-features": _features,
    "quinn2022-ionization": _ionization,
    "quinn2022-regression-benchmarks": _regression_benchmarks,
    "quinn2022-regression-as-classifier": CLASSIFIERS["regression-as-classifier"],
    "quinn2022-attributes": CLASSIFIERS["attributes"],
    "quinn2022-search": CLASSIFIERS["search"],
}
