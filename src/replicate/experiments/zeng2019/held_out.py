"""Table 2 of Zeng et al. 2019: five superconductors whose relatives no network has seen."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from replicate.data.supercon import RELATED
from replicate.evaluation.distances import nearest_composition
from replicate.experiments.core import Run
from replicate.experiments.samples import draw
from replicate.experiments.scoring import score_mae
from replicate.experiments.train import baseline, train
from replicate.experiments.zeng2019.insulators import train_mixed
from replicate.experiments.zeng2019.specs import ATCNN_I, ATCNN_II, HeldOutConfig
from replicate.experiments.zeng2019.superconductors import reported
from replicate.features.composition import Compositions, formulas_of, parse
from replicate.results import papers

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
    trees = partial(baseline, run, name=BASELINE, task=tc.task, small=tc.quick_baselines, of=compounds)
    predictions = {
        ATCNN_I: mixed.atcnn_i.predict(of=compounds),
        ATCNN_II: mixed.atcnn_ii.predict(of=compounds),
        BASELINE: trees(samples=known, splits=draw(run, known, tc)),
        f"{BASELINE}-strict": trees(samples=strictly, splits=splits),
    }
    if config.strict is not None:
        strict = train(run, strictly, config.strict, splits, "strict")
        predictions["atcnn-strict"] = strict.predict(of=compounds)
    for model, predicted in predictions.items():
        for formula, values in zip(table["formula"], predicted.T, strict=True):
            run.file(f"held-out/{model}/{formula}", values, "K")
        score_mae(run, f"held-out/{model}", measured, predicted, "K")
    tables = reported(run, config.quoted)
    for label, rows in (("paper", known), ("strict", strictly)):
        places, distances = nearest_composition(compounds.fractions, rows.fractions())
        limits = tables.reindex(rows.groups("composition")[places]).to_numpy().tolist()
        columns = {
            "compound": formulas_of(rows.compositions.amounts[places]),
            "distance": distances.round(4),
            "measured": [each if np.isfinite(each[0]) else None for each in limits],
        }
        run.arrays[f"nearest/{label}"] = pd.DataFrame(columns).to_dict("records")
