"""``jupyter-book build book/`` typed in a fresh clone, where no notebook has been executed."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from replicate import paths

REPOSITORY = paths.root()


@pytest.mark.parametrize("sound", [True, False], ids=["sound", "failing"])
def test_missing_pages_are_executed(project, jupyter_book: str, sound: bool) -> None:
    shutil.copy(REPOSITORY / "_config.yml", project.root)
    shutil.copy(REPOSITORY / "book" / "references.bib", project.root / "book")
    shutil.copytree(REPOSITORY / "book" / "_assets", project.root / "book" / "_assets")
    (project.root / "book" / "intro.md").write_text("# Intro\n", encoding="utf-8")
    project.contents(["paper/gap"])
    project.write("paper/gap", "print('executed with', profile)" if sound else "1 / 0")
    done = subprocess.run(
        [jupyter_book, "build", "book/", "-W", "-n", "--keep-going"],
        cwd=project.root,
        env={**os.environ, "REPLICATE_PROFILE": "smoke"},
        capture_output=True,
        text=True,
        timeout=180,
    )
    page = project.root / "_build" / "html" / "paper" / "gap.html"
    if sound:
        assert done.returncode == 0, done.stderr
        assert "executed with smoke" in page.read_text(encoding="utf-8")
    else:
        assert done.returncode != 0
        assert "notebooks failed, their pages cannot be built: paper/gap" in done.stderr + done.stdout
        assert not page.exists()
