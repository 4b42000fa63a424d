"""Sphinx extension: missing pages are executed, pages and pictures described, data, buttons and citation added."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import textwrap
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import myst_nb.sphinx_ext
import nbformat
from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.util import logging

from replicate import paths, repository
from replicate.errors import ReplicateError
from replicate.report.citation import book
from workflow import browser, flow, launching, search, weight
from workflow.sources import discover

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

# Before the table of contents is matched with the files there are (priority 500).
_EARLY = 100
_FIRST = 50
_PICTURE = "image/svg+xml"

# What search engines show of a description, and what is too short to be one.
_LONGEST, _SHORTEST = 200, 40

logger = logging.getLogger(__name__)


def execute_missing(app: Sphinx, config: Config) -> None:
    """Execute sources without a page, with the profile named by ``REPLICATE_PROFILE`` (default quick).

    Raises:
        ReplicateError: a notebook failed, so that its page cannot be built.
    """
    missing = [source for source in discover() if not source.output.is_file()]
    if not missing:
        return
    profile = os.environ.get("REPLICATE_PROFILE", flow.DEFAULTS["profile"])
    targets = [flow.page_marker(source.name, profile) for source in missing]
    flow.run(targets, {**flow.DEFAULTS, "profile": profile})
    failed = [source.name for source in missing if not source.output.is_file()]
    if failed:
        raise ReplicateError(f"notebooks failed, their pages cannot be built: {', '.join(failed)}")


def _pictures(source: Path) -> list[Any]:
    """Return the outputs of a notebook that are pictures with an alternative text; none of another file."""
    cells = nbformat.read(source, as_version=4).cells if source.suffix == ".ipynb" else []
    outputs = (output for cell in cells for output in cell.get("outputs", ()))
    return [out for out in outputs if out.get("metadata", {}).get(_PICTURE, {}).get("alt")]


def _data_file(docname: str, number: int) -> str:
    """Return where the data of a page's picture lie, from the root of the built book."""
    return f"figures/{docname}-{number}.csv"


def describe_pictures(app: Sphinx, doctree: Any) -> None:
    """Give each picture of a notebook the alternative text that MyST-NB leaves unread, and a link to its data."""
    docname = app.env.docname
    pictures = list(doctree.findall(lambda node: node.tagname == "image"))
    outputs = _pictures(Path(app.env.doc2path(docname))) if pictures else []
    # MyST-NB names a picture after the hash of its bytes.
    names = [hashlib.sha256(output["data"][_PICTURE].rstrip("\n").encode()).hexdigest() for output in outputs]
    for picture in pictures:
        if (name := Path(picture["uri"]).stem) not in names:
            continue
        output = outputs[names.index(name)]
        picture["alt"] = output["metadata"][_PICTURE]["alt"]
        if "text/csv" in output["data"]:
            file = "../" * docname.count("/") + _data_file(docname, names.index(name) + 1)
            link = f'<p class="figure-data"><a href="{file}" download>data (CSV)</a></p>'
            # Below all forms of the output, of which a builder takes one.
            while picture.get("nb_element") != "mime_bundle":
                picture = picture.parent
            picture.parent.insert(picture.parent.index(picture) + 1, nodes.raw("", link, format="html"))


