"""Figures of the search for superconductors: predicted Tc, oxides by metal, and shares beside the printed ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from replicate.experiments.quinn2022.configs import ALONE, BOTH
from replicate.figures.names import spread
from replicate.figures.quinn2022 import seeds_title
from replicate.figures.style import BLUE, INK, ORANGE, PALE, RED, SILVER, finished, legend_below
from replicate.records import Metric, Record

_SHARES = {
    "positive_share": "candidates, of all searched",
    "new_share": "new candidates, of all searched",
    "known_class_share": "cuprates and iron-based, of the candidates",
    "oxygen_share": "oxides, of the new candidates",
    "ni_pd_ru_ag_oxide_share": "oxides of Ni, Pd, Ru, Ag, of the new candidates",
    "ta_re_os_ir_oxide_share": "oxides of Ta, Re, Os, Ir, of the new candidates",
}


def candidate_temperatures(
    record: Record, threshold: float, numerous: Collection[str], way: str = ALONE
) -> Figure:
    """Draw the predicted Tc of the candidates, of the new ones alone, and the oxides by metal (Fig. 7).

    Args:
        record: of ``quinn2022-search``.
        threshold: K, above which a compound is a candidate.
        numerous: metals whose oxides the paper calls the most numerous, in another colour.
        way: ``regression``, or ``pipeline`` for the candidates of both models.
    """
    figure, axes = plt.subplot_mosaic(
        [["all", "oxides"], ["new", "oxides"]], figsize=(9.6, 5.0), width_ratios=(1.5, 1)
    )
    edges = np.array(record.arrays["tc/edges"])
    # What lies above the last step is drawn as one more.
    edges[-1] = 2 * edges[-2] - edges[-3]
    parts = {
        name: np.array(record.arrays[f"tc/{way}/{name}"], dtype=float) for name in ("established", "new")
    }
    axes["all"].bar(
        edges[:-1],
        parts["established"],
        np.diff(edges),
        align="edge",
        color=SILVER,
        label="cuprates, iron-based",
    )
    axes["all"].bar(
        edges[:-1], parts["new"], np.diff(edges), parts["established"], align="edge", color=BLUE, label="new"
    )
    axes["new"].bar(edges[:-1], parts["new"], np.diff(edges), align="edge", color=BLUE)
    occupied = np.flatnonzero(sum(parts.values()))
    last = edges[occupied[-1] + 1] if len(occupied) else 2 * threshold
    width = next(b - a for a, b in pairwise(edges))
    for name in ("all", "new"):
        axes[name].axvline(threshold, color=INK, lw=1, ls="--", label=f"{threshold:g} K")
        axes[name].set(xlim=(threshold - 3, last + 3), ylabel=f"per {width:g} K, mean of seeds")
    axes["all"].set_title(f"All candidates, {seeds_title(record)}", fontsize=10)
    axes["all"].legend(fontsize=9)
    axes["new"].set_title("New candidates alone", fontsize=10)
    axes["new"].set_xlabel("predicted Tc (K)")
    metals = record.arrays[f"oxides/{way}"]
    colours = [BLUE if metal in numerous else ORANGE for metal in metals]
    axes["oxides"].bar(range(len(metals)), list(metals.values()), color=colours)
    if not any(metals.values()):
        axes["oxides"].text(0.5, 0.5, "none", transform=axes["oxides"].transAxes, ha="center")
    axes["oxides"].set_xticks(range(len(metals)), list(metals))
    axes["oxides"].set(xlabel="metal of the oxide", ylabel="new candidates of most seeds")
    axes["oxides"].set_title("Oxides among the new", fontsize=10)
    for name, axis in axes.items():
        axis.set_ylim(0, max(axis.get_ylim()[1], 1))
        axis.yaxis.set_major_locator(mpl.ticker.MaxNLocator(nbins=5, integer=name == "oxides"))
        axis.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{v:,g}"))
        axis.grid(axis="y", color=PALE, lw=0.6)
    return finished(
        figure,
        "Predicted Tc of all candidates and of the new ones alone, and the number of new oxides by metal.",
    )


def search_shares(record: Record, published: Mapping[str, float]) -> Figure:
    """Draw the shares that the search finds, seed by seed, beside the printed ones.

    Args:
        record: of ``quinn2022-search``.
        published: metric → share.
    """
    figure, axis = plt.subplots(figsize=(9.2, 3.6))
    values = []
    for place, score in enumerate(reversed(_SHARES)):
        key = f"search/{ALONE}/{score}"
        metric = record.metrics[key]
        axis.plot(100 * np.array(metric.values), [place] * len(metric.values), "o", color=SILVER, ms=5)
        axis.errorbar(100 * metric.mean, place, xerr=100 * (metric.sd or 0), fmt="D", color=BLUE, capsize=3)
        both = record.metrics[f"search/{BOTH}/{score}"]
        axis.errorbar(100 * both.mean, place - 0.25, xerr=100 * (both.sd or 0), fmt="s", color=ORANGE, mfc="white",
                      ms=5, capsize=2)  # fmt: skip
        values.append(f"{spread(Metric('', tuple(100 * v for v in metric.values)), 1)}")
        if key in published:
            axis.plot(100 * published[key], place, "|", color=RED, ms=18, mew=2)
            values[-1] += f" ({100 * published[key]:g})"
    axis.plot([], [], "D", color=BLUE, label="regression alone, mean ± sd, % (grey: single seeds)")
    axis.plot([], [], "s", color=ORANGE, mfc="white", label="classifier and regression")
    axis.plot([], [], "|", color=RED, ms=14, mew=2, ls="", label="published (in brackets)")
    axis.set_yticks(range(len(_SHARES)), list(reversed(_SHARES.values())))
    right = axis.secondary_yaxis("right")
    right.set_yticks(range(len(values)), values)
    right.tick_params(length=0)
    right.spines["right"].set_visible(False)
    axis.set(xlabel="share (%)", xlim=(-3, 103), ylim=(-0.6, len(_SHARES) - 0.4), title=seeds_title(record))
    axis.grid(axis="x", color=PALE, lw=0.6)
    legend_below(figure, [axis])
    return finished(
        figure,
        f"Shares found by the regression alone and by both models, beside the printed: {', '.join(_SHARES.values())}.",
    )
