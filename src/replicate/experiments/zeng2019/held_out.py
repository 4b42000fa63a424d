"""Table 2 of Zeng et al. 2019: five superconductors whose relatives no network has seen.

Shape legend: N rows, S seeds, c compounds.
"""

from __future__ import annotations

import numpy as np

from replicate import papers
from replicate.data.supercon import RELATED
from replicate.evaluation.neighbours import nearest_composition
from replicate.evaluation.splits import Split
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows, draw
from replicate.experiments.train import baseline, train
from replicate.experiments.zeng2019.configs import ATCNN_I, ATCNN_II, HeldOutConfig
from replicate.experiments.zeng2019.insulators import train_mixed
from replicate.experiments.zeng2019.superconductors import reported
from replicate.features.composition import Compositions, formulas_of, parse

BASELINE = "extra-trees-fractions"


def containing(compositions: Compositions) -> np.ndarray:
    """Return (n,) booleans: the composition holds all elements of a family of Table 2, whatever else."""
    return np.asarray(np.logical_or.reduce([compositions.holds(*family) for family in RELATED]))


def run_held_out(run: Run) -> None:
    """Predict Table 2 with the paper's removal and with every compound that contains a family removed."""
    config: HeldOutConfig = run.config
    tc = config.insulators.tc
    table = papers.table("zeng2019", "table2")
    compounds = parse(table["formula"].tolist(), file="zeng2019 Table 2")
    measured = table["experiment"].to_numpy(float)
    mixed = train_mixed(run, config.insulators)
    known = mixed.superconductors
    strictly = known.take(~containing(known.compositions), "nothing that contains a family of Table 2")
    run.arrays["strict"] = {"removed": len(known) - len(strictly), "of": len(known)}
    splits = draw(run, strictly, tc)

    def trees(rows: Rows, drawn: list[Split]) -> np.ndarray:
        return baseline(run, rows, BASELINE, drawn, tc.task, small=tc.quick_baselines, of=compounds)

    predictions = {
        ATCNN_I: mixed.atcnn_i.predict(of=compounds),
        ATCNN_II: mixed.atcnn_ii.predict(of=compounds),
        BASELINE: trees(known, draw(run, known, tc)),
        f"{BASELINE}-strict": trees(strictly, splits),
    }
    if config.strict is not None:
        predictions["atcnn-strict"] = train(run, strictly, config.strict, splits, "strict").predict(
            of=compounds
        )
    for model, predicted in predictions.items():
        for i, formula in enumerate(table["formula"]):
            run.file(f"held-out/{model}/{formula}", predicted[:, i], "K")
        run.file(
            f"held-out/{model}/mae", [np.abs(p - measured).mean() for p in predicted], "K", len(compounds)
        )
    values = reported(run, config.quoted)
    for label, rows in (("paper", known), ("strict", strictly)):
        places, distances = nearest_composition(compounds.fractions, rows.fractions())
        keys = rows.groups("composition")[places].tolist()
        run.arrays[f"nearest/{label}"] = [
            {
                "compound": str(name),
                "distance": round(float(far), 4),
                "measured": list(values[key]) if key in values else None,
            }
            for name, far, key in zip(
                formulas_of(rows.compositions.amounts[places]), distances, keys, strict=True
            )
        ]
