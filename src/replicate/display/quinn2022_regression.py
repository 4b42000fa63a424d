"""Tables of the regression of critical temperatures: splits, classes, features, ionisation energies, benchmarks."""

from __future__ import annotations

import html
from collections.abc import Sequence

from IPython.display import HTML, Markdown

from replicate import papers
from replicate.display.html import table
from replicate.display.words import listed, percent, standing
from replicate.experiments.configs import COMPOSITION
from replicate.experiments.quinn2022.configs import (
    ALL,
    BASE,
    BINS,
    CLASSES,
    COMBINATION,
    COMBINED,
    ENVELOPE,
    READINGS,
)
from replicate.figures.names import (
    CLASS_NAMES,
    MODEL_NAMES,
    benchmark_points,
    envelope_metric,
    feature_name,
    signed,
    spread,
)
from replicate.figures.quinn2022 import BENCHMARKS, SET_NAMES, seeds_title
from replicate.figures.quinn2022_regression import LEAKAGE_MODELS, LEAKAGE_SETS, SPLITS, split_prefix
from replicate.records import Metric, Record

NAMED_FEATURES = {
    "cuprate": ("first-ionization-energy", "electronegativity"),
    "iron-based": ("first-ionization-energy", "electronegativity"),
    "low-tc": ("covalent-radius", "valence-electrons", "first-ionization-energy"),
}
"""Class → single atom features that the paper's text names among the best."""


def _score(metric: Metric | None, digits: int = 3) -> str:
    return "–" if metric is None else spread(metric, digits)


def _share(metric: Metric | None) -> str:
    return "–" if metric is None else percent(metric)


def leakage_table(record: Record) -> HTML:
    """Return the scores of the combined model and of what knows less, on each kind of split."""
    made = []
    for dataset, title in LEAKAGE_SETS.items():
        for kind, split in SPLITS.items():
            label = f"<b>{title}</b>, {split}"
            for model in LEAKAGE_MODELS:
                found = [
                    record.metrics.get(f"{split_prefix(dataset, kind)}/{model}/{score}")
                    for score in ("mae", "error_p90", "r2", "r")
                ]
                if found[0] is None:
                    continue
                cells = [_score(metric, 2 if place < 2 else 3) for place, metric in enumerate(found)]
                made.append([f'<div class="short">{label}</div>', MODEL_NAMES[model], *cells])
                label = ""
    header = ("data, split", "model", "MAE (K)", "90 % within (K)", "R²", "Pearson's r")
    n = record.metrics["random/split/test_rows"].mean
    note = f"{seeds_title(record)}; {n:,.0f} test compounds of the structures found here, on random rows."
    shared = record.metrics.get("random/split/shared_parent")
    if shared is not None:
        note += (
            f" Of these {percent(shared)} have another compound of the same parent among those learnt from."
        )
    by_class = [
        f"{CLASS_NAMES[name]} {spread(metric, 2)}"
        for name in CLASSES
        if (metric := record.metrics.get(f"parent-{name}/combined/r2")) is not None
    ]
    if by_class:
        note += f" R² of the combined model by class where parents stay together: {', '.join(by_class)}."
    return HTML(f'{table(header, made, numeric=range(2, 6)).data}<p class="rule">{note}</p>')


def regression_histories(record: Record) -> dict[str, str]:
    """Return the validation curves of a record, key → label."""
    kinds = {
        split_prefix(dataset, kind): f"all classes, {label}{', 3DSC' if dataset else ''}"
        for dataset in LEAKAGE_SETS
        for kind, label in SPLITS.items()
    }
    found = {f"{kind}/{COMBINED}": label for kind, label in kinds.items()}
    found |= {f"{name}/{name}": CLASS_NAMES[name] for name in CLASSES}
    return {key: label for key, label in found.items() if f"history/{key}" in record.arrays}


