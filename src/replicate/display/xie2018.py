"""Tables and sentences of the CGCNN chapter."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from IPython.display import HTML, Markdown

from replicate import data, papers
from replicate.display.html import searchable, table
from replicate.experiments.configs import COMPOSITION
from replicate.experiments.xie2018.configs import (
    ELASTIC_PROPERTIES,
    PROPERTIES,
    SAME_ENERGY,
    STABILITY_CUTOFF,
    WEIGHTS,
)
from replicate.figures.names import MODEL_NAMES, spread
from replicate.models.authors_cards import AGREEMENT, PREFIX, authors_card, authors_names
from replicate.records import Metric, Record
from replicate.training.config import OPTIMISERS

_LOSSES = {"mae": "absolute", "mse": "squared", "bce": "cross-entropy"}
_EQ4, _EQ5, _TREES = "cgcnn-eq4", "cgcnn-eq5", COMPOSITION


def _error(record: Record, key: str, digits: int = 3) -> str:
    metric = record.metrics.get(key)
    return "–" if metric is None else spread(metric, digits)


def properties_table(record: Record) -> HTML:
    """Return Table I and Table S4 beside ours, a composition-only baseline and the authors' own networks."""
    made = []
    printed = papers.table("xie2018", "table1").set_index("property")
    elastic = record.experiment == "xie2018-elastic"
    for row, (_, there) in zip(PROPERTIES, printed.iterrows(), strict=True):
        if (row in ELASTIC_PROPERTIES) != elastic:
            continue
        size = record.metrics.get(f"{row.id}/split/train_rows")
        title = f"{row.title}{f' ({html.escape(row.unit)})' if row.unit else ''}"
        paper = [f"{there['train_rows']:,}", f"{there['mae_eq4']:.3f}", f"{there['mae_eq5']:.3f}", "", ""]
        here = ["–" if size is None else f"{size.mean:,.0f}"]
        here += [_error(record, f"{row.id}/{name}/mae") for name in (_EQ4, _EQ5, "authors", _TREES)]
        # Two lines for a property, so that the table fits a page beside its contents.
        made += [[title, "paper", *paper], ["", "here", *here]]
    header = (
        "property",
        "",
        "training<br>crystals",
        "Eq. 4",
        "Eq. 5",
        "authors'<br>network",
        "composition<br>only",
    )
    note = (
        f"{record.profile} profile, test MAE, mean ± sd over seeds. The authors' network is scored on all crystals "
        "here; it was trained with many of them."
    )
    return HTML(f'{table(header, made, numeric=range(2, 7)).data}<p class="rule">{note}</p>')


def joins(record: Record) -> HTML:
    """Return how many rows of each table found their crystal, and what was left out for which reason."""
    made = [
        [f"<code>{html.escape(what)}</code>", *(f"{n[key]:,}" for key in ("rows", "usable", "joined"))]
        for what, n in record.arrays.get("joins", {}).items()
    ]
    shown = table(("table/column", "rows", "usable", "with a crystal"), made, numeric=(1, 2, 3)).data
    left = "; ".join(f"{what} ({n:,})" for what, n in record.arrays.get("left-out", {}).items() if n)
    note = "Usable: a value is given, and where rows carry no id, their composition stands once in the table."
    return HTML(f'{shown}<p class="rule">{note}{f" Left out: {html.escape(left)}." if left else ""}</p>')


def archives(*names: str) -> Markdown:
    """Return what the archives of structures are, with their licence and citation."""
    entries = [data.entry(name) for name in names]
    return Markdown(
        "\n".join(f"- `{e.name}`: {e.title}. {e.citation}. Licence: {e.licence}." for e in entries)
    )


def model_scores(record: Record, prefix: str, scores: tuple[str, ...], unit: str = "") -> HTML:
    """Return one row per model under a prefix of the metrics, mean ± sd over seeds."""
    models = list(
        dict.fromkeys(
            key.split("/")[1]
            for key in record.metrics
            if key.startswith(f"{prefix}/") and key.endswith(f"/{scores[0]}")
        )
    )
    made = [
        [MODEL_NAMES.get(model, model), *(_error(record, f"{prefix}/{model}/{score}") for score in scores)]
        for model in models
    ]
    names = {"mae": "MAE", "rmse": "RMSE", "r2": "R²", "auc": "AUC", "error_p90": "90 % within"}
    header = ["model"] + [names.get(s, s.replace("_", " ")) for s in scores]
    size = record.metrics.get(f"{prefix}/split/train_rows")
    trained = f", {size.mean:,.0f} training crystals" if size is not None else ""
    note = f"{record.profile} profile{trained}{f', {unit}' if unit else ''}; mean ± sd over seeds"
    return HTML(f'{table(header, made, numeric=range(1, len(header))).data}<p class="rule">{note}</p>')


