"""``jupyter-book build book/`` typed in a fresh clone, where no notebook has been executed, or Sphinx without it."""

import os
import re
import shutil
import subprocess
import sys

from bs4 import BeautifulSoup
from checkout import ROOT

REPOSITORY = "https://github.com/someone/replicate"
FIGURE = """
import matplotlib.pyplot as plt
from replicate.report.style import finished, use_house_style
use_house_style()
figure, axis = plt.subplots()
axis.plot([1, 2], [3, 4.5], label="ours")
axis.set(xlabel="epoch", ylabel="error (eV)")
finished(figure, "Error against epoch: a line that rises.")
"""


def book_of(project, code: str) -> None:
    """Write a book of one notebook and the page that says how to cite."""
    for file in ("_config.yml", "CITATION.cff"):
        shutil.copy(ROOT / file, project.root)
    shutil.copytree(ROOT / "book" / "_assets", project.root / "book" / "_assets")
    shutil.copy(ROOT / "book" / "references.bib", project.root / "book")
    (project.root / "book" / "intro.md").write_text("# Intro\n", encoding="utf-8")
    # Without the link to the status page, which is not in this book.
    cite = (ROOT / "book/about/how-to-cite.md").read_text(encoding="utf-8").replace("(../status)", "(../intro)")
    (project.root / "book" / "about").mkdir()
    (project.root / "book/about/how-to-cite.md").write_text(cite, encoding="utf-8")
    project.contents(["paper/gap", "about/how-to-cite"])
    project.write("paper/gap", code)


def run(project, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=project.root,
        env={**os.environ, "REPLICATE_PROFILE": "smoke", "REPLICATE_REPOSITORY": "", **environment},
        capture_output=True,
        text=True,
        timeout=180,
    )


def build(project, jupyter_book: str, code: str, repository: str = "") -> subprocess.CompletedProcess[str]:
    book_of(project, code)
    command = (jupyter_book, "build", "book/", "-W", "-n", "--keep-going")
    return run(project, *command, REPLICATE_REPOSITORY=repository)


def test_missing_pages_are_executed_and_buttons_open_their_notebooks(project, jupyter_book: str) -> None:
    """Without a repository there are none: the book that the browser's tests open is built so."""
    done = build(project, jupyter_book, "print('executed with', profile)" + FIGURE, REPOSITORY)
    assert done.returncode == 0, done.stderr
    folder = project.root / "_build/html"
    html, citing = (
        (folder / page).read_text(encoding="utf-8") for page in ("paper/gap.html", "about/how-to-cite.html")
    )
    assert "executed with smoke" in html
    cite = BeautifulSoup(citing, "html.parser").get_text()
    assert "{{ citation" not in cite and "@software" in cite and f"git clone {REPOSITORY}" in cite
    buttons = BeautifulSoup(html, "html.parser").select('a[href][title="Source repository"]')
    assert {str(button["href"]) for button in buttons} == {REPOSITORY}
    assert set(re.findall(r'href="(https://(?:mybinder|colab)[^"]+)"', html)) == {
        "https://mybinder.org/v2/gh/someone/replicate/launch?urlpath=lab/tree/notebooks/paper/gap.ipynb",
        "https://colab.research.google.com/github/someone/replicate/blob/launch/notebooks/paper/gap.ipynb",
    }
    # A button is a link: opening the page asks nobody, and thebe stays out.
    assert re.findall(r'(?:src|href)="https?://[^"]+\.(?:js|css|svg|png)"', html) == []
    assert "thebe" not in html.lower()
    # The picture is dark on a dark page, and under it is a link to its data, a file beside the pages.
    picture = BeautifulSoup(html, "html.parser").select_one("img[alt^='Error against epoch']")
    assert "prefers-color-scheme: dark" in (folder / "paper" / str(picture["src"])).read_text(encoding="utf-8")
    table = (folder / "paper" / str(picture.find_next("a")["href"])).read_text(encoding="utf-8")
    assert table == "panel,series,mark,epoch,error (eV)\n,ours,line,1,3\n,ours,line,2,4.5\n"


def test_a_failing_notebook_fails_the_build(project, jupyter_book: str) -> None:
    done = build(project, jupyter_book, "1 / 0")
    assert done.returncode != 0
    assert "notebooks failed, their pages cannot be built: paper/gap" in done.stderr + done.stdout
    assert not (project.root / "_build" / "html" / "paper" / "gap.html").exists()


def test_sphinx_alone_builds_the_pages_from_the_settings_written_for_it(project, jupyter_book: str) -> None:
    """The way out, should Jupyter Book 1 no longer be to be had: it writes ``conf.py`` once."""
    book_of(project, "print('executed with', profile)")
    assert run(project, jupyter_book, "config", "sphinx", "book/").returncode == 0
    (project.root / "conf.py").rename(project.root / "book" / "conf.py")
    command = (sys.executable, "-m", "sphinx", "-W", "-n", "-b", "html", "book", "_build/html")
    done = run(project, *command, PYTHONPATH=os.pathsep.join([str(project.root), os.environ.get("PYTHONPATH", "")]))
    assert done.returncode == 0, done.stderr
    page = (project.root / "_build/html/paper/gap.html").read_text(encoding="utf-8")
    assert "executed with smoke" in page and "_static/house.css" in page
