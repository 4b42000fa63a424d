"""Matbench's official folds: ATCNN and simple baselines beside a public table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold

from replicate.evaluation.splits import Split
from replicate.experiments.beyond.specs import MatbenchConfig, Task
from replicate.experiments.core import Run
from replicate.experiments.samples import Rows, make_rows
from replicate.experiments.scoring import class_scores, score_errors
from replicate.experiments.train import baseline, train
from replicate.features.composition import parse
from replicate.settings import content_key

FOLDS = 5
_SEED = 18012019  # of Matbench's folds: matbench.constants.RANDOM_SEED of matbench 0.6
_VALIDATION = 0.1  # share of a fold's training rows that chooses the epoch
CLASSES = ("non-metal", "metal")


def run_matbench(run: Run) -> None:
    """Score every model on every fold of every task."""
    config: MatbenchConfig = run.config
    for task in config.tasks:
        rows = _load(run, task, config.most)
        splits = [split for split in folds(rows, task) if split.seed in run.seeds]
        run.note_splits(task.name, splits)
        counts = [{"test_rows": len(split.test), "train_rows": len(split.train)} for split in splits]
        run.add(f"{task.name}/split", counts, {}, round(len(rows) / FOLDS))
        for name, predicted in _predictions(run, rows, task, splits):
            _score(run, f"{task.name}/{name}", task, [rows.target[split.test] for split in splits], predicted)


def _load(run: Run, task: Task, most: int | None) -> Rows:
    """Return a task's rows in the order of the file, which is that of the folds."""
    dataset = run.dataset(task.dataset)
    table = dataset.table.head(most) if most else dataset.table
    compositions = parse(table["formula"].tolist(), file=task.dataset)
    digest = content_key(dataset.digest, task.column, most)
    return make_rows(task.dataset, digest, compositions, table[task.column].to_numpy(np.float32))


def folds(rows: Rows, task: Task) -> list[Split]:
    """Return the five folds of a task; their number is the seed.

    They are those of the validation file of matbench 0.6, which scikit-learn draws with a fixed seed, with classes in
    equal shares where the task has classes.
    """
    if task.kind == "classification":
        drawn = StratifiedKFold(FOLDS, shuffle=True, random_state=_SEED).split(rows.target, rows.target)
    else:
        drawn = KFold(FOLDS, shuffle=True, random_state=_SEED).split(rows.target)
    splits = []
    for fold, (known, test) in enumerate(drawn):
        shuffled = np.random.default_rng([fold, _SEED]).permutation(known)
        held = round(_VALIDATION * len(known))
        splits.append(Split("official", fold, np.sort(shuffled[held:]), np.sort(shuffled[:held]), test))
    return splits


def _predictions(run: Run, rows: Rows, task: Task, splits: list[Split]) -> Iterator[tuple[str, list[np.ndarray]]]:
    """Yield every model's name and its test predictions, one array per fold; folds differ in size by a row."""
    alone = [(replace(run, seeds=[split.seed]), split) for split in splits]
    for network in task.networks:
        fits = [train(one, rows, network, [split], f"{task.name}-{split.seed}") for one, split in alone]
        yield network.name, [fit.predict_tests([s])[0] for fit, s in zip(fits, splits, strict=True)]
    small = run.config.small
    for name in task.baselines:
        yield name, [baseline(one, rows, name, [split], task.kind, small=small)[0] for one, split in alone]


def _score(run: Run, name: str, task: Task, target: list[np.ndarray], predicted: list[np.ndarray]) -> None:
    if task.kind == "regression":
        score_errors(run, name, target, predicted, task.unit)
        return
    scores = [class_scores(t, p, CLASSES) for t, p in zip(target, predicted, strict=True)]
    for each in scores:
        # What Matbench ranks by, under the name of an area under the ROC curve: it is the AUC of hard labels.
        each["balanced_accuracy"] = (each[f"{CLASSES[0]}_recall"] + each[f"{CLASSES[1]}_recall"]) / 2
    run.add(name, scores, {}, round(float(np.mean([len(t) for t in target]))))
