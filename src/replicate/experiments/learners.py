"""Baselines on the same rows and splits as the networks; every fit is kept as a stage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np

from replicate.evaluation.splits import Split
from replicate.experiments.base import Run
from replicate.experiments.rows import Rows
from replicate.features.composition import Compositions
from replicate.features.magpie import magpie
from replicate.models.baselines import Task, fit_predict_baseline, get_baseline


class Settings(Protocol):
    """What a baseline is told besides rows and splits; a :class:`SupervisedConfig` says it."""

    @property
    def task(self) -> Task: ...

    @property
    def quick_baselines(self) -> bool: ...


def predict_with_baseline(
    run: Run,
    config: Settings,
    rows: Rows,
    name: str,
    splits: Sequence[Split],
    asked: Compositions | None = None,
) -> np.ndarray:
    """Return (S, n) predictions of a baseline, on the features it is meant for, for the test rows or ``asked``."""
    baseline = get_baseline(name, config.task)
    small = SMALL_BASELINES.get(name, {}) if config.quick_baselines else {}
    settings = {**baseline.defaults(config.task), **small}
    whom = ["test"] if asked is None else [list(asked.formulas)]

    def features(of: Rows | Compositions) -> np.ndarray:
        if isinstance(of, Rows):
            return magpie_of(run, of) if baseline.inputs == "magpie" else of.compositions.fractions
        return np.asarray(magpie(of), dtype=np.float32) if baseline.inputs == "magpie" else of.fractions

    def work(split: Split) -> dict[str, np.ndarray]:
        x = features(rows)
        known = [(x[part], rows.target[part]) for part in (split.train, split.validation)]
        wanted = x[split.test] if asked is None else features(asked)
        found = fit_predict_baseline(
            name, config.task, *known[0], *known[1], wanted, seed=split.seed, settings=settings
        )
        return {"prediction": np.asarray(found.predictions, dtype=np.float32)}

    predictions = []
    for split in splits:
        stage = f"{rows.name}-{name}-{split.kind}-{split.seed}"
        parts = (name, config.task, rows.digest, settings, split.digest, *whom)
        predictions.append(run.stage(stage, parts, partial(work, split))["prediction"])
    return np.stack(predictions)


SMALL_BASELINES: dict[str, dict[str, Any]] = {
    "forest": {"n_estimators": 20},
    "extra-trees-fractions": {"n_estimators": 20},
    "xgboost": {"n_estimators": 60, "learning_rate": 0.2, "max_depth": 4},
    "svr": {"C": 10.0, "gamma": "scale"},
    "svc": {"C": 10.0, "gamma": "scale"},
}


def magpie_of(run: Run, rows: Rows) -> np.ndarray:
    """Return (N, 132) Magpie statistics, computed once per table and kept."""

    def work() -> dict[str, np.ndarray]:
        return {"magpie": np.asarray(magpie(rows.compositions).to_numpy(), dtype=np.float32)}

    return run.stage(f"{rows.name}-magpie", (rows.digest, "magpie"), work)["magpie"]
