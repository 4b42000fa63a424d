"""The style of the book's figures, the names they use, and small helpers."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib_inline.config import InlineBackend

from replicate.report.figure_data import as_csv, drawn_data

# Okabe and Ito's palette, readable with every common colour vision.
INK, BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW = (
    "#1b1f24", "#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442",
)  # fmt: skip
PALETTE = (BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW, INK)
GREY, EDGE, OLIVE = "#70767d", "#4a5058", "#999933"
SILVER, PALE = "#9aa0a6", "#e3e6ea"  # single seeds and lines of comparison; grids
PAPER = "#fffffe"  # behind all; words on a dark cell are plain white, and stay so
_DARK = {INK: "#e6e9ed", EDGE: "#b4bcc5", PALE: "#353c45", GREY: "#9aa2ab", PAPER: "#121212"}  # on a dark page
SHARES = mpl.colormaps["Blues"].with_extremes(under=PAPER)  # of an element in a pixel: none is no colour
COUNTS = mpl.colors.ListedColormap(mpl.colormaps["viridis"](np.linspace(0.25, 1, 256)))  # one alone is seen in the dark
_WIDEST = 8.2  # inches: wider, a page's column would make the letters small
_DENSE = 2000  # marks of one kind, from which on they are dots of a picture within the SVG
VERDICT_COLOURS = {
    "reproduced": GREEN, "better": GREEN, "close": ORANGE, "too noisy": OLIVE,
    "not reproduced": RED, "undecided": BLUE, "other data": GREY, "not run": GREY,
}  # fmt: skip
# Verdict → marker and its fill: told apart without colour, the same shapes as the badges of the pages.
VERDICT_MARKS = {
    "reproduced": ("o", "full"), "better": ("^", "full"), "close": ("o", "left"), "too noisy": ("d", "full"),
    "not reproduced": ("X", "full"), "undecided": ("s", "none"), "other data": ("D", "none"), "not run": ("o", "none"),
}  # fmt: skip
_PAGES: WeakKeyDictionary[Figure, Callable[[Figure], str]] = WeakKeyDictionary()
_DATA: WeakKeyDictionary[Figure, pd.DataFrame] = WeakKeyDictionary()


def use_house_style() -> None:
    """Set the book's matplotlib style for this session; in a notebook, pictures keep their alternative text."""
    if (shell := get_ipython()) is not None:
        # A formatter of the backend would go before ours.
        InlineBackend.instance(parent=shell).figure_formats = set()
        shell.display_formatter.mimebundle_formatter.for_type(Figure, shown_in_notebook)
    sns.set_theme(context="notebook", style="ticks", palette=list(PALETTE))
    mpl.rcParams.update(
        {
            "figure.dpi": 110,
            "savefig.dpi": 200,
            "savefig.bbox": "tight",
            "figure.facecolor": PAPER,
            "axes.facecolor": PAPER,
            "patch.edgecolor": PAPER,
            "figure.constrained_layout.use": True,
            "font.size": 10.5,
            "axes.titlesize": 11,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.labelsize": 10.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": EDGE,
            "axes.labelcolor": INK,
            "text.color": INK,
            "xtick.color": EDGE,
            "ytick.color": EDGE,
            "legend.frameon": False,
            "axes.formatter.useoffset": False,
        }
    )


def finished(
    figure: Figure, said: str, page: Callable[[Figure], str] | None = None, data: pd.DataFrame | None = None
) -> Figure:
    """Take a figure out of pyplot's hands, so that a notebook shows it once: as the value of its cell.

    Args:
        figure: drawn.
        said: what it shows, in a sentence: the alternative text of its picture on the page.
        page: makes the HTML that a page shows in place of its picture.
        data: its numbers, where they are not all in what is drawn; see :mod:`replicate.report.figure_data`.
    """
    plt.close(figure)
    figure.set_label(said)
    width, height = figure.get_size_inches()
    if width > _WIDEST:
        figure.set_size_inches(_WIDEST, height)
    if data is not None:
        _DATA[figure] = data
    if page is not None:
        _PAGES[figure] = page
    return figure


def shown_in_notebook(figure: Figure, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the picture, HTML in its place or none, the data, and the alternative text."""
    shown = {"image/svg+xml": as_svg(figure)}
    if figure in _PAGES:
        shown["text/html"] = _PAGES[figure](figure)
    table = data_of(figure)
    if len(table):
        shown["text/csv"] = as_csv(table)
    return shown, {"image/svg+xml": {"alt": str(figure.get_label())}}


def as_svg(figure: Figure) -> str:
    """Return a figure as an SVG file, whose ink is light and whose ground is dark within a dark page.

    A browser tells the picture the colour scheme of the page around it; other programs show the light one.
    """
    for axes in figure.axes:
        for artist in axes.collections:
            artist.set_rasterized(artist.get_rasterized() or np.ma.size(artist.get_offsets(), 0) > _DENSE)
        for line in axes.lines:
            line.set_rasterized(line.get_marker() != "None" and np.size(line.get_xdata()) > _DENSE)
    file = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": str(figure.get_label())}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    turned = [(kind, *pair) for kind in ("fill", "stroke") for pair in _DARK.items()]
    turned.append(("stroke", "#ffffff", _DARK[PAPER]))  # rims and gaps, never words
    rules = "".join(f'[style*="{kind}: {light}"]{{{kind}:{dark}!important}}' for kind, light, dark in turned)
    style = f"<style>@media screen and (prefers-color-scheme: dark){{{rules}}}</style>"
    return file.getvalue().replace("<defs>", f"{style}<defs>", 1)


def data_of(figure: Figure) -> pd.DataFrame:
    """Return the numbers behind a figure, as :func:`replicate.report.figure_data.drawn_data`; empty for a drawing."""
    return _DATA[figure] if figure in _DATA else drawn_data(figure)


def readable_log(axis: Axis, shape: str, subs: tuple[float, ...]) -> None:
    """Label a logarithmic axis at some multiples of each power of ten, in plain numbers.

    Within less than a decade a few multiples would be one or two labels; there are more of them then.
    """
    low, high = axis.get_view_interval()
    if high < 10 * low:
        subs = (1, 1.5, 2, 3, 4, 5, 6, 7, 8)
    axis.set_major_locator(mpl.ticker.LogLocator(subs=subs))
    axis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: shape.format(v)))
    axis.set_minor_locator(mpl.ticker.NullLocator())


def panel_row(n: int, width: float = 4.4, height: float = 4.1) -> tuple[Figure, Sequence[Axes]]:
    """Return a figure of n panels side by side, sizes in inches per panel."""
    figure, axes = plt.subplots(1, n, figsize=(width * n, height), squeeze=False)
    return figure, axes[0]


def legend_below(figure: Figure, axes: Sequence[Axes], columns: int = 3) -> None:
    """Write every label once, below: beside the panels it would shrink them on a page."""
    entries = {label: handle for axis in axes for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)}
    figure.legend(entries.values(), entries, loc="outside lower center", ncols=columns, fontsize=9)
