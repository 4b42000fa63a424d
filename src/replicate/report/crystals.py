"""Crystals in a page: drawings that the book's ``crystals.js`` can turn in space, with the bonds of their graphs.

Shape legend: n sites, m atoms that are drawn, e bonds of one site.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any

import numpy as np
from IPython.display import HTML

from replicate.errors import ConfigError
from replicate.features.crystal import Crystal
from replicate.features.elements import SYMBOLS
from replicate.features.neighbours import NeighbourRule, find_neighbours, within
from replicate.report.style import PALETTE, SILVER

MOST = NeighbourRule().count
_CLOSED = 1e-3  # of an edge; atoms this close to a face are drawn on the opposite one too
_RADIUS, _MARGIN = 0.42, 0.8  # Å, of an atom in the drawing and around all of them
_SCALE = 40.0  # pixels of the drawing per Å
_TURN, _TILT = np.radians(24.0), np.radians(14.0)
_CAMERA = np.array(
    [
        [np.cos(_TURN), np.sin(_TURN), 0.0],
        [-np.sin(_TILT) * np.sin(_TURN), np.sin(_TILT) * np.cos(_TURN), np.cos(_TILT)],
        [np.cos(_TILT) * np.sin(_TURN), -np.cos(_TILT) * np.cos(_TURN), np.sin(_TILT)],
    ]
)  # rows: right, up, towards the reader


@dataclass(frozen=True, eq=False)
class View:
    """A crystal to be drawn with its cell.

    Args:
        title: above the drawing.
        crystal: what is drawn.
        centre: the site whose bonds are drawn, in the middle of the cell; None: no bonds.
        said: what else a reader should know, in a sentence.
        colours: symbol → colour, where the usual ones are not meant.
    """

    title: str
    crystal: Crystal
    centre: int | None = None
    said: str = ""
    colours: Mapping[str, str] | None = None


def crystal_view(views: Sequence[View]) -> HTML:
    """Return crystals side by side, with one slider for the number of neighbours where bonds are drawn.

    The bonds are those of the graph by the usual rule, for every number of neighbours from 1 to 12; without a script,
    for 12. A site that is partly empty is pale. ConfigError for no crystal.
    """
    if not views:
        raise ConfigError("there is no crystal to draw")
    symbols = dict.fromkeys(_symbol(view.crystal, site) for view in views for site in range(len(view.crystal)))
    usual = {symbol: PALETTE[i] if i < len(PALETTE) else SILVER for i, symbol in enumerate(symbols)}
    colours = [{**usual, **(view.colours or {})} for view in views]
    scenes = [_scene(view, shades) for view, shades in zip(views, colours, strict=True)]
    drawings = [_Drawing(scene) for scene in scenes]
    size = np.max([drawing.size for drawing in drawings], axis=0)  # one scale for all
    panels = "".join(map(_panel, views, scenes, [drawing.svg(size) for drawing in drawings]))
    slider = ""
    if any(scene["says"] for scene in scenes):
        slider = (
            f'<label>neighbours of an atom <input type="range" min="1" max="{MOST}" value="{MOST}"> '
            f"<output>{MOST}</output></label>"
        )
    data = html.escape(json.dumps(scenes, separators=(",", ":"), ensure_ascii=False))
    return HTML(
        f'<figure class="crystals" data-crystals="{data}"><div class="crystal-panels">{panels}</div>'
        f'<div class="crystal-tools" hidden>{slider}<button type="button">Turn in 3-D</button>'
        '<span role="status"></span></div></figure>'
    )


def bonds_of(crystal: Crystal, site: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the bonds of a site in its graph for every number of neighbours up to 12.

    Returns:
        neighbour (e,), a site; shift (e, 3), the cell it is in; distance (e,), Å; weight (12, e), how much each bond
        counts as with 1, 2, … 12 neighbours, zero where the graph has no such bond.
    """
    rules = [find_neighbours(crystal, NeighbourRule(count=count)) for count in range(1, MOST + 1)]
    farthest = max(float(pairs.distance[pairs.centre == site].max()) for pairs in rules)
    centre, neighbour, distance, shift = within(crystal, farthest + 1e-6, "ijdS")
    mine = centre == site
    weight = np.zeros((MOST, int(mine.sum())))
    for row, pairs in zip(weight, rules, strict=True):
        shares = pairs.weight[pairs.centre == site]
        row[: len(shares)] = shares  # both are in the order of their distance
    return neighbour[mine], shift[mine], distance[mine], weight


def _symbol(crystal: Crystal, site: int) -> str:
    """Return the element of a site, several with a stroke between."""
    return "/".join(SYMBOLS[z - 1] for z in crystal.element[crystal.site == site])


