"""The book's figures, all drawn from records, in one colour-blind safe style.

Every function takes records (never arrays of rows), returns a matplotlib Figure, puts units on the axes and
draws the published value in where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from replicate.records import Record

# Okabe and Ito's palette, readable with every common colour vision.
INK, BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW = (
    "#1b1f24", "#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442",
)  # fmt: skip
PALETTE = (BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW, INK)
VERDICT_COLOURS = {"reproduced": GREEN, "close": ORANGE, "not reproduced": RED, "not run": "#9aa0a6"}
MODEL_NAMES = {
    "atcnn": "ATCNN",
    "atcnn-mse": "ATCNN, squared loss",
    "atcnn-one-cycle": "ATCNN, one-cycle",
    "atcnn-dropout": "ATCNN, dropout",
    "elemnet": "ElemNet-like",
    "forest": "Random forest",
    "xgboost": "XGBoost",
    "svr": "SVR",
    "svc": "SVC",
}
SPLIT_NAMES = {
    "random": "random rows",
    "composition": "by composition",
    "system": "by chemical system",
}
METRIC_NAMES = {
    "mae": "MAE",
    "rmse": "RMSE",
    "r2": "R²",
    "r": "Pearson r",
    "auc": "AUC",
    "accuracy": "Accuracy",
}


def use_house_style() -> None:
    """Set the book's matplotlib style for this session."""
    sns.set_theme(context="notebook", style="ticks", palette=list(PALETTE))
    mpl.rcParams.update(
        {
            "figure.dpi": 110,
            "savefig.dpi": 160,
            "savefig.bbox": "tight",
            "figure.constrained_layout.use": True,
            "font.size": 10.5,
            "axes.titlesize": 11,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.labelsize": 10.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": "#4a5058",
            "axes.labelcolor": INK,
            "text.color": INK,
            "xtick.color": "#4a5058",
            "ytick.color": "#4a5058",
            "legend.frameon": False,
            "axes.formatter.useoffset": False,
        }
    )


def panels(full: Record | None, this_run: Record) -> dict[str, Record]:
    """Return the records a figure shows: the committed full record first, then this run when it is another."""
    shown: dict[str, Record] = {}
    if full is not None:
        shown[f"full profile, {len(full.seeds)} seeds"] = full
    if full is None or full.key != this_run.key:
        shown[f"this run: {this_run.profile}, {len(this_run.seeds)} seeds"] = this_run
    return shown


def _finished(figure: Figure) -> Figure:
    """Take a figure out of pyplot's hands, so that a notebook shows it once: as the value of its cell."""
    plt.close(figure)
    return figure


def _row(n: int, width: float = 4.4, height: float = 4.1) -> tuple[Figure, Sequence[Axes]]:
    figure, axes = plt.subplots(1, n, figsize=(width * n, height), squeeze=False)
    return figure, axes[0]


def parity(shown: Mapping[str, Record], key: str, quantity: str, unit: str, published: str = "") -> Figure:
    """Draw predicted against measured values as a 2-D histogram per record (Fig. 3a, b).

    Args:
        shown: label → record, from :func:`panels`.
        key: ``<split>/<model>``.
        quantity, unit: for the axes.
        published: line of text with the published scores.
    """
    figure, axes = _row(len(shown))
    mesh = None
    for axis, (label, record) in zip(axes, shown.items(), strict=True):
        packed = record.arrays[f"parity/{key}"]
        bins = packed["bins"][0]
        low, high = packed["limits"]
        edges = np.linspace(low, high, bins + 1)
        counts = np.zeros((bins, bins))
        for column, row, n in packed["cells"]:
            counts[column, row] = n
        shown_counts = np.ma.masked_equal(counts.T, 0)
        mesh = axis.pcolormesh(
            edges, edges, shown_counts, norm=LogNorm(1, max(counts.max(), 2)), cmap="viridis"
        )
        axis.axline((edges[0], edges[0]), slope=1, color=RED, lw=1, zorder=0)
        axis.set(aspect="equal", xlabel=f"measured {quantity} ({unit})", title=label)
        ours = record.metrics
        lines = [
            f"MAE {spread(ours[f'{key}/mae'])} {unit}",
            f"R² {spread(ours[f'{key}/r2'])}",
            f"r {spread(ours[f'{key}/r'])}",
        ]
        axis.text(0.04, 0.96, "\n".join(lines), transform=axis.transAxes, va="top", fontsize=9)
        if published:
            axis.text(0.97, 0.04, published, transform=axis.transAxes, ha="right", fontsize=9, color=RED)
        bar = figure.colorbar(mesh, ax=axis, label="test rows, all seeds", shrink=0.8, format="%d")
        bar.ax.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
    axes[0].set_ylabel(f"predicted {quantity} ({unit})")
    return _finished(figure)


def spread(metric: Any, digits: int = 3) -> str:
    """Return ``mean ± sd`` as text, or the mean alone for a single value."""
    sd = metric.sd
    return f"{metric.mean:.{digits}f}" + (f" ± {sd:.{digits}f}" if sd is not None else "")


