"""The speeds on the status page."""

from __future__ import annotations

import html
import re

from IPython.display import HTML, Markdown

from replicate.display.html import literal, table
from replicate.report import speeds

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