def _scene(view: View, colours: Mapping[str, str]) -> dict[str, Any]:
    """Return what is drawn, as JSON values: XYZ text, cell edges, bonds with weights, a sentence for each number."""
    crystal = view.crystal
    origin = np.zeros(3) if view.centre is None else crystal.positions[view.centre] - 0.5
    inside = (crystal.positions - origin) % 1.0
    inside[inside > 1 - _CLOSED] = 0.0
    places: dict[tuple[float, ...], int] = {}  # fractional coordinates → site
    for site, place in enumerate(inside):
        for cell in product((0, 1), repeat=3):
            if (place + cell < 1 + _CLOSED).all():
                places[tuple(np.round(place + cell, 6))] = site
    bonds, says = [], []
    if view.centre is not None:
        neighbour, shift, distance, weight = bonds_of(crystal, view.centre)
        ends = np.round(crystal.positions[neighbour] + shift - origin, 6)
        for end, site in zip(ends, neighbour.tolist(), strict=True):
            places.setdefault(_known(places, end), site)
        index = {place: number for number, place in enumerate(places)}
        start = index[_known(places, np.full(3, 0.5))]
        for end, weights in zip(ends, weight.T, strict=True):
            bonds.append([start, index[_known(places, end)], [round(float(w), 3) for w in weights]])
        names = [_symbol(crystal, site) for site in neighbour]
        centre = _symbol(crystal, view.centre)
        says = [_said(centre, names, distance, row, count) for count, row in enumerate(weight, start=1)]
    atoms = np.array(list(places)) @ crystal.lattice
    shown = [_symbol(crystal, site) for site in places.values()]
    filled = np.bincount(crystal.site, weights=crystal.occupancy)
    lines = [f"{name} {x:.4f} {y:.4f} {z:.4f}" for name, (x, y, z) in zip(shown, atoms, strict=True)]
    corners = np.array(list(product((0, 1), repeat=3)))
    edges = [(a, b) for a, b in product(corners, corners) if (b - a).sum() == 1 and (b >= a).all()]
    return {
        "xyz": "\n".join([str(len(lines)), view.title, *lines]),
        "cell": [[np.round(end @ crystal.lattice, 4).tolist() for end in edge] for edge in edges],
        "bonds": bonds,
        "says": says,
        "filled": [round(float(filled[site]), 3) for site in places.values()],
        "colours": {name: colours[name] for name in dict.fromkeys(shown)},
    }


def _known(places: Mapping[tuple[float, ...], int], end: np.ndarray) -> tuple[float, ...]:
    """Return the place that is already drawn where ``end`` lies, else ``end`` itself."""
    near = (place for place in places if np.abs(np.array(place) - end).max() < _CLOSED)
    return next(near, tuple(end.tolist()))


def _said(centre: str, names: Sequence[str], distance: np.ndarray, weight: np.ndarray, count: int) -> str:
    rows = [(f"{d:.2f}", name, f"{w:.2g}") for d, name, w in zip(distance, names, weight, strict=True) if w]
    parts = []
    for (d, name, w), shell in groupby(sorted(rows, key=lambda row: float(row[0]))):
        parts.append(f"{len(list(shell))} {name} at {d} Å" + ("" if w == "1" else f" that count {w} each"))
    return f"{centre}, {count} neighbour{'s' * (count > 1)}: {', '.join(parts)}."


class _Drawing:
    """A scene seen by the camera, as SVG."""

    def __init__(self, scene: Mapping[str, Any]) -> None:
        self.scene = scene
        lines = [line.split() for line in scene["xyz"].splitlines()[2:]]
        self.names = [name for name, *_ in lines]
        self.points = np.array([place for _, *place in lines], dtype=float) @ _CAMERA.T  # (m, 3)
        self.edges = np.array(scene["cell"]) @ _CAMERA.T  # (12, 2, 3)
        ends = np.concatenate([self.points, self.edges.reshape(-1, 3)])[:, :2]
        self.middle = (ends.max(axis=0) + ends.min(axis=0)) / 2
        self.size = ends.max(axis=0) - ends.min(axis=0) + 2 * _MARGIN  # Å

    def svg(self, size: np.ndarray) -> str:
        """Return the parts of the drawing in the middle of a sheet of ``size`` Å, with the sheet's tag."""

        def at(point: np.ndarray) -> str:
            x, y = ((point[:2] - self.middle) * (1, -1) + size / 2) * _SCALE
            return f"{x:.0f},{y:.0f}"

        parts = [f'<path d="{"".join(f"M{at(a)}L{at(b)}" for a, b in self.edges)}"/>']
        for a, b, weights in self.scene["bonds"]:
            line = f"M{at(self.points[a])}L{at(self.points[b])}"
            parts.append(f'<path class="bond" d="{line}" stroke-width="{_width(weights[-1])}"/>')
        for i in np.argsort(self.points[:, 2]):
            x, y = at(self.points[i]).split(",")
            fill = f'fill="{self.scene["colours"][self.names[i]]}" fill-opacity="{self.scene["filled"][i]}"'
            parts.append(f'<circle cx="{x}" cy="{y}" r="{_RADIUS * _SCALE:.0f}" {fill}/>')
        width, height = (f"{length * _SCALE:.0f}" for length in size)
        return f'viewBox="0 0 {width} {height}">{"".join(parts)}'


def _panel(view: View, scene: Mapping[str, Any], drawing: str) -> str:
    """Return a crystal as a drawing, a legend, and the sentences about it."""
    names = [line.split()[0] for line in scene["xyz"].splitlines()[2:]]
    what = ", ".join(f"{names.count(name)} {name}" for name in dict.fromkeys(names))
    said = scene["says"][-1] if scene["says"] else ""
    alt = html.escape(" ".join(filter(None, (f"Unit cell of {view.title}; drawn are {what}.", said, view.said))))
    legend = "".join(
        f'<span><i style="background: {shade}"></i>{html.escape(name)}</span>'
        for name, shade in scene["colours"].items()
    )
    return (
        f'<div class="crystal"><p class="crystal-title">{html.escape(view.title)} {legend}</p>'
        f'<div class="crystal-stage"><svg role="img" aria-label="{alt}" {drawing}</svg></div>'
        + (f'<p class="note" aria-live="polite">{html.escape(said)}</p>' if said else "")
        + (f'<p class="note">{html.escape(view.said)}</p>' if view.said else "")
        + "</div>"
    )


def _width(weight: float) -> float:
    """Return how wide a bond of a weight is drawn, pixels; the book's script does the same."""
    return round(2 + 6 * weight, 1) if weight else 0
