"""A notebook page killed while its cells run leaves the page before it or none; a rerun gives the same page."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from children import KILLS, Ended, as_module, done, kill_again_and_again, report

from replicate import paths

NAME = "xie2018/nacl-kcl"  # the smallest real page: no download, a second of computing
COMMAND = ("page", NAME, "--profile", "smoke", "--device", "cpu")


def checkout(root: Path) -> dict[str, str]:
    """Copy what the page needs to a folder, and return the environment for it."""
    for suffix in (".py", ".ipynb"):
        target = (root / "notebooks" / NAME).with_suffix(suffix)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy((paths.root() / "notebooks" / NAME).with_suffix(suffix), target)
    shutil.copytree(paths.results_dir(), root / "book" / "results")
    shutil.copy(paths.root() / "book" / "_toc.yml", root / "book")
    return {"REPLICATE_ROOT": str(root), "REPLICATE_WORK": str(root / ".replicate"), "OMP_NUM_THREADS": "1"}


def shown(page: Path) -> list[tuple[str, object]]:
    """Return what a page shows: sources and outputs, without the times of its making."""
    cells = nbformat.read(page, as_version=4).cells
    return [(cell.source, [dict(o, metadata={}) for o in cell.get("outputs", [])]) for cell in cells]


@pytest.fixture
def quiet(tmp_path: Path) -> tuple[list[tuple[str, object]], float]:
    """The page of an undisturbed run, and the seconds from its first byte to the end."""
    folder = tmp_path / "quiet"
    env = checkout(folder)
    page = folder / "book" / f"{NAME}.ipynb"
    begun = lambda: bool(list(page.parent.glob(".partial-*")))  # noqa: E731
    ended = done(as_module, "workflow", COMMAND, env=env, begun=begun)
    return shown(page), ended.seconds


def test_a_page_killed_at_random(quiet, tmp_path: Path) -> None:
    expected, longest = quiet
    root = tmp_path / "checkout"
    env = checkout(root)
    page = root / "book" / f"{NAME}.ipynb"
    torn = 0

    def look(ended: Ended) -> None:
        nonlocal torn
        torn += bool(list(page.parent.glob(".partial-*")))
        if page.is_file():
            assert shown(page) == expected
            page.unlink()

    landed = kill_again_and_again(
        as_module,
        "workflow",
        COMMAND,
        env=env,
        longest=longest,
        look=look,
        kills=max(2, KILLS // 3),
        begun=lambda: bool(list(page.parent.glob(".partial-*"))),
    )
    report(f"{landed} kills, {torn} of them left half a page")
    page.write_text("{}", encoding="utf-8")
    done(as_module, "workflow", COMMAND, env=env)
    assert shown(page) == expected and not list(root.rglob(".partial-*"))
