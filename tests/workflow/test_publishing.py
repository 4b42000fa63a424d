"""The workflows that publish the book, and the buttons that open its notebooks elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from typer.core import TyperGroup as Group
from typer.main import get_command

from replicate import cli, paths
from replicate.errors import ConfigError
from workflow import launching
from workflow.__main__ import app
from workflow.sources import Source

ROOT = paths.root()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
REPOSITORY = "https://github.com/someone/replicate"


def steps_of(file: Path) -> list[dict]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    if "runs" in content:
        return content["runs"]["steps"]
    return [step for job in content["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: file.parent.name + "/" + file.stem)
def test_steps_use_pinned_actions_and_commands_that_exist(file: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    settings = set(re.findall(r"^([A-Z_]+) +\?=", makefile, flags=re.MULTILINE))
    for step in steps_of(file):
        assert ("uses" in step) != ("run" in step), step
        if "uses" in step and step["uses"].startswith("./"):
            assert (ROOT / step["uses"] / "action.yml").is_file()
        elif "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]), (
                "an action is pinned by its major version"
            )
        else:
            for words in (line.split() for line in step["run"].splitlines()):
                if words[0] == "make":
                    assert words[1] in targets and {w.split("=")[0] for w in words[2:]} <= settings, words
                if words[0] == ".venv/bin/replicate":
                    commands = get_command(cli.app)
                    for word in words[1:]:
                        if isinstance(commands, Group):
                            commands = commands.commands[word]
                if "workflow" in words:
                    command = words[words.index("workflow") + 1]
                    assert command in get_command(app).commands, words


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_can_do_no_more_than_it_needs(file: Path) -> None:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert content["permissions"] == {"contents": "read"}
    for name, job in content["jobs"].items():
        assert job["runs-on"].startswith("ubuntu-")
        writes = {scope for scope, level in job.get("permissions", {}).items() if level == "write"}
        assert writes == {"deploy": {"pages", "id-token"}, "launch": {"contents"}}.get(name, set())


def test_the_book_is_built_tried_and_published_and_run_every_night() -> None:
    assert [file.stem for file in WORKFLOWS] == ["nightly", "pages", "tests"]
    pages = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text("utf-8"))
    told = [step.get("run", step.get("uses")) for step in pages["jobs"]["build"]["steps"]]
    order = [
        next(i for i, one in enumerate(told) if word in one)
        for word in ("make book", "make links", "upload-pages")
    ]
    assert order == sorted(order)
    assert pages["jobs"]["deploy"]["needs"] == "build"
    # YAML reads a bare `on` as true.
    nightly = yaml.safe_load((ROOT / ".github/workflows/nightly.yml").read_text("utf-8"))
    assert nightly[True]["schedule"][0]["cron"]
    steps = nightly["jobs"]["quick"]["steps"]
    runs = {step["run"]: step for step in steps if "run" in step}
    assert [run for run in runs if "make book" in run] and "schedule" in nightly[True]
    for needed in ("make links", ".venv/bin/replicate data fetch all"):
        # It ends the job where it fails, and also runs where another step has failed before it.
        assert not runs[needed].get("continue-on-error", False) and "!cancelled()" in runs[needed]["if"]
    kept = [step["with"] for step in steps if "upload-artifact" in step.get("uses", "")]
    (links,) = (one["path"].split() for one in kept if one["name"] == "links")
    assert links == ["_build/html/output.txt", "_build/html/output.json"]
    assert steps.index(runs["make links"]) < next(
        i for i, step in enumerate(steps) if step.get("with", {}).get("name") == "links"
    )
    kills = [step["run"] for step in nightly["jobs"]["kills"]["steps"] if "run" in step]
    assert any(re.search(r"REPLICATE_KILLS=40 .*pytest .*tests/failure$", line) for line in kills)


def test_a_notebook_for_elsewhere_installs_the_package_first_and_once(project) -> None:
    project.write("paper/gap", "print('here')")
    source = Source("paper/gap")
    assert launching.add_install_cells([source], REPOSITORY) == 1
    assert launching.add_install_cells([Source("paper/gap")], REPOSITORY) == 0
    notebook = nbformat.read(source.path, as_version=4)
    nbformat.validate(notebook)
    first, second, *_ = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert first.source == launching.install_cell(REPOSITORY) and REPOSITORY in first.source
    assert second.source.startswith("# parameters:")


@pytest.mark.parametrize(
    "wrong", ["github.com/a/b", "https://github.com/a/b c", 'https://github.com/a/b"', ""]
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigError, match="a repository is https"):
        launching.theme_options(wrong)


@pytest.mark.parametrize("repository", ["", REPOSITORY])
def test_buttons_open_the_notebook_that_is_not_executed(project, jupyter_book: str, repository: str) -> None:
    shutil.copy(ROOT / "_config.yml", project.root)
    shutil.copytree(ROOT / "book" / "_assets", project.root / "book" / "_assets")
    (project.root / "book" / "references.bib").touch()
    (project.root / "book" / "intro.md").write_text("# Intro\n", encoding="utf-8")
    project.contents(["paper/gap", "about/how-to-cite"])
    (project.root / "book" / "about").mkdir()
    # Without the link to the status page, which is not in this book.
    cite = (
        (ROOT / "book/about/how-to-cite.md").read_text(encoding="utf-8").replace("(../status)", "(../intro)")
    )
    (project.root / "book/about/how-to-cite.md").write_text(cite, encoding="utf-8")
    shutil.copy(ROOT / "CITATION.cff", project.root)
    page = project.root / "book" / "paper" / "gap.ipynb"
    page.parent.mkdir()
    shutil.copy(project.write("paper/gap", "print('here')"), page)
    done = subprocess.run(
        [jupyter_book, "build", "book", "-q"],
        cwd=project.root,
        env={**os.environ, "REPLICATE_REPOSITORY": repository},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    html = (project.root / "_build/html/paper/gap.html").read_text(encoding="utf-8")
    elsewhere = set(re.findall(r'href="(https://(?:mybinder|colab)[^"]+)"', html))
    citing = (project.root / "_build/html/about/how-to-cite.html").read_text(encoding="utf-8")
    cite = BeautifulSoup(citing, "html.parser").get_text()
    assert "{{ citation" not in cite and "@software" in cite
    assert (f"git clone {REPOSITORY}" in cite) is bool(repository)
    if not repository:
        assert elsewhere == set() and "github.com/someone" not in html + citing
        return
    buttons = BeautifulSoup(html, "html.parser").select('a[href][title="Source repository"]')
    assert {str(button["href"]) for button in buttons} == {repository}
    assert elsewhere == {
        "https://mybinder.org/v2/gh/someone/replicate/launch?urlpath=lab/tree/notebooks/paper/gap.ipynb",
        "https://colab.research.google.com/github/someone/replicate/blob/launch/notebooks/paper/gap.ipynb",
    }
    # A button is a link: opening the page asks nobody, and thebe stays out.
    assert re.findall(r'(?:src|href)="https?://[^"]+\.(?:js|css|svg|png)"', html) == []
    assert "thebe" not in html.lower()
