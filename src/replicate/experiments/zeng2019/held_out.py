"""Table 2 of Zeng et al. 2019: five superconductors whose relatives no network has seen.

Shape legend: N rows, S seeds, c compounds.
"""

from __future__ import annotations

import numpy as np
import torch

from replicate import papers
from replicate.data.supercon import RELATED
from replicate.evaluation.neighbours import nearest_composition
from replicate.experiments.base import Run
from replicate.experiments.learners import predict_with_baseline
from replicate.experiments.networks import train_rows
from replicate.experiments.rows import Rows
from replicate.experiments.superconductors import reported
from replicate.experiments.zeng2019.configs import ATCNN_I, ATCNN_II, HeldOutConfig
from replicate.experiments.zeng2019.insulators import train_mixed
from replicate.features.atom_table import atom_table
from replicate.features.composition import Compositions, formulas_of, parse
from replicate.records import Metric
from replicate.training.fit import predict

BASELINE = "extra-trees-fractions"


def containing(compositions: Compositions) -> np.ndarray:
    """Return (n,) booleans: the composition holds all elements of a family of Table 2, whatever else."""
    return np.asarray(np.logical_or.reduce([compositions.holds(*family) for family in RELATED]))


def run_held_out(run: Run) -> None:
    """Predict Table 2 with the paper's removal and with every compound that contains a family removed."""
    config: HeldOutConfig = run.config
    table = papers.table("zeng2019", "table2")
    compounds = parse(table["formula"].tolist(), file="zeng2019 Table 2")
    measured = table["experiment"].to_numpy(float)
    mixed = train_mixed(run, config.insulators)
    tables = torch.from_numpy(atom_table(compounds))
    known = mixed.superconductors
    whole = [known.split("random", seed, config.insulators.tc) for seed in run.seeds]
    found = {
        ATCNN_I: predict(mixed.one, tables),
        ATCNN_II: predict(mixed.two, tables),
        BASELINE: predict_with_baseline(run, config.insulators.tc, known, BASELINE, whole, compounds),
    }
    strictly = known.take(~containing(known.compositions), "nothing that contains a family of Table 2")
    run.arrays["strict"] = {"removed": len(known) - len(strictly), "of": len(known)}
    splits = [strictly.split("random", seed, config.insulators.tc) for seed in run.seeds]
    found[f"{BASELINE}-strict"] = predict_with_baseline(
        run, config.insulators.tc, strictly, BASELINE, splits, compounds
    )
    if config.strict is not None:
        result = train_rows(run, strictly, config.strict, "random", splits, label="strict")
        found["atcnn-strict"] = predict(result, tables)

    for model, predicted in found.items():
        for i, formula in enumerate(table["formula"]):
            values = tuple(float(v) for v in predicted[:, i])
            run.metrics[f"held-out/{model}/{formula}"] = Metric("K", values, None)
        scores = [{"mae": float(np.abs(p - measured).mean())} for p in predicted]
        run.add(f"held-out/{model}", scores, {"mae": "K"}, len(compounds))
    tc = reported(run, config.quoted)
    for label, rows in (("paper", known), ("strict", strictly)):
        run.arrays[f"nearest/{label}"] = _nearest(compounds, rows, tc)


def _nearest(
    compounds: Compositions, rows: Rows, tc: dict[str, tuple[float, float]]
) -> list[dict[str, object]]:
    """Return, per compound, the nearest composition among the rows, its distance and its reported Tc, if any."""
    places, distances = nearest_composition(compounds.fractions, rows.compositions.fractions)
    names = formulas_of(rows.compositions.amounts[places])
    keys = rows.groups["composition"][places].tolist()
    return [
        {
            "compound": str(name),
            "distance": round(float(far), 4),
            "measured": list(tc[key]) if key in tc else None,
        }
        for name, far, key in zip(names, distances, keys, strict=True)
    ]
