"""Tables of the reading-periodic-table chapter: settings, cleaning, Table I, outliers, gaps."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from IPython.display import HTML, Markdown

from replicate import papers
from replicate.display.html import searchable, table
from replicate.display.words import counted, judged, percent
from replicate.experiments.konno2021.names import DEEP
from replicate.features.periodic_table import LARGEST
from replicate.figures.konno2021 import PRINTED_ROWS
from replicate.figures.names import MODEL_NAMES, TEMPORAL_NAMES, spread
from replicate.records import Metric, Record
from replicate.training.config import OPTIMISERS

_LOSSES = {"mae": "absolute", "mse": "squared", "bce": "cross-entropy"}
_SCORES = ("accuracy", "precision", "recall", "f1")

_OUTPUTS = {"relu": "ReLU"}


def _nested(value: Any, label: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every network in a record's settings with the name of the setting it stands under, where that tells."""
    if isinstance(value, Mapping):
        if {"name", "model", "fit"} <= value.keys():
            yield label, value
            return
        for key, inner in value.items():
            if key == "preliminary":
                # Of the models on superconductors only, other experiments ask the first.
                yield "superconductors only", inner["networks"][0]
            else:
                yield from _nested(inner, key if key == "classification" else label)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _nested(inner, label)


def periodic_networks(record: Record) -> HTML:
    """Return the networks of a record and their training, read from the settings it was made with."""
    made: dict[tuple[str, ...], None] = {}
    # The candidates are those of the garbage-in networks alone.
    settings = record.config.get("garbage_in", {}).get("network", record.config)
    for label, network in _nested(settings):
        model, fit = network["model"], network["fit"]
        name = MODEL_NAMES.get(network["name"], network["name"])
        made[
            (
                html.escape(f"{name} ({label})" if label else name),
                str(model["blocks"] + (len(model["stages"]) if model["residual_stages"] else 0)),
                model["amounts"],
                "the next period" if model["edge"] == "periodic" else "zeros",
                _OUTPUTS.get(model["output"], model["output"]),
                _LOSSES.get(fit["loss"], fit["loss"]),
                f"{OPTIMISERS.get(fit['optimizer'], fit['optimizer'])}, {fit['schedule']}",
                f"{fit['learning_rate']:g}",
                f"{fit['batch_size']:,}",
                f"{fit['epochs']:,}",
            )
        ] = None
    header = (
        "network", "residual<br>blocks", "amounts", "beyond<br>the edge", "output", "loss", "optimiser,<br>schedule",
        "rate", "batch", "epochs",
    )  # fmt: skip
    sizes = dict.fromkeys(entry["parameters"] for entry in record.training.values())
    note = f"{record.profile} profile; {', '.join(f'{n:,}' for n in sorted(sizes))} parameters"
    return HTML(f'{table(header, made, numeric=(1, 7, 8, 9)).data}<p class="rule">{note}</p>')


def cod_cleaning(record: Record) -> HTML:
    """Return what is left out of each list of the COD, and which training rows are kept out for the test."""
    steps = ("read", "unreadable", "organic", "repeated", "kept")
    made = [
        [f"<code>{html.escape(key.removeprefix('cod/'))}</code>", *(f"{found[step]:,}" for step in steps)]
        for key, found in record.arrays.items()
        if key.startswith("cod/")
    ]
    header = ("list", "compositions read", "cannot be read", "carbon and hydrogen", "repeated", "kept")
    out = "; ".join(
        f"{found['rows']:,} of {found['of']:,} (<code>{html.escape(key.removeprefix('kept-out/'))}</code>)"
        for key, found in record.arrays.items()
        if key.startswith("kept-out/")
    )
    note = f"Training rows kept out because they are tested on, or too like it: {out}."
    large = [part["rows"] for key, parts in record.arrays.items() if key.startswith("cut/") for part in parts]
    if large:
        note += f" Taught compositions with a coefficient over {LARGEST:g}, cut to it: {sum(large):,}."
    return HTML(f'{table(header, made, numeric=range(1, 6)).data}<p class="rule">{note}</p>')


