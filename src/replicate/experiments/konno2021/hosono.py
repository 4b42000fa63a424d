"""The temporal test on compounds that were tried for superconductivity: Sec. IV and Table I of Konno et al. 2021.

Shape legend: S seeds, n compounds of the list.
"""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_auc_score

from replicate.evaluation import metrics
from replicate.evaluation.neighbours import composition_distance
from replicate.experiments.base import Run
from replicate.experiments.konno2021.configs import HosonoConfig
from replicate.experiments.konno2021.ensembles import Known, answers, ask_baseline
from replicate.experiments.konno2021.names import DEEP, FRACTIONS
from replicate.experiments.konno2021.preliminary import preliminary_model
from replicate.experiments.konno2021.training_sets import training_rows
from replicate.experiments.rows import Rows
from replicate.features.composition import Compositions, chemical_systems, parse
from replicate.records import Metric

THRESHOLDS = (0, 10)
ALIASES = {"1T-TaS2": "TaS2"}
"""A name on the list that is no formula, as the authors' code reads it."""


def load_list(run: Run, name: str) -> tuple[Compositions, np.ndarray]:
    """Return the compounds of a list that can be read and their Tc (K); the others are filed."""
    table = run.dataset(name).table
    formulas = [ALIASES.get(formula, formula) for formula in table["formula"]]
    compositions = parse(formulas, file=name, on_error="collect")
    run.arrays["list/unreadable"] = [[p.row, str(p.formula), p.reason] for p in compositions.problems]
    return compositions, table["critical_temperature"].to_numpy()[compositions.rows]


def run_hosono(run: Run) -> None:
    """Fill Table I: regression, classification and baselines at 0 and 10 K, and the preliminary model."""
    config: HosonoConfig = run.config
    tested, tc = load_list(run, config.tested)
    rows = training_rows(run, config.data, apart_from=tested)
    known = Known.all_but_validation(rows, run.seeds)
    _describe(run, config, tested, tc, rows)
    known.score_two_means(run, "temporal-held")
    for network in config.regression:
        run.say(network.name)
        trained = known.train(run, network, "temporal")
        known.score_held(run, f"temporal-held/{network.name}", known.predict_held(network, trained))
        predicted = answers(network, trained, tested)
        name = {DEEP: "regression", FRACTIONS: "regression-fractions"}.get(network.name, network.name)
        for threshold in THRESHOLDS:
            _score(run, f"above-{threshold}K/{name}", tc > threshold, predicted > threshold, predicted)
        run.arrays[f"predicted/{name}"] = _listed(tested, tc, predicted)
    for threshold in THRESHOLDS:
        above = rows.relabelled((rows.target > threshold).astype(np.float32), f"above {threshold} K")
        classes = Known(above, known.splits)
        label = f"temporal-above-{threshold}K"
        classes.score_two_means(run, f"{label}-held", every=True)
        for network in config.classification:
            run.say(f"{network.name} above {threshold} K")
            trained = classes.train(run, network, label)
            held = classes.predict_held(network, trained)
            classes.score_held(run, f"{label}-held/{network.name}", held, every=True)
            chance = answers(network, trained, tested)
            name = {DEEP: "classification"}.get(network.name, network.name)
            _score(run, f"above-{threshold}K/{name}", tc > threshold, chance >= 0.5, chance)
        for baseline in config.baselines:
            run.say(f"{baseline} above {threshold} K")
            chance = ask_baseline(run, classes, baseline, tested, "classification", small=config.small)
            _score(run, f"above-{threshold}K/{baseline}", tc > threshold, chance >= 0.5, chance)
    run.say("superconductors only")
    network = config.preliminary.networks[0]
    _, trained = preliminary_model(run, config.preliminary, network)
    alone = answers(network, trained, tested)
    for threshold in THRESHOLDS:
        _score(run, f"above-{threshold}K/preliminary", tc > threshold, alone > threshold, alone)


def _score(run: Run, name: str, truth: np.ndarray, said: np.ndarray, ranked: np.ndarray) -> None:
    """File the scores of yes and no (S, n), and the AUC of what they were cut from."""
    scores = []
    for yes, value in zip(said, ranked, strict=True):
        score = metrics.classification_metrics(truth, yes.astype(float))
        score["auc"] = float(roc_auc_score(truth, value))
        # How far the precision lies above the share on the list, in standard deviations of the share among compounds
        # drawn at random: as many as are called superconducting, and, as the paper has it, as many as the list holds.
        above, one = score["precision"] - truth.mean(), np.sqrt(truth.mean() * (1 - truth.mean()))
        score["sigma"] = float(above / one * np.sqrt(max(int(yes.sum()), 1)))
        score["sigma_list"] = float(above / one * np.sqrt(len(truth)))
        score["predicted_positive"] = float(yes.mean())
        scores.append(score)
    run.add(name, scores, {}, len(truth))


def _describe(run: Run, config: HosonoConfig, tested: Compositions, tc: np.ndarray, rows: Rows) -> None:
    """File the size of the list, its baselines, and how far it is from what the networks learn from."""
    read = len(run.dataset(config.tested).table)
    run.metrics["data/hosono/rows"] = Metric("", (read,), None)
    run.metrics["data/hosono/nonsuperconductors"] = Metric("", (int((tc == 0).sum()),), len(tc))
    for threshold in THRESHOLDS:
        share = float((tc > threshold).mean())
        run.metrics[f"above-{threshold}K/baseline/precision"] = Metric("", (share,), len(tc))
    # Every entry of SuperCon, some of them at 0 K.
    run.metrics["data/training/superconductors"] = Metric("", (int((rows.part == 0).sum()),), len(rows))
    run.metrics["data/training/cod"] = Metric("", (int((rows.part == 1).sum()),), len(rows))
    taught = (rows.part == 0) & (rows.target > 0)
    new = ~np.isin(chemical_systems(tested), rows.groups["system"][taught])
    run.arrays["list/new_system"] = new.astype(int).tolist()
    superconducting = rows.compositions.take(taught)
    distance = composition_distance(tested.fractions, superconducting.fractions)
    run.metrics["data/hosono/median_distance"] = Metric("", (float(np.median(distance)),), len(tc))
    near = float((distance < 0.05).mean())
    run.metrics["data/hosono/within_5_percent"] = Metric("", (near,), len(tc))
    # The raw coefficients of the COD are whole cells: their scale tells the two sources apart.
    sizes = rows.compositions.amounts.sum(axis=1)
    for part, name in ((0, "supercon"), (1, "cod")):
        run.arrays[f"atoms/{name}"] = np.quantile(
            sizes[rows.part == part], [0.1, 0.25, 0.5, 0.75, 0.9]
        ).tolist()
    run.arrays["atoms/list"] = np.quantile(tested.amounts.sum(axis=1), [0.1, 0.25, 0.5, 0.75, 0.9]).tolist()


def _listed(tested: Compositions, tc: np.ndarray, predicted: np.ndarray) -> list[list[object]]:
    """Return formula, measured Tc, mean and sd of the predictions, and how many networks say above 0 K."""
    sd = predicted.std(axis=0, ddof=1) if len(predicted) > 1 else np.zeros(len(tc))
    return [
        [formula, float(t), round(float(m), 2), round(float(s), 2), int(n)]
        for formula, t, m, s, n in zip(
            tested.formulas, tc, predicted.mean(axis=0), sd, (predicted > 0).sum(axis=0), strict=True
        )
    ]
