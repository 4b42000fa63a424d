"""The colours of the figures stay apart for readers without red or green cones."""

import re
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from replicate import paths
from replicate.report.style import PALETTE, VERDICT_COLOURS

# Machado, Oliveira and Fernandes, IEEE Trans. Vis. Comput. Graph. 15, 1291 (2009), severity 1.0: of linear RGB.
SEEN_BY = {
    "every cone": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
# IEC 61966-2-1: linear sRGB to XYZ, white at D65.
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
# Distance in CIELAB: about five times what an eye just tells apart in two fields side by side, since marks are small.
LEAST = 12.0


def lab(colours: Iterable[str], seen: np.ndarray) -> np.ndarray:  # (n, 3)
    """Return the CIELAB coordinates of colours as seen by an eye."""
    rgb = np.array([to_rgb(colour) for colour in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    relative = np.clip(linear @ seen.T, 0, 1) @ XYZ.T / XYZ.sum(axis=1)
    x, y, z = np.where(relative > (6 / 29) ** 3, np.cbrt(relative), relative / (3 * (6 / 29) ** 2) + 4 / 29).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


@pytest.mark.parametrize("eye", SEEN_BY)
# Verdicts of one colour differ in shape.
@pytest.mark.parametrize("colours", [PALETTE, {*VERDICT_COLOURS.values()}], ids=["palette", "verdicts"])
def test_colours_stay_apart(colours: Iterable[str], eye: str) -> None:
    places = dict(zip(colours, lab(colours, SEEN_BY[eye]), strict=True))
    close = [(a, b) for a, b in combinations(places, 2) if np.linalg.norm(places[a] - places[b]) < LEAST]
    assert close == []


def test_badges_of_pages_have_the_colours_of_figures() -> None:
    css = (paths.root() / "book" / "_assets" / "house.css").read_text(encoding="utf-8")
    for verdict, colour in VERDICT_COLOURS.items():
        (name,) = re.findall(rf"\.verdict-mark-{verdict.replace(' ', '-')}\) {{ --badge: var\((--house-\w+)\)", css)
        first = re.search(rf"{name}: (#\w+);", css)
        assert first and first[1] == colour, verdict