def scores_by_split(
    record: Record, metric: str, unit: str, published: Mapping[str, float] | None = None
) -> Figure:
    """Draw one score of every model on every kind of split, mean and standard deviation over seeds.

    Args:
        record: full or local.
        metric: ``mae``, ``auc``, …
        unit: of the metric.
        published: label → value, drawn as dashed lines.
    """
    found = [key.split("/") for key in record.metrics if key.endswith(f"/{metric}")]
    kinds = [k for k in SPLIT_NAMES if any(f[0] == k for f in found)]
    models = list(dict.fromkeys(m for k, m, _ in found if k in kinds))
    figure, axis = plt.subplots(figsize=(7.6, 0.42 * len(models) * len(kinds) / 2 + 1.6))
    offsets = np.linspace(0.27, -0.27, len(kinds))
    for colour, kind, offset in zip(PALETTE, kinds, offsets, strict=False):
        for place, model in enumerate(models):
            value = record.metrics.get(f"{kind}/{model}/{metric}")
            if value is None:
                continue
            axis.errorbar(
                value.mean, len(models) - 1 - place + offset, xerr=value.sd or 0,
                fmt="o", ms=6, capsize=3, color=colour, label=SPLIT_NAMES[kind] if place == 0 else None,
            )  # fmt: skip
    for style, (label, printed) in zip(("--", ":", "-."), (published or {}).items(), strict=False):
        axis.axvline(printed, color=INK, ls=style, lw=1, label=label)
    axis.set_yticks(range(len(models)), [MODEL_NAMES.get(m, m) for m in reversed(models)])
    axis.set_xlabel(METRIC_NAMES.get(metric, metric) + (f" ({unit})" if unit else ""))
    axis.set_title(f"{record.profile} profile, mean ± sd of {len(record.seeds)} seeds")
    axis.grid(axis="x", color="#e3e6ea")
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return _finished(figure)


def learning_curves(record: Record, keys: Sequence[str], unit: str) -> Figure:
    """Draw validation score against epoch for some ``<split>/<model>``, band: one sd over seeds."""
    figure, axis = plt.subplots(figsize=(7, 3.6))
    for colour, key in zip(PALETTE, keys, strict=False):
        curve = record.arrays[f"history/{key}"]
        epoch, mean, sd = (np.array(curve[name]) for name in ("epoch", "validation", "validation_sd"))
        kind, model = key.split("/")
        axis.plot(
            epoch, mean, color=colour, label=f"{MODEL_NAMES.get(model, model)}, {SPLIT_NAMES.get(kind, kind)}"
        )
        axis.fill_between(epoch, np.maximum(mean - sd, 1e-9), mean + sd, color=colour, alpha=0.18, lw=0)
    axis.set(
        xlabel="epoch", ylabel=f"validation error{f' ({unit})' if unit else ''}", xscale="log", yscale="log"
    )
    axis.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:g}"))
    axis.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
    axis.set_title(f"{record.profile} profile, {len(record.seeds)} seeds")
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return _finished(figure)


def roc(shown: Mapping[str, Record], kind: str, models: Sequence[str], published: str = "") -> Figure:
    """Draw ROC curves, one panel per record; band: one sd over seeds (Fig. 3c)."""
    figure, axes = _row(len(shown))
    for axis, (label, record) in zip(axes, shown.items(), strict=True):
        for colour, model in zip(PALETTE, models, strict=False):
            curves = record.arrays.get(f"roc/{kind}/{model}")
            if curves is None:
                continue
            rates = np.array(curves)
            grid = np.linspace(0, 1, rates.shape[1])
            area = record.metrics[f"{kind}/{model}/auc"]
            axis.plot(
                grid, rates.mean(0), color=colour, label=f"{MODEL_NAMES.get(model, model)}: {spread(area)}"
            )
            if len(rates) > 1:
                sd = rates.std(0, ddof=1)
                axis.fill_between(
                    grid, rates.mean(0) - sd, rates.mean(0) + sd, color=colour, alpha=0.15, lw=0
                )
        axis.plot([0, 1], [0, 1], color="#9aa0a6", lw=1, ls="--")
        axis.set(
            xlabel="false positive rate", title=label, aspect="equal", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02)
        )
        axis.legend(
            title=f"AUC{f' (published {published})' if published else ''}", loc="lower right", fontsize=8.5
        )
    axes[0].set_ylabel("true positive rate")
    return _finished(figure)