def bring_crystals(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give a page with crystals, and no other, the script that turns them."""
    if 'class="crystals"' in context.get("body", ""):
        app.add_js_file("crystals.js")


def describe_page(app: Sphinx, name: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the chapter into a page's title, and what the page says first into its head."""
    if doctree is None:
        return
    chapter = _chapter(app, name)
    if chapter and chapter not in context["title"]:
        context["title"] = f"{context['title']} · {escape(chapter)}"
    if name == app.config.root_doc:
        context["docstitle"] = ""  # the start page has the book's title itself
    said = re.sub("[<>]", "", _answer(doctree) or _first_paragraph(doctree))
    said = textwrap.shorten(said, _LONGEST, placeholder=" …")
    context["metatags"] = f'{context.get("metatags", "")}\n<meta name="description" content="{escape(said)}" />'


def _chapter(app: Sphinx, name: str) -> str:
    """Return a chapter's caption, less what stands in brackets; empty for pages that belong to the whole book."""
    contents = app.env.external_site_map  # type: ignore[attr-defined]
    for part in contents.root.subtrees if "/" in name else ():
        if any(name == first or name in contents[first].child_files() for first in part.items):
            return (part.caption or "").partition(" (")[0]
    return ""


def _answer(doctree: Any) -> str:
    """Return a page's card as a sentence: the quantity, the values with their labels, the verdict."""
    cards = (node.astext() for node in doctree.findall(nodes.raw) if 'class="answer"' in node.astext())
    card = BeautifulSoup(next(cards, ""), "html.parser").select_one(".answer")
    if card is None:
        return ""
    for note in card.select(".note"):
        note.decompose()
    head = card.p
    assert isinstance(head, Tag)
    badge = head.span.extract().get_text() if head.span else ""
    values = (f"{pair.dt.get_text()} {pair.dd.get_text()}" for pair in card.select("dl > div") if pair.dt and pair.dd)
    return f"{head.get_text().strip().rstrip('.')}: {', '.join(values)}{badge and f'; {badge}'}."


def _first_paragraph(doctree: Any) -> str:
    texts = (" ".join(node.astext().split()) for node in doctree.findall(nodes.paragraph))
    return next((text for text in texts if len(text) >= _SHORTEST), "")


def offer_records(app: Sphinx, problem: Exception | None) -> None:
    """Put beside the pages the records, what lies behind numbers, the data of figures and *Predict*'s networks."""
    if problem is None and app.builder.name == "html":
        for docname in app.env.found_docs:
            for number, output in enumerate(_pictures(Path(app.env.doc2path(docname))), start=1):
                if table := output["data"].get("text/csv"):
                    file = Path(app.outdir) / _data_file(docname, number)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(table, encoding="utf-8")
        if "predict" in app.env.found_docs:
            browser.write_scripts(Path(app.outdir) / "predict")
        browser.write_numbers(Path(app.outdir) / "numbers")
        there = Path(app.outdir) / "results"
        there.mkdir(exist_ok=True)
        for record in paths.finished(paths.results_dir(), "*.json"):
            shutil.copyfile(record, there / record.name)


def forget_a_broken_build(app: Sphinx) -> None:
    """Remove what a build that never ended left: Sphinx takes a page for whole if it is younger than its source."""
    mark = _mark(app)
    if mark.exists():
        for left in mark.parent.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            elif left != mark:
                left.unlink()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def bring_stylesheet(app: Sphinx) -> None:
    """Put MyST-NB's stylesheet there before the pages; it comes after them, so only a second build's name its hash."""
    if app.builder.format == "html":
        (Path(app.outdir) / "_static").mkdir(exist_ok=True)
        myst_nb.sphinx_ext.add_global_html_resources(app, None)


def note_the_end(app: Sphinx, exception: Exception | None) -> None:
    """Take away the mark of an unfinished build."""
    if exception is None:
        _mark(app).unlink(missing_ok=True)


def one_at_a_time(app: Sphinx, config: Config) -> None:
    """Wait for a build that still writes into this folder, such as one whose Snakemake was killed."""
    folder = Path(app.outdir)
    folder.mkdir(parents=True, exist_ok=True)
    # Never closed: the lock ends with the process.
    lock = os.open(folder.parent / f".{folder.name}-lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        logger.info("another build is at work on these pages, waiting for its end ...")
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        os.close(lock)  # a disk without locks


def _mark(app: Sphinx) -> Path:
    return Path(app.outdir) / ".unfinished"


def add_address(app: Sphinx, config: Config) -> None:
    """Let pages show how to cite the book, as ``{{ citation }}``, and have buttons where a repository is named.

    Raises:
        ConfigError: it is no address of a repository.
    """
    if address := repository.address():
        config.html_theme_options = {**config.html_theme_options, **launching.theme_options(address)}
    config.myst_substitutions = {**config.myst_substitutions, "citation": citation()}


def citation() -> str:
    """Return the entry as a block of the how-to-cite page, and below it how to get the files, with an address."""
    blocks = [f"```bibtex\n{book()}\n```"]
    if address := repository.address():
        blocks.append(f"The files: `git clone {address}`.")
    return "\n\n".join(blocks)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx.

    Raises:
        ConfigError: the Jupyter Book installed is none that builds these pages.
    """
    flow.check_jupyter_book()
    app.connect("html-page-context", describe_page)
    app.connect("config-inited", one_at_a_time, priority=_FIRST)
    app.connect("config-inited", execute_missing, priority=_EARLY)
    app.connect("doctree-read", describe_pictures)
    app.connect("doctree-read", search.part_cells)
    app.add_search_language(search.NumberSearch)
    app.connect("build-finished", offer_records)
    app.connect("html-page-context", bring_crystals)
    app.connect("builder-inited", forget_a_broken_build)
    app.connect("builder-inited", bring_stylesheet)
    app.connect("build-finished", weight.lighten)
    app.connect("build-finished", note_the_end)
    app.connect("config-inited", add_address, priority=_EARLY)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