def class_table(record: Record) -> HTML:
    """Return what every model says of every class, beside the published scores."""
    printed = papers.table("quinn2022", "classes")
    names = {"combined": COMBINED, **{name.lower(): name for name in CLASSES}}
    there = {
        (names[str(row["test_class"]).lower()], names[row["model"].lower()]): row
        for _, row in printed.iterrows()
        if row["test_class"] != "all"
    }
    made = []
    for tested in CLASSES:
        label = f"<b>{CLASS_NAMES[tested]}</b>"
        for model in (tested, COMBINED, COMPOSITION, *(name for name in CLASSES if name != tested)):
            start = f"{tested}/{model}"
            r2, mae, error, cold = (
                record.metrics.get(f"{start}/{s}") for s in ("r2", "mae", "mean_error", "share_below_10K")
            )
            if r2 is None:
                continue
            row = there.get((tested, model))
            said = ["–", "–"] if row is None else [f"{row['r2']:.2f}", _printed_mae(row["mae"])]
            name = f'<div class="short">{_model_name(model, tested)}</div>'
            made.append(
                [label, name, said[0], _score(r2, 2), said[1], _score(mae, 1), _score(error, 1), _share(cold)]
            )
            label = ""
    header = (
        "tested on", "model", "R²,<br>published", "R²", "MAE (K),<br>published", "MAE (K)", "mean error<br>(K)",
        "below<br>10 K",
    )  # fmt: skip
    note = (
        f"{seeds_title(record)}. The models of one class and the trees are split within the class, the combined "
        "model among all compounds, so their test compounds differ. Iron-based is iron with As, Se, S or P here; the "
        "wide reading has a table of its own."
    )
    return HTML(f'{table(header, made, numeric=range(2, 8)).data}<p class="rule">{note}</p>')


def _model_name(model: str, tested: str) -> str:
    """Return a model as the table of the classes names it."""
    if model == tested:
        return "the class's own"
    if model == COMPOSITION:
        return "trees, composition only"
    return "combined" if model == COMBINED else f"that of {CLASS_NAMES[model]}"


def _printed_mae(value: float) -> str:
    return f"{value:.1f}" if value == value else "–"  # not printed: NaN


def ordered_sentence(record: Record) -> Markdown:
    """Return how the combined model does on crystals without shared or empty sites."""
    ordered, every = (record.metrics.get(f"{part}/{COMBINED}/mae") for part in ("ordered", "random"))
    if ordered is None or every is None:
        return Markdown("Too few ordered crystals are in the test sets to score them alone.")
    r2 = record.metrics[f"ordered/{COMBINED}/r2"]
    return Markdown(
        f"On the {ordered.n or 0:,} ordered crystals of a test set (no shared or partly empty site) the combined model "
        f"has an error of **{spread(ordered, 2)} K** and an R² of **{spread(r2)}**; on all {every.n or 0:,} test "
        f"compounds the error is {spread(every, 2)} K."
    )


def feature_table(record: Record) -> HTML:
    """Return R² and MAE of every set of atom features on every class."""
    shown = [BASE, *_single(record), ALL, COMBINATION]
    made = []
    for key in shown:
        cells = []
        for name in CLASSES:
            r2, mae = (record.metrics.get(f"{name}/{key}/{score}") for score in ("r2", "mae"))
            cells += [_score(r2), _score(mae, 2)]
        made.append([feature_name(key), *cells])
    header = ["beside group and period"]
    for name in CLASSES:
        header += [f"{CLASS_NAMES[name]}:<br>R²", "MAE (K)"]
    rows = ", ".join(
        f"{record.metrics[f'data/{name}/rows'].mean:,.0f} {CLASS_NAMES[name]}" for name in CLASSES
    )
    joined = "; ".join(
        f"{CLASS_NAMES[name]}: {listed([feature_name(one) for one in record.arrays[f'combination/{name}']])}"
        for name in CLASSES
    )
    note = f"{seeds_title(record)}; {rows} in all. Joined, by validation error: {joined}."
    return HTML(f'{table(header, made, numeric=range(1, 7)).data}<p class="rule">{html.escape(note)}</p>')