def network_cells(network: Mapping[str, Any], label: str) -> list[str]:
    """Return one network of a record's settings and its training as cells of a table."""
    model, fit = network["model"], network["fit"]
    dropout = model.get("dropout", 0.0)
    return [
        label,
        f"{model['convolutions']} of {model['width']}",
        model["pooling"],
        ", ".join(map(str, model["hidden"])) + (f"; dropout {dropout:g}" if dropout else ""),
        f"{OPTIMISERS[fit['optimizer']]}, {fit['schedule']}",
        f"{fit['learning_rate']:g}",
        _LOSSES.get(fit["loss"], fit["loss"]),
        f"{fit['batch_size']:,}",
        f"{fit['epochs']:,}",
    ]


def network_table(rows: Iterable[Sequence[str]], note: str) -> HTML:
    """Return rows of :func:`network_cells` under their heads."""
    header = (
        "network", "convolutions", "pooling", "hidden<br>layers", "optimiser,<br>schedule", "rate", "loss", "batch",
        "epochs",
    )  # fmt: skip
    return HTML(f'{table(header, rows, numeric=(5, 7, 8)).data}<p class="rule">{note}</p>')


def networks(record: Record) -> HTML:
    """Return the networks of a record and their training, read from the settings it was made with."""
    groups = {"networks": "", "large_networks": ", large sets", "longer": ""}
    made = [
        network_cells(network, f"{MODEL_NAMES.get(network['name'], network['name'])}{suffix}")
        for group, suffix in groups.items()
        for network in record.config.get(group, ())
    ]
    return network_table(made, f"{record.profile} profile")


def _with_unit(error: float, unit: str) -> str:
    return f"{error:.3f} {unit}".rstrip()


def authors_table(*shown: Record) -> HTML:
    """Return the authors' eight networks: what their checkpoints say, and their error on the bundled structures."""
    found: dict[str, Metric] = {}
    for record in shown:
        for row in PROPERTIES:
            keys = [f"authors/{row.authors}/mae"]
            keys += [f"{row.id}/authors/mae"] * bool(record.config.get("bundled"))
            for key in keys:
                if key in record.metrics:
                    found.setdefault(row.authors, record.metrics[key])
    made = []
    units = {row.authors: row.unit for row in PROPERTIES}
    for name in authors_names():
        card = authors_card(name)
        said, here = card["settings"], found.get(name)
        sizes = " / ".join(f"{said[f'{part}_size']:,}" for part in ("train", "val", "test"))
        kind, unit = ("AUC ", "") if card["unit"] == "probability" else ("", html.escape(units[name]))
        made.append(
            [
                f"<code>{name}</code>",
                sizes,
                f"{said['best_epoch']:,} of {said['epochs']:,}",
                f"{kind}{_with_unit(said['best_validation'], unit)}",
                *(("–", "–") if here is None else (_with_unit(here.mean, unit), f"{here.n:,}")),
            ]
        )
    header = (
        "checkpoint", "training / validation<br>/ test crystals", "best epoch", "its validation<br>MAE",
        "MAE on bundled<br>structures", "bundled<br>structures",
    )  # fmt: skip
    note = "Many of the bundled structures were in the training set of these networks."
    return HTML(f'{table(header, made, numeric=range(1, 6)).data}<p class="rule">{note}</p>')


def authors_sentence() -> Markdown:
    """Return how the authors' checkpoints are used here, and how closely they agree with the published code."""
    names = authors_names()
    return Markdown(
        f"Their {len(names)} checkpoints run in this package's layers, for example as `replicate predict "
        f"{PREFIX}/{names[0]} FILE.cif`. Given the same graph, their predictions are within {AGREEMENT:.4f} of the "
        "published code's, each in its own unit, which the tests check on bundled crystals."
    )


def dft_errors(quantity: str) -> list[float]:
    """Return the error of DFT against experiment that Table I cites: one number, or both ends of a range."""
    cited = papers.table("xie2018", "table1").set_index("property")["mae_dft"][quantity]
    return [float(part) for part in str(cited).split("–")]


def _step_sentence(record: Record, between: float) -> str:
    """Return what the step size, the third choice of Fig. S3, moves beside the step between the convolutions."""
    errors = {
        int(label.removeprefix("step-")): metric.mean
        for label, metric in ((key.partition("/")[0], m) for key, m in record.metrics.items() if _EQ5 in key)
        if label.startswith("step-")
    }
    if len(errors) < 3:
        return ""
    smaller = [error for power, error in errors.items() if power < max(errors)]
    moved, mildly = (max(found) - min(found) for found in (list(errors.values()), smaller))
    said = [f"{'less' if size < between else 'more'} than the convolution does" for size in (moved, mildly)]
    return (
        f" The step size moves Eq. 5 by {moved:.3f} eV/atom, {said[0]}; without the largest, "
        f"e<sup>−{-max(errors)}</sup>, by {mildly:.3f}, {said[1]}."
    )


