"""Tables of the band gaps from the periodic table, beside the atom table's."""

from __future__ import annotations

from IPython.display import HTML

from replicate import records
from replicate.display.html import table
from replicate.figures.names import MODEL_NAMES, SPLIT_NAMES, spread
from replicate.records import Record


def atom_table_record(record: Record, kind: str = "random") -> Record | None:
    """Return the atom table's full record of the gaps if it has the same splits of a kind as this one."""
    other = records.full_record("zeng2019-gap")
    return other if other is not None and record.splits.get(kind) == other.splits.get(kind) else None


def atom_table_errors(record: Record) -> dict[str, float]:
    """Return the atom table's errors (eV) on the same splits, label → value, for a figure."""
    found = {kind: atom_table_record(record, kind) for kind in SPLIT_NAMES}
    return {
        f"atom table, {SPLIT_NAMES[kind]}": other.metrics[f"{kind}/atcnn/mae"].mean
        for kind, other in found.items()
        if other is not None
    }


def gap_table(record: Record) -> HTML:
    """Return the errors of the band gap on each kind of split, the atom table's from its own record beside them."""
    made = []
    for kind, label in SPLIT_NAMES.items():
        for source, name in (
            (record, record.profile),
            (atom_table_record(record, kind), "atom table's page"),
        ):
            models = source.metrics if source is not None else {}
            for key in (k for k in models if k.startswith(f"{kind}/") and k.endswith("/mae")):
                model = key.split("/")[1]
                scores = [spread(models[f"{kind}/{model}/{score}"]) for score in ("mae", "rmse", "r2")]
                made.append([f"<b>{label}</b>", MODEL_NAMES.get(model, model), *scores, name])
                label = ""
    header = ("split", "model", "MAE (eV)", "RMSE (eV)", "R²", "record")
    return table(header, made, numeric=(2, 3, 4))


def own_gap_tables(record: Record) -> HTML:
    """Return the scores on the author's own two tables, gaps with metals at 0 eV and metal or not, by split."""
    scores = {
        "konno-gap-regression": ("mae", "rmse", "r2"),
        "konno-gap-binary": ("auc", "accuracy", "metal_recall", "semiconductor_recall"),
    }
    names = {"mae": "MAE (eV)", "rmse": "RMSE (eV)", "r2": "R²", "auc": "AUC"}
    made = []
    for dataset, shown in scores.items():
        for kind in SPLIT_NAMES:
            start = f"{dataset}/{kind}/"
            models = dict.fromkeys(k.split("/")[2] for k in record.metrics if k.startswith(start))
            for model in (m for m in models if f"{start}{m}/{shown[0]}" in record.metrics):
                found = [
                    f"{names.get(s, s.replace('_', ' '))} {spread(record.metrics[f'{start}{model}/{s}'])}"
                    for s in shown
                ]
                name = MODEL_NAMES.get(model, model)
                made.append([f"<code>{dataset}</code>", SPLIT_NAMES[kind], name, "; ".join(found)])
    return table(("table", "split", "model", "scores, mean ± sd"), made)
