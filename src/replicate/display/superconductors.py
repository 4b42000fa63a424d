"""Tables of the superconductor pages."""

from __future__ import annotations

import html
import warnings
from collections.abc import Sequence

from IPython.display import HTML, Markdown

from replicate import papers
from replicate.display.html import searchable, table
from replicate.figures.names import MODEL_NAMES, spread
from replicate.figures.superconductors import GROUP_NAMES
from replicate.records import Metric, Record
from replicate.wording import count


def _cell(metric: Metric | None, digits: int = 2, scale: float = 1.0) -> str:
    """Return ``mean ± sd``, or a dash where nothing was measured."""
    if metric is None:
        return "–"
    return spread(Metric(metric.unit, tuple(scale * v for v in metric.values), metric.n), digits)


def table1(record: Record, whole: str, models: Sequence[str], printed: str) -> HTML:
    """Return one half of Table 1: each group's printed scores, then those of our models.

    Args:
        record: of ATCNN-I or ATCNN-II.
        whole: prefix of the scores over all superconductors.
        models: as in the record.
        printed: model name in the paper's Table 1.
    """
    published = papers.table("zeng2019", "table1")
    published = published[published["model"] == printed].set_index("compounds")
    made = []
    for short, prefix in {
        "Total": whole,
        **{name.split(":")[0]: group for group, name in GROUP_NAMES.items()},
    }.items():
        row = published.loc[short]
        label = "<b>all</b>" if short == "Total" else f"<b>{GROUP_NAMES[prefix]}</b>"
        rows, mae, rmse, r = (
            count(float(row["rows"])),
            f"{row['mae']:.2f}",
            f"{row['rmse']:.2f}",
            f"{row['r2']:.2f}",
        )
        made.append([label, f"{printed}, printed", rows, mae, rmse, r, ""])
        for model in models:
            metric = record.metrics.get(f"{prefix}/{model}/mae")
            if metric is None:
                continue
            found = [record.metrics.get(f"{prefix}/{model}/{name}") for name in ("mae", "rmse", "r", "r2")]
            n = f"{metric.n:,}" if metric.n else ""
            cells = [_cell(m, 3 if i > 1 else 2) for i, m in enumerate(found)]
            made.append(["", MODEL_NAMES.get(model, model), n, *cells])
    header = ("group", "model", "test rows", "MAE (K)", "RMSE (K)", "r (printed as r²)", "R²")
    return table(header, made, numeric=range(2, 7))


def cleaning_steps(record: Record) -> HTML:
    """Return what each rule of the paper's cleaning drops from each list, with examples."""
    names = [key.removeprefix("cleaning/") for key in record.arrays if key.startswith("cleaning/")]
    steps = {name: {row[0]: row for row in record.arrays[f"cleaning/{name}"]} for name in names}
    order = list(dict.fromkeys(step for name in names for step in steps[name] if step != "kept"))
    made = []
    for step in [*order, "kept"]:
        found = [steps[name].get(step) for name in names]
        shown = next((row[3] for row in found if row and row[1] != "0" and row[3]), "")
        counts = [f"{int(row[1]):,}" if row and row[1] != "0" else "0" if row else "–" for row in found]
        changed = sum(int(row[2]) for row in found if row)
        note = f"{step} ({changed:,} values changed)" if changed else step
        made.append([f'<div class="short">{html.escape(note)}</div>', *counts, html.escape(shown)])
    header = ("rule", *(f"<code>{name}</code>" for name in names), "examples")
    return table(header, made, numeric=range(1, 1 + len(names)))


def list_agreement(record: Record) -> HTML:
    """Return, per cleaned list, its agreement with the authors' rows and the scores of models on it."""
    names = [
        key.split("/")[1] for key in record.metrics if key.startswith("cleaned/") and key.endswith("/rows")
    ]
    found = {
        (name, model) for name in names for model in MODEL_NAMES if f"{name}/{model}/mae" in record.metrics
    }
    models = [model for model in MODEL_NAMES if any((name, model) in found for name in names)]
    network = next(
        iter(key.split("/")[1] for key in record.metrics if key.startswith("random/atcnn")), "atcnn"
    )
    made = []
    for name in names:
        rows, shared, same, off = (
            record.metrics[f"cleaned/{name}/{m}"] for m in ("rows", "shared", "same_tc", "mean_difference")
        )
        new = record.metrics.get(f"{name}-new/{network}/mae")
        made.append(
            [
                f"<code>{name}</code>",
                f"{rows.mean:,.0f}",
                f"{shared.mean:,.0f}",
                f"{100 * same.mean:.1f} %",
                f"{off.mean:.2f}",
                *(_cell(record.metrics.get(f"{name}/{model}/mae")) for model in models),
                f"{_cell(new)} ({new.n:,})" if new else "–",
            ]
        )
    header = (
        "list, cleaned", "rows", "compositions shared with the authors' rows", "Tc within 1 %",
        "mean Tc difference (K)", *(f"MAE of {MODEL_NAMES[m]} trained on it (K)" for m in models),
        "MAE of ATCNN trained on the authors' rows, on compositions over 1 % away (K; rows)",
    )  # fmt: skip
    return table([f'<div class="short">{cell}</div>' for cell in header], made, numeric=range(1, len(header)))


