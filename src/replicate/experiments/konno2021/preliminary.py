"""Critical temperatures from superconductors only: Sec. II and Fig. 2 of Konno et al. 2021.

Shape legend: N rows, S seeds, n test rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from replicate.data.konno import is_cuprate
from replicate.evaluation.splits import Split, shared_with_training
from replicate.experiments.base import Run
from replicate.experiments.configs import Network
from replicate.experiments.konno2021.configs import PreliminaryConfig
from replicate.experiments.konno2021.ensembles import BaselineSettings, Known
from replicate.experiments.konno2021.names import FOREST, LOGARITHM, NEAR, OUTLIER, SUPERCON
from replicate.experiments.konno2021.training_sets import load_supercon, some_of, training_rows
from replicate.experiments.learners import predict_with_baseline
from replicate.experiments.rows import Rows, make_rows
from replicate.experiments.scoring import score_regression
from replicate.experiments.supervised import formulas_shown
from replicate.features.composition import parse
from replicate.records import Metric
from replicate.training.fit import FitResult, predict

ABOVE = 10.0  # K; where the random forest that the paper compares with was trained and tested
ALIKE = 3  # other entries, at least, for a record to be doubted
LIMITS = (0.0, 150.0)


def preliminary_model(
    run: Run, config: PreliminaryConfig, network: Network, kind: str = "random"
) -> tuple[Known, FitResult]:
    """Train a network on superconductors only, or read it from its checkpoints; the split leaves test rows out."""
    rows = training_rows(run, config.data)
    if network.name == LOGARITHM:
        rows = rows.relabelled(np.log1p(rows.target), "log(1 + Tc)")
    known = Known(rows, tuple(rows.split(kind, seed, config) for seed in run.seeds))
    return known, known.train(run, network, kind)


def run_preliminary(run: Run) -> None:
    """Score every network and baseline, look at the outliers, and score the forest above 10 K."""
    config: PreliminaryConfig = run.config
    rows = training_rows(run, config.data)
    tc = load_supercon(run, config.data.until).target
    run.metrics["data/supercon/superconductors"] = Metric("", (int((tc > 0).sum()),), len(tc))
    run.metrics["data/supercon/nonsuperconductors"] = Metric("", (int((tc == 0).sum()),), len(tc))
    run.metrics["data/supercon/share_above_10K"] = Metric("", (float((tc > ABOVE).mean()),), len(tc))
    kinds = dict.fromkeys(kind for network in config.networks for kind in network.splits)
    for kind in kinds:
        splits = [rows.split(kind, seed, config) for seed in run.seeds]
        shared = [{"shared_composition": shared_with_training(s, rows.groups["composition"])} for s in splits]
        run.add(f"{kind}/split", shared, {}, len(splits[0].test))
        measured = np.stack([rows.target[s.test] for s in splits])
        for network in config.networks:
            if kind not in network.splits:
                continue
            run.say(f"{network.name} on {kind} splits")
            known, trained = preliminary_model(run, config, network, kind)
            if network.name != LOGARITHM:
                known.score_held(run, f"{kind}-held/{network.name}", known.predict_held(network, trained))
            inputs = network.model.inputs(rows.compositions)
            predicted = predict(trained, inputs, np.stack([s.test for s in splits]))
            if network.name == LOGARITHM:
                predicted = np.expm1(predicted)
            names = formulas_shown(rows, splits, SUPERCON)
            score_regression(run, f"{kind}/{network.name}", measured, predicted, "K", LIMITS, names=names)
            if kind == "random" and network is config.networks[0]:
                _outliers(run, rows, splits, predicted, network.name)
        Known(rows, tuple(splits)).score_two_means(run, f"{kind}-held")
        settings = BaselineSettings("regression", config.small)
        for name in config.baselines:
            run.say(f"{name} on {kind} splits")
            predicted = predict_with_baseline(run, settings, rows, name, splits)
            score_regression(run, f"{kind}/{name}", measured, predicted, "K", LIMITS)
    if config.forest_list is not None:
        _forest_above(run, config, config.forest_list)


def _forest_above(run: Run, config: PreliminaryConfig, name: str) -> None:
    """Score a random forest on Magpie statistics, trained and tested above 10 K only (Stanev 2018)."""
    table = run.dataset(name).table
    compositions = parse(table["formula"].tolist(), file=name, on_error="collect")
    tc = table["critical_temperature"].to_numpy()[compositions.rows]
    rows = make_rows(name, run.dataset(name).digest, compositions, tc)
    if config.data.supercon_rows is not None:
        rows = rows.take(
            np.isin(np.arange(len(rows)), some_of(len(rows), 10 * config.data.supercon_rows)), "some"
        )
    hot = rows.take(rows.target > ABOVE, "above 10 K")
    splits = [hot.split("random", seed, config) for seed in run.seeds]
    run.say(f"{FOREST} above {ABOVE:.0f} K")
    settings = BaselineSettings("regression", config.small)
    predicted = predict_with_baseline(run, settings, hot, FOREST, splits)
    measured = np.stack([hot.target[s.test] for s in splits])
    score_regression(run, f"above-10K/{FOREST}", measured, predicted, "K", LIMITS)


def _outliers(run: Run, rows: Rows, splits: Sequence[Split], predicted: np.ndarray, model: str) -> None:
    """File the test rows with the largest errors: how many are cuprates, and which look like database errors.

    A record is suspect where three or more other entries, alike to within one atom in a hundred, agree among
    themselves (half of them within a tenth of the error of the prediction) on a Tc nearer to the prediction.
    """
    cuprate = is_cuprate(rows.compositions)
    fractions = rows.compositions.fractions
    counts, listed = [], []
    for split, values in zip(splits, predicted, strict=True):
        measured = rows.target[split.test]
        error = np.abs(values - measured)
        far = np.flatnonzero(error > OUTLIER * np.sqrt((error**2).mean()))
        suspects = 0
        for place in far[np.argsort(-error[far])]:
            row = int(split.test[place])
            alike = np.flatnonzero(np.abs(fractions - fractions[row]).sum(axis=1) <= 2 * NEAR)
            others = rows.target[alike[alike != row]]
            usual = float(np.median(others)) if len(others) else None
            suspect = False
            if usual is not None and len(others) >= ALIKE:
                agree = float(np.subtract(*np.quantile(others, (0.75, 0.25)))) < 0.1 * error[place]
                suspect = agree and abs(usual - values[place]) < abs(usual - measured[place])
            suspects += suspect
            listed.append(
                {
                    "compound": rows.compositions.formulas[row],
                    "recorded": round(float(measured[place]), 2),
                    "predicted": round(float(values[place]), 2),
                    "alike": len(others),
                    "usual": None if usual is None else round(usual, 2),
                    "cuprate": bool(cuprate[row]),
                    "suspect": bool(suspect),
                    "seed": split.seed,
                }
            )
        counts.append(
            {
                "rows": len(far),
                "cuprate_share": float(cuprate[split.test[far]].mean()) if len(far) else 0.0,
                "suspects": suspects,
            }
        )
    run.add(f"outliers/{model}", counts, {}, len(splits[0].test))
    run.metrics["outliers/all/cuprate_share"] = Metric("", (float(cuprate.mean()),), len(rows))
    run.arrays["outliers"] = listed