def outliers(record: Record) -> HTML:
    """Return the test rows with the largest errors, searchable, with what other entries say of them."""
    made = [
        [
            html.escape(row["compound"]),
            f"{row['recorded']:g}",
            f"{row['predicted']:.1f}",
            str(row["alike"]),
            "–" if row["usual"] is None else f"{row['usual']:g}",
            "cuprate" if row["cuprate"] else "other",
            "suspect" if row["suspect"] else "",
            str(row["seed"]),
        ]
        for row in record.arrays["outliers"]
    ]
    header = (
        "compound", "recorded Tc (K)", "predicted (K)", "alike entries", "their median Tc (K)", "class",
        "record", "seed",
    )  # fmt: skip
    return searchable(header, made, (1, 2, 3, 4, 7), "Filter: an element, cuprate, suspect")


def cod_counts(record: Record) -> HTML:
    """Return how many compositions of the COD each model puts above each temperature, beside the published counts."""
    names = {"preliminary": "superconductors only", "garbage-in": "with the COD at 0 K"}
    made = []
    for model, label in names.items():
        found = {t: record.metrics[f"cod/{model}/above_{t}K"] for t in (0, 4, 10)}
        n = found[0].n or 0
        made.append([label, f"{n:,}", *(counted(metric) for metric in found.values())])
        shares = (percent(Metric("", tuple(v / n for v in m.values)), 1) for m in found.values())
        made.append(["", "share", *shares])
    held = [record.metrics[f"cod/garbage-in-held/share_above_{t}K"] for t in (0, 4, 10)]
    made.append(["of compositions not taught", "share", *(percent(metric, 1) for metric in held)])
    printed = {m.metric: m.printed for m in papers.targets(record.experiment)}
    for model, label in names.items():
        cells = [printed.get(f"cod/{model}/above_{t}K", "–") for t in (0, 4, 10)]
        made.append([f"{label}, published", printed["cod/list/rows"], *cells])
    header = ("model", "compositions", "above 0 K", "above 4 K", "above 10 K")
    note = (
        f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds; without cuprates and iron-based compounds "
        "where the COD was taught."
    )
    return HTML(f'{table(header, made, numeric=range(1, 5)).data}<p class="rule">{note}</p>')


def later_entries(record: Record) -> Markdown:
    """Return what the median Tc of the formulas taught would take from entries after the last year taught."""
    lines = [
        f"Of {found['of']:,} compositions of SuperCon up to {key.rsplit('-', 1)[1]}, {found['rows']:,} have later "
        f"entries that would move their median Tc, by {found['median']:.1f} K at the median, {found['over_1K']:,} of "
        f"them by more than 1 K and one by {found['largest']:.0f} K."
        for key, found in record.arrays.items()
        if key.startswith("later/")
    ]
    return Markdown(" ".join(lines))


def known_in_cod(record: Record) -> Markdown:
    """Return how many compositions of the list are searched, and how many SuperCon holds already."""
    m = record.metrics
    known, searched = m["cod/list/in_supercon"], m["cod/list/searched"].mean
    return Markdown(
        f"Of the {known.n:,} compositions of the list {known.mean:,.0f} are in SuperCon as well and are not searched. "
        f"{searched:,.0f} are searched here, {m['cod/list/cuprates_and_iron_based'].mean:,.0f} of them cuprates or "
        "iron-based compounds by the authors' rule."
    )