def _single(record: Record) -> list[str]:
    return [name for name in record.config["features"] if name not in (BASE, ALL)]


def feature_sentence(record: Record) -> Markdown:
    """Return, for the features the paper names, whether they are ahead of group and period and of the others."""
    lines = []
    for name, named in NAMED_FEATURES.items():
        single = _single(record)
        for key in named:
            if key not in single:
                lines.append(f"- {CLASS_NAMES[name]}, {feature_name(key)}: not tried in this profile")
                continue
            mine = record.metrics[f"{name}/{key}/r2"]
            base = standing(mine, record.metrics[f"{name}/{BASE}/r2"])
            words = [standing(mine, record.metrics[f"{name}/{one}/r2"]) for one in single if one != key]
            ahead = sum(word == "ahead of" for word in words)
            lines.append(
                f"- {CLASS_NAMES[name]}, {feature_name(key)}: {base} group and period alone, ahead of {ahead} of the "
                f"{len(words)} other single features"
            )
    note = f"“Ahead of” and “behind”: for every seed, of which there {'is one' if len(record.seeds) == 1 else 'are'}"
    note += "" if len(record.seeds) == 1 else f" {len(record.seeds)}"
    return Markdown("\n".join(lines) + f"\n\n{note} ({record.profile} profile).")


def ionization_table(record: Record) -> HTML:
    """Return slope and rank correlation of the highest Tc along each reading of the ionisation energies."""
    made = []
    for label, title in SET_NAMES.items():
        head = f"<b>cuprates, {title}</b>"
        for reading, name in READINGS.items():
            slope, rank, every = (
                envelope_metric(record, label, reading, score) for score in ("slope", "rank", "all_rank")
            )
            made.append(
                [
                    head,
                    name,
                    f"{every.n or 0:,}",
                    signed(slope.mean, 1),
                    signed(rank.mean),
                    signed(every.mean),
                ]
            )
            head = ""
    header = (
        "compounds", "ionisation energy", "number", "slope of the<br>highest Tc (K/eV)", "its rank<br>correlation",
        "rank correlation,<br>all compounds",
    )  # fmt: skip
    note = (
        f"{record.profile} profile. Highest Tc: what {100 * ENVELOPE:.0f} % stay below, in {BINS} bins with equally "
        "many compounds."
    )
    return HTML(f'{table(header, made, numeric=range(2, 6)).data}<p class="rule">{note}</p>')


def benchmark_table(record: Record, groups: Sequence[str] = tuple(BENCHMARKS)) -> HTML:
    """Return R² and MAE of every number of training compounds, epochs and convolutions."""
    made = []
    for group in groups:
        label = f"<b>{BENCHMARKS[group]}</b>"
        for number, variant in benchmark_points(record, group).items():
            found = [record.metrics[f"{group}/{variant}/{score}"] for score in ("r2", "mae")]
            made.append([label, f"{number:,}", _score(found[0]), _score(found[1], 2)])
            label = ""
    m = record.metrics
    note = (
        f"{seeds_title(record)}; where nothing else is said {m['data/training/rows'].mean:,.0f} of "
        f"{m['data/all/rows'].mean:,.0f} compounds are trained with."
    )
    return HTML(
        f'{table(("", "number", "R²", "MAE (K)"), made, numeric=(1, 2, 3)).data}<p class="rule">{note}</p>'
    )


def benchmark_histories(record: Record, group: str = "epochs") -> dict[str, str]:
    """Return the validation curves of a group of variants, key → label."""
    return {
        f"{group}/{variant}/{COMBINED}": f"{number:,} {BENCHMARKS[group]}"
        for number, variant in benchmark_points(record, group).items()
    }
