"""Tables of the superconductor pages."""

from __future__ import annotations

import html
import warnings

from IPython.display import HTML

from replicate.display.html import table
from replicate.records import Record


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


def usual_formula(formula: str) -> str:
    """Return a formula as chemists write it: reduced, elements in the usual order, amounts of one left out."""
    from pymatgen.core import Composition

    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "No Pauling electronegativity"
        )  # of a noble gas; it comes last then
        return html.escape(Composition(formula).reduced_formula)