def temporal_table(record: Record) -> HTML:
    """Return Table I complete beside ours, in percent, with the further models of this page."""
    printed = papers.table("konno2021", "table1")
    made = []
    for threshold in (0, 10):
        start = f"above-{threshold}K"
        there = printed[printed["threshold"] == threshold].set_index("model")
        base = 100 * record.metrics[f"{start}/baseline/precision"].mean
        said = f"{there.loc['Baseline', 'precision']:.0f}"
        made.append([f"<b>{threshold} K</b>", "Share on the list, published", "", said, *[""] * 6])
        made.append(["", "Share on the list, here", "", f"{base:.1f}", *[""] * 6])
        for model, label in TEMPORAL_NAMES.items():
            if f"{start}/{model}/auc" not in record.metrics:
                continue
            if model in PRINTED_ROWS:
                row = there.loc[PRINTED_ROWS[model]]
                auc = _printed_auc(f"{start}/{model}/auc")
                made.append(["", f"{label}, published", *(f"{row[s]:.0f}" for s in _SCORES), auc, *[""] * 3])
            m = {
                s: record.metrics[f"{start}/{model}/{s}"]
                for s in (*_SCORES, "auc", "predicted_positive", "sigma", "sigma_list")
            }
            cells = [percent(m[s]).removesuffix(" %") for s in _SCORES]
            positive = percent(m["predicted_positive"]).removesuffix(" %")
            sigmas = [spread(m[s], 1) for s in ("sigma", "sigma_list")]
            made.append(["", label, *cells, spread(m["auc"], 2), positive, *sigmas])
    header = (
        "above", "model", "accuracy<br>(%)", "precision<br>(%)", "recall<br>(%)", "F1<br>(%)", "AUC",
        "called so<br>(%)", "precision over<br>the share (σ)", "the same, n of<br>the list (σ)",
    )  # fmt: skip
    note = (
        f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds. σ: how much the share of superconductors "
        "scatters among compounds drawn from the list at random: as many as are called so, and, as the paper counts, "
        "as many as the list holds."
    )
    return HTML(f'{table(header, made, numeric=range(2, 10)).data}<p class="rule">{note}</p>')


def _printed_auc(metric: str) -> str:
    """Return the printed AUC of a model; empty where the paper prints none, or another reading of it is judged."""
    return next((t.printed for t in papers.targets("konno2021-hosono") if t.metric == metric), "")


def temporal_list(record: Record, model: str = "regression") -> HTML:
    """Return the compounds of the test list with what the networks say of each, searchable."""
    n = len(record.seeds)
    made = [
        [html.escape(str(formula)), f"{tc:g}", f"{mean:.1f}", f"{sd:.1f}", f"{above} of {n}",
         "right" if (above > n / 2) == (tc > 0) else "wrong"]
        for formula, tc, mean, sd, above in record.arrays[f"predicted/{model}"]
    ]  # fmt: skip
    header = (
        "compound",
        "measured Tc (K)",
        "predicted (K)",
        "sd over networks (K)",
        "above 0 K",
        "most networks",
    )
    return searchable(header, made, (1, 2, 3), "Filter: an element, wrong")


def forest_sentence(record: Record) -> Markdown:
    """Return how the forest above 10 K does beside the network, whose rows go down to 0 K."""
    forest = record.metrics.get("above-10K/forest/r2")
    if forest is None:
        return Markdown("The forest above 10 K belongs to the `full` profile.")
    net = record.metrics[f"random/{DEEP}/r2"]
    return Markdown(
        f"Trained and tested above 10 K only, a random forest on tabulated element statistics reaches an R² of "
        f"**{spread(forest)}** ({judged(record, 'konno2021-preliminary/forest-r2')}); the network on all temperatures "
        f"**{spread(net)}** ({judged(record, 'konno2021-preliminary/r2')}). Scores over different "
        "ranges of temperature do not compare: R² measures the error against the spread of the test rows."
    )


def sizes_sentence(record: Record) -> Markdown:
    """Return how the formulas of the two sources differ in size, and what fractions in place of coefficients change."""
    middle = {name: record.arrays[f"atoms/{name}"][2] for name in ("supercon", "cod", "list")}
    top = {name: record.arrays[f"atoms/{name}"][4] for name in ("supercon", "cod")}
    text = (
        f"Half of the superconductors taught have coefficients that add up to {middle['supercon']:.3g} or more, half "
        f"of the COD's compositions {middle['cod']:.3g}, half of the test list {middle['list']:.3g}; the largest tenth "
        f"starts at {top['supercon']:.3g} and {top['cod']:.3g}."
    )
    m = record.metrics
    pairs: Sequence[tuple[str, str]] = (("precision", "precision"), ("recall", "recall"))
    if "above-0K/regression-fractions/auc" in m:
        shown = "; ".join(
            f"{word} {percent(m[f'above-0K/regression/{score}'])} with coefficients, "
            f"{percent(m[f'above-0K/regression-fractions/{score}'])} with fractions"
            for score, word in pairs
        )
        text += (
            f" Above 0 K: {shown}; AUC {spread(m['above-0K/regression/auc'], 2)} and "
            f"{spread(m['above-0K/regression-fractions/auc'], 2)}."
        )
    return Markdown(text)
