"""What the theme brings and no page of the book uses is taken out of the built book: 2 MB a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools import subset, ttLib

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_VENDORED = "katex"  # whose classes its own script writes
_ICONS = "scripts/fontawesome.js"  # 1.5 MB of icons as SVG, beside the same icons as a font
_WORD = re.compile(r"[\w-]+")
_CLASSES = re.compile(r"""class=["']([^"']*)""")
# A comment, a string, an address without quotes, or a mark between rules.
_PARTS = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|url\([^"\')]*\)|[{};]', re.DOTALL)
_FONT = re.compile(r'url\(([^)]*)\.woff2\) format\("woff2"\),url\([^)]*\.ttf\) format\("truetype"\)')
_CHARACTER = re.compile(r'content:\s*"\\([0-9a-f]{2,5})"')
_NESTED = ("@media", "@supports", "@layer", "@container")


def lighten(app: Sphinx, problem: Exception | None) -> None:
    """Leave in the built book's style sheets and icon fonts what its pages and scripts name."""
    if problem is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    if (icons := static / _ICONS).is_file():
        icons.write_text("")
    for map_of_sources in static.rglob("*.map"):
        map_of_sources.unlink()
    ours = [file for file in static.rglob("*") if _VENDORED not in file.relative_to(static).parts]
    words = names(Path(app.outdir), [file for file in ours if file.suffix == ".js"])
    shown: set[int] = set()
    for sheet in (file for file in ours if file.suffix == ".css"):
        text = sheet.read_text(encoding="utf-8")
        less = "".join(rules(text, lambda selector: used(selector, words)))
        less = _FONT.sub(r'url(\1.woff) format("woff")', less)
        shown |= {int(code, 16) for code in _CHARACTER.findall(less)}
        sheet.write_text(less, encoding="utf-8")
    for font in static.glob("vendor/fontawesome/webfonts/*.ttf"):
        _write_part(font, shown)


def _write_part(font: Path, characters: set[int]) -> None:
    """Put a font of these characters, compressed without a further package, in the place of the whole one."""
    glyphs = ttLib.TTFont(font, recalcTimestamp=False)  # else two builds of one book would differ
    part = subset.Subsetter()
    part.populate(unicodes=characters)
    part.subset(glyphs)
    glyphs.flavor = "woff"
    glyphs.save(font.with_suffix(".woff"))
    font.unlink()
    font.with_suffix(".woff2").unlink()


def names(pages: Path, scripts: list[Path]) -> set[str]:
    """Return the classes of all pages and every word of the scripts, which may set any of them as a class."""
    texts = (page.read_text(encoding="utf-8") for page in pages.rglob("*.html"))
    words = {word for text in texts for attribute in set(_CLASSES.findall(text)) for word in attribute.split()}
    return words.union(*(_WORD.findall(script.read_text(encoding="utf-8")) for script in scripts))


def used(selector: str, words: set[str]) -> bool:
    """Return whether a page may have what a selector asks for: all its classes are among the words."""
    if "\\" in selector:
        return True
    plain = re.sub(r"\[[^]]*\]", "", selector)
    while plain != (plain := re.sub(r"\([^()]*\)", "", plain)):  # what a :is or :not lists, of which one is enough
        pass
    return set(re.findall(r"\.([\w-]+)", plain)) <= words


def rules(sheet: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield the rules of a style sheet that have a wanted selector, with no other selectors."""
    start = depth = 0
    opened = 0  # where the outermost block begins
    for part in _PARTS.finditer(sheet):
        match part[0]:
            case ";" if depth == 0:  # @charset, @import
                yield sheet[start : part.end()].strip()
                start = part.end()
            case "{":
                opened = part.end() if depth == 0 else opened
                depth += 1
            case "}":
                depth -= 1
                if depth == 0:
                    yield _rule(sheet[start : opened - 1], sheet[opened : part.start()], wanted)
                    start = part.end()
            case comment if comment.startswith("/*") and depth == 0 and not sheet[start : part.start()].strip():
                if comment.startswith("/*!"):  # a licence
                    yield comment
                start = part.end()


def _rule(head: str, body: str, wanted: Callable[[str], bool]) -> str:
    head = re.sub(r"/\*.*?\*/", "", head, flags=re.DOTALL).strip()
    if head.startswith(_NESTED):
        inner = "".join(rules(body, wanted))
        return f"{head}{{{inner}}}" if inner else ""
    kept = [head] if head.startswith("@") else [each for each in _selectors(head) if wanted(each)]
    return f"{','.join(kept)}{{{body.strip()}}}" if kept else ""


def _selectors(head: str) -> list[str]:
    """Return what the commas outside brackets part."""
    selectors, depth = [""], 0
    for sign in head:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            selectors.append("")
        else:
            selectors[-1] += sign
    return [selector.strip() for selector in selectors]