def confusion(shown: Mapping[str, Record], key: str, classes: tuple[str, str]) -> Figure:
    """Draw the confusion matrix, shares of each true class averaged over seeds (Fig. 3d)."""
    figure, axes = _row(len(shown), width=3.9, height=3.4)
    for axis, (label, record) in zip(axes, shown.items(), strict=True):
        counts = np.array(record.arrays[f"confusion/{key}"], dtype=float)  # (S, 2, 2)
        share = 100 * counts / counts.sum(axis=2, keepdims=True)
        ddof = 1 if len(share) > 1 else 0
        text = [
            [f"{share.mean(0)[i, j]:.1f} %\n± {share.std(0, ddof=ddof)[i, j]:.1f}" for j in (0, 1)]
            for i in (0, 1)
        ]
        sns.heatmap(
            share.mean(0), annot=text, fmt="", cmap="Blues", vmin=0, vmax=100, cbar=False, ax=axis,
            xticklabels=classes, yticklabels=classes, square=True,
        )  # fmt: skip
        axis.set(xlabel="predicted", title=label)
    axes[0].set_ylabel("true")
    return _finished(figure)


def element_heatmap(record: Record, name: str) -> Figure:
    """Draw the element features of one network, elements ordered by group (Fig. 4a)."""
    features = np.array(record.arrays[f"features/{name}"])
    elements = record.arrays["elements"]
    order = sorted(range(len(elements)), key=lambda i: (elements[i]["group"], i))
    figure, axis = plt.subplots(figsize=(9, 7.2))
    labels = [f"{elements[i]['symbol']}" for i in order]
    sns.heatmap(
        features[order], cmap="mako_r", ax=axis, yticklabels=labels, xticklabels=10,
        cbar_kws={"label": "activation", "shrink": 0.6},
    )  # fmt: skip
    groups = [elements[i]["group"] for i in order]
    for place in range(1, len(groups)):
        if groups[place] != groups[place - 1]:
            axis.axhline(place, color="white", lw=2)
    for group in dict.fromkeys(groups):
        middle = float(np.mean([p for p, g in enumerate(groups) if g == group])) + 0.5
        axis.text(
            -4.2, middle, f"{group}", ha="right", va="center", fontsize=10, color=BLUE, fontweight="bold"
        )
    axis.tick_params(axis="y", labelsize=7.5, rotation=0)
    axis.set(xlabel="feature of the first fully connected layer")
    return _finished(figure)


def element_pca(shown: Mapping[str, tuple[Record, str]]) -> Figure:
    """Draw the first two principal components of the element features, coloured by group (Fig. 4b)."""
    figure, axes = _row(len(shown), width=5.4, height=4.8)
    colours = dict(zip((1, 2, 13, 14, 15, 16, 17, 18), PALETTE, strict=True))
    for axis, (label, (record, name)) in zip(axes, shown.items(), strict=True):
        packed = record.arrays[f"pca/{name}"]
        points, ratio = np.array(packed["points"]), packed["explained"]
        for element, (x, y) in zip(record.arrays["elements"], points, strict=True):
            seen = element["rows"] > 0
            axis.scatter(
                x,
                y,
                s=14,
                color=colours[element["group"]] if seen else "none",
                edgecolor=colours[element["group"]],
            )
            axis.annotate(
                element["symbol"], (x, y), xytext=(3, 3), textcoords="offset points", fontsize=8, color=INK
            )
        axis.set(
            xlabel=f"PC 1 ({100 * ratio[0]:.0f} %)", ylabel=f"PC 2 ({100 * ratio[1]:.0f} %)", title=label
        )
    handles = [
        mpl.lines.Line2D([], [], marker="o", ls="", color=c, label=f"group {g}") for g, c in colours.items()
    ]
    handles.append(
        mpl.lines.Line2D([], [], marker="o", ls="", mfc="none", color=INK, label="not in the data")
    )
    axes[-1].legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8.5)
    return _finished(figure)


def verdict_strip(rows: Sequence[Any]) -> Figure:
    """Draw the scoreboard as a picture: ours over published for every number with a full record.

    Args:
        rows: comparison rows; those not run are counted in the title only.
    """
    done = [r for r in rows if r.full_mean is not None and r.published]
    figure, axis = plt.subplots(figsize=(8.4, 0.24 * len(done) + 1.2))
    for place, row in enumerate(reversed(done)):
        ratio, sd = row.full_mean / row.published, (row.full_sd or 0) / abs(row.published)
        axis.errorbar(ratio, place, xerr=2 * sd, fmt="o", ms=5, capsize=2, color=VERDICT_COLOURS[row.verdict])
    axis.axvline(1, color=INK, lw=1)
    axis.axvspan(0.9, 1.1, color="#9aa0a6", alpha=0.15, lw=0)
    axis.set_yticks(
        range(len(done)), [f"{r.experiment.split('-', 1)[1]}: {r.quantity}"[:58] for r in reversed(done)]
    )
    axis.tick_params(axis="y", labelsize=8)
    axis.set_xlabel("ours ÷ published (mean and ± 2 sd over seeds; band: within 10 %)")
    axis.grid(axis="x", color="#e3e6ea")
    shown = [v for v in VERDICT_COLOURS if any(r.verdict == v for r in done)]
    handles = [mpl.lines.Line2D([], [], marker="o", ls="", color=VERDICT_COLOURS[v], label=v) for v in shown]
    axis.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8.5)
    return _finished(figure)
