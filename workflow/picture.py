"""The README's picture: the start page of the built book down to its last panel, with the counts that it shows."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from replicate import paths
from replicate.errors import ConfigError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHUNK = "scoreboard"
"""Keyword of the PNG's text: the counts of the verdicts, as JSON."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
THEME = "localStorage.setItem('mode', '{0}'); localStorage.setItem('theme', '{0}')"
"""Script that chooses the light or the dark pages."""
_WIDTH, _SCALE, _MARGIN = 1280, 1.5, 24

# Verdict → count over all panels, and where the last panel ends: read from the page that the picture shows.
_SHOWN = """() => {
  const counts = {}
  for (const mark of document.querySelectorAll("article figure .mark[title]"))
    counts[mark.title] = (counts[mark.title] || 0) + parseInt(mark.textContent.replace(/[^0-9]/g, ""))
  const ends = [...document.querySelectorAll("article figure")].map(one => one.getBoundingClientRect().bottom)
  return { counts, end: Math.max(0, ...ends) + window.scrollY }
}"""


def picture_file() -> Path:
    """Return where the picture lies."""
    return paths.root() / "book" / "_assets" / "book.png"


def shown_counts(picture: Path) -> dict[str, int]:
    """Return verdict → count as the picture shows them, empty for a picture that does not say."""
    with Image.open(picture) as image:
        return json.loads(image.info.get(CHUNK, "{}"))


@contextmanager
def started() -> Iterator[Browser]:
    """Hand out a headless Chromium, or raise ConfigError where there is none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = Path(next(filter(None, map(shutil.which, BROWSERS)), playwright.chromium.executable_path))
        if not found.exists():
            raise ConfigError(f"no browser: none of {', '.join(BROWSERS)} is installed")
        # The pages are our own, and containers rarely allow the sandbox.
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


def take(running: Browser, page: Path, picture: Path) -> dict[str, int]:
    """Photograph a start page and return the counts it shows, which are kept in the picture too.

    Raises:
        ConfigError: there is no such page, or no panel on it.
    """
    if not page.is_file():
        raise ConfigError(f"{page} is not there: run `make book`")
    opened = running.new_page(viewport={"width": _WIDTH, "height": 900}, device_scale_factor=_SCALE)
    opened.add_init_script(THEME.format("light"))
    opened.goto(page.as_uri(), wait_until="load")
    shown: dict[str, Any] = opened.evaluate(_SHOWN)
    if not shown["counts"]:
        raise ConfigError(f"{page} has no panel with counts")
    opened.set_viewport_size({"width": _WIDTH, "height": int(shown["end"]) + _MARGIN})
    said = PngInfo()
    said.add_text(CHUNK, json.dumps(shown["counts"]))
    with paths.written_whole(picture) as temporary:
        Image.open(io.BytesIO(opened.screenshot())).convert("RGB").save(temporary, "PNG", pnginfo=said, optimize=True)
    opened.close()
    return shown["counts"]
