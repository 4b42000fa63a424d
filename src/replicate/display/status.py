"""The status page: what ran, where, with which versions; which data are here; how fast it is."""

from __future__ import annotations

import html
import platform
import re

from IPython.display import HTML, Markdown

from replicate import data, experiments, records
from replicate.display.html import literal, table
from replicate.display.links import page_link
from replicate.records import Record
from replicate.report import speeds


def _run_cells(record: Record | None) -> list[str]:
    if record is None:
        return ["–"] * 7
    env = record.environment
    versions = [html.escape(env["versions"].get(package, "–")) for package in ("torch", "replicate")]
    return [
        str(len(record.seeds)),
        html.escape(env["device_name"]),
        f"{env['wall_time_s'] / 60:.1f}",
        env["finished"][:16].replace("T", " "),
        *versions,
        f"<code>{(env['git_commit'] or '–')[:10]}</code>",
    ]


def run_status() -> HTML:
    """Return one row per experiment and profile that has a record.

    Versions are those written in the record, whatever is installed now.
    """
    made = []
    for question in experiments.questions():
        name = page_link(question.id)
        made.append([name, "full", *_run_cells(records.full_record(question.id))])
        if (local := records.latest_local(question.id)) is not None:
            made.append([name, local.profile, *_run_cells(local)])
    header = (
        "experiment",
        "profile",
        "seeds",
        "device",
        "minutes",
        "finished (UTC)",
        "torch",
        "replicate",
        "commit",
    )
    return table(header, made, numeric=(2, 4))


def data_status() -> HTML:
    """Return every registered dataset, its licence, and whether it was at hand."""
    made = [
        [
            f"<code>{name}</code>",
            html.escape(data.entry(name).title),
            html.escape(data.entry(name).licence),
            "yes" if data.available(name) else "no",
        ]
        for name in data.names()
    ]
    return table(("dataset", "what", "licence", "here"), made)


_TOGETHER = re.compile(r"train (?P<network>.+), (?P<members>\d+) together")
_PRODUCT = "matrix product"


def bench_sentence() -> Markdown:
    """Return what training members together gains on each device, beside the arithmetic of a matrix product."""
    texts = []
    for kept in speeds.committed():
        rows = {row["what"]: row for row in kept["rows"]}
        product = next((row for what, row in rows.items() if what.startswith(_PRODUCT)), None)
        parts = []
        for what, row in rows.items():
            found = _TOGETHER.fullmatch(what)
            if found is None or product is None:
                continue
            alone = 100 * rows[f"train {found['network']}, one"]["gflops"] / product["gflops"]
            parts.append(
                f"{found['network']} {row['ratio']:.1f}× (alone {alone:.0f} % of the product's rate)"
            )
        if parts and product is not None:
            texts.append(
                f"On {speeds.processor(kept['machine'])} a plain {product['what']} in float32 does "
                f"{product['gflops']:.0f} GFLOP/s (last column). Training members together saves the work around the "
                "arithmetic, so the gain over one after the other belongs beside how much arithmetic one network alone "
                f"does: {'; '.join(parts)}."
            )
    return Markdown("\n\n".join(map(literal, texts)) or "No benchmark has been committed.")


def bench_table() -> HTML:
    """Return the committed benchmark results, one block per device."""
    blocks = []
    for kept in speeds.committed():
        made = [
            [
                html.escape(row["what"]),
                speeds.rate(row["per_second"]),
                html.escape(row["unit"]),
                "" if row["ratio"] is None else f"{row['ratio']:.1f}× {html.escape(row['against'])}",
                "" if row["gflops"] is None else f"{row['gflops']:.0f}",
            ]
            for row in kept["rows"]
        ]
        shown = table(("what", "per second", "unit", "ratio", "GFLOP/s"), made, numeric=(1, 4)).data
        blocks.append(f"<p>{html.escape(speeds.place(kept['machine']))}</p>{shown}")
    return HTML("".join(blocks) or "<p>No benchmark has been committed.</p>")


def version_table() -> HTML:
    """Return the versions and the commit this page was built with."""
    here = records.environment("cpu", "", 0.0)
    versions = {"Python": platform.python_version(), **here["versions"]}
    versions["commit of this book"] = here["git_commit"] or "not in a git checkout"
    return table(("package", "version"), [[html.escape(k), html.escape(v)] for k, v in versions.items()])
