"""Pieces of a book page: claims, data cards, scores, provenance. Each returns an object a notebook shows."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping

from IPython.display import HTML, Markdown

from replicate import data, experiments
from replicate.data import Dataset
from replicate.notebook import parameters
from replicate.report.commands import rerun
from replicate.report.html import literal, searchable, table
from replicate.report.links import page_link
from replicate.report.names import MODEL_NAMES, spread
from replicate.results import papers, records
from replicate.results.metric_keys import meanings, pattern_of
from replicate.results.records import Metric, Record
from replicate.training.config import OPTIMISERS
from replicate.wording import MISSING, count, number

_LOSSES = {"mae": "absolute", "mse": "squared", "bce": "cross-entropy"}


def data_card(*datasets: Dataset) -> HTML:
    """Return what a reader must know of the data: origin, rows, columns with units, licence, cleaning."""
    rows = []
    for dataset in datasets:
        card = dataset.card
        columns = "<br>".join(f"<code>{html.escape(c.name)}</code> {html.escape(c.means)}" for c in card.columns)
        steps = dataset.cleaning.steps
        done = [f"{s.dropped:,} dropped: {html.escape(s.rule)}" for s in steps if s.dropped]
        done += [f"{s.changed:,} changed: {html.escape(s.rule)}" for s in steps if s.changed]
        rows.append(
            [
                f'<div class="short"><code>{html.escape(card.name)}</code><br>{html.escape(card.title)}<br>'
                f'<span class="note">digest <code>{dataset.digest[:12]}</code></span></div>',
                f"{len(dataset.table):,}",
                f'<div class="text">{columns}</div>',
                f'<div class="short">{dataset.cleaning.read:,} read<br>{"<br>".join(done) or "none dropped"}</div>',
                f'<div class="short">{html.escape(card.citation)}<br>{html.escape(card.licence)}</div>',
            ]
        )
    header = ("dataset", "rows", "columns", "cleaning", "source and licence")
    return table(header, rows, numeric=(1,), caption="The data")


def experiment_data(experiment: str, prepared: Mapping[str, Callable[[Dataset], Dataset]] = {}) -> HTML:
    """Return the data card of an experiment's tables, of its full and quick runs, as far as they are here.

    ``prepared``: dataset → what makes of it the table that the experiment reads.
    """
    spec = experiments.get(experiment)
    names = dict.fromkeys(name for kind in ("full", "quick") for name in spec.config(kind).datasets)
    shown = {name: data.load(name) for name in names if data.available(name)}
    for name in shown.keys() & prepared.keys():
        shown[name] = prepared[name](shown[name])
    return data_card(*shown.values())


def archives(*names: str) -> Markdown:
    """Return what archives of structures are, with their licence and citation."""
    entries = [data.entry(name) for name in names]
    return Markdown("\n".join(f"- `{e.name}`: {e.title}. {e.citation}. Licence: {e.licence}." for e in entries))


def joins(record: Record) -> HTML:
    """Return how many rows of each table have a crystal, and what was left out for which reason."""
    lines = [
        [f"<code>{html.escape(what)}</code>", *(f"{n[key]:,}" for key in ("rows", "usable", "joined"))]
        for what, n in record.arrays.get("joins", {}).items()
    ]
    header = ("table/column", "rows", "usable", "with a crystal")
    shown = table(header, lines, numeric=(1, 2, 3), caption="Rows with a crystal").data
    left = "; ".join(f"{what} ({n:,})" for what, n in record.arrays.get("left-out", {}).items() if n)
    note = "Usable: the row has a value and, without an id, a composition that occurs once in the table."
    return HTML(f'{shown}<p class="rule">{note}{f" Left out: {html.escape(left)}." if left else ""}</p>')


def networks(record: Record) -> HTML:
    """Return the crystal graph networks of a record's settings and their training, a row each."""
    header = (
        "network", "convolutions", "pooling", "hidden<br>layers", "optimiser,<br>schedule", "rate", "loss", "batch",
        "epochs",
    )  # fmt: skip
    lines = []
    for setting, value in record.config.items():
        for network in value if isinstance(value, list) else [value]:
            if not isinstance(network, Mapping) or "convolutions" not in network.get("model", ()):
                continue
            model, fit = network["model"], network["fit"]
            label = str(MODEL_NAMES.get(network["name"], network["name"]))
            if setting not in ("network", "networks"):
                label += f'<br><span class="note">{setting.replace("_", " ")}</span>'
            dropout = model.get("dropout", 0.0)
            lines.append(
                [
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
            )
    shown = table(header, lines, numeric=(5, 7, 8), caption="Networks and their training").data
    return HTML(f'{shown}<p class="rule">{record.profile} profile</p>')


def provenance(record: Record, notebook: str) -> Markdown:
    """Return where the records of a page, such as ``zeng2019/band-gap``, come from, and what makes it again."""
    full = records.full_record(record.experiment)
    lines = []
    for shown in (full, record if full is None or full.key != record.key else None):
        if shown is None:
            continue
        env = shown.environment
        commit = f", commit `{env['git_commit'][:10]}`" if env["git_commit"] else ""
        rows = ", ".join(f"{d['name']} ({d['rows']:,} rows, `{d['digest'][:12]}`)" for d in shown.data)
        name = f"record `{shown.key}`"
        kind = f"**{shown.profile} profile**" + (f" with {literal(shown.change)}" if shown.change else "")
        if shown is full:
            name = f"[record `{shown.key}`]({'../' * notebook.count('/')}results/{shown.experiment}.json)"
        lines.append(
            f"- {kind}: seeds {', '.join(map(str, shown.seeds))}; {literal(env['device_name'])}; "
            f"{shown.spent}; torch {env['versions'].get('torch', '?')}{commit}; data {rows}; {name}"
        )
    if full is None:
        lines.append("- **full profile**: not run yet, so there is no record to download.")
    return Markdown("\n".join([*lines, "", rerun(record, notebook, parameters())]))


def dropped(*shown: Record) -> Markdown:
    """Return how many rows of each record's data were dropped because their formula cannot be read."""
    lines = []
    for record in shown:
        name, read, rows = (record.arrays["dropped"][key] for key in ("dataset", "read", "rows"))
        if not rows:
            lines.append(f"All {read:,} rows of `{name}` have a formula that can be read.")
            continue
        examples = "; ".join(
            f"row {row}, <code>{literal(str(formula))}</code>: {literal(reason)}" for row, formula, reason in rows[:3]
        )
        lines.append(
            f"{count(len(rows))} of {count(read)} rows of `{name}` were dropped because their formula cannot be read "
            f"({examples})."
        )
    return Markdown("\n\n".join(dict.fromkeys(lines)))


def claim_results(record: Record) -> HTML:
    """Return the paper's statements beside what was measured for them, and what that is to be compared with."""
    rows = []
    for claim in papers.claims(record.experiment):
        measured = html.escape(claim.quantity) or f"<code>{claim.metric}</code>"
        quantities = [(measured, claim.metric), *((html.escape(other), m) for other, m in claim.others)]
        said = [f'<div class="short">{html.escape(claim.statement)}</div>', html.escape(claim.where)]
        for quantity, metric in quantities:
            rows.append([*said, f'<div class="short">{quantity}</div>', _measured(record.metrics.get(metric))])
            said = ["", ""]  # a statement stands once, on its first row
    header = ("statement", "in the paper", "measured here", f"{record.profile} profile")
    return table(header, rows, numeric=(3,), caption="Statements of the paper, and what was measured for them")


def _measured(metric: Metric | None) -> str:
    """Return a score with its unit, and a count as it is."""
    if metric is None:
        return MISSING
    whole = metric.sd is None and not metric.unit and math.isclose(metric.mean, round(metric.mean), abs_tol=1e-9)
    if not whole and not metric.unit and max(metric.values) > 1 and all(v == round(v) for v in metric.values):
        return spread(metric, 1)  # a count of each seed
    if whole:
        return count(metric.mean)
    said = number(metric.mean) if metric.sd is None else spread(metric)
    return f"{said} {html.escape(metric.unit)}".rstrip()


def metric_dictionary() -> HTML:
    """Return what the keys of all full records' metrics mean: a row for each pattern, with units and an example."""
    keys: dict[str, list[tuple[str, str, Metric]]] = {pattern: [] for pattern in meanings()}
    for question in experiments.questions():
        full = records.full_record(question.id)
        for key, metric in (full.metrics if full else {}).items():
            keys[pattern_of(key)].append((question.id, key, metric))
    rows = []
    for pattern, numbers in keys.items():
        if numbers:
            experiment, key, metric = numbers[0]
            units = ", ".join(sorted({metric.unit for _, _, metric in numbers} - {""}))
            example = f"<code>{html.escape(key)}</code> {_measured(metric)}<br>{page_link(experiment, '../')}"
            said = f'<div class="text">{html.escape(meanings()[pattern])}</div>'
            rows.append([f"<code>{pattern}</code>", said, html.escape(units), str(len(numbers)), example])
    header = ("key", "meaning", "unit", "numbers", "example")
    return searchable(header, rows, (3,), "Filter by any word, such as recall", caption="Metric keys")


def printed(labels: Mapping[str, str]) -> str:
    """Return published numbers, label → id, as one line of text for a figure."""
    pairs = ((label, papers.target(name)) for label, name in labels.items())
    return "published: " + ", ".join(f"{label} {t.printed} {t.unit}".strip() for label, t in pairs)


def cleaning_steps(record: Record) -> HTML:
    """Return what each rule of the paper's cleaning drops from each list, with examples."""
    names = [key.removeprefix("cleaning/") for key in record.arrays if key.startswith("cleaning/")]
    steps = {name: {row[0]: row for row in record.arrays[f"cleaning/{name}"]} for name in names}
    order = list(dict.fromkeys(step for name in names for step in steps[name] if step != "kept"))
    rows = []
    for step in [*order, "kept"]:
        hits = [steps[name].get(step) for name in names]
        shown = next((row[3] for row in hits if row and row[1] != "0" and row[3]), "")
        counts = [f"{int(row[1]):,}" if row else MISSING for row in hits]
        changed = sum(int(row[2]) for row in hits if row)
        note = f"{step} ({changed:,} values changed)" if changed else step
        rows.append([f'<div class="short">{html.escape(note)}</div>', *counts, html.escape(shown)])
    header = ("rule", *(f"<code>{name}</code>" for name in names), "examples")
    return table(header, rows, numeric=range(1, 1 + len(names)), caption="What each cleaning rule drops")
