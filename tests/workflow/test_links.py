"""A link within the book that leads nowhere keeps the book from being built, and is named with its page."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from workflow.__main__ import app


@pytest.fixture
def html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of two pages, with a picture, a record and a template of the theme."""
    monkeypatch.setenv("REPLICATE_ROOT", str(tmp_path))
    folder = tmp_path / "_build" / "html"
    for name in ("chapter", "_static", "results", "_images"):
        (folder / name).mkdir(parents=True)
    (folder / "index.html").write_text("<a href='chapter/page.html#here'>page</a>", encoding="utf-8")
    (folder / "_static" / "template.html").write_text("<a href='{{ pathto }}'>", encoding="utf-8")
    (folder / "_images" / "a b.png").touch()
    (folder / "results" / "x.json").touch()
    return folder


def check(html: Path, body: str) -> tuple[int, list[str]]:
    (html / "chapter" / "page.html").write_text(f"<h1 id='here'>Page</h1>{body}", encoding="utf-8")
    found = CliRunner().invoke(app, ["check-pages"])
    return found.exit_code, found.stderr.splitlines()


@pytest.mark.parametrize(
    "body",
    [
        "<a href='../index.html'>up</a><a href='#here'>here</a><a href='#'>top</a><a href=''>same</a>",
        "<img src='../_images/a%20b.png' srcset='../_images/a%20b.png 2x'>",
        "<a href='../results/x.json' download>record</a><script src='../results/x.json?v=1'></script>",
        "<a href='https://example.org/gone'>elsewhere</a><a href='mailto:a@b.c'>mail</a><img src='data:,x'>",
        "<a href='page.html#%C3%BC'>ü</a><p id='ü'>",
    ],
)
def test_sound_links_pass(html: Path, body: str) -> None:
    assert check(html, body) == (0, [])


@pytest.mark.parametrize(
    ("body", "target", "reason"),
    [
        ("<a href='gone.html'>", "gone.html", "no such file"),
        ("<a href='../index.html#gone'>", "../index.html#gone", "no such place on the page"),
        ("<a href='#gone'>", "#gone", "no such place on the page"),
        ("<img src='../_images/gone.png'>", "../_images/gone.png", "no such file"),
        ("<img srcset='../_images/a%20b.png 1x, gone.png 2x'>", "gone.png", "no such file"),
        ("<a href='../results/gone.json' download>", "../results/gone.json", "no such file"),
        ("<link rel='stylesheet' href='gone.css?v=1'>", "gone.css?v=1", "no such file"),
        ("<script src='gone.js'></script>", "gone.js", "no such file"),
        ("<a href='../chapter/'>", "../chapter/", "no such file"),
        ("<a href='../../../Snakefile'>", "../../../Snakefile", "outside the book"),
        ("<a href='//[x'>", "//[x", "no address"),
    ],
)
def test_a_dead_link_is_named_with_its_page(html: Path, body: str, target: str, reason: str) -> None:
    assert check(html, body) == (1, [f"_build/html/chapter/page.html links to {target}: {reason}"])