def hyperparameter_sentence(record: Record) -> str:
    """Return how the spread over the other choices compares with the step between the convolutions."""
    m = record.metrics
    eq5, eq4 = (m[f"nearest-12/{name}/mae"] for name in (_EQ5, _EQ4))
    better = "Eq. 5" if eq5.mean < eq4.mean else "Eq. 4"
    text = (
        f"The convolutions differ by **{abs(eq4.mean - eq5.mean):.3f} eV/atom** on validation crystals ({better} is "
        f"the better one); atom features and depth move Eq. 5 by {m[f'validation/{_EQ5}/mae_range'].mean:.3f} and "
        f"Eq. 4 by {m[f'validation/{_EQ4}/mae_range'].mean:.3f} eV/atom ({record.profile} profile)."
        f"{_step_sentence(record, abs(eq4.mean - eq5.mean))}"
    )
    if f"voronoi/{_EQ5}/mae" in m:
        text += (
            f" With the 12 nearest neighbours Eq. 5 reaches {spread(eq5)}, with the Voronoi rule "
            f"{spread(m[f'voronoi/{_EQ5}/mae'])} eV/atom; Eq. 4 reaches {spread(eq4)} and "
            f"{spread(m[f'voronoi/{_EQ4}/mae'])}."
        )
    return text


def equations(record: Record) -> HTML:
    """Return the factors of Eqs. S7-S10 as they come out of real structures."""
    names = {
        "nacl": "NaCl",
        "kcl": "KCl at ambient pressure (rock salt)",
        "kcl-b2": "KCl under pressure (CsCl type)",
    }
    made = [
        [title, *(f"{record.metrics[f'{key}/pooled/{weight}'].mean:g}" for weight in WEIGHTS)]
        for key, title in names.items()
    ]
    symbols = [f"w<sub>{w[1:]}</sub>" for w in WEIGHTS]
    return table(("crystal", *symbols), made, numeric=range(1, 7))


def found_weights(record: Record) -> HTML:
    """Return weights that give +1 for NaCl and −1 for KCl, and what the network then predicts."""
    made = []
    for key, title in {"linear": "NaCl, KCl (rock salt)", "linear-b2": "NaCl, KCl (CsCl type)"}.items():
        weights = record.arrays[f"weights/{key}"]
        predicted = [record.metrics[f"{salt}/{key}/prediction"].mean for salt in ("nacl", "kcl")]
        made.append(
            [title, *(f"{round(weights[w], 3) + 0:.3f}" for w in WEIGHTS), *(f"{p:+.3f}" for p in predicted)]
        )
    symbols = [f"w<sub>{w[1:]}</sub>" for w in WEIGHTS]
    return table(("pair", *symbols, "NaCl", "KCl"), made, numeric=range(1, 9))


def table_s5(record: Record) -> HTML:
    """Return Table S5 compound by compound with the energy in the database."""
    printed = papers.table("xie2018", "table_s5").set_index("formula")
    made = []
    for formula, there, here in record.arrays["table-s5"]:
        row = printed.loc[formula]
        off = "" if here is None or abs(here - there) < SAME_ENERGY else f"{here - there:+.2f}"
        shown = "not there" if here is None else f"{here:.2f}"
        made.append([formula, row["a_site"], row["b_site"], str(row["set"]), f"{there:.2f}", shown, off])
    header = ("compound", "A", "B", "set, paper", "printed (eV/atom)", "database (eV/atom)", "difference")
    return searchable(header, made, (4, 5, 6), "compound or element")


def search_sentence(record: Record) -> Markdown:
    """Return what the search finds here, and why the count differs."""
    m = record.metrics
    found, size = m["search/all/within_cutoff"].mean, m["search/all/compounds"].mean
    same, listed = (
        m["search/table-s5-fluorine-free/same_energy"].mean,
        m["search/table-s5-fluorine-free/found"].mean,
    )
    free = m["search/fluorine-free/within_cutoff"].mean
    all_same, all_listed = m["search/table-s5/same_energy"].mean, m["search/table-s5/found"].mean
    lines = [
        f"Of {size:,.0f} compounds of the search, **{found:,.0f}** lie below {STABILITY_CUTOFF:g} eV/atom in this "
        "copy of the database",
        f"(printed: {papers.target('xie2018-perovskites/search-found').printed}),",
        f"{m['search/all/factor'].mean:.1f} times the share among all perovskites.",
        f"{all_same:.0f} of the {all_listed:.0f} compounds of Table S5 have the printed energy.",
        f"Of the {listed:.0f} without fluorine it is {same:.0f}; the search finds {free:.0f} compounds without it.",
    ]
    if same == listed and all_same < all_listed:
        lines.append(
            "Of the table's compounds only fluorides have another energy in this copy than in the paper's."
        )
    return Markdown("\n".join(lines))
