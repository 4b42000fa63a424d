"""The numbers behind a figure, read from what was drawn: one table for any figure, its columns named by its axes.

A row is a point, bar, cell or interval; ``panel``, ``series`` and ``mark`` say where it stands. Every other column is
an axis with its unit, and with ``, low`` and ``, high`` the ends of an error bar, band, bin or cell. Panels with other
axes have other columns. Diagonals and drawings of structures hold no data.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import collections, patches
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryLocator
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from matplotlib.ticker import FixedLocator

Columns = dict[str, Any]  # "x", "x low", "x high", the same of y, "value" of a colour → (n,)
_NO_LABEL = re.compile(r"_(child|container|line)\d+$|_nolegend_$|None$")
_NEAR = 0.5  # from a named tick, what belongs to it


def drawn_data(figure: Figure) -> pd.DataFrame:
    """Return what a figure shows, a row for each point, bar, cell or interval of each panel."""
    bars = [m.colorbar.ax for axes in figure.axes for m in (*axes.collections, *axes.images) if m.colorbar]
    scales = {bar.get_ylabel() or bar.get_xlabel() for bar in bars}
    panels = [axes for axes in figure.axes if axes not in bars and axes.name == "rectilinear"]
    drawn = {axes: list(_artists(axes)) for axes in panels}
    labels: dict[tuple[str, ...], set[str]] = defaultdict(set)  # of a look, and of a colour alone
    for axes, artists in drawn.items():
        for mark, artist, _ in artists:
            for key in ((mark, *_look(artist)), _look(artist)[:1]):
                labels[key] |= {_label(artist)} - {""}
        if legend := axes.get_legend():
            for sample, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
                labels[_look(sample)[:1]].add(text.get_text())
    tables = []
    for number, (axes, artists) in enumerate(drawn.items(), start=1):
        titles = (axes.get_title(place) for place in ("left", "center", "right"))
        panel = next(filter(None, titles), f"panel {number}" if len(panels) > 1 else "")
        for mark, artist, columns in artists:
            # A series is labelled once, in one panel or by an empty sample, and known elsewhere by its look; what is
            # filled, by its colour.
            looks = [(mark, *_look(artist))] + [_look(artist)[:1]] * (mark in ("band", "bar"))
            alike = (labels[look] for look in looks if len(labels[look]) == 1)
            series = _label(artist) or next((min(names) for names in alike), "")
            if "value" in columns:  # its name is that of the scale of colours
                columns[(min(scales) if len(scales) == 1 else series) or "value"] = columns.pop("value")
                series = ""
            places = {"panel": panel.replace("\n", " "), "series": series.replace("\n", " "), "mark": mark}
            named = _named(axes, panels, columns)
            table = pd.DataFrame({**places, **named, "text": _texts(axes, columns)})
            tables += [table.dropna(axis=1, how="all")] if len(table) else []
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["panel", "series", "mark"])


def as_csv(data: pd.DataFrame) -> str:
    """Return a table as CSV, numbers to seven digits as in the records."""
    return data.to_csv(index=False, float_format="%.7g", lineterminator="\n")


def _label(artist: Any) -> str:
    """Return the label that a page gave an artist; one with a leading ``_`` is kept out of the legend alone."""
    label = str(artist.get_label())
    return "" if _NO_LABEL.match(label) else label.removeprefix("_")


def _look(artist: Any) -> tuple[str, ...]:
    """Return colour and style of an artist."""
    if isinstance(artist, ErrorbarContainer):
        artist = artist.lines[0]
    if isinstance(artist, BarContainer):
        artist = artist.patches[0] if artist.patches else patches.Patch()
    if isinstance(artist, Line2D):
        line, hollow = str(artist.get_linestyle()), str(artist.get_markerfacecolor()) == "none"
        colour = artist.get_markeredgecolor() if hollow else artist.get_color()
        return to_hex(colour), line, str(artist.get_marker()), str(hollow)
    if not hasattr(artist, "get_facecolor"):  # a picture
        return ("",)
    fill, edge = (np.atleast_2d(colour) for colour in (artist.get_facecolor(), artist.get_edgecolor()))
    filled = bool(fill.size and fill[0, -1])
    shown = fill if filled else edge
    return to_hex(shown[0]) if shown.size else "", str(filled)


def _ends(name: str, low: Any, high: Any) -> Columns:
    return {f"{name} low": low, f"{name} high": high}


def _artists(axes: Axes) -> Iterator[tuple[str, Any, Columns]]:
    """Yield (mark, artist, columns) of all that was drawn in data coordinates."""
    seen: set[Any] = set()
    for container in sorted(axes.containers, key=lambda each: isinstance(each, ErrorbarContainer)):
        if isinstance(container, BarContainer):
            seen |= {*container.patches, container.errorbar}
            yield "bar", container, _bars(container)
        elif isinstance(container, ErrorbarContainer):
            line, caps, bars = container.lines
            seen |= {line, *caps, *bars}
            if line is not None:
                yield "points", container, _line(axes, line) | _error_bars(container)
    for line in axes.lines:
        if line not in seen and not isinstance(line, AxLine):
            yield "points" if line.get_linestyle() == "None" else "line", line, _line(axes, line)
    for artist in (*axes.collections, *axes.images, *axes.patches):
        if artist not in seen and (area := _area(axes, artist)) is not None:
            yield area[0], artist, area[1]


def _line(axes: Axes, line: Line2D) -> Columns:
    columns: Columns = {"x": line.get_xdata(orig=False), "y": line.get_ydata(orig=False)}
    across = _across(axes, line.get_transform())
    return {name: values[:1] for name, values in columns.items() if name != across} if across else columns


def _across(axes: Axes, transform: Any) -> str:
    """Return the axis along which something reaches from edge to edge and has no value, or nothing."""
    edges = {"x": axes.get_yaxis_transform(), "y": axes.get_xaxis_transform()}
    return next((name for name, other in edges.items() if transform is other), "")


def _error_bars(container: ErrorbarContainer) -> Columns:
    names = [name for name, there in (("x", container.has_xerr), ("y", container.has_yerr)) if there]
    columns: Columns = {}
    for name, bars in zip(names, container.lines[2], strict=True):
        segments = np.array(bars.get_segments())[:, :, "xy".index(name)]
        columns |= _ends(name, segments.min(1), segments.max(1))
    return columns


def _bars(container: BarContainer) -> Columns:
    boxes = np.array([bar.get_bbox().extents for bar in container.patches]).reshape(-1, 2, 2)
    along = "x" if container.orientation == "vertical" else "y"
    (low, high), (start, end) = boxes[..., "xy".index(along)].T, boxes[..., "yx".index(along)].T
    touching = len(low) > 1 and np.allclose(low[1:], high[:-1])
    up = "y" if along == "x" else "x"
    columns = (_ends(along, low, high) if touching else {along: (low + high) / 2}) | {up: end - start}
    if start.any():  # stacked on others
        columns |= _ends(up, start, end)
    return columns | (_error_bars(container.errorbar) if container.errorbar else {})


def _area(axes: Axes, artist: Any) -> tuple[str, Columns] | None:
    """Return (mark, columns) of scattered points, bands, cells, intervals and steps; None for decoration."""
    match artist:
        case collections.PathCollection():
            x, y = np.ma.filled(artist.get_offsets(), np.nan).T
            colours = artist.get_array()
            return "points", {"x": x, "y": y} | ({} if colours is None else {"value": colours})
        case collections.FillBetweenPolyCollection() if artist.get_paths():
            x, y = np.asarray(artist.get_paths()[0].vertices)[:-1].T
            half = len(x) // 2  # a corner, one edge; a corner, the other edge backwards
            return "band", {"x": x[1:half], **_ends("y", y[1:half], y[half + 1 :][::-1])}
        case collections.QuadMesh():
            corners = np.asarray(artist.get_coordinates())
            return "cell", _cells(axes, corners[:-1, :-1], corners[1:, 1:], artist.get_array())
        case collections.LineCollection():
            segments = np.array(artist.get_segments())
            low, high = segments.min(1).T, segments.max(1).T
            return "line", _ends("x", low[0], high[0]) | _ends("y", low[1], high[1])
        case patches.StepPatch():
            values, edges, _ = artist.get_data()
            return "step", {**_ends("x", edges[:-1], edges[1:]), "y": values}
        case patches.Rectangle():
            x0, y0, x1, y1 = artist.get_bbox().extents
            across = _across(axes, artist.get_data_transform())
            columns = _ends("x", [x0], [x1]) | _ends("y", [y0], [y1])
            return "span", {name: ends for name, ends in columns.items() if name[0] != across}
        case AxesImage():
            picture: Any = np.ma.asarray(artist.get_array())
            middle = np.stack(np.meshgrid(*map(np.arange, picture.shape[1::-1])), axis=-1)
            return "cell", _cells(axes, middle - 0.5, middle + 0.5, picture)
    return None


def _cells(axes: Axes, low: np.ndarray, high: np.ndarray, values: Any) -> Columns:
    """Return the cells with a value, between corners (rows, columns, 2): by their middles where ticks name these."""
    value = np.ma.masked_invalid(np.ma.asarray(values).ravel())
    columns: Columns = {"value": value.compressed()}
    for place, axis in enumerate((axes.xaxis, axes.yaxis)):
        a, b = (ends[..., place].ravel()[~np.ma.getmaskarray(value)] for ends in (low, high))
        name = "xy"[place]
        columns |= _ends(name, a, b) if _tick_names(axis) is None else {name: (a + b) / 2}
    return columns


def _tick_names(axis: Axis) -> Callable[[Any], Any] | None:
    """Return what makes of positions what the ticks there say; None where these are the positions."""
    if not isinstance(axis.get_major_locator(), FixedLocator | StrCategoryLocator):
        return None
    places = np.asarray(axis.get_majorticklocs(), dtype=float)
    words = [str(word).replace("\n", " ") for word in axis.get_major_formatter().format_ticks(list(places))]
    if not any(words):
        return None
    numbers = pd.to_numeric(pd.Series(words).str.replace(",", "").str.replace("−", "-"), errors="coerce")
    shift, rounding = numbers.to_numpy() - places, 0.01 * max(np.ptp(places), 1)
    if np.ptp(shift) <= rounding:  # a scale, perhaps moved by half a cell
        move = float(shift.mean())
        return None if abs(move) <= rounding else lambda at: at + move

    def named(at: Any) -> Any:
        distance = np.abs(np.asarray(at, dtype=float)[:, None] - places)
        near = distance.min(axis=1) <= _NEAR
        return np.array(words, dtype=object)[distance.argmin(axis=1)] if near.all() else at

    return named


def _axis_name(axes: Axes, panels: list[Axes], which: str) -> str:
    """Return an axis's label, else that of one it is shared with, of its row or column, of the figure, or nothing."""
    shared = getattr(axes, f"get_shared_{which}_axes")().get_siblings(axes)
    span, here = "rowspan" if which == "y" else "colspan", axes.get_subplotspec()
    line = [p for p in panels if here and getattr(p.get_subplotspec(), span) == getattr(here, span)]
    labels = [getattr(panel, f"get_{which}label")() for panel in (axes, *shared, *line)]
    labels.append(getattr(axes.get_figure(), f"get_sup{which}label")())
    return next(filter(None, labels), "").replace("\n", " ")


