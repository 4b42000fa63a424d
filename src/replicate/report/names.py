"""What figures and pages call things, and how both write a score; no figure is drawn here, so it loads at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from replicate import wording
from replicate.results.records import Record

MODEL_NAMES = {
    "atcnn": "ATCNN",
    "atcnn-mse": "ATCNN, squared loss",
    "atcnn-one-cycle": "ATCNN, one-cycle",
    "atcnn-dropout": "ATCNN, dropout",
    "atcnn-repository": "ATCNN, repository's version",
    "atcnn-i": "ATCNN-I",
    "atcnn-ii": "ATCNN-II",
    "atcnn-strict": "ATCNN-I, strict",
    "extra-trees-fractions": "Extra trees on fractions",
    "extra-trees-fractions-strict": "Extra trees, strict",
    "extra-trees-sites": "Extra trees on sites",
    "nearest": "Nearest neighbour",
    "mean": "Mean of the training rows",
    "elemnet": "ElemNet-like",
    "forest": "Random forest",
    "xgboost": "XGBoost",
    "svr": "SVR",
    "svc": "SVC",
    "cgcnn-eq5": "CGCNN, Eq. 5",
    "cgcnn-eq5-one-cycle": "CGCNN, Eq. 5, one-cycle",
    "cgcnn-eq5-short": "CGCNN, Eq. 5, trained briefly",
    "cgcnn-eq4": "CGCNN, Eq. 4",
    "cgcnn-eq4-batch-norm": "CGCNN, Eq. 4, normalised",
    "site-pooling": "CGCNN, site pooling",
    "full-pooling": "CGCNN, full pooling",
    "authors": "the authors' network",
    "periodic-resnet": "Periodic-table network",
    "periodic-resnet-fractions": "Periodic-table network, fractions",
    "periodic-resnet-log": "Periodic-table network, log Tc",
    "periodic-resnet-edge": "Periodic-table network, periodic edge",
    "shallow": "10-layer network",
    "cgcnn": "CGCNN",
    "combined": "CGCNN, all classes",
    "cuprate": "CGCNN, cuprates",
    "iron-based": "CGCNN, iron-based",
    "low-tc": "CGCNN, low-Tc",
    "parent-mean": "Mean of the parent's compounds",
    "disorder-rule": "Disordered or not",
}

SPLIT_NAMES = {"random": "random rows", "composition": "by composition", "system": "by chemical system"}

METRIC_NAMES = {"mae": "MAE", "rmse": "RMSE", "r2": "R²", "r": "Pearson r", "auc": "AUC", "accuracy": "Accuracy"}


def panels(full: Record | None, this_run: Record) -> dict[str, Record]:
    """Return the records a figure shows: the committed full record first, then this run when it is another."""
    shown: dict[str, Record] = {}
    if full is not None:
        shown[f"full profile, {len(full.seeds)} seeds"] = full
    if full is None or full.key != this_run.key:
        kind = f"{this_run.profile} with {this_run.change}" if this_run.change else this_run.profile
        shown[f"this run: {kind}, {len(this_run.seeds)} seeds"] = this_run
    return shown


def spread(metric: Any, digits: int = 3) -> str:
    """Return ``mean ± sd`` over seeds as text, or a single value with ``digits`` decimals."""
    return wording.spread(metric.mean, metric.sd, digits)


def with_unit(quantity: str, unit: str) -> str:
    """Return the label of an axis: ``error (eV)``; a score without a unit as it is."""
    return f"{quantity} ({unit})" if unit else quantity


def model_names(models: Iterable[str]) -> str:
    """Return the names of models, by their ids, as text."""
    return ", ".join(MODEL_NAMES.get(model, model) for model in models)


CLASS_NAMES = {"cuprate": "cuprates", "iron-based": "iron-based", "low-tc": "low-Tc"}
