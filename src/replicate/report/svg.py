"""Figures as SVG text within a page, whose marks say what they are under a pointer, or lead somewhere."""

from __future__ import annotations

import html
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.figure import Figure

from replicate.report.style import EDGE, INK

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"


def with_titles(figure: Figure, titles: Sequence[str], links: Sequence[str] | None = None) -> str:
    """Return a figure as SVG text in the page's letters, ink and ground.

    Args:
        figure: its label is the text for readers who do not see it.
        titles: what is shown while the pointer is on a mark; a mark drawn with ``url=str(i)`` gets the i-th.
        links: where the marks lead; None: nowhere.
    """
    file = io.BytesIO()
    bbox = "tight" if links is None else None
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": str(figure.get_label()), "savefig.bbox": bbox}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    ET.register_namespace("", _SVG.strip("{}"))
    ET.register_namespace("xlink", _XLINK.strip("{}"))
    root = ET.fromstring(file.getvalue())
    for name in ("width", "height"):
        del root.attrib[name]
    root.set("role", "group")
    root.set("aria-label", str(figure.get_label()))
    root.remove(root.find(f"{_SVG}metadata"))  # type: ignore[arg-type]  # matplotlib always writes one
    for mark in root.iter(f"{_SVG}a"):
        place = int(mark.attrib.pop(f"{_XLINK}href"))
        if links is None:
            mark.tag = f"{_SVG}g"
            mark.set("class", "mark")
        else:
            mark.set("href", links[place])
            # Hundreds of stops for a keyboard; the scoreboard page has the same links as a table.
            mark.set("tabindex", "-1")
            mark.set("aria-label", titles[place])
        title = ET.Element(f"{_SVG}title")
        title.text = titles[place]
        mark.insert(0, title)
    for part in (*root.iter(f"{_SVG}g"), *root.iter(f"{_SVG}image")):
        part.attrib.pop("id", None)  # several pictures on a page would share them
    for definitions in root.findall(f"{_SVG}defs"):
        for style in definitions.findall(f"{_SVG}style"):
            definitions.remove(style)  # it would hold for the whole page
    text = re.sub(rf"{INK}|{EDGE}", "currentColor", ET.tostring(root, encoding="unicode"))
    text = re.sub(r"font: (?:\w+ )*([\d.]+px) [^;\"]*", r"font-size: \1", text)
    return re.sub(r"font-family: [^;\"]*(?:; )?", "", text)


def pointed(figure: Figure, titles: Sequence[str], heading: str) -> str:
    """Return a figure as HTML whose marks tell their titles, which are a list under a heading too."""
    width = figure.get_figwidth() * 96
    items = "".join(f"<li>{html.escape(title)}</li>" for title in titles)
    return (
        f'<figure class="pointed" style="max-width: {width:.0f}px">{with_titles(figure, titles)}</figure>'
        f'<details class="pointed"><summary>{html.escape(heading)}</summary><ol>{items}</ol></details>'
    )
