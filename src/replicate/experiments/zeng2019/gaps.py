"""Band gaps, Table 3 of Zeng et al. 2019 with its ten well-known compounds, and metals against semiconductors."""

from __future__ import annotations

import numpy as np
import torch

from replicate import data
from replicate.evaluation.metrics import regression_metrics
from replicate.evaluation.splits import Split, make_split
from replicate.experiments.configs import SupervisedConfig
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows
from replicate.experiments.scoring import score_errors
from replicate.experiments.supervised import run_supervised
from replicate.experiments.train import train
from replicate.features.composition import parse, reduced_keys
from replicate.models.configs import GAP
from replicate.models.keras_weights import load_keras_atcnn
from replicate.results import papers

AUTHORS = "atcnn-weights-gap"


def run_gap(run: Run) -> None:
    """Score the band gap on every split, then recompute Table 3 with the authors' weights and with ours."""
    config: SupervisedConfig = run.config
    done = run_supervised(run)
    table = papers.table("zeng2019", "table3")
    formulas, measured = table["formula"].tolist(), table["experiment"].to_numpy(float)
    compositions = parse(formulas, file="zeng2019 Table 3")
    keys, known = reduced_keys(compositions), done.rows.groups("composition")
    for column in ("pbe", "hse", "gw", "svr", "atcnn"):  # as printed
        scores = regression_metrics(measured, table[column].to_numpy(float))
        for name in ("mae", "rmse"):
            run.file(f"table3/{column}/{name}", scores[name], "eV", len(formulas))

    network = next((n for n in config.networks if n.name == "atcnn-one-cycle"), config.networks[0])
    allowed = np.flatnonzero(~np.isin(known, keys))
    splits = []
    for seed in run.seeds:
        drawn = make_split(allowed, kind="table3", seed=seed, test=config.test, validation=config.validation)
        # Nothing is tested here, so the rows of the test set are trained on as well.
        train_rows = allowed[np.sort(np.concatenate([drawn.train, drawn.test]))]
        splits.append(Split("table3", seed, train_rows, allowed[drawn.validation], np.array([], dtype=int)))
    ours = {
        "ours": done.networks["random", "atcnn"].predict(of=compositions),
        "held-out": train(run, done.rows, network, splits).predict(of=compositions),
    }
    if AUTHORS in config.extra_datasets:
        with torch.no_grad():
            authors = load_keras_atcnn(data.locate(AUTHORS), GAP)
            ours["authors"] = authors(GAP.inputs(compositions)[None]).numpy()
    for name, predictions in ours.items():
        for formula, values in zip(formulas, predictions.T, strict=True):
            run.file(f"table3/{name}/{formula}", values, "eV")
        score_errors(run, f"table3/{name}", [measured] * len(predictions), predictions, "eV")
    run.arrays["table3/rows_in_data"] = {f: int((known == k).sum()) for f, k in zip(formulas, keys, strict=True)}


def run_formation(run: Run) -> None:
    """Score the formation energy on every split."""
    run_supervised(run)


def run_metal(run: Run) -> None:
    """Score the classifiers on every split and count rows and compositions of each class."""
    count_classes(run, run_supervised(run).rows)


def count_classes(run: Run, rows: Rows) -> None:
    """File rows and distinct compositions of semiconductors and of metals, and how many compositions are both."""
    keys = rows.groups("composition")
    classes = {name: keys[rows.target == value] for name, value in (("semiconductors", 0), ("metals", 1))}
    for name, of_class in classes.items():
        run.file(f"data/{name}/rows", len(of_class))
        run.file(f"data/{name}/compositions", len(np.unique(of_class)))
    run.file("data/both/compositions", len(np.intersect1d(*classes.values())))
