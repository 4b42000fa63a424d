"""A book build killed at any moment and started again gives the pages of an undisturbed build."""

import fcntl
import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from checkout import ROOT, write_contents
from children import PATIENCE, Child, done

from replicate.data.digest import file_sha256

PAGES = ("about/glossary", "about/changelog", "about/troubleshooting", "about/references")
LOCKS = Path("/proc/locks")  # a line with an arrow is a process that waits
OPTIONS = ("-W", "-n", "--keep-going", "-q")


def small_book(root: Path) -> dict[str, str]:
    """Copy the real book's settings and its written pages to a folder."""
    shutil.copytree(ROOT / "book", root / "book", ignore=shutil.ignore_patterns("*.ipynb", "results", "katex"))
    shutil.copy(ROOT / "_config.yml", root)
    (root / "book" / "intro.md").write_text("# A small book\n", encoding="utf-8")
    write_contents(root, PAGES)
    (root / "notebooks").mkdir()
    return {"REPLICATE_ROOT": str(root), "REPLICATE_WORK": str(root / ".replicate")}


def build(root: str) -> None:
    from jupyter_book.cli.main import main

    sys.argv = ["jupyter-book", "build", f"{root}/book", *OPTIONS]
    main()


def html(root: Path) -> dict[str, str]:
    """Return a hash of each file of the built book."""
    folder = root / "_build" / "html"
    return {f.relative_to(folder).as_posix(): file_sha256(f) for f in folder.rglob("*") if f.is_file()}


def test_a_page_that_a_kill_cut_in_two_is_written_again(tmp_path: Path) -> None:
    """A bare build takes a page that is younger than its source for finished; one that was killed is no reason."""
    root = tmp_path / "book"
    env = small_book(root)
    done(build, str(root), env=env)
    expected = html(root)
    shutil.rmtree(root / "_build")  # the folder is used again, for its name is in what Sphinx keeps
    written = lambda: (root / "_build" / "html" / "genindex.html").is_file()  # noqa: E731
    killed = Child(build, str(root), env=env, begun=written).kill_after(0)
    assert killed.killed, killed.err
    pages = list((root / "_build" / "html").rglob("*.html"))
    # The moment between the first byte and the last is too short to be hit: every page stands for it.
    for page in pages:
        page.write_bytes(page.read_bytes()[: page.stat().st_size // 2])
    assert len(pages) > len(PAGES)
    # What extensions write only where it is missing.
    for style in (root / "_build" / "html").glob("_sphinx_design_static/*"):
        style.write_bytes(b"")
    done(build, str(root), env=env)
    assert html(root) == expected


@pytest.mark.skipif(not LOCKS.is_file(), reason="this system does not tell who waits for a lock")
def test_a_build_waits_for_one_that_goes_on(tmp_path: Path) -> None:
    """The pages' job of a killed Snakemake ends by itself; nobody writes the same pages meanwhile."""
    root = tmp_path / "book"
    env = small_book(root)
    (root / "_build").mkdir()
    with open(root / "_build" / ".html-lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        place = f":{os.stat(held.fileno()).st_ino} "
        waiting = Child(build, str(root), env=env)
        until = time.monotonic() + PATIENCE
        while not any("->" in line and place in line for line in LOCKS.read_text().splitlines()):
            assert time.monotonic() < until, "the build does not wait for the lock"
            time.sleep(0.05)
        assert not (root / "_build" / "html" / "index.html").exists()
    assert waiting.ended().status == 0
    assert (root / "_build" / "html" / "index.html").is_file()