def _named(axes: Axes, panels: list[Axes], columns: Columns) -> Columns:
    """Return columns by the labels of the axes, their values by what the ticks say."""
    named: Columns = {}
    for key, values in columns.items():
        which, _, end = key.partition(" ")
        if which in ("x", "y"):
            ticks = _tick_names(getattr(axes, f"{which}axis"))
            names = {name: _axis_name(axes, panels, name) for name in "xy"}
            key = names[which] or ("category" if ticks and any(names.values()) else which)
            key, values = (f"{key}, {end}", values) if end else (key, ticks(values) if ticks else values)
        named[key.replace("\n", " ")] = values
    return named


def _texts(axes: Axes, columns: Columns) -> list[str | None] | None:
    """Return what is written at each point or in each cell; None where nothing can be."""
    ends = [[columns.get(f"{name}{end}", columns.get(name)) for name in "xy"] for end in (" low", " high")]
    if any(values is None for pair in ends for values in pair):
        return None
    low, high = (np.asarray(pair, dtype=float).T for pair in ends)  # (n, 2)
    words: list[str | None] = [None] * len(low)
    for text in axes.texts:
        if hasattr(text, "xy") or text.get_transform() is axes.transData:
            at = getattr(text, "xy", text.get_position())
            for place in np.flatnonzero(((low <= at) & (at <= high)).all(axis=1)):
                words[place] = text.get_text().replace("\n", " ")
    return words
