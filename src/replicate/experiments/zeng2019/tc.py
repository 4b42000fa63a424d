"""ATCNN-I: Table 1 and Fig. 2 of Zeng et al. 2019, other cleanings of SuperCon, and leakage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import r2_score

from replicate import data
from replicate.data.supercon import LARGEST_RATIO, RULES, average_duplicates, clean_as_paper, drop_conflicts
from replicate.evaluation.distances import composition_distance, distances_to_training, error_by_distance
from replicate.evaluation.splits import Split
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows, draw, make_rows, targets, tests, where
from replicate.experiments.scoring import Tests, score_errors
from replicate.experiments.supervised import Outcome, check_supervised, run_supervised, train_all
from replicate.experiments.zeng2019.specs import TcConfig
from replicate.experiments.zeng2019.superconductors import GROUPS, groups_of, load_superconductors, score_groups
from replicate.features.composition import parse, reduced_keys
from replicate.settings import content_key

NEAR = 0.01
LOG_ABOVE = 10.0
CONTESTED = "extra-trees-fractions"
TC_BINS = np.arange(0, 146, 5.0)


def run_tc(run: Run) -> None:
    """Score every model on every split, by group and by distance to training; clean and score other lists."""
    config: TcConfig = run.config
    rows = load_superconductors(run, config)
    done = run_supervised(run, rows)
    run.file("data/superconductors/rows", len(run.dataset(config.dataset).table))
    splits = done.splits["random"]
    _describe_test_sets(run, rows, splits)
    measured = targets(rows, splits)
    hot = measured > LOG_ABOVE
    for (kind, model), predicted in done.predictions.items():
        if kind == "random":
            score_groups(run, rows, splits, model, predicted)
            # R² of ln Tc above 10 K is what Stanev et al. 2018 report for their forest.
            pairs = zip(where(measured, hot), where(predicted, hot), strict=True)
            scores = [r2_score(np.log(t), np.log(np.maximum(p, 1e-3))) for t, p in pairs]
            run.file(f"random-log-above-10-K/{model}/r2", scores, n=hot[-1].sum())
    _leakage(run, done)
    for name in (config.dataset, *config.lists):
        count_contradictions(run, name, run.dataset(name).table)
    _clean(run, config.dataset, rows)
    for name in config.lists:
        _score_list(run, config, name, _clean(run, name, rows), done)


def check_tc(run: Run) -> tuple[Rows, Tests]:
    """Note the splits of :func:`run_tc`, of which no ensemble is released."""
    return check_supervised(run, load_superconductors(run, run.config))


def _describe_test_sets(run: Run, rows: Rows, splits: Sequence[Split]) -> None:
    """File sizes of the test sets and of their groups, and the distribution of Tc in them (Fig. 2a, b)."""
    measured, labels = targets(rows, splits), groups_of(rows.compositions)[tests(splits)]
    n = measured.shape[1]
    run.file("random/split/rows", [n] * len(splits), n=n)
    for group in GROUPS:
        tc = where(measured, labels == group)
        run.file(f"{group}/split/rows", [len(each) for each in tc], n=n)
        counts = [np.histogram(each, bins=TC_BINS)[0] for each in tc]
        run.arrays[f"tc_histogram/{group}"] = np.mean(counts, axis=0).tolist()
    run.arrays["tc_histogram/edges"] = TC_BINS.tolist()


def _leakage(run: Run, done: Outcome) -> None:
    """File how near the test rows are to training rows, and the error as a function of that distance.

    Near and far rows differ in kind: cuprates come in long doping series and have large errors, far rows are
    mostly low-Tc compounds. So cuprates and the rest are filed apart too, with the error of the training mean.
    """
    labels = groups_of(done.rows.compositions)
    for kind, splits in done.splits.items():
        distance = distances_to_training(done.rows.fractions(), splits)
        near = (distance < NEAR).mean(axis=1)
        run.file(f"{kind}/split/neighbour_within_1_percent", near, n=distance.shape[1])
        measured = targets(done.rows, splits)
        errors = {m: np.abs(p - measured) for (k, m), p in done.predictions.items() if k == kind}
        known = np.array([done.rows.target[s.train].mean() for s in splits])
        errors["mean"] = np.abs(measured - known[:, None])
        run.arrays[f"distance/{kind}"] = error_by_distance(distance, errors)
        for group in ("group-I", "group-IV"):
            chosen = labels[tests(splits)] == group
            inside = {m: np.where(chosen, e, np.nan) for m, e in errors.items()}
            apart = np.where(chosen, distance, np.nan)
            run.arrays[f"distance/{kind}/{group}"] = error_by_distance(apart, inside)


def count_contradictions(run: Run, name: str, table: pd.DataFrame) -> None:
    """File how many compositions of a list have several Tc (K), how many of these contradict each other, and H2S, D2S.

    No model of the composition alone has a smaller mean absolute error on such entries than their medians have.
    """
    compositions = parse(table["formula"].tolist(), file=name, on_error="collect")
    tc = pd.Series(table["critical_temperature"].to_numpy(float)[compositions.rows])
    keys = pd.Series(reduced_keys(compositions))[tc > 0]
    tc = tc[tc > 0]
    each = tc.groupby(keys).agg(["min", "max", "count"])
    several = each["count"] > 1
    far = (tc - tc.groupby(keys).transform("median")).abs()[keys.map(several)]
    counts = {
        "compositions": len(each),
        "repeated": several.sum(),
        "contradictory": (each["max"] > LARGEST_RATIO * each["min"]).sum(),
    }
    hydride = tc[keys == reduced_keys(parse(["H2S"]))[0]]
    if len(hydride) and data.entry(name).quotable:
        run.arrays[f"listed/{name}/h2s"] = sorted(hydride.tolist())
        counts["h2s_entries"] = len(hydride)
        run.file(f"listed/{name}/h2s_lowest", hydride.min(), "K", len(hydride))
        run.file(f"listed/{name}/h2s_highest", hydride.max(), "K", len(hydride))
    run.file_all(f"listed/{name}", counts, n=len(tc))
    if len(far):
        run.file(f"listed/{name}/least_mae", far.mean(), "K", len(far))


def _clean(run: Run, name: str, authors: Rows) -> Rows:
    """Apply the paper's cleaning to a list; file its steps and how it agrees with the authors' rows."""
    dataset = run.dataset(name)
    cleaned = clean_as_paper(dataset)
    run.arrays[f"cleaning/{name}"] = cleaned.cleaning.to_frame().astype(str).to_numpy().tolist()
    compositions = parse(cleaned.table["formula"].tolist(), file=name)
    digest = content_key(dataset.digest, "cleaned", [rule.__name__ for rule in RULES], cleaned.digest)
    tc = cleaned.table["critical_temperature"].to_numpy()
    rows = make_rows(f"{name}-cleaned", digest, compositions, tc)
    run.file(f"cleaned/{name}/rows", len(rows))

    # The authors' rows hold some compositions twice, so they go through the same two rules first.
    columns = {"formula": authors.compositions.formulas, "critical_temperature": authors.target.astype(float)}
    single = average_duplicates(drop_conflicts(pd.DataFrame(columns))[0])[0]
    theirs = single.set_index(reduced_keys(parse(single["formula"].tolist())))["critical_temperature"]
    ours = pd.Series(rows.target.astype(float), index=rows.groups("composition"))
    both = pd.concat([theirs, ours], axis=1, join="inner", keys=["authors", "cleaned"])
    off = (both["authors"] - both["cleaned"]).abs()
    shared = {"shared": len(both), "same_tc": (off <= 0.01 * both["authors"]).mean()}
    run.file_all(f"cleaned/{name}", shared, n=len(both))
    run.file(f"cleaned/{name}/mean_difference", off.mean(), "K", len(both))
    return rows


def _score_list(run: Run, config: TcConfig, name: str, rows: Rows, done: Outcome) -> None:
    """Score models trained on a cleaned list, and the authors'-rows network on what the list adds."""
    splits = draw(run, rows, config)
    _, predictions = train_all(
        run, rows, config.list_networks, (CONTESTED,), splits, config.task, name, small=config.quick_baselines
    )
    for model, predicted in predictions.items():
        score_errors(run, f"{name}/{model}", targets(rows, splits), predicted, "K")
    new = composition_distance(rows.fractions(), done.rows.fractions()) >= NEAR
    if new.any():
        model = config.networks[0].name
        predicted = done.networks["random", model].predict(of=rows.compositions.take(new))
        score_errors(run, f"{name}-new/{model}", [rows.target[new]] * len(predicted), predicted, "K")
