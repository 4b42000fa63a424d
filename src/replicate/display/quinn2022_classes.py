"""Tables and sentences of the superconductor CGCNN chapter: thresholds, and variants of the classifier."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import HTML, Markdown

from replicate.display.html import literal, searchable, table
from replicate.display.pages import networks
from replicate.display.words import listed, percent, standing
from replicate.experiments.configs import COMPOSITION
from replicate.experiments.quinn2022.names import DISORDER, NETWORK
from replicate.figures.names import MODEL_NAMES, feature_name, spread
from replicate.figures.quinn2022_classes import CRYSTALS, SCORE_NAMES, VARIANTS, thresholds_of
from replicate.records import Metric, Record
from replicate.wording import number_of

_MODELS = (NETWORK, COMPOSITION, DISORDER)
_SHOWN = ("accuracy", "f1", "auc")


def class_networks(record: Record) -> HTML:
    """Return the networks of a record and their training."""
    return networks(record)


def dataset_sentence(record: Record) -> Markdown:
    """Return how many compounds the classifiers see, and how many of each kind are disordered."""
    m = record.metrics
    rows, yes, no = (m[f"data/{name}/rows"].mean for name in ("all", "superconductors", "nonsuperconductors"))
    shared, other = (m[f"data/{name}/disordered_share"] for name in ("superconductors", "nonsuperconductors"))
    cuprates = m["data/nonsuperconductors/cuprates"].mean
    left = "; ".join(f"{literal(why)} ({n:,})" for why, n in record.arrays.get("left-out", {}).items())
    return Markdown(
        f"Of {rows:,.0f} compounds {yes:,.0f} are superconductors with a structure and {no:,.0f} are other compounds "
        f"of the Materials Project, {cuprates:,.0f} of those with copper and oxygen. Sites are shared or partly empty "
        f"in **{percent(shared)}** of the superconductors and in **{percent(other)}** of the others "
        f"({record.profile} profile)." + (f" Superconductors without a structure: {left}." if left else "")
    )


def threshold_label(threshold: int, kind: str = "") -> str:
    """Return the label of a threshold in the record, for a kind of split or of crystals."""
    return f"threshold-{threshold}K{kind}"


def score_cells(record: Record, start: str, scores: Sequence[str]) -> list[str]:
    """Return scores as ``mean ± sd``, a dash where there is none."""
    found = (record.metrics.get(f"{start}/{score}") for score in scores)
    return ["–" if metric is None else spread(metric) for metric in found]


def _rarer(record: Record, label: str) -> str:
    """Return how many test crystals are in the rarer class, from the accuracy of always saying the other."""
    base = record.metrics[f"{label}/baseline/accuracy"]
    n = base.n or 0
    return f"{n * (1 - base.mean):,.0f} of {n:,}"


def _model_rows(record: Record, label: str, scores: Sequence[str]) -> list[list[str]]:
    """Return one row per model that was scored under a label."""
    models = [model for model in _MODELS if f"{label}/{model}/f1" in record.metrics]
    return [[MODEL_NAMES[model], *score_cells(record, f"{label}/{model}", scores)] for model in models]


def threshold_table(record: Record) -> HTML:
    """Return the scores of every threshold on all test crystals and on the ordered ones, searchable."""
    made = []
    for threshold in thresholds_of(record, NETWORK):
        for kind, crystals in CRYSTALS.items():
            label = threshold_label(threshold, kind)
            rows = _model_rows(record, label, (*SCORE_NAMES, "auc"))
            if rows:
                base = score_cells(record, f"{label}/baseline", ("accuracy",))
                rows.append([f"Larger class always; in the other {_rarer(record, label)}", *base, *["–"] * 4])
            made += [[f"{threshold} K, {crystals.partition(' ')[0]}", *row] for row in rows]
    header = ("above, crystals", "model", *SCORE_NAMES.values(), "AUC")
    note = f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds"
    made_table = searchable(header, made, range(2, len(header)), "Filter: 0 K, ordered, CGCNN")
    return HTML(f'{made_table.data}<p class="rule">{note}</p>')


def split_table(record: Record) -> HTML:
    """Return the scores on the random split beside those with a parent and its dopings on one side."""
    made = []
    for threshold in thresholds_of(record, NETWORK, "-parent"):
        for split, name in {"": "random", "-parent": "parents together"}.items():
            for kind, crystals in CRYSTALS.items():
                first = f"<b>above {threshold} K, {name}</b><br>{crystals}"
                for row in _model_rows(record, threshold_label(threshold, f"{split}{kind}"), _SHOWN):
                    made.append([first, *row])
                    first = ""
    header = ("threshold, split", "model", "accuracy", "F1", "AUC")
    note = f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds"
    return HTML(f'{table(header, made, numeric=range(2, len(header))).data}<p class="rule">{note}</p>')


def threshold_sentence(record: Record) -> Markdown:
    """Return how the network stands on ordered crystals, and what the best threshold owes to the larger class."""
    m, lowest = record.metrics, thresholds_of(record, NETWORK)[0]
    label, ordered = threshold_label(lowest), threshold_label(lowest, "-ordered")
    text = ""
    if (alone := m.get(f"{ordered}/{NETWORK}/accuracy")) is not None:
        base = m[f"{ordered}/baseline/accuracy"]
        f1, f1_trees = (m[f"{ordered}/{name}/f1"] for name in (NETWORK, COMPOSITION))
        text += (
            f"Above {lowest} K the network is right for {percent(alone, 1)} of the ordered crystals, "
            f"{standing(alone, base)} always saying the "
            f"larger class ({percent(base, 1)}; rarer class: {_rarer(record, ordered)}); its F1 there is {spread(f1)}, "
            f"{standing(f1, f1_trees)} the trees' {spread(f1_trees)}, against {spread(m[f'{label}/{NETWORK}/f1'])} on "
            "all crystals."
        )
    best = round(m[f"best/{NETWORK}/threshold"].mean)
    text += (
        f"\n\nOn validation crystals the classifier above {best} K takes away the largest share of the cross-entropy "
        "of always naming the class shares. On test crystals it has an accuracy of "
        f"{percent(m[f'best/{NETWORK}/accuracy'], 1)}; always saying the larger class would give "
        f"{percent(m[f'{threshold_label(best)}/baseline/accuracy'], 1)}."
    )
    if (noise := m.get(f"thresholds/{NETWORK}/noise")) is not None:
        text += (
            f" Between seeds the mean of the four scores of a threshold has a standard deviation of {noise.mean:.3f}; "
            "thresholds that differ by less are level."
        )
    return Markdown(text.strip())


def threshold_histories(record: Record) -> dict[str, str]:
    """Return the histories that a figure shows: lowest, middle and highest threshold, and parents kept together."""
    found = thresholds_of(record, NETWORK)
    shown = {
        f"{threshold_label(t)}/{NETWORK}": f"above {t} K"
        for t in (found[0], found[len(found) // 2], found[-1])
    }
    for threshold in thresholds_of(record, NETWORK, "-parent")[:1]:
        shown[f"{threshold_label(threshold, '-parent')}/{NETWORK}"] = f"above {threshold} K, parents together"
    return shown


def split_sentence(record: Record) -> Markdown:
    """Return what keeping a parent and its dopings on one side of the split costs."""
    m = record.metrics
    lines = []
    for threshold in thresholds_of(record, NETWORK, "-parent"):
        near, far = (threshold_label(threshold, kind) for kind in ("", "-parent"))
        f1, auc, base = (
            [m[f"{label}/{key}"] for label in (near, far)]
            for key in (f"{NETWORK}/f1", f"{NETWORK}/auc", "baseline/accuracy")
        )
        others = [m[f"{far}/{name}/f1"] for name in (COMPOSITION, DISORDER)]
        lines.append(
            f"Above {threshold} K the network's F1 is {spread(f1[0])} on a random split and {spread(f1[1])} with "
            f"parents kept together, its AUC {spread(auc[0])} and {spread(auc[1])}; the larger class has "
            f"{percent(base[0])} and {percent(base[1])} of the test crystals. With parents kept together it is in F1 "
            f"{standing(f1[1], others[0])} the trees ({spread(others[0])}) and {standing(f1[1], others[1])} the rule "
            f"({spread(others[1])})."
        )
    return Markdown(" ".join(lines) or "No split that keeps parents together was run.")


def variant_labels(record: Record, group: str) -> list[str]:
    """Return the labels of a group of variants, in the order of the record."""
    start, end = f"{group}/", "/f1"
    return [
        key[len(start) : -len(end)] for key in record.metrics if key.startswith(start) and key.endswith(end)
    ]


def variants_table(record: Record) -> HTML:
    """Return the four scores and the AUC of every variant of the classifier."""
    names = {**VARIANTS, "features": "atom features"}
    made = []
    for group, title in names.items():
        first = f"<b>{title}</b>"
        for label in variant_labels(record, group):
            name = feature_name(label) if group == "features" else f"{int(label.rpartition('-')[2]):,}"
            made.append([first, name, *score_cells(record, f"{group}/{label}", (*SCORE_NAMES, "auc"))])
            first = ""
    header = ("varied", "", *SCORE_NAMES.values(), "AUC")
    n = len(record.seeds)
    note = (
        f"{record.profile} profile, above {record.config['threshold']} K, "
        f"{record.metrics['data/training/rows'].mean:,.0f} training compounds unless varied; "
        + (f"mean ± sd of {n} seeds" if n > 1 else "one seed")
    )
    return HTML(f'{table(header, made, numeric=range(1, len(header))).data}<p class="rule">{note}</p>')


def variants_sentence(record: Record) -> Markdown:
    """Return which variant is best by each score, how far the variants are apart, and what features add."""
    lines = []
    for group, title in VARIANTS.items():
        labels = variant_labels(record, group)
        if len(labels) < 2:
            continue
        lines.append(f"{title.capitalize()}: {_best_by_score(record, group, labels)}")
    text = "\n\n".join([*lines, _features(record)]).strip()
    return Markdown(text or "One variant of each kind: nothing to compare.")


def _best_by_score(record: Record, group: str, labels: Sequence[str]) -> str:
    """Return with which variant of a group each score is highest."""
    found = {s: {label: record.metrics[f"{group}/{label}/{s}"] for label in labels} for s in SCORE_NAMES}
    if all(len({metric.values for metric in metrics.values()}) == 1 for metrics in found.values()):
        return "all variants have the same scores."
    best = {
        score: max((metric.mean, label) for label, metric in metrics.items())[1]
        for score, metrics in found.items()
    }
    sizes = {s: f"{int(label.rpartition('-')[2]):,}" for s, label in best.items()}
    words = {**{s: s for s in SCORE_NAMES}, "f1": "F1"}
    said = listed([f"{words[s]} with {size}" for s, size in sizes.items()])
    if len(set(sizes.values())) == 1:
        said = f"all four scores with {sizes['f1']}"
    means = [metric.mean for metric in found["f1"].values()]
    sd = [metric.sd for metric in found["f1"].values() if metric.sd is not None]
    seeds = f"the standard deviation over seeds goes up to {max(sd):.3f}" if sd else "there is one seed"
    return f"highest are {said}. F1 differs by {max(means) - min(means):.3f} between the best and the worst; {seeds}."


def _features(record: Record) -> str:
    """Return how the atom features rank by what they add to group and period."""
    gains = {
        label: gain
        for label in variant_labels(record, "features")
        if (gain := record.metrics.get(f"features/{label}/gain")) is not None and label != "group-period"
    }
    single = sorted((name for name in gains if name != "all"), key=lambda name: -gains[name].mean)
    if not single or "all" not in gains:
        return ""
    points = {name: Metric("", tuple(100 * v for v in gain.values)) for name, gain in gains.items()}
    text = f"All nine features add {spread(points['all'], 1)} points of 100 to the mean of the four scores; "
    each = listed([f"{feature_name(name)} {spread(points[name], 1)}" for name in single])
    text += f"single ones beside group and period: {each}."
    ahead = standing(gains["all"], gains[single[0]])
    n = len(record.seeds)
    return f"{text} All nine are {ahead} the best single one ({number_of(n, 'seed')})."
