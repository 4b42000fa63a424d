"""Plain learners every network is compared with, on the same rows as the network.

All of them fit on training rows only. Validation rows choose settings (a grid), stop the boosting and map
decision values to probabilities; test rows are only predicted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

import numpy as np

from replicate.errors import ConfigError, DataError

Task = Literal["regression", "classification"]
TASKS: tuple[Task, ...] = ("regression", "classification")
Build = Callable[[Task, int, dict[str, Any]], Any]  # task, seed, settings → an estimator


@dataclass(frozen=True)
class Baseline:
    """A learner and its settings.

    Args:
        build: makes the estimator, of scikit-learn's interface.
        settings: defaults; a tuple or list is a grid of which validation rows choose one value.
        inputs: the features it is meant for.
        for_classes: settings that differ in classification.
    """

    build: Build
    settings: Mapping[str, Any] = field(default_factory=dict)
    inputs: Literal["magpie", "fractions"] = "magpie"
    tasks: tuple[Task, ...] = TASKS
    for_classes: Mapping[str, Any] = field(default_factory=dict)

    def defaults(self, task: Task) -> dict[str, Any]:
        """Return the default settings for a task."""
        return {**self.settings, **(self.for_classes if task == "classification" else {})}


# scikit-learn and XGBoost are imported by what fits or builds a learner: tables and start-up only need the names.
def _learner(module: str, name: str, **fixed: Any) -> Build:
    """Return what builds scikit-learn's ``name`` followed by Regressor or Classifier."""

    def build(task: Task, seed: int, settings: dict[str, Any]) -> Any:
        kind = "Regressor" if task == "regression" else "Classifier"
        estimator = getattr(import_module(f"sklearn.{module}"), name + kind)(**fixed, **settings)
        return estimator.set_params(random_state=seed) if hasattr(estimator, "random_state") else estimator

    return build


def _boosting(task: Task, seed: int, settings: dict[str, Any]) -> Any:
    from xgboost import XGBClassifier, XGBRegressor

    kind, metric = (XGBRegressor, "mae") if task == "regression" else (XGBClassifier, "logloss")
    return kind(eval_metric=metric, random_state=seed, n_jobs=1, tree_method="hist", **settings)


def _support_vectors(task: Task, seed: int, settings: dict[str, Any]) -> Any:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC, SVR

    if task == "classification":
        return make_pipeline(StandardScaler(), SVC(**settings))
    # The target is scaled too, so that C and epsilon mean the same in eV and in kelvin.
    model = make_pipeline(StandardScaler(), SVR(**settings))
    return TransformedTargetRegressor(model, transformer=StandardScaler())


_FOREST = {"n_estimators": 300, "max_features": 1 / 3}
# Breiman's choice for classes; a third of the features scores no better and takes three times as long.
_FOREST_OF_CLASSES = {"max_features": "sqrt"}
_BOOSTING = {
    "n_estimators": 2000,
    "learning_rate": 0.05,
    "max_depth": 6,
    "subsample": 0.8,
    "colsample_bytree": 0.5,
    "early_stopping_rounds": 50,
}
_GRID = {"C": (1.0, 10.0, 100.0), "gamma": ("scale", 0.02, 0.05)}
_EXTRA_TREES = _learner("ensemble", "ExtraTrees")
_NEAREST = _learner("neighbors", "KNeighbors", metric="manhattan", algorithm="brute")

BASELINES: Mapping[str, Baseline] = {
    "mean": Baseline(_learner("dummy", "Dummy")),
    "nearest": Baseline(_NEAREST, {"n_neighbors": 1}, inputs="fractions"),
    "forest": Baseline(_learner("ensemble", "RandomForest"), _FOREST, for_classes=_FOREST_OF_CLASSES),
    "extra-trees": Baseline(_EXTRA_TREES, _FOREST, for_classes=_FOREST_OF_CLASSES),
    # One-hot-like columns: with a third of them a split mostly sees elements the compound lacks.
    "extra-trees-fractions": Baseline(_EXTRA_TREES, {"n_estimators": 300}, inputs="fractions"),
    "xgboost": Baseline(_boosting, _BOOSTING),
    "svr": Baseline(_support_vectors, {**_GRID, "epsilon": 0.05}, tasks=("regression",)),
    "svc": Baseline(_support_vectors, _GRID, tasks=("classification",)),
}


def get_baseline(name: str, task: Task) -> Baseline:
    """Return a baseline, or raise ConfigError when it does not exist or cannot do the task."""
    if task not in TASKS:
        raise ConfigError(f"task must be one of {', '.join(TASKS)}, not {task!r}")
    if name not in BASELINES:
        raise ConfigError(f"no baseline {name!r}; there are {', '.join(BASELINES)}")
    if task not in BASELINES[name].tasks:
        raise ConfigError(f"baseline {name!r} does {', '.join(BASELINES[name].tasks)}, not {task}")
    return BASELINES[name]


