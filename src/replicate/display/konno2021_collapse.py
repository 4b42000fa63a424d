"""Which trainings of the reading-periodic-table chapter collapsed, by a rule on validation rows, and what that changes.

Shape legend: S trainings.
"""

from __future__ import annotations

from collections.abc import Iterator

from IPython.display import HTML

from replicate.display.html import table
from replicate.experiments.konno2021.names import DEEP, FRACTIONS
from replicate.figures.names import MODEL_NAMES, spread
from replicate.records import Metric, Record

_HELD = "-held"
_TWO_MEANS = "two-means"
_TEMPORAL = {DEEP: "regression", FRACTIONS: "regression-fractions"}
_COUNTED = ("precision", "recall", "f1", "auc", "found", "r2", "above_0K", "above_4K", "above_10K")


def collapsed(record: Record, group: str, model: str) -> tuple[bool, ...]:
    """Return (S,) whether a training explains no more of its validation rows than two mean targets do.

    Args:
        record: of an experiment of this chapter.
        group: of the validation scores, such as ``temporal-held``.
        model: network in that group.
    """
    scores, bar = (record.metrics[f"{group}/{name}/r2"] for name in (model, _TWO_MEANS))
    # A variant may have fewer trainings than the first network.
    return tuple(ours <= least for ours, least in zip(scores.values, bar.values, strict=False))


def _groups(record: Record) -> Iterator[tuple[str, str]]:
    """Yield (group, network) of every validation score that has its two means beside it."""
    for key in record.metrics:
        group, model, *score = key.split("/")
        barred = f"{group}/{_TWO_MEANS}/r2" in record.metrics and model != _TWO_MEANS
        if score == ["r2"] and group.endswith(_HELD) and barred:
            yield group, model


def _judged(group: str, model: str) -> tuple[str, ...]:
    """Return the prefixes under which a record files what these trainings say of the test rows."""
    label = group.removesuffix(_HELD)
    if label == "temporal":
        return tuple(f"above-{t}K/{_TEMPORAL.get(model, model)}" for t in (0, 10))
    if label.startswith("temporal-above-"):
        return (f"{label.removeprefix('temporal-')}/classification",)
    return ("cod/garbage-in",) if label == "supercon" else (f"{label}/{model}",)


def without(metric: Metric, out: tuple[bool, ...]) -> Metric | None:
    """Return a metric over the trainings that are not out; None where no training is left."""
    kept = tuple(value for value, gone in zip(metric.values, out, strict=True) if not gone)
    return Metric(metric.unit, kept, metric.n) if kept else None


def collapsed_trainings(record: Record) -> HTML:
    """Return how near each network's worst training came to a collapse, and scores with and without the collapsed."""
    made, changed = [], []
    for group, model in _groups(record):
        out = collapsed(record, group, model)
        scores, bar = (record.metrics[f"{group}/{name}/r2"].values for name in (model, _TWO_MEANS))
        worst = min(range(len(scores)), key=lambda i: scores[i] - bar[i])
        name = MODEL_NAMES.get(model, "Periodic-table network")
        label = group.removesuffix(_HELD)
        made.append(
            [
                label,
                name,
                f"{scores[worst]:.2f}",
                f"{round(bar[worst], 2) + 0:.2f}",
                f"{sum(out)} of {len(out)}",
            ]
        )
        for start in _judged(group, model) if any(out) else ():
            for score in _COUNTED:
                metric = record.metrics.get(f"{start}/{score}")
                if metric is not None:
                    kept = without(metric, out)
                    changed.append([start, score, spread(metric), "–" if kept is None else spread(kept)])
    header = ("rows", "network", "validation R²,<br>worst training", "two means,<br>same rows", "collapsed")
    note = (
        "Collapsed: explains no more of the validation rows than two numbers, the mean of the cuprates taught and that "
        "of the others."
    )
    shown = f'{table(header, made, numeric=(2, 3, 4)).data}<p class="rule">{note}</p>'
    if changed:
        shown += table(
            ("model", "score", "all trainings", "without the collapsed"), changed, numeric=(2, 3)
        ).data
    return HTML(shown)
