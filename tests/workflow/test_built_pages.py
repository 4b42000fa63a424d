"""A traceback, or a link within the book that leads nowhere, keeps the book from being built."""

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


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<a href='../index.html'>up</a><a href='#here'>here</a><a href='#'>top</a><a href=''>same</a>", ""),
        ("<img src='../_images/a%20b.png' srcset='../_images/a%20b.png 2x'>", ""),
        ("<a href='../results/x.json' download>record</a><script src='../results/x.json?v=1'></script>", ""),
        ("<a href='https://example.org/gone'>elsewhere</a><a href='mailto:a@b.c'>mail</a><img src='data:,x'>", ""),
        ("<a href='page.html#%C3%BC'>ü</a><p id='ü'>", ""),
        ("<a href='gone.html'>", "links to gone.html: no such file"),
        ("<a href='../index.html#gone'>", "links to ../index.html#gone: no such place on the page"),
        ("<img srcset='../_images/a%20b.png 1x, gone.png 2x'>", "links to gone.png: no such file"),
        ("<link rel='stylesheet' href='gone.css?v=1'>", "links to gone.css?v=1: no such file"),
        ("<a href='../chapter/'>", "links to ../chapter/: no such file"),
        ("<a href='../../../Snakefile'>", "links to ../../../Snakefile: outside the book"),
        ("<a href='//[x'>", "links to //[x: no address"),
        ('<div class="output traceback highlight-ipythontb notranslate">', "shows a traceback"),
        ("<pre>Traceback (most recent call last):</pre>", "shows a traceback"),
        ('<span id="papermill-error-cell">', "shows a traceback"),
    ],
)
def test_what_is_wrong_is_named_with_its_page(html: Path, body: str, problem: str) -> None:
    (html / "chapter" / "page.html").write_text(f"<h1 id='here'>Page</h1>{body}", encoding="utf-8")
    ended = CliRunner().invoke(app, ["check-pages"])
    told = [f"_build/html/chapter/page.html {problem}"] if problem else []
    assert (ended.exit_code, ended.stderr.splitlines()) == (len(told), told)
