"""Tables of the ATCNN chapter."""

from __future__ import annotations

from IPython.display import HTML

from replicate import papers, wording
from replicate.display.html import table
from replicate.experiments.zeng2019.configs import PRINTED
from replicate.figures.names import spread
from replicate.records import Record

_OURS = {
    "authors": "authors' weights",
    "ours": "ours, paper's schedule",
    "held-out": "ours, one-cycle, kept out",
}


def table3(record: Record) -> HTML:
    """Return Table 3: printed columns, the authors' weights, ours, and ours without the ten compositions."""
    printed = papers.table("zeng2019", "table3")
    columns = [name for name in _OURS if f"table3/{name}/mae" in record.metrics]
    rows_in_data = record.arrays["table3/rows_in_data"]
    made = []
    for _, row in printed.iterrows():
        formula = row["formula"]
        ours = [spread(record.metrics[f"table3/{name}/{formula}"]) for name in columns]
        cells = [f"{row[name]:g}" for name in ("experiment", *PRINTED)]
        made.append([formula, *cells, *ours, str(rows_in_data[formula])])
    for score in ("mae", "rmse"):
        recomputed = [spread(record.metrics[f"table3/{name}/{score}"], 2) for name in PRINTED]
        ours = [spread(record.metrics[f"table3/{name}/{score}"], 2) for name in columns]
        made.append([f"<b>{score.upper()}</b>, recomputed", "", *recomputed, *ours, ""])
    header = ["compound", "measured (eV)", "PBE", "HSE", "GW", "SVR", "ATCNN, printed"]
    header += [_OURS[name] for name in columns] + ["rows in the data"]
    return table(header, made, numeric=range(1, len(header)))


def element_scores(record: Record) -> HTML:
    """Return neighbour agreement and silhouette of each feature set, for several choices of elements."""
    names = {
        "authors": "authors' network",
        "trained": "trained here",
        "untrained": "before training",
        "random": "random features",
    }
    made = []
    views = {
        "features-all": "all main-group elements",
        "features-seen": "elements in the data",
        "features-named": "named groups, all 50 features",
        "plane-named": "named groups, in the plane",
    }
    for view, chosen in views.items():
        said: list[str] = []
        for name, shown in names.items():
            key = f"{view}/{name}"
            if f"{key}/silhouette" not in record.metrics:
                continue
            found = [record.metrics[f"{key}/{score}"] for score in ("neighbour_agreement", "silhouette")]
            cells = [spread(metric) for metric in found]
            if name == "random":
                draws = [record.arrays[f"{key}/{s}"] for s in ("neighbour_agreement", "silhouette")]
                cells = [
                    f"{wording.spread(d['mean'], d['sd'])}<br>"
                    f'<span class="note">largest of {d["draws"]}: {d["largest"]:.3f}</span>'
                    for d in draws
                ]
            made.append([*(said or [chosen, str(found[0].n)]), shown, *cells])
            said = ["", ""]  # the elements stand once, on their first row
    header = ("elements", "number", "features", "neighbour agreement", "silhouette")
    return table(header, made, numeric=(1, 3, 4))
