"""Committed benchmarks, as pages and the README show them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from IPython.display import HTML, Markdown

from replicate import paths
from replicate.report.html import literal, table
from replicate.wording import count, number_of


def committed() -> Iterator[dict[str, Any]]:
    """Yield the committed benchmarks, one per device: ``machine`` and ``rows``."""
    for path in paths.finished(paths.committed("bench"), "*.json"):
        yield json.loads(path.read_text(encoding="utf-8"))


def rate(per_second: float) -> str:
    """Return how often something is done in a second as text; what takes about a second or longer keeps two digits."""
    return count(per_second) if per_second >= 10 else f"{per_second:.2g}"


def processor(machine: Mapping[str, Any]) -> str:
    """Return the model name of a benchmark's processor or accelerator, without threads and trade marks."""
    return re.sub(r" \(\d+ threads?\)$|\((?:R|TM)\)", "", machine["device_name"])


def place(machine: Mapping[str, Any]) -> str:
    """Return the processor or accelerator, the threads and the version of torch of a benchmark, as text."""
    threads = number_of(machine["threads"], "thread")
    return f"{processor(machine)}, {threads} unless a row says otherwise, torch {machine['versions']['torch']}"


_TOGETHER = re.compile(r"train (?P<network>.+), (?P<members>\d+) together")
_PRODUCT = "matrix product"


def bench_sentence() -> Markdown:
    """Return what training members together gains on each device, beside the arithmetic of a matrix product."""
    texts = []
    for bench in committed():
        rows = {row["what"]: row for row in bench["rows"]}
        product = next((row for what, row in rows.items() if what.startswith(_PRODUCT)), None)
        if product is None:
            continue
        parts = []
        for match in filter(None, map(_TOGETHER.fullmatch, rows)):
            alone = 100 * rows[f"train {match['network']}, one"]["gflops"] / product["gflops"]
            gain = f"{match['network']} {rows[match[0]]['ratio']:.1f}×"
            parts.append(f"{gain} (a single network: {alone:.0f} % of this rate)")
        if parts:
            texts.append(
                f"On {processor(bench['machine'])} a plain {product['what']} in float32 does "
                f"{product['gflops']:.0f} GFLOP/s (last column). Training members together saves overhead, so the "
                "gain over training them one by one depends on how near a single network comes to this rate: "
                f"{'; '.join(parts)}."
            )
    return Markdown("\n\n".join(map(literal, texts)) or "No benchmark has been committed.")


def bench_table() -> HTML:
    """Return the committed benchmark results, one block per device."""
    blocks = []
    for bench in committed():
        lines = [
            [
                html.escape(row["what"]),
                rate(row["per_second"]),
                html.escape(row["unit"]),
                "" if row["ratio"] is None else f"{row['ratio']:.1f}× {html.escape(row['against'])}",
                "" if row["gflops"] is None else f"{row['gflops']:.0f}",
            ]
            for row in bench["rows"]
        ]
        where = place(bench["machine"])
        header = ("what", "per second", "unit", "ratio", "GFLOP/s")
        shown = table(header, lines, numeric=(1, 4), caption=f"Speeds on {where}").data
        blocks.append(f"<p>{html.escape(where)}</p>{shown}")
    return HTML("".join(blocks) or "<p>No benchmark has been committed.</p>")