def fit_predict_baseline(
    name: str,
    task: Task,
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    x_test: np.ndarray,
    seed: int = 0,
    settings: Mapping[str, Any] | None = None,
) -> np.ndarray:
    """Return (n_test,) float64 predictions: values in the target's unit, or probabilities of class 1.

    Args:
        name: a key of :data:`BASELINES`.
        task: ``regression``, or ``classification`` of labels 0 and 1.
        x_train: features (n_train, columns) of the kind named by ``BASELINES[name].inputs``.
        y_train: targets (n_train,).
        x_val, y_val, x_test: features and targets of the validation rows, features of the test rows.
        seed: of the learner.
        settings: replaces defaults by name; a tuple or list is a grid to choose from.

    Raises:
        ConfigError: unknown baseline, task or setting.
        DataError: shapes that do not fit, values that are not finite, labels other than 0 and 1, or, for the
            SVC, validation rows of one class only.
    """
    from sklearn.metrics import mean_absolute_error, zero_one_loss

    baseline = get_baseline(name, task)
    defaults = baseline.defaults(task)
    if unknown := set(settings or {}) - set(defaults):
        raise ConfigError(
            f"baseline {name!r} has no setting {', '.join(sorted(unknown))}; it has {', '.join(defaults) or 'none'}"
        )
    x_train, x_val, x_test = map(_features, ("training", "validation", "test"), (x_train, x_val, x_test))
    y_train = _targets("training", y_train, len(x_train), task)
    y_val = _targets("validation", y_val, len(x_val), task)
    if not x_train.shape[1] == x_val.shape[1] == x_test.shape[1]:
        widths = f"{x_train.shape[1]}, {x_val.shape[1]} and {x_test.shape[1]}"
        raise DataError(f"training, validation and test features have {widths} columns")
    stops_early = "early_stopping_rounds" in defaults
    extra = {"eval_set": [(x_val, y_val)], "verbose": False} if stops_early else {}
    error = mean_absolute_error if task == "regression" else zero_one_loss
    candidates = []
    for point in _grid(name, {**defaults, **(settings or {})}):
        estimator = baseline.build(task, seed, point).fit(x_train, y_train, **extra)
        candidates.append((float(error(y_val, estimator.predict(x_val))), estimator))
    # Among equals the first of the grid, the smoothest model.
    _, best = min(candidates, key=lambda candidate: candidate[0])
    predictions = best.predict(x_test) if task == "regression" else _probability(best, x_val, y_val, x_test)
    return np.asarray(predictions, dtype=np.float64)


def _grid(name: str, settings: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Return all combinations of the settings that are tuples or lists."""
    from sklearn.model_selection import ParameterGrid

    lists = {k: list(v) if isinstance(v, tuple | list) else [v] for k, v in settings.items()}
    if empty := [key for key, values in lists.items() if not values]:
        raise ConfigError(f"baseline {name!r}: setting {empty[0]} is an empty list")
    return ParameterGrid(lists)


def _probability(estimator: Any, x_val: np.ndarray, y_val: np.ndarray, x_test: np.ndarray) -> np.ndarray:
    """Return (n_test,) probabilities of class 1, for an SVC by Platt's sigmoid on validation rows."""
    if hasattr(estimator, "predict_proba"):
        probabilities = estimator.predict_proba(x_test)
        seen = list(estimator.classes_)
        return probabilities[:, seen.index(1)] if 1 in seen else np.zeros(len(x_test))
    if len(np.unique(y_val)) < 2:
        raise DataError("the validation rows hold one class only, so decision values have no probabilities")
    from sklearn.linear_model import LogisticRegression

    sigmoid = LogisticRegression().fit(estimator.decision_function(x_val)[:, None], y_val)
    return sigmoid.predict_proba(estimator.decision_function(x_test)[:, None])[:, 1]


def _features(part: str, x: np.ndarray) -> np.ndarray:
    features = np.asarray(x, dtype=np.float64)
    if features.ndim != 2 or not features.size:
        raise DataError(f"{part} features must have shape (rows, columns), not {features.shape}")
    for row, column in np.argwhere(~np.isfinite(features)):
        raise DataError(f"{part} features, column {column + 1}, are not finite", row=int(row) + 1)
    return features


def _targets(part: str, y: np.ndarray, n: int, task: Task) -> np.ndarray:
    targets = np.asarray(y, dtype=np.float64)
    if targets.shape != (n,):
        raise DataError(f"{part} targets must have shape ({n},), not {targets.shape}")
    classes = task == "classification"
    for row in np.flatnonzero(~(np.isin(targets, (0, 1)) if classes else np.isfinite(targets))):
        wanted = "0 or 1" if classes else "finite"
        raise DataError(f"a {part} target is not {wanted}", row=int(row) + 1, value=float(targets[row]))
    return targets.astype(np.int64) if classes else targets
