"""Table 3 of Zeng et al. 2019: ten well-known compounds, beside the band-gap scores."""

from __future__ import annotations

import numpy as np
import torch

from replicate import data, papers
from replicate.evaluation.metrics import regression_metrics
from replicate.evaluation.splits import Split, make_split
from replicate.experiments.base import Run
from replicate.experiments.configs import SupervisedConfig
from replicate.experiments.networks import train_rows
from replicate.experiments.rows import Rows
from replicate.experiments.supervised import run_supervised
from replicate.experiments.zeng2019.configs import PRINTED
from replicate.features.atom_table import atom_table
from replicate.features.composition import parse, reduced_keys
from replicate.models.configs import GAP
from replicate.models.keras_weights import load_keras_atcnn
from replicate.records import Metric
from replicate.training.fit import predict

AUTHORS = "atcnn-weights-gap"


def run_gap(run: Run) -> None:
    """Score the band gap on every split, then recompute Table 3 with the authors' weights and with ours."""
    done = run_supervised(run)
    config: SupervisedConfig = run.config
    rows = done.rows
    table = papers.table("zeng2019", "table3")
    formulas = table["formula"].tolist()
    measured = table["experiment"].to_numpy(float)
    compositions = parse(formulas, file="zeng2019 Table 3")
    keys = reduced_keys(compositions)
    tables = torch.from_numpy(atom_table(compositions))

    for column in PRINTED:
        scores = regression_metrics(measured, table[column].to_numpy(float))
        for name in ("mae", "rmse"):
            run.metrics[f"table3/{column}/{name}"] = Metric("eV", (scores[name],), len(formulas))

    ours = {"ours": predict(done.networks["random", "atcnn"], tables)}
    run.say("Table 3 with its ten compositions kept out of training")
    ours["held-out"] = _without(run, config, rows, keys, tables)
    if AUTHORS in config.extra_datasets:
        with torch.no_grad():
            ours["authors"] = load_keras_atcnn(data.locate(AUTHORS), GAP)(tables[None]).numpy()
    for name, predictions in ours.items():
        for i, formula in enumerate(formulas):
            run.metrics[f"table3/{name}/{formula}"] = Metric("eV", tuple(map(float, predictions[:, i])), None)
        run.add(
            f"table3/{name}",
            [regression_metrics(measured, p) for p in predictions],
            {"mae": "eV", "rmse": "eV"},
            len(formulas),
        )
    known = rows.groups["composition"]
    run.arrays["table3/rows_in_data"] = {
        f: int((known == k).sum()) for f, k in zip(formulas, keys, strict=True)
    }


def _without(
    run: Run, config: SupervisedConfig, rows: Rows, keys: np.ndarray, tables: torch.Tensor
) -> np.ndarray:
    """Return (S, 10) predictions of networks that never saw any row of the ten compositions."""
    network = next((n for n in config.networks if n.name == "atcnn-one-cycle"), config.networks[0])
    allowed = np.flatnonzero(~np.isin(rows.groups["composition"], keys))
    splits = []
    for seed in run.seeds:
        drawn = make_split(allowed, kind="table3", seed=seed, test=config.test, validation=config.validation)
        # Nothing is tested here, so the rows of the test set are trained on as well.
        train = allowed[np.sort(np.concatenate([drawn.train, drawn.test]))]
        splits.append(Split("table3", seed, train, allowed[drawn.validation], np.array([], dtype=int)))
    return predict(train_rows(run, rows, network, "table3", splits), tables)
