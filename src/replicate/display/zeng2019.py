"""Tables of the ATCNN chapter."""

from __future__ import annotations

from IPython.display import HTML, Markdown

from replicate import papers, records
from replicate.display.html import table
from replicate.experiments.zeng2019.table3 import PRINTED
from replicate.figures import spread
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
    """Return neighbour agreement and silhouette of each feature set, for all and for seen elements."""
    names = {
        "authors": "authors' network",
        "trained": "trained here",
        "untrained": "before training",
        "random": "random features",
    }
    made = []
    for label, chosen in {"all": "all main-group elements", "seen": "elements in the data"}.items():
        for name, shown in names.items():
            key = f"features-{label}/{name}"
            if f"{key}/silhouette" not in record.metrics:
                continue
            found = [record.metrics[f"{key}/{score}"] for score in ("neighbour_agreement", "silhouette")]
            cells = [spread(metric) for metric in found]
            if name == "random":
                draws = [record.arrays[f"{label}/random/{s}"] for s in ("neighbour_agreement", "silhouette")]
                cells = [
                    f"{d['mean']:.3f} ± {d['sd']:.3f} (largest of {d['draws']}: {d['largest']:.3f})"
                    for d in draws
                ]
            made.append([chosen, str(found[0].n), shown, *cells])
    header = ("elements", "number", "features", "neighbour agreement", "silhouette")
    return table(header, made, numeric=(1, 3, 4))


def zeng2019_verdict() -> Markdown:
    """Return the chapter's verdict in sentences whose numbers come from the full records."""
    lines = []
    if (gap := records.full_record("zeng2019-gap")) is not None:
        m, published = gap.metrics, papers.target("zeng2019-gap/mae").printed
        lines.append(
            f"The band-gap error is {spread(m['random/atcnn/mae'])} eV on random rows (published {published}) and "
            f"{spread(m['composition/atcnn/mae'])} eV once no composition stands on both sides; gradient boosting on "
            f"tabulated element statistics reaches {spread(m['random/xgboost/mae'])} and "
            f"{spread(m['composition/xgboost/mae'])} eV on the same splits."
        )
    if (formation := records.full_record("zeng2019-formation")) is not None:
        m, published = formation.metrics, papers.target("zeng2019-formation/mae").printed
        shared = 100 * m["random/split/shared_composition"].mean
        lines.append(
            f"The formation-energy error is {spread(m['random/atcnn/mae'])} eV/atom on random rows (published "
            f"{published}), where {shared:.0f} % of the test rows have their composition in training or "
            f"validation, and {spread(m['composition/atcnn/mae'])} eV/atom without them."
        )
    lines += [line for line in map(_superconductor_line, ("zeng2019-tc", "zeng2019-tc-insulators")) if line]
    return Markdown("\n\n".join(lines) or "No full-profile record of this chapter yet.")


def _superconductor_line(experiment: str) -> str:
    """Return a superconductor experiment's verdict in a sentence or two, empty without a full record."""
    record = records.full_record(experiment)
    if record is None:
        return ""
    m = record.metrics
    short = f" ({record.config['budget']})" if record.config.get("budget") else ""
    if experiment == "zeng2019-tc":
        trees = "extra-trees-fractions"
        near = 100 * m["random/split/neighbour_within_1_percent"].mean
        return (
            f"The error of the critical temperature is {spread(m['random/atcnn/mae'], 2)} K on random rows (published "
            f"{papers.target('zeng2019-tc/mae').printed}){short} and {spread(m['system/atcnn/mae'], 2)} K by chemical "
            f"system; extra trees on the same plain fractions reach {spread(m[f'random/{trees}/mae'], 2)} and "
            f"{spread(m[f'system/{trees}/mae'], 2)} K. {near:.0f} % of the random test rows have a training "
            "composition within 1 % of theirs."
        )
    printed = papers.target("zeng2019-tc-insulators/ii-insulators-missed").printed
    wrong, listed = m["insulators/atcnn-ii/misclassified"], m["listed-at-zero/atcnn-ii/misclassified"]
    return (
        f"With insulators at 0 K in the training data the network gives {100 * wrong.mean:.1f} % of the test "
        f"insulators a Tc above zero (published {printed} %){short}, but {100 * listed.mean:.0f} % of {listed.n:,} "
        "compositions that a list of superconductors gives 0 K and none a Tc above."
    )
