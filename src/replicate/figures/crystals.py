"""Figures of the crystal graph chapter: learning curves, hyperparameters, site energies on the periodic table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replicate.figures.names import MODEL_NAMES, model_names
from replicate.figures.style import (
    BLUE,
    INK,
    ORANGE,
    PALE,
    PALETTE,
    RED,
    SKY,
    finished,
    legend_below,
    panel_row,
    readable_log,
)
from replicate.records import Record
from replicate.wording import number_of

_NEIGHBOURS = {"nearest-12": "12\nnearest", "voronoi": "Voronoi\nfaces"}  # label of the metrics → of the axis


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
    figure, axes = panel_row(len(shown), width=4.6, height=4.4)
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
        readable_log(axis.yaxis, "{:g}", (1, 2, 5))
        readable_log(axis.xaxis, "{:,g}", (1, 3))
        axis.grid(color=PALE, lw=0.6)
    axes[0].set_ylabel(f"test MAE ({unit})")
    legend_below(figure, axes)
    return finished(
        figure, f"Test error ({unit}) against the number of training crystals: {model_names(models)}."
    )


def _curve(record: Record, prefix: str, model: str, last: str) -> list[tuple[float, float, float]]:
    """Return (size, mean, sd) of every point of a curve."""
    points = []
    for key, metric in record.metrics.items():
        parts = key.split("/")
        if parts[0] == prefix and parts[1].isdigit() and parts[2:] == [model, "mae"]:
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
    axes[1].set(xlabel="atoms in the cell", ylabel="crystals")
    for axis in axes:
        axis.yaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
    return finished(
        figure, "Crystals of the database by number of elements, and by number of atoms in the cell."
    )


def hyperparameters(record: Record, networks: Sequence[str], unit: str) -> Figure:
    """Draw validation error against one choice at a time, mean ± sd over seeds (Fig. S3 and the neighbours)."""
    panels = {
        "features-": "properties per atom",
        "convolutions-": "convolutions",
        "step-": "ln(step size)",
    }
    figure, axes = plt.subplots(
        1, 4, figsize=(8.6, 3.6), sharey=True, gridspec_kw={"width_ratios": (3, 3, 3.6, 2)}
    )
    every = []
    for colour, network in zip(PALETTE, networks, strict=False):
        named = {
            key.split("/")[0]: metric
            for key, metric in record.metrics.items()
            if key.split("/")[1:] == [network, "mae"] and key.split("/")[0] != "validation"
        }
        groups = [
            [(float(k.removeprefix(prefix)), v) for k, v in named.items() if k.startswith(prefix)]
            for prefix in panels
        ]
        groups.append([(x, named[k]) for x, k in enumerate(_NEIGHBOURS) if k in named])
        for axis, found in zip(axes, groups, strict=True):
            found = sorted(found, key=lambda point: point[0])
            x, mean = [place for place, _ in found], [metric.mean for _, metric in found]
            axis.errorbar(
                x, mean, yerr=[metric.sd or 0.0 for _, metric in found], marker="o", ms=4, capsize=3,
                color=colour, label=MODEL_NAMES.get(network, network),
            )  # fmt: skip
            if axis is not axes[-1]:
                axis.set_xticks(x, [f"{place:g}" for place in x])
            every += mean
    axes[-1].set(xlabel="neighbours", xlim=(-0.5, 1.5))
    axes[-1].set_xticks(range(len(_NEIGHBOURS)), _NEIGHBOURS.values())
    for axis, label in zip(axes, panels.values(), strict=False):
        axis.set_xlabel(label)
    for axis in axes:
        axis.grid(axis="y", color=PALE, lw=0.6)
    if max(every) > 4 * min(every):
        axes[0].set_yscale("log")
        readable_log(axes[0].yaxis, "{:g}", (1, 2, 5))
    axes[0].set_ylabel(f"validation MAE ({unit})")
    figure.suptitle(
        f"{record.profile} profile, {number_of(len(record.seeds), 'seed')}",
        x=0.01, ha="left", fontsize=11, fontweight="bold",
    )  # fmt: skip
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9)
    return finished(
        figure,
        f"Validation error ({unit}) of {model_names(networks)} by properties per atom, convolutions, step "
        "size, neighbours.",
    )


def site_energies(record: Record) -> Figure:
    """Draw the mean energy of each element on the A and the B site as two periodic tables (Fig. 3c-d)."""
    tables = [(site, record.arrays[f"sites/{site}"]) for site in ("a", "b")]
    rows = 1 + max(-_place(symbol)[1] for _, values in tables for symbol in (*values, "Rn"))
    figure, axes = plt.subplots(2, 1, figsize=(7.4, 2 * (0.41 * rows + 0.3)))
    for axis, (site, values) in zip(axes, tables, strict=True):
        means = {symbol: value[0] for symbol, value in values.items()}
        _periodic_table(axis, means, f"{site.upper()} site, {record.profile} profile", rows)
    return finished(
        figure,
        "Two periodic tables: mean energy of each element on the A and on the B site of a perovskite, in eV/atom.",
    )


_FACTORS = {
    "graph/{metal}_neighbours": "Cl around {Metal}",
    "graph/cl_neighbours": "{Metal} around Cl",
    "pooled/wc1": "$w_{{c1}}$ (Cl)",
    "pooled/wc2": "$w_{{c2}}$ (Na)",
    "pooled/wc3": "$w_{{c3}}$ (K)",
    "pooled/ws1": "$w_{{s1}}$ (Cl)",
    "pooled/ws2": "$w_{{s2}}$ (Na)",
    "pooled/ws3": "$w_{{s3}}$ (K)",
}
"""End of a metric → its label in a crystal of a metal and Cl."""


def printed_factors(record: Record, published: Mapping[str, float]) -> Figure:
    """Draw neighbours and weights' factors as they follow from real NaCl and KCl beside the printed ones (S3-S10).

    Args:
        record: of ``xie2018-nacl-kcl``.
        published: metric → value; a factor that the paper leaves out, which is zero, has no mark.
    """
    salts = {
        "nacl": ("Na", {"nacl": ("o", BLUE, "rock salt")}),
        "kcl": ("K", {"kcl": ("o", BLUE, "rock salt"), "kcl-b2": ("s", ORANGE, "CsCl structure")}),
    }
    figure, axes = plt.subplots(1, 2, figsize=(7.6, 4.4), sharex=True)
    for axis, (salt, (metal, structures)) in zip(axes, salts.items(), strict=True):
        names = {
            end.format(metal=metal.lower()): label.format(Metal=metal) for end, label in _FACTORS.items()
        }
        for place, end in enumerate(reversed(names)):
            offsets = (0.12, -0.12) if len(structures) > 1 else (0.0,)
            for offset, (key, (mark, colour, label)) in zip(offsets, structures.items(), strict=True):
                found = record.metrics[f"{key}/{end}"]
                axis.errorbar(
                    found.mean, place + offset, xerr=found.sd or 0, fmt=mark, ms=7, capsize=3, color=colour,
                    label=label,
                )  # fmt: skip
            if (value := published.get(f"{salt}/{end}")) is not None:
                axis.plot(value, place, "|", color=RED, ms=20, mew=2.4, label="published")
        axis.set_yticks(range(len(names)), list(reversed(names.values())))
        axis.set(
            xlabel="count, or factor of the weight",
            title=f"{metal}Cl",
            xlim=(-0.6, 8.6),
            ylim=(-0.5, len(names) - 0.5),
        )
        axis.grid(axis="x", color=PALE, lw=0.6)
    legend_below(figure, axes)
    return finished(
        figure,
        "Neighbours per atom, and factors of the six weights, that follow from NaCl and from KCl as rock salt and in "
        "the CsCl structure, beside the printed ones.",
    )


def _place(symbol: str) -> tuple[float, float]:
    """Return column and row of an element in the 18-column table, lanthanides and actinides below it."""
    from pymatgen.core import Element

    element = Element(symbol)
    if symbol not in ("La", "Ac") and (element.is_lanthanoid or element.is_actinoid):
        first, row = (57, -7.3) if element.is_lanthanoid else (89, -8.3)
        return 3 + element.Z - first, row
    return element.group, -element.row


def _periodic_table(axis: Axes, values: Mapping[str, float], title: str, rows: float) -> None:
    """Draw element values in their places; main elements without one stay pale."""
    from pymatgen.core import Element

    norm = mpl.colors.Normalize(min(values.values()), max(values.values()))
    colours = mpl.colormaps["viridis_r"]
    # The f block and what follows radon appear only where the data hold them.
    main = [Element.from_Z(z).symbol for z in (*range(1, 58), *range(72, 87))]
    for symbol in dict.fromkeys((*main, *values)):
        column, row = _place(symbol)
        value = values.get(symbol)
        face = mpl.colors.to_rgb("#f3f4f6" if value is None else colours(norm(value)))
        axis.add_patch(mpl.patches.Rectangle((column, row), 0.95, 0.95, facecolor=face, edgecolor="none"))
        ink = "#7c838a" if value is None else _ink_on(face)
        centre = column + 0.475
        middle = row + (0.475 if value is None else 0.62)
        axis.text(centre, middle, symbol, ha="center", va="center", fontsize=10, color=ink)
        if value is not None:
            text = f"{value:.2f}"
            axis.text(centre, row + 0.22, text, ha="center", va="center", fontsize=7.5, color=ink)
    axis.set(xlim=(0.95, 19.0), ylim=(1 - rows, 0.0), aspect="equal")
    axis.set_axis_off()
    axis.set_title(title)
    # The empty space above the transition metals holds the scale, so that the table has the whole width.
    place = axis.inset_axes((3.4, -1.75, 8.8, 0.4), transform=axis.transData)
    bar = axis.figure.colorbar(mpl.cm.ScalarMappable(norm, colours), cax=place, orientation="horizontal")
    bar.set_label("mean site energy (eV/atom)", fontsize=9)
    bar.ax.xaxis.set_label_position("top")
    bar.ax.tick_params(labelsize=9)


def _ink_on(face: tuple[float, float, float]) -> str:
    """Return white or dark ink, whichever stands out more from a colour (relative luminance of WCAG)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in face]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.06 else INK
