"""The temporal test on compounds that were tried for superconductivity: Sec. IV and Table I of Konno et al. 2021."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from replicate.evaluation import metrics
from replicate.evaluation.distances import composition_distance
from replicate.experiments.core import Run
from replicate.experiments.konno2021.configs import DEEP, HosonoConfig
from replicate.experiments.konno2021.preliminary import preliminary_model
from replicate.experiments.konno2021.training_sets import Known, training_rows
from replicate.experiments.samples import Rows
from replicate.experiments.scoring import spread
from replicate.experiments.train import baseline
from replicate.features.composition import Compositions, chemical_systems, parse

THRESHOLDS = (0, 10)
ALIASES = {"1T-TaS2": "TaS2"}  # a name on the list that is no formula, as the authors' code reads it


def load_list(run: Run, name: str) -> tuple[Compositions, np.ndarray]:
    """Return the compounds of a list that can be read and their Tc (K); the others are filed."""
    table = run.dataset(name).table
    compositions = parse(table["formula"].replace(ALIASES).tolist(), file=name, on_error="collect")
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
        trained = known.train(run, network, "temporal", f"temporal-held/{network.name}")
        predicted = trained.predict(of=tested)
        name = network.name.replace(DEEP, "regression")
        for bar in THRESHOLDS:
            _score(run, f"above-{bar}K/{name}", tc > bar, predicted > bar, predicted)
        columns = {
            "formula": tested.formulas,
            "tc": tc.astype(float),
            "mean": predicted.mean(axis=0).astype(float).round(2),
            "spread": spread(predicted).astype(float).round(2),
            "superconducting": (predicted > 0).sum(axis=0),
        }
        run.arrays[f"predicted/{name}"] = pd.DataFrame(columns).to_numpy(dtype=object).tolist()
    for bar in THRESHOLDS:
        above = Known(rows.relabelled(rows.target > bar, f"above {bar} K"), known.splits)
        label = f"temporal-above-{bar}K"
        above.score_two_means(run, f"{label}-held", every=True)
        for network in config.classification:
            trained = above.train(run, network, label, f"{label}-held/{network.name}", every=True)
            chance, name = trained.predict(of=tested), network.name.replace(DEEP, "classification")
            _score(run, f"above-{bar}K/{name}", tc > bar, chance >= 0.5, chance)
        for name in config.baselines:
            chance = baseline(run, above.rows, name, known.splits, "classification", small=config.small, of=tested)
            _score(run, f"above-{bar}K/{name}", tc > bar, chance >= 0.5, chance)
    alone = preliminary_model(run, config.preliminary).predict(of=tested)
    for bar in THRESHOLDS:
        _score(run, f"above-{bar}K/preliminary", tc > bar, alone > bar, alone)


def _score(run: Run, name: str, truth: np.ndarray, positive: np.ndarray, ranked: np.ndarray) -> None:
    """File the scores of yes and no (S, n), and the AUC of what they were cut from."""
    scores = []
    for yes, value in zip(positive, ranked, strict=True):
        score = metrics.classification_metrics(truth, yes.astype(float))
        score["auc"] = float(roc_auc_score(truth, value))
        # How far the precision lies above the share on the list, in standard deviations of the share among compounds
        # drawn at random: as many as are called superconducting, and, as the paper has it, as many as the list holds.
        excess, deviation = score["precision"] - truth.mean(), np.sqrt(truth.mean() * (1 - truth.mean()))
        score["sigma"] = float(excess / deviation * np.sqrt(max(int(yes.sum()), 1)))
        score["sigma_list"] = float(excess / deviation * np.sqrt(len(truth)))
        score["predicted_positive"] = float(yes.mean())
        scores.append(score)
    run.add(name, scores, {}, len(truth))


def _describe(run: Run, config: HosonoConfig, tested: Compositions, tc: np.ndarray, rows: Rows) -> None:
    """File the size of the list, its baselines, and how far it is from what the networks learn from."""
    run.file("data/hosono/rows", len(run.dataset(config.tested).table))
    run.file("data/hosono/nonsuperconductors", (tc == 0).sum(), n=len(tc))
    for bar in THRESHOLDS:
        run.file(f"above-{bar}K/baseline/precision", (tc > bar).mean(), n=len(tc))
    # Every entry of SuperCon, some of them at 0 K.
    run.file("data/training/superconductors", (rows.part == 0).sum(), n=len(rows))
    run.file("data/training/cod", (rows.part == 1).sum(), n=len(rows))
    superconducting = (rows.part == 0) & (rows.target > 0)
    new = ~np.isin(chemical_systems(tested), rows.groups("system")[superconducting])
    run.arrays["list/new_system"] = new.astype(int).tolist()
    distance = composition_distance(tested.fractions, rows.fractions()[superconducting])
    run.file("data/hosono/median_distance", np.median(distance), n=len(tc))
    run.file("data/hosono/within_5_percent", (distance < 0.05).mean(), n=len(tc))
    # The raw coefficients of the COD are whole cells: their scale tells the two sources apart.
    sizes, listed = (compositions.amounts.sum(axis=1) for compositions in (rows.compositions, tested))
    for name, atoms in {"supercon": sizes[rows.part == 0], "cod": sizes[rows.part == 1], "list": listed}.items():
        run.arrays[f"atoms/{name}"] = np.quantile(atoms, [0.1, 0.25, 0.5, 0.75, 0.9]).tolist()