def mixed_scores(record: Record, models: Sequence[str], prefix: str = "") -> HTML:
    """Return the errors and misclassified shares of each model on superconductors, insulators and both."""
    made = []
    for model in models:
        get = record.metrics.get
        made.append(
            [
                MODEL_NAMES.get(model, model),
                *(_cell(get(f"{prefix}all/{model}/{name}")) for name in ("mae", "rmse")),
                *(_cell(get(f"{prefix}superconductors/{model}/{name}")) for name in ("mae", "rmse")),
                _cell(get(f"{prefix}superconductors/{model}/misclassified"), 1, 100),
                _cell(get(f"{prefix}insulators/{model}/misclassified"), 1, 100),
                _cell(get(f"{prefix}all/{model}/auc"), 4),
            ]
        )
    header = (
        "model", "MAE, all (K)", "RMSE, all (K)", "MAE, superconductors (K)", "RMSE, superconductors (K)",
        "superconductors at 0 K (%)", "insulators above 0 K (%)", "AUC of the predicted Tc",
    )  # fmt: skip
    return table([f'<div class="short">{h}</div>' for h in header], made, numeric=range(1, len(header)))


def table2(record: Record) -> HTML:
    """Return Table 2, a compound per column: measured, printed, every model's, and the nearest in training."""
    printed = papers.table("zeng2019", "table2")
    measured = printed["experiment"]
    names = {"experiment": "measured", "atcnn_i": "ATCNN-I, printed", "atcnn_ii": "ATCNN-II, printed"}
    made = []
    for column, label in names.items():
        error = "" if column == "experiment" else f"{(printed[column] - measured).abs().mean():.1f}"
        made.append([label, *(f"{value:g}" for value in printed[column]), error])
    for model in dict.fromkeys(k.split("/")[1] for k in record.metrics if k.startswith("held-out/")):
        found = [record.metrics[f"held-out/{model}/{formula}"] for formula in (*printed["formula"], "mae")]
        made.append([MODEL_NAMES.get(model, model), *(_cell(metric, 1) for metric in found)])
    for label, name in {"paper": "nearest in training", "strict": "nearest, strict"}.items():
        near = record.arrays[f"nearest/{label}"]
        shown = [
            f"{usual_formula(n['compound'])}<br>{_range(n['measured'])} {100 * n['distance']:.1f} % away"
            for n in near
        ]
        made.append([name, *shown, ""])
    header = ("Tc (K)", *printed["formula"], "MAE (K)")
    return table(header, made, numeric=range(1, len(header)))


def usual_formula(formula: str) -> str:
    """Return a formula as chemists write it: reduced, elements in the usual order, amounts of one left out."""
    from pymatgen.core import Composition

    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "No Pauling electronegativity"
        )  # of a noble gas; it comes last then
        return html.escape(Composition(formula).reduced_formula)


def _range(measured: Sequence[float] | None) -> str:
    """Return a reported Tc, or lowest and highest where reports differ; nothing for None."""
    if measured is None:
        return ""
    low, high = measured
    return f"{low:g} K," if low == high else f"{low:g}–{high:g} K,"


def candidates(record: Record) -> HTML:
    """Return the screened compounds with the highest predicted Tc, searchable."""
    rows = [
        [str(rank), usual_formula(c["compound"]), f"{c['tc']:.1f}", f"{c['sd']:.1f}", f"{c['lowest']:.1f}",
         html.escape(c["group"]), f"{usual_formula(c['nearest'])} ({100 * c['distance']:.1f} %)",
         html.escape(c["status"]),
         _range(c["measured"]).rstrip(",") or "–"]
        for rank, c in enumerate(record.arrays["candidates"], start=1)
    ]  # fmt: skip
    header = ("rank", "compound", "predicted Tc (K)", "sd over seeds (K)", "lowest of the seeds (K)", "group",
              "nearest in the data (distance)", "in the lists", "measured")  # fmt: skip
    return searchable(header, rows, numeric=(0, 2, 3, 4), hint="Filter: an element, a group, a status")


def budget(*shown: Record) -> Markdown | None:
    """Return what the shown records fall short of the paper's training by; None for the paper's budget."""
    lines = dict.fromkeys(
        f"**Reduced budget**: the {record.profile} record was {record.budget}."
        for record in shown
        if record.budget
    )
    return Markdown("\n\n".join(lines)) if lines else None
