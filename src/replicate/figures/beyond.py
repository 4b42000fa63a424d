"""Figures of the comparison beyond the papers: errors, finds and calibration of every representation."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replicate.figures.names import MODEL_NAMES
from replicate.figures.style import INK, PALE, PALETTE, finished, panel_row, readable_log
from replicate.records import Record

REPRESENTATIONS = {
    "atcnn": "Atom table (ATCNN)",
    "periodic-resnet": "Periodic table (residual network)",
    "cgcnn": "Crystal graph (CGCNN)",
    "forest": "Magpie statistics (random forest)",
    "extra-trees-fractions": "Plain fractions (extra trees)",
}
KIND_NAMES = {
    "random": "random rows",
    "system": "unseen chemical systems",
    "temporal": "later superconductors",
}
_MARKS = ("o", "s", "D", "^", "v")


def models_of(record: Record, kind: str) -> list[str]:
    """Return the models that a record has on a kind of split, in the order of the tables."""
    return [model for model in REPRESENTATIONS if f"{kind}/{model}/mae" in record.metrics]


def kinds_of(record: Record) -> list[str]:
    """Return the kinds of split that a record has."""
    return [kind for kind in KIND_NAMES if models_of(record, kind)]


def _style(model: str) -> tuple[str, str]:
    place = list(REPRESENTATIONS).index(model)
    return PALETTE[place], _MARKS[place]


def _named(record: Record) -> str:
    return ", ".join(REPRESENTATIONS[model] for model in models_of(record, kinds_of(record)[0]))


def _kinds(record: Record) -> str:
    return ", ".join(KIND_NAMES[kind] for kind in kinds_of(record))


def _model_rows(record: Record, xlabel: str, height: float) -> tuple[Figure, dict[str, Axes]]:
    """Return a figure with a panel per kind of split, in which every model has a row, the first one on top."""
    kinds = kinds_of(record)
    figure, axes = plt.subplots(
        1, len(kinds), figsize=(3.3 * len(kinds) + 2, height), sharey=True, squeeze=False
    )
    panels = dict(zip(kinds, axes[0], strict=True))
    for kind, axis in panels.items():
        names = [REPRESENTATIONS[model] for model in models_of(record, kind)]
        axis.set_yticks(range(len(names)), names[::-1])
        axis.set(title=KIND_NAMES[kind], xlabel=xlabel, ylim=(-0.6, len(names) - 0.4))
        axis.grid(axis="x", color=PALE)
    return figure, panels


def representation_errors(record: Record) -> Figure:
    """Draw each ensemble's mean absolute error on the superconductors of the test sets, with 95 % intervals."""
    figure, panels = _model_rows(record, "MAE (K)", 2.9)
    for kind, axis in panels.items():
        for place, model in enumerate(reversed(models_of(record, kind))):
            mean, low, high = record.arrays[f"interval/{kind}/{model}"]
            colour, mark = _style(model)
            axis.errorbar(
                mean, place, xerr=[[mean - low], [high - mean]], fmt=mark, color=colour, ms=7, capsize=3
            )
        axis.set_xlim(0, None)
    return finished(
        figure,
        f"Mean absolute error in kelvin of {_named(record)}, with 95 % intervals, on {_kinds(record)}.",
    )


def finds(record: Record) -> Figure:
    """Draw the average precision with which test compounds above 10 K are ranked first, all and ordered crystals."""
    figure, panels = _model_rows(record, "average precision", 3.1)
    for kind, axis in panels.items():
        for place, model in enumerate(reversed(models_of(record, kind))):
            colour, mark = _style(model)
            for shift, label, hollow in ((0.14, "finding", False), (-0.14, "finding-ordered", True)):
                found = record.metrics.get(f"{kind}-{label}/{model}/average_precision")
                if found is not None:
                    axis.errorbar(
                        found.mean, place + shift, xerr=found.sd or 0, fmt=mark, color=colour, ms=7,
                        capsize=3, mfc="white" if hollow else colour,
                    )  # fmt: skip
        for label, style in (("finding", "-"), ("finding-ordered", ":")):
            base = record.metrics.get(f"{kind}-{label}/base/share")
            if base is not None:
                axis.axvline(base.mean, color=INK, lw=1, ls=style)
        axis.set_xlim(0, 1.02)
    handles = [
        mpl.lines.Line2D([], [], marker="o", ls="", color=INK, label="all compounds"),
        mpl.lines.Line2D([], [], marker="o", ls="", color=INK, mfc="white", label="ordered crystals only"),
        mpl.lines.Line2D([], [], color=INK, lw=1, label="chance, all"),
        mpl.lines.Line2D([], [], color=INK, lw=1, ls=":", label="chance, ordered"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=9)
    return finished(
        figure,
        f"Average precision with which {_named(record)} rank compounds above 10 K first, all compounds and ordered "
        f"crystals only, on {_kinds(record)}.",
    )


def reliability(record: Record) -> Figure:
    """Draw the error of ensembles against the spread of their members, scaled on validation rows."""
    kinds = kinds_of(record)
    figure, axes = panel_row(len(kinds), width=3.5, height=3.9)
    points: list[float] = []
    for axis, kind in zip(axes, kinds, strict=True):
        for model in models_of(record, kind):
            packed = record.arrays.get(f"reliability/{kind}/{model}")
            if packed is None:
                continue
            spread, error, _ = np.array(packed).T
            seen = spread > 0
            colour, mark = _style(model)
            axis.plot(
                spread[seen], error[seen], mark, ls="-", lw=1, ms=5, color=colour, label=MODEL_NAMES[model]
            )
            points += [*spread[seen], *error[seen]]
        axis.set(
            title=KIND_NAMES[kind], xlabel="spread of the members, scaled (K)", xscale="log", yscale="log"
        )
    limits = (max(min(points) * 0.8, 0.1), max(points) * 1.25)
    for axis in axes:
        axis.plot(limits, limits, color=INK, lw=1, ls="--", zorder=0)
        axis.set(xlim=limits, ylim=limits)
        readable_log(axis.xaxis, "{:g}", (1, 3))
        readable_log(axis.yaxis, "{:g}", (1, 3))
    axes[0].set_ylabel("root mean squared error (K)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return finished(
        figure,
        f"Root mean squared error against the scaled spread of the members of {_named(record)}, on {_kinds(record)}.",
    )
