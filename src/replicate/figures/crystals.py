"""Figures of the crystal graph chapter: learning curves, hyperparameters, site energies on the periodic table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replicate.figures.style import INK, MODEL_NAMES, PALETTE, SKY, finished, panel_row
from replicate.records import Record


def training_sizes(
    shown: Mapping[str, Record],
    prefix: str,
    models: Sequence[str],
    unit: str,
    *,
    last: str = "",
    published: Mapping[str, float] | None = None,
    band: tuple[float, float, str] | None = None,
) -> Figure:
    """Draw test error against the number of training crystals, one panel per record (Fig. 2b, Fig. S5).

    Args:
        shown: label → record, from ``panels``.
        prefix: of the metrics ``<prefix>/<size>/<model>/mae``.
        models: to draw.
        unit: of the error.
        last: prefix of the metrics at the whole training set, whose size is ``<last>/split/train_rows``.
        published: label → value, drawn as dashed lines.
        band: lowest and highest value of a shaded band, and its label.
    """
    figure, axes = panel_row(len(shown), width=5.2, height=4.0)
    for axis, (label, record) in zip(axes, shown.items(), strict=True):
        for colour, model in zip(PALETTE, models, strict=False):
            points = _curve(record, prefix, model, last)
            if not points:
                continue
            size, mean, sd = (np.array(column) for column in zip(*sorted(points), strict=True))
            axis.errorbar(
                size, mean, yerr=sd, marker="o", ms=4, capsize=3, color=colour,
                label=MODEL_NAMES.get(model, model),
            )  # fmt: skip
        for style, (name, value) in zip(("--", ":", "-."), (published or {}).items(), strict=False):
            axis.axhline(value, color=INK, ls=style, lw=1, label=name)
        if band is not None:
            axis.axhspan(band[0], band[1], color=SKY, alpha=0.25, lw=0, label=band[2])
        axis.set(xscale="log", yscale="log", xlabel="training crystals", title=label)
        for side in (axis.xaxis, axis.yaxis):
            side.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:,g}"))
            side.set_minor_formatter(mpl.ticker.NullFormatter())
        axis.grid(color="#e3e6ea", lw=0.6)
    axes[0].set_ylabel(f"test MAE ({unit})")
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=9)
    return finished(figure)


def _curve(record: Record, prefix: str, model: str, last: str) -> list[tuple[float, float, float]]:
    """Return (size, mean, sd) of every point of a curve."""
    points = []
    for key, metric in record.metrics.items():
        parts = key.split("/")
        if parts[0] == prefix and parts[2:] == [model, "mae"]:
            points.append((float(parts[1]), metric.mean, metric.sd or 0.0))
    if last and (whole := record.metrics.get(f"{last}/{model}/mae")) is not None:
        points.append((record.metrics[f"{last}/split/train_rows"].mean, whole.mean, whole.sd or 0.0))
    return points


def database(record: Record) -> Figure:
    """Draw elements per crystal and atoms per primitive cell of the crystals on the paper's list (Figs. 2a, S2)."""
    figure, axes = panel_row(2, width=4.6, height=3.2)
    elements = record.arrays["data/elements"]
    axes[0].bar(range(1, len(elements) + 1), elements, color=PALETTE[0])
    axes[0].set(xlabel="elements in the crystal", ylabel="crystals")
    atoms = record.arrays["data/atoms"]
    axes[1].bar(5 * np.arange(len(atoms)) + 2.5, atoms, width=5, color=PALETTE[0], edgecolor="white")
    axes[1].set(xlabel="atoms in the cell")
    return finished(figure)


def hyperparameters(record: Record, networks: Sequence[str], unit: str) -> Figure:
    """Draw validation error against atom features, convolutions and step size, mean ± sd over seeds (Fig. S3)."""
    panels = {
        "features-": "properties per atom",
        "convolutions-": "convolutions",
        "step-": "ln(step size)",
    }
    figure, axes = plt.subplots(1, 3, figsize=(9.6, 3.6), sharey=True)
    for axis, (prefix, label) in zip(axes, panels.items(), strict=True):
        for colour, network in zip(PALETTE, networks, strict=False):
            found = sorted(
                (float(key.split("/")[0].removeprefix(prefix)), metric.mean, metric.sd or 0.0)
                for key, metric in record.metrics.items()
                if key.startswith(prefix) and key.split("/")[1:] == [network, "mae"]
            )
            if found:
                x, mean, sd = (np.array(column) for column in zip(*found, strict=True))
                axis.errorbar(
                    x, mean, yerr=sd, marker="o", ms=4, capsize=3, color=colour,
                    label=MODEL_NAMES.get(network, network),
                )  # fmt: skip
                axis.set_xticks(x)
        axis.set(xlabel=label)
        axis.set_yscale("log")
        axis.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:g}"))
        axis.yaxis.set_minor_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:g}"))
        axis.tick_params(axis="y", which="minor", labelsize=8)
        axis.grid(axis="y", which="both", color="#e3e6ea", lw=0.6)
    axes[0].set_ylabel(f"validation MAE ({unit})")
    axes[0].set_title(f"{record.profile} profile, {len(record.seeds)} seeds")
    axes[-1].legend(fontsize=9)
    return finished(figure)


def site_energies(record: Record) -> Figure:
    """Draw the mean energy of each element on the A and the B site as two periodic tables (Fig. 3c-d)."""
    figure, axes = plt.subplots(2, 1, figsize=(8.2, 6.6))
    for axis, site in zip(axes, ("a", "b"), strict=True):
        means = {symbol: value[0] for symbol, value in record.arrays[f"sites/{site}"].items()}
        _periodic_table(axis, means, f"{site.upper()} site, {record.profile} profile")
    return finished(figure)


def _periodic_table(axis: Axes, values: Mapping[str, float], title: str) -> None:
    """Draw element values in their places; elements without one stay pale."""
    from pymatgen.core import Element

    low, high = np.quantile(list(values.values()), [0, 1])
    norm = mpl.colors.Normalize(low, high)
    colours = mpl.colormaps["viridis_r"]
    for z in range(1, 84):
        element = Element.from_Z(z)
        if element.is_lanthanoid and element.symbol != "La":
            continue  # the database holds no other
        column, row = element.group, element.row
        value = values.get(element.symbol)
        face = "#f3f4f6" if value is None else colours(norm(value))
        axis.add_patch(mpl.patches.Rectangle((column, -row), 0.94, 0.94, facecolor=face, edgecolor="none"))
        dark = value is not None and norm(value) > 0.45
        ink = "#9aa0a6" if value is None else "white" if dark else INK
        axis.text(column + 0.47, -row + 0.58, element.symbol, ha="center", va="center", fontsize=9, color=ink)
        if value is not None:
            axis.text(
                column + 0.47, -row + 0.22, f"{value:.2f}", ha="center", va="center", fontsize=6, color=ink
            )
    axis.set(xlim=(0.8, 19.1), ylim=(-6.1, 0.2), aspect="equal")
    axis.set_axis_off()
    axis.set_title(title)
    bar = plt.colorbar(mpl.cm.ScalarMappable(norm, colours), ax=axis, shrink=0.55, aspect=18, pad=0.01)
    bar.set_label("mean site energy (eV/atom)", fontsize=9)
